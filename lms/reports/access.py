"""For which units and courses an actor may ask: the scope is that of `units`, never a rule of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, or_, select

from lms.core import db
from lms.core.web import Actor, one_or_404
from lms.courses.assigning import OfferedCourse, list_offered
from lms.units import access as units_access
from lms.units.models import Unit

__all__ = ["OfferedCourse", "Ways", "get_taught_unit", "get_unit", "list_offered", "ways_from"]


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit, or the first of those the actor administers where `unit_id` is 0.

    :raise Denied: no such unit among those that the actor administers.
    """
    chosen = Unit.id == unit_id if unit_id else Unit.path.in_(actor.paths("admin"))
    return one_or_404(select(Unit).where(chosen, units_access.administered_by(actor)).order_by(Unit.place))


def get_taught_unit(actor: Actor, unit_id: int) -> Unit:
    """The same for whoever trains there: trainers see how far courses have come, in numbers.

    :raise Denied: no such unit among those that the actor administers or trains.
    """
    chosen = Unit.id == unit_id if unit_id else Unit.path.in_(actor.paths("admin", "trainer"))
    return one_or_404(select(Unit).where(chosen, units_access.readable_by(actor)).order_by(Unit.place))


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
    return select(Unit).where(or_(above, tops)).order_by(Unit.place)
