"""Fixtures of the course tests: a sound folder, and courses loaded from such folders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from lms.core import clock, db
from lms.courses import actions
from lms.courses.folder import read_course
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.courses.folders import write_course

#: When the tests of this folder act: an ordinary Tuesday morning in Shanghai.
TUESDAY = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)

Load = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound course in its tier's folder."""
    return write_course(tmp_path / "courses")


@pytest.fixture
def load(app: Flask, folder: Path) -> Load:
    """`load()` brings the course of `folder` into the database, for a unit if one is named; answers its id."""

    def bring(place: Path = folder, *, organizer: int | None = None) -> int:
        source = read_course(place).course
        assert source is not None
        with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
            unit = session.get_one(Unit, organizer) if organizer else None
            return actions.load_folder(source, organizer=unit, actor=SYSTEM, now=clock.now()).course.id

    return bring


@pytest.fixture
def course(load: Load) -> int:
    """A course of the site: everyone may read it."""
    return load()
