"""Of which units an actor may ask: of those that they administer. The scope is that of `units`, no rule of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, or_, select

from lms.core import db
from lms.core.web import Actor, one_or_404
from lms.coverage.models import CoverageExport, YearClosing
from lms.units import access as units_access
from lms.units.models import Unit


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit, or the first of those the actor administers where `unit_id` is 0.

    :raise Denied: no such unit among those that the actor administers.
    """
    chosen = Unit.id == unit_id if unit_id else Unit.path.in_(actor.paths("admin"))
    return one_or_404(select(Unit).where(chosen, units_access.administered_by(actor)).order_by(Unit.place))


def get_export(actor: Actor, export_id: int) -> CoverageExport:
    """:raise Denied: the actor did not ask for such a list, or no longer administers the unit."""
    mine = CoverageExport.id == export_id, CoverageExport.person_id == actor.person_id
    statement = select(CoverageExport).join(Unit, Unit.id == CoverageExport.unit_id)
    return one_or_404(statement.where(*mine, units_access.administered_by(actor)))


def get_closing(actor: Actor, closing_id: int) -> YearClosing:
    """:raise Denied: no such closing that covers a unit which the actor administers."""
    statement = select(YearClosing).join(Unit, Unit.id == YearClosing.unit_id)
    return one_or_404(statement.where(YearClosing.id == closing_id, units_access.administered_by(actor)))


@dataclass(frozen=True)
class Ways:
    """Where one may go from a unit: up to those above it, and across to the others one was given."""

    up: Sequence[Unit]
    across: Sequence[Unit]


def ways_from(actor: Actor, unit: Unit) -> Ways:
    """The units above `unit` that the actor administers, and the tops of the actor's reach, in one statement."""
    tops = actor.paths("admin")
    found = db.session().scalars(_ways(), {"above": unit.ancestor_ids, "tops": tops}).all()
    up = [above for above in found if unit.path.startswith(above.path) and above.id != unit.id]
    return Ways(
        [above for above in up if actor.covers(above.path, "admin")], [top for top in found if top.path in tops]
    )


@cache
def _ways() -> Select[Unit]:
    above = Unit.id.in_(bindparam("above", expanding=True))
    tops = Unit.path.in_(bindparam("tops", expanding=True))
    return select(Unit).where(or_(above, tops)).order_by(Unit.place)
