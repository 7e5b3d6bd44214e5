"""What an interrupted or refused upload leaves behind goes; what anybody may still name stays."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from lms.core import db, files, sweeping
from lms.core.web import system_actor

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
WHO = system_actor("tests")


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.config["LMS"].data_dir) / "files"


@pytest.fixture
def keep(app: Flask) -> Callable[[bytes], Path]:
    def store(data: bytes) -> Path:
        with app.app_context(), db.unit_of_work(app.extensions["database"]):
            return files.path_of(files.store(data, "a.txt", now=NOW).digest)

    return store


@pytest.fixture
def leave(app: Flask) -> Callable[[bytes], Path]:
    """Store a file in a unit of work that comes to nothing."""

    def store(data: bytes) -> Path:
        with app.app_context(), db.unit_of_work(app.extensions["database"]):
            path = files.path_of(files.store(data, "a.txt", now=NOW).digest)
            db.refuse()
        return path

    return store


def sweep(app: Flask) -> str:
    with app.app_context():
        return str(sweeping.run(app.extensions["database"], WHO))


def grow_old(*paths: Path) -> None:
    past = time.time() - sweeping.AGE - 60
    for path in paths:
        os.utime(path, (past, past))


def test_a_full_disk_leaves_no_piece_of_a_file(app: Flask, folder: Path, leave, monkeypatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no room"):
        leave(b"a report")
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_what_no_row_names_goes_after_a_day(app: Flask, keep, leave) -> None:
    named, orphan, fresh = keep(b"named"), leave(b"orphan"), leave(b"fresh")
    piece = orphan.with_suffix(".0badcafe.part")
    piece.write_bytes(b"half")
    grow_old(named, orphan, piece)
    assert "2" in sweep(app)
    assert [path.exists() for path in (named, orphan, fresh, piece)] == [True, False, True, False]
    assert sweep(app) == "None"


def test_a_file_that_is_stored_again_is_nobodys_no_longer(app: Flask, keep, leave) -> None:
    orphan = leave(b"twice")
    grow_old(orphan)
    assert keep(b"twice") == orphan
    grow_old(orphan)
    assert sweep(app) == "None"
    assert orphan.exists()


def test_somebody_who_is_just_storing_it_keeps_it(app: Flask, leave) -> None:
    """Between the file and its row lies a moment in which the sweep may come by."""
    orphan = leave(b"twice")
    grow_old(orphan)
    leave(b"twice")
    sweep(app)
    assert orphan.exists()


def test_a_file_that_was_cut_short_is_written_anew(app: Flask, keep) -> None:
    path = keep(b"whole")
    path.write_bytes(b"wh")
    assert keep(b"whole").read_bytes() == b"whole"
