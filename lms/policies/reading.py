"""Reading the facts of many people at once, as plain values: a few statements a batch, whatever its size."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Integer, Select, String, any_, bindparam, cast, func, select
from sqlalchemy import type_coerce as read_as

from lms.core import db
from lms.hours.models import HourEntry, HourReversal
from lms.people.models import Appointment, Person
from lms.policies.cycles import DAY, FAR
from lms.policies.facts import Absence, Entry, Facts, Post
from lms.policies.models import Exemption, Policy
from lms.policies.rules import Version, requirements_of
from lms.units.models import Unit


def read_versions(unit_ids: Collection[int]) -> list[Version]:
    """Every version of every policy that these units adopted."""
    statement = select(Policy, Unit.path).join(Unit, Unit.id == Policy.unit_id).where(Policy.unit_id.in_(unit_ids))
    rows = db.session().execute(statement.order_by(Unit.path, Policy.id))
    return [_version(policy, path) for policy, path in rows]


def _version(policy: Policy, path: str) -> Version:
    return Version(
        id=policy.id,
        unit_id=policy.unit_id,
        unit_path=path,
        name=policy.name,
        title=policy.title,
        number=policy.version,
        valid_from=policy.valid_from,
        ends_before=policy.valid_to + DAY if policy.valid_to else None,
        requirements=requirements_of(policy.body),
    )


def read_facts(person_ids: Sequence[int]) -> dict[int, Facts]:
    """The facts of each person, in four statements."""
    ids, on = {"people": list(person_ids)}, db.dialect()
    posts: dict[int, list[Post]] = defaultdict(list)
    for person_id, unit_id, path, post, start, last, primary in db.rows(_posts(on), ids).all():
        posts[person_id].append(Post(unit_id, path, post, start, _after(last), primary))
    entries: dict[int, list[Entry]] = defaultdict(list)
    for person_id, *entry in db.rows(_entries(on), ids).all():
        entries[person_id].append(Entry(*entry))
    absences: dict[int, list[Absence]] = defaultdict(list)
    for person_id, absence_id, kind, start, last in db.rows(_absences(on), ids).all():
        if last >= start:
            absences[person_id].append(Absence(absence_id, kind, start, _after(last)))
    return {
        person_id: Facts(posts[person_id], entries[person_id], absences[person_id], (certificate or "").strip())
        for person_id, certificate in db.rows(_certificates(on), ids).all()
    }


def _after(last_day: date | None) -> date:
    return FAR if last_day is None else last_day + DAY


def people(column: Any, dialect: str) -> ColumnElement[bool]:
    """`column` is one of the people given as `people`: as one array where the database has arrays."""
    if dialect == "postgresql":
        condition: ColumnElement[bool] = column == any_(bindparam("people", type_=ARRAY(BigInteger)))
        return condition
    listed: ColumnElement[bool] = column.in_(bindparam("people", expanding=True))
    return listed


def hundredths(column: Any, dialect: str) -> ColumnElement[int]:
    """Hours as a whole number, without a decimal made for each."""
    return cast(column * 100, Integer) if dialect == "postgresql" else read_as(column, Integer)


@cache
def _posts(dialect: str) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Appointment.person_id,
            Appointment.unit_id,
            Unit.path,
            read_as(Appointment.post, String),
            Appointment.starts_on,
            Appointment.ends_on,
            Appointment.is_primary,
        )
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(people(Appointment.person_id, dialect))
        .order_by(Appointment.id)
    )


@cache
def _entries(dialect: str) -> Select[*tuple[Any, ...]]:
    """Entries that stand, with their hours as whole hundredths."""
    return (
        select(
            HourEntry.person_id,
            HourEntry.id,
            HourEntry.occurred_on,
            read_as(HourEntry.kind, String),
            read_as(HourEntry.tier, String),
            read_as(HourEntry.training_type, String),
            hundredths(HourEntry.hours, dialect),
            HourEntry.title,
        )
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(people(HourEntry.person_id, dialect), HourReversal.id.is_(None))
    )


@cache
def _absences(dialect: str) -> Select[*tuple[Any, ...]]:
    last = func.coalesce(Exemption.ended_on, Exemption.until_on)
    return select(Exemption.person_id, Exemption.id, read_as(Exemption.kind, String), Exemption.from_on, last).where(
        people(Exemption.person_id, dialect)
    )


@cache
def _certificates(dialect: str) -> Select[*tuple[Any, ...]]:
    return select(Person.id, Person.certificate).where(people(Person.id, dialect)).order_by(Person.id)


def read_unit_names(unit_ids: Collection[int]) -> dict[int, str]:
    """What units are called."""
    named = db.rows(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))
    return {row.id: row.name for row in named}
