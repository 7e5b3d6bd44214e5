"""Which courses are offered to everybody below a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from lms.core import db
from lms.courses.models import Course, CourseRevision
from lms.hours.kinds import Tier, TrainingType
from lms.units.models import Unit


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
