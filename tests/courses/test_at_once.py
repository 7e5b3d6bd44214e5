"""The same course loaded twice at the same moment: it is loaded once, and the other load finds nothing changed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import clock, db
from lms.courses import actions, queries
from lms.courses.actions import Loaded
from lms.courses.folder import read_course
from lms.courses.models import Course, CourseRevision
from tests.cast import SYSTEM
from tests.courses.folders import change

AT_ONCE = 2


@pytest.fixture
def load_at_once(app, folder, monkeypatch):
    """Load the folder in two threads, which meet when each has looked for the course for the first time."""
    look = queries.find_course
    threads = threading.local()

    def run(*, met: bool) -> list[Any]:
        gate = threading.Barrier(AT_ONCE, timeout=20)
        source = read_course(folder).course
        assert source is not None

        def meeting(*args: Any, **options: Any) -> Any:
            found = look(*args, **options)
            if met and not getattr(threads, "once", False):
                threads.once = True
                gate.wait()
            return found

        monkeypatch.setattr(queries, "find_course", meeting)

        def load(_number: int) -> Loaded:
            with app.app_context(), db.unit_of_work(app.extensions["database"]):
                return actions.load_folder(source, organizer=None, actor=SYSTEM, now=clock.now()).outcome

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(load, range(AT_ONCE)))

    return run


def count(app, model) -> int:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_first_loads_at_once_bring_it_once(app, load_at_once) -> None:
    # SQLite lets one writer in at a time: there the second one looks when the first is done.
    met = app.extensions["database"].engine.dialect.name == "postgresql"
    assert sorted(load_at_once(met=met)) == [Loaded.CREATED, Loaded.UNCHANGED]
    assert (count(app, Course), count(app, CourseRevision)) == (1, 1)


def test_revisions_at_once_come_one_after_the_other(app, course, folder, load_at_once) -> None:
    change(folder, "02-at-the-door.md", "敲门，退后一步", "敲门，退后两步")
    assert sorted(load_at_once(met=False)) == [Loaded.REVISED, Loaded.UNCHANGED]
    assert count(app, CourseRevision) == 2
