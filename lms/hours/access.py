"""Who may see entries of the ledger.

The person, whoever administers the person now, and whoever administers the unit where the person worked at the time: a
worker who moved takes the record along, and the old unit keeps what was earned there.
"""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.hours.models import HourEntry
from lms.people.access import administered_by as people_administered_by
from lms.people.models import Person
from lms.units.models import Unit


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Entries that the actor may see."""
    return or_(HourEntry.person_id == actor.person_id, administered_by(actor))


def administered_by(actor: Actor) -> ColumnElement[bool]:
    """Entries of people, or of a time, that the actor administers."""
    if actor.has("system"):
        return true()
    paths = actor.paths("admin")
    people = select(Person.id).where(Person.id == HourEntry.person_id, people_administered_by(actor)).exists()
    units = select(Unit.id).where(Unit.id == HourEntry.unit_id, within(Unit.path, paths)).exists()
    return or_(people, units)


def get_entry(actor: Actor, entry_id: int) -> HourEntry:
    """:raise Denied: no such entry within the actor's reach."""
    statement = select(HourEntry).where(HourEntry.id == entry_id, readable_by(actor))
    return one_or_404(statement.options(joinedload(HourEntry.reversal)))


def may_open_ledger(actor: Actor, entry: HourEntry) -> bool:
    """Whether the actor administers the person now: the old unit sees what was earned there, not the whole ledger."""
    person = select(Person.id).where(Person.id == entry.person_id, people_administered_by(actor))
    return db.session().scalar(person) is not None


def may_certify(actor: Actor, entry: HourEntry) -> bool:
    """The person, and whoever administers the person now: a certificate says where its person works today."""
    return entry.person_id == actor.person_id or may_open_ledger(actor, entry)


def may_reverse(actor: Actor, entry: HourEntry) -> bool:
    """An administrator reverses other people's entries; nobody their own."""
    return actor.has("admin") and entry.person_id != actor.person_id
