"""Courses that are offered to everybody below a unit, and putting people into one of them.

An administrator begins the course for them; they study it as if they had begun it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import audit, db
from lms.core.web import Actor
from lms.courses.models import Course, CourseRevision, Enrollment
from lms.hours.kinds import Tier, TrainingType
from lms.units.models import Unit

#: Rows in a statement: SQLite takes 32,766 values at once.
BATCH = 500


@dataclass(frozen=True)
class OfferedCourse:
    """A course that the people of a unit may study."""

    id: int
    title: str
    tier: Tier
    training_type: TrainingType | None = None


def list_offered(unit: Unit) -> Sequence[OfferedCourse]:
    """Courses meant for everyone below `unit`: the site's, its own, and those of the units above it.

    They come from the province's to the street's, the oldest first.
    """
    rows = db.rows(_offered(), {"units": [*unit.ancestor_ids, unit.id]})
    courses = [OfferedCourse(row.id, row.title, row.tier, row.training_type) for row in rows]
    return sorted(courses, key=lambda course: list(Tier).index(course.tier))


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


@cache
def _offered() -> Select[*tuple[Any, ...]]:
    """Courses of the site and of `units`."""
    on_the_way = or_(Course.organizer_id.is_(None), Course.organizer_id.in_(bindparam("units", expanding=True)))
    return (
        select(Course.id, CourseRevision.title, Course.tier, CourseRevision.training_type)
        .join(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.number == Course.latest))
        .where(on_the_way)
        .order_by(Course.id)
    )
