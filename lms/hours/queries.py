"""Reading the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.hours.models import Balance, HourEntry
from lms.people.models import Appointment
from lms.people.posts import PostClass
from lms.units.models import Unit


@dataclass(frozen=True)
class Position:
    """Where a person worked, and as what, on a day."""

    unit_id: int | None
    unit_name: str
    post: PostClass | None


NOWHERE = Position(None, "", None)


def find_latest(person_id: int, source: tuple[str, str]) -> HourEntry | None:
    """The last entry that this source earned the person, reversed or not."""
    statement = (
        select(HourEntry)
        .where(
            HourEntry.person_id == person_id,
            HourEntry.source_kind == source[0],
            HourEntry.source_ref == source[1],
        )
        .options(joinedload(HourEntry.reversal))
        .order_by(HourEntry.sequence.desc())
        .limit(1)
    )
    return db.session().scalars(statement).first()


def find_position(person_id: int, on: date) -> Position:
    """时任单位及职务: the primary post on that day, else any held then."""
    statement = (
        select(Unit.id, Unit.name, Appointment.post)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(
            Appointment.person_id == person_id,
            Appointment.starts_on <= on,
            or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on),
        )
        .order_by(Appointment.is_primary.desc(), Appointment.starts_on.desc(), Appointment.id)
        .limit(1)
    )
    row = db.session().execute(statement).first()
    return Position(row.id, row.name, row.post) if row else NOWHERE


def list_entries(person_id: int, year: int | None = None) -> Sequence[HourEntry]:
    """A person's entries, newest first, with their reversals."""
    statement = select(HourEntry).where(HourEntry.person_id == person_id).options(joinedload(HourEntry.reversal))
    if year is not None:
        statement = statement.where(HourEntry.occurred_on.between(date(year, 1, 1), date(year, 12, 31)))
    return db.session().scalars(statement.order_by(HourEntry.occurred_on.desc(), HourEntry.id.desc())).all()


def list_balances(person_id: int) -> Sequence[Balance]:
    """Hours that stand, by year, the latest first."""
    statement = select(Balance).where(Balance.person_id == person_id, Balance.entries > 0)
    return db.session().scalars(statement.order_by(Balance.year.desc())).all()


def balance_of(person_id: int, year: int) -> Decimal:
    """Credit hours that stand in a year."""
    statement = select(Balance.hours).where(Balance.person_id == person_id, Balance.year == year)
    return db.session().scalar(statement) or Decimal("0.00")
