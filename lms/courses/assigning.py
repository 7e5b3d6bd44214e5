"""Putting people into a course: an administrator begins it for them, they study it as if they had begun it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import audit, db
from lms.core.web import Actor
from lms.courses.models import Course, CourseRevision, Enrollment
from lms.courses.offers import OfferedCourse

#: Rows in a statement: SQLite takes 32,766 values at once.
BATCH = 500


def enroll_people(
    offered: OfferedCourse, person_ids: Iterable[int], *, unit_id: int, actor: Actor, now: datetime
) -> list[int]:
    """Begin the course for these people on its newest revision; gives those who had not begun it.

    :param offered: a course that is offered to the unit `unit_id`, in or below which all of them work.
    """
    newest = and_(CourseRevision.course_id == Course.id, CourseRevision.number == Course.latest)
    revision_id = db.session().scalars(
        select(CourseRevision.id).join(Course, newest).where(Course.id == offered.id)
    ).one()  # fmt: skip
    rows = [
        {"person_id": person_id, "course_id": offered.id, "revision_id": revision_id, "enrolled_at": now}
        for person_id in dict.fromkeys(person_ids)
    ]
    begun: list[int] = []
    for start in range(0, len(rows), BATCH):
        insert: Any = db.on_both(lambda: sqlite.insert(Enrollment), lambda: postgresql.insert(Enrollment))
        statement = insert.values(rows[start : start + BATCH]).on_conflict_do_nothing()
        begun += db.session().scalars(statement.returning(Enrollment.person_id)).all()
    if begun:
        on, detail = ("course", offered.id), {"title": offered.title, "people": len(begun)}
        audit.record("courses.enroll_people", actor=actor, now=now, on=on, unit_id=unit_id, detail=detail)
    return begun
