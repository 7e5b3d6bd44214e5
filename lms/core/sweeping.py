"""What nobody will ever ask for: files whose row was never written, and pieces of files that were never finished.

A file is on the disk before the row that names it. Where the row was refused, or the process died in between, the file
stays behind; a day later it goes.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import select

from lms.core import db, jobs
from lms.core.db import Database
from lms.core.files import StoredFile
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor

#: Seconds after which a file without a row is nobody's: longer than any request or command takes.
AGE = 24 * 3600
BATCH = 500


def run(database: Database, _actor: Actor) -> LazyString | None:
    """The periodic job."""
    removed = 0
    for some in _batches(_old(time.time() - AGE)):
        with db.unit_of_work(database, write=False) as opened:
            named = set(
                opened.scalars(select(StoredFile.digest).where(StoredFile.digest.in_([one.name for one in some])))
            )
        for path in some:
            if path.name not in named:
                removed += _remove(path)
    return _l("清理了 %(count)s 个没有用到的文件。", count=removed) if removed else None


JOB = jobs.Job("files", run)


def init_app(app: Flask) -> None:
    jobs.register(app, JOB)


def _old(before: float) -> Iterator[Path]:
    root: Path = current_app.config["LMS"].data_dir
    for path in (root / "files").glob("??/*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                yield path


def _batches(paths: Iterator[Path]) -> Iterator[Sequence[Path]]:
    while some := list(islice(paths, BATCH)):
        yield some


def _remove(path: Path) -> bool:
    """Whether it is gone; one that somebody has stored again in the meantime stays."""
    with suppress(FileNotFoundError):
        if path.stat().st_mtime < time.time() - AGE:
            path.unlink()
            return True
    return False
