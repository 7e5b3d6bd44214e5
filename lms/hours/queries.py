"""Reading the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.core import db
from lms.hours.kinds import HourKind, Tier
from lms.hours.models import Balance, CreditRule, HourEntry
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.models import Unit


@dataclass(frozen=True)
class Position:
    """Where a person worked, and as what, on a day."""

    unit_id: int | None
    unit_name: str
    unit_path: str | None
    post: PostClass | None


NOWHERE = Position(None, "", None, None)


def find_latest(person_id: int, source: tuple[str, str]) -> HourEntry | None:
    """The last entry that this source earned the person, reversed or not."""
    values = {"person_id": person_id, "kind": source[0], "ref": source[1]}
    return db.session().scalars(_latest(), values).first()


@cache
def _latest() -> Select[HourEntry]:
    return (
        select(HourEntry)
        .where(
            HourEntry.person_id == bindparam("person_id"),
            HourEntry.source_kind == bindparam("kind"),
            HourEntry.source_ref == bindparam("ref"),
        )
        .options(joinedload(HourEntry.reversal))
        .order_by(HourEntry.sequence.desc())
        .limit(1)
    )


def find_position(person_id: int, on: date) -> Position:
    """时任单位及职务: the primary post on that day, else any held then."""
    row = db.rows(_position(), {"person_id": person_id, "on": on}).first()
    return Position(row.id, row.name, row.path, row.post) if row else NOWHERE


def find_positions(person_ids: Sequence[int], on: date) -> dict[int, Position]:
    """The same for many people, a batch at a time; who held no post then is not in it."""
    found: dict[int, Position] = {}
    for start in range(0, len(person_ids), 500):
        some = person_ids[start : start + 500]
        held = Appointment.starts_on <= on, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on)
        statement = (
            select(Appointment.person_id, Unit.id, Unit.name, Unit.path, Appointment.post)
            .join(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.person_id.in_(some), *held)
            .order_by(Appointment.is_primary.desc(), Appointment.starts_on.desc(), Appointment.id)
        )
        for row in db.session().execute(statement):
            found.setdefault(row.person_id, Position(row.id, row.name, row.path, row.post))
    return found


@cache
def _position() -> Select[*tuple[Any, ...]]:
    on = bindparam("on", type_=Date)
    return (
        select(Unit.id, Unit.name, Unit.path, Appointment.post)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(
            Appointment.person_id == bindparam("person_id"),
            Appointment.starts_on <= on,
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on),
        )
        .order_by(Appointment.is_primary.desc(), Appointment.starts_on.desc(), Appointment.id)
        .limit(1)
    )


@dataclass(frozen=True)
class Filters:
    """What a record is narrowed to; empty means everything."""

    year: int = 0
    tier: str = ""
    kind: str = ""
    #: "standing", "reversed", or empty for both
    state: str = ""


def list_entries(person_id: int, filters: Filters | None = None) -> Sequence[HourEntry]:
    """A person's entries, newest first, with their reversals."""
    asked = filters or Filters()
    statement = select(HourEntry).where(HourEntry.person_id == person_id).options(joinedload(HourEntry.reversal))
    if asked.year:
        statement = statement.where(HourEntry.occurred_on.between(date(asked.year, 1, 1), date(asked.year, 12, 31)))
    if asked.tier:
        statement = statement.where(HourEntry.tier == Tier(asked.tier))
    if asked.kind:
        statement = statement.where(HourEntry.kind == HourKind(asked.kind))
    if asked.state:
        undone = HourEntry.reversal.has()
        statement = statement.where(undone if asked.state == "reversed" else ~undone)
    return db.session().scalars(statement.order_by(HourEntry.occurred_on.desc(), HourEntry.id.desc())).all()


def list_balances(person_id: int) -> Sequence[Balance]:
    """Hours that stand, by year, the latest first."""
    statement = select(Balance).where(Balance.person_id == person_id, Balance.entries > 0)
    return db.session().scalars(statement.order_by(Balance.year.desc())).all()


def balance_of(person_id: int, year: int) -> Decimal:
    """Credit hours that stand in a year."""
    return db.rows(_balance(), {"person_id": person_id, "year": year}).scalar() or Decimal("0.00")


@cache
def _balance() -> Select[Decimal]:
    return select(Balance.hours).where(Balance.person_id == bindparam("person_id"), Balance.year == bindparam("year"))


@dataclass(frozen=True)
class Origin:
    """Where an entry came from, in names: what an auditor asks first."""

    person_name: str
    organizer: str | None
    rule: str | None
    recorded_by: str | None
    reversed_by: str | None


def origin_of(entry: HourEntry) -> Origin:
    """The people, unit and rule behind an entry, in one statement."""
    recorder, reverser = aliased(Person), aliased(Person)
    reversed_by_id = entry.reversal.reversed_by_id if entry.reversal else None
    statement = (
        select(Person.name, Unit.name, CreditRule.title, CreditRule.version, recorder.name, reverser.name)
        .select_from(Person)
        .outerjoin(Unit, Unit.id == entry.organizer_id)
        .outerjoin(CreditRule, CreditRule.id == entry.rule_id)
        .outerjoin(recorder, recorder.id == entry.recorded_by_id)
        .outerjoin(reverser, reverser.id == reversed_by_id)
        .where(Person.id == entry.person_id)
    )
    person, organizer, title, version, recorded_by, reversed_by = db.session().execute(statement).one()
    rule = f"{title} v{version}" if title else None
    return Origin(person, organizer, rule, recorded_by, reversed_by)
