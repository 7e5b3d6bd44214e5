"""Who may see, enter and decide on back-entries.

Seen by the person, by whoever entered it, and by whoever administers the person now or the unit of that time. Decided
by an administrator of the person who neither entered it nor is the person.
"""

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.people.access import administered_by as people_administered_by
from lms.people.models import Person
from lms.records.models import BackEntry, BackEntryLoad, PaperBatch, State
from lms.units.models import Unit

#: Who may enter what others were trained in.
ENTERING = ("admin", "trainer")
TOGETHER = (
    joinedload(BackEntry.person),
    joinedload(BackEntry.entered_by),
    joinedload(BackEntry.unit),
    joinedload(BackEntry.decision),
    joinedload(BackEntry.file),
)


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Back-entries that the actor may see."""
    return or_(
        BackEntry.person_id == actor.person_id, BackEntry.entered_by_id == actor.person_id, administered_by(actor)
    )


def administered_by(actor: Actor) -> ColumnElement[bool]:
    """Back-entries of people, or of a time, that the actor administers."""
    if actor.has("system"):
        return true()
    people = select(Person.id).where(Person.id == BackEntry.person_id, people_administered_by(actor)).exists()
    units = select(Unit.id).where(Unit.id == BackEntry.unit_id, within(Unit.path, actor.paths("admin"))).exists()
    return or_(people, units)


def get_back_entry(actor: Actor, back_entry_id: int) -> BackEntry:
    """:raise Denied: no such back-entry within the actor's reach."""
    return one_or_404(select(BackEntry).where(BackEntry.id == back_entry_id, readable_by(actor)).options(*TOGETHER))


def may_decide(actor: Actor, entry: BackEntry) -> bool:
    """An administrator of the person as a second pair of eyes: not who entered it, never for oneself."""
    if not actor.has("admin") or actor.person_id in (entry.person_id, entry.entered_by_id):
        return False
    return _administers(actor, entry)


def may_compare(actor: Actor, entry: BackEntry) -> bool:
    """Whether the actor may see the rest of the person's record beside it: a trainer who entered it may not, nor may
    the unit of that time, once the person has left it."""
    return actor.person_id == entry.person_id or _administers(actor, entry)


def _administers(actor: Actor, entry: BackEntry) -> bool:
    """Whether the person is the actor's today."""
    mine = select(Person.id).where(Person.id == entry.person_id, people_administered_by(actor))
    return db.session().scalar(mine) is not None


def may_withdraw(actor: Actor, entry: BackEntry) -> bool:
    """Whoever entered it takes it back, as long as nobody has decided."""
    return entry.state is State.WAITING and actor.person_id == entry.entered_by_id


def get_entering_unit(actor: Actor, unit_id: int) -> Unit:
    """:raise Denied: no such open unit for whose people the actor enters training."""
    reach = within(Unit.path, actor.paths(*ENTERING))
    return one_or_404(select(Unit).where(Unit.id == unit_id, Unit.valid_to.is_(None), reach))


def loads_readable_by(actor: Actor) -> ColumnElement[bool]:
    """Files for units that the actor administers, and one's own for units for which one still enters training."""

    def below(*held: str) -> ColumnElement[bool]:
        units = select(Unit.id).where(Unit.id == BackEntryLoad.unit_id, within(Unit.path, actor.paths(*held)))
        return units.exists()

    return or_(below("admin"), and_(BackEntryLoad.created_by_id == actor.person_id, below(*ENTERING)))


def get_load(actor: Actor, load_id: int) -> BackEntryLoad:
    """:raise Denied: no such file within the actor's reach."""
    together = joinedload(BackEntryLoad.unit), joinedload(BackEntryLoad.created_by)
    mine = BackEntryLoad.id == load_id, loads_readable_by(actor)
    return one_or_404(select(BackEntryLoad).where(*mine).options(*together))


def get_batch(actor: Actor, batch_id: int) -> PaperBatch:
    """:raise Denied: no such batch for a unit that the actor administers."""
    units = select(Unit.id).where(Unit.id == PaperBatch.unit_id, within(Unit.path, actor.paths("admin"))).exists()
    return one_or_404(select(PaperBatch).where(PaperBatch.id == batch_id, units).options(joinedload(PaperBatch.unit)))
