"""Which units an actor may see and run.

A unit is readable by the administrators and trainers at or above it. The way up (names of the units above one's own) is
public to everyone who is signed in: it is printed on every page.
"""

from sqlalchemy import ColumnElement, select, true

from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.units.models import Unit
from lms.units.paths import ids_in, tops_of


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Units within the actor's reach."""
    if actor.has("system"):
        return true()
    return within(Unit.path, actor.paths("admin", "trainer"))


def administered_by(actor: Actor) -> ColumnElement[bool]:
    """Units whose tree and people the actor may change."""
    return true() if actor.has("system") else within(Unit.path, actor.paths("admin"))


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """:raise Denied: no such unit within the actor's reach."""
    return one_or_404(select(Unit).where(Unit.id == unit_id, readable_by(actor)))


def get_administered(actor: Actor, unit_id: int = 0) -> Unit:
    """The unit, or the first of those the actor administers where `unit_id` is 0.

    :raise Denied: no such unit among those that the actor administers.
    """
    chosen = Unit.id == unit_id if unit_id else Unit.path.in_(actor.paths("admin"))
    return one_or_404(select(Unit).where(chosen, administered_by(actor)).order_by(Unit.place))


def may_change(actor: Actor, unit: Unit) -> bool:
    """An administrator changes what lies below the unit they were appointed for, not that unit itself."""
    return actor.has("system") or any(unit.path.startswith(top) and unit.path != top for top in actor.paths("admin"))


def may_add_below(actor: Actor, unit: Unit) -> bool:
    return unit.is_open and (actor.has("system") or actor.covers(unit.path, "admin"))


def readable_ancestor_ids(actor: Actor, unit: Unit) -> set[int]:
    """Which units above `unit` the actor may open: those at or below a unit they were given."""
    lengths = [len(top) for top in actor.paths("admin", "trainer") if unit.path.startswith(top)]
    shortest = min(lengths, default=len(unit.path))
    steps = zip(ids_in(unit.path), tops_of(unit.path), strict=True)
    return {unit_id for unit_id, path in steps if len(path) >= shortest}
