"""Who may see and load rosters: administrators, for units within their reach."""

from sqlalchemy import ColumnElement, exists, select

from lms.core.web import Actor, one_or_404
from lms.roster.models import RosterLoad
from lms.units.access import administered_by
from lms.units.models import Unit


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Loads for units that the actor administers, as a condition on RosterLoad."""
    return exists(select(Unit.id).where(Unit.id == RosterLoad.unit_id, administered_by(actor)).correlate(RosterLoad))


def get_load(actor: Actor, load_id: int) -> RosterLoad:
    """:raise Denied: no such load within the actor's reach."""
    return one_or_404(select(RosterLoad).where(RosterLoad.id == load_id, readable_by(actor)))


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """A unit for which the actor may load a roster.

    :raise Denied: there is none such within reach.
    """
    return one_or_404(select(Unit).where(Unit.id == unit_id, Unit.valid_to.is_(None), administered_by(actor)))


def get_street(actor: Actor, load: RosterLoad, unit_id: int) -> Unit:
    """A street (or whatever holds the communities) within the unit of a load.

    :raise Denied: it lies outside.
    """
    inside = Unit.path.startswith(load.unit.path, autoescape=True)
    return one_or_404(select(Unit).where(Unit.id == unit_id, inside, administered_by(actor)))
