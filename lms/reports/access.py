"""For which units and courses an actor may ask: the scope is that of `units`, never a rule of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from lms.core import db
from lms.core.web import Actor, one_or_404
from lms.courses.models import Course, CourseRevision
from lms.hours.kinds import Tier
from lms.units import access as units_access
from lms.units.models import Unit


@dataclass(frozen=True)
class OfferedCourse:
    """A course that the people of a unit may study."""

    id: int
    title: str
    tier: Tier


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit, or the first of those the actor administers where `unit_id` is 0.

    :raise Denied: no such unit among those that the actor administers.
    """
    chosen = Unit.id == unit_id if unit_id else Unit.path.in_(actor.paths("admin"))
    return one_or_404(select(Unit).where(chosen, units_access.administered_by(actor)).order_by(Unit.path))


def get_taught_unit(actor: Actor, unit_id: int) -> Unit:
    """The same for whoever trains there: trainers see how far courses have come, in numbers.

    :raise Denied: no such unit among those that the actor administers or trains.
    """
    chosen = Unit.id == unit_id if unit_id else Unit.path.in_(actor.paths("admin", "trainer"))
    return one_or_404(select(Unit).where(chosen, units_access.readable_by(actor)).order_by(Unit.path))


def list_offered(unit: Unit) -> Sequence[OfferedCourse]:
    """Courses meant for everyone below `unit`: the site's, its own, and those of the units above it.

    They come from the province's to the street's, the oldest first.
    """
    rows = db.rows(_offered(), {"units": [*unit.ancestor_ids, unit.id]})
    courses = [OfferedCourse(row.id, row.title, row.tier) for row in rows]
    return sorted(courses, key=lambda course: list(Tier).index(course.tier))


@cache
def _offered() -> Select[*tuple[Any, ...]]:
    """Courses of the site and of `units`."""
    on_the_way = or_(Course.organizer_id.is_(None), Course.organizer_id.in_(bindparam("units", expanding=True)))
    return (
        select(Course.id, CourseRevision.title, Course.tier)
        .join(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.number == Course.latest))
        .where(on_the_way)
        .order_by(Course.id)
    )


@dataclass(frozen=True)
class Ways:
    """Where one may go from a unit: up to those above it, and across to the others one was given."""

    up: Sequence[Unit]
    across: Sequence[Unit]


def ways_from(actor: Actor, unit: Unit) -> Ways:
    """The units above `unit` that the actor may ask about, and the tops of the actor's reach, in one statement."""
    tops = actor.paths("admin", "trainer")
    found = db.session().scalars(_ways(), {"above": unit.ancestor_ids, "tops": tops}).all()
    up = [above for above in found if unit.path.startswith(above.path) and above.id != unit.id]
    return Ways(
        up=[above for above in up if actor.covers(above.path, "admin", "trainer")],
        across=[top for top in found if top.path in tops],
    )


@cache
def _ways() -> Select[Unit]:
    above = Unit.id.in_(bindparam("above", expanding=True))
    tops = Unit.path.in_(bindparam("tops", expanding=True))
    return select(Unit).where(or_(above, tops)).order_by(Unit.path)
