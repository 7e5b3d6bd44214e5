"""Reading back-entries, the files they came in, and who decides."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.core.forms import SelectChoice
from lms.core.paging import Page, keyset
from lms.core.sql import within
from lms.core.web import Actor
from lms.people import identity
from lms.people.access import belongs_within, in_force
from lms.people.models import Grant, Person
from lms.people.posts import Role
from lms.records.access import ENTERING, TOGETHER, administered_by, loads_readable_by, readable_by
from lms.records.models import BackEntry, BackEntryDecision, BackEntryLoad, State
from lms.units.models import Level, Unit
from lms.units.paths import ids_in

MOST_UNITS = 2000


def in_state(state: str) -> ColumnElement[bool]:
    """Back-entries of which this has become."""
    decisions = select(BackEntryDecision.id).where(BackEntryDecision.back_entry_id == BackEntry.id)
    if state == State.WAITING:
        return ~decisions.correlate(BackEntry).exists()
    return decisions.where(BackEntryDecision.verdict == State(state)).correlate(BackEntry).exists()


def list_back_entries(
    actor: Actor, *, state: str = "", load_id: int | None = None, cursor: str | None = None
) -> Page[BackEntry]:
    """Those within reach, the newest first; of a file in its order."""
    statement = select(BackEntry).where(readable_by(actor)).options(*TOGETHER)
    if state:
        statement = statement.where(in_state(state))
    if load_id is not None:
        statement = statement.where(BackEntry.load_id == load_id)
    page = keyset(statement, BackEntry.id, cursor=cursor, descending=load_id is None)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def count_waiting(actor: Actor) -> int:
    """How many wait for this administrator's decision."""
    mine = BackEntry.person_id != actor.person_id, BackEntry.entered_by_id.is_distinct_from(actor.person_id)
    statement = select(func.count(BackEntry.id)).where(administered_by(actor), in_state(State.WAITING), *mine)
    return db.session().scalar(statement) or 0


def list_of_person(person_id: int) -> Sequence[BackEntry]:
    """What was entered about a person, the newest first."""
    statement = select(BackEntry).where(BackEntry.person_id == person_id).options(*TOGETHER)
    return db.session().scalars(statement.order_by(BackEntry.id.desc())).all()


def list_waiting_of(load: BackEntryLoad) -> Sequence[BackEntry]:
    """Back-entries of a file on which nobody has decided."""
    statement = select(BackEntry).where(BackEntry.load_id == load.id, in_state(State.WAITING)).options(*TOGETHER)
    return db.session().scalars(statement.order_by(BackEntry.id)).all()


def list_loads(actor: Actor) -> Sequence[BackEntryLoad]:
    """The latest files within reach."""
    statement = select(BackEntryLoad).where(loads_readable_by(actor))
    statement = statement.options(joinedload(BackEntryLoad.unit)).order_by(BackEntryLoad.id.desc()).limit(20)
    return db.session().scalars(statement).all()


def entering_units(actor: Actor) -> list[SelectChoice]:
    """Open units down to streets for whose people the actor enters training."""
    statement = (
        select(Unit.id, Unit.name)
        .where(within(Unit.path, actor.paths(*ENTERING)), Unit.valid_to.is_(None), Unit.level != Level.COMMUNITY)
        .order_by(Unit.place)
        .limit(MOST_UNITS)
    )
    return [SelectChoice(str(row.id), row.name) for row in db.session().execute(statement)]


def find_people(
    paths: tuple[str, ...], *, id_numbers: Sequence[str] = (), phones: Sequence[str] = ()
) -> Sequence[Person]:
    """People who belong below `paths`, by identity number or by phone."""
    found: dict[int, Person] = {}
    here = belongs_within(paths)
    for column, keys in (
        (Person.id_number_digest, [identity.digest(one) for one in id_numbers]),
        (Person.phone, list(phones)),
    ):
        for start in range(0, len(keys), 500):
            some = select(Person).where(column.in_(keys[start : start + 500]), here)
            found |= {person.id: person for person in db.session().scalars(some)}
    return list(found.values())


def list_reviewers(unit_path: str, but: Sequence[int | None]) -> Sequence[int]:
    """Administrators of the nearest unit at or above `unit_path` that has one who is none of `but`."""
    ids = ids_in(unit_path)
    statement = (
        select(Grant.person_id, Unit.path)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(Unit.id.in_(ids), Grant.role == Role.ADMIN, in_force())
        .where(Grant.person_id.not_in([one for one in but if one is not None]))
    )
    rows = db.session().execute(statement).all()
    nearest = max((len(row.path) for row in rows), default=0)
    return [row.person_id for row in rows if len(row.path) == nearest]
