"""Reading the facts of many people at once, as plain values: a few statements a batch, whatever its size."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, cast, func, select, type_coerce

from lms.core import db
from lms.hours.models import HourEntry, HourReversal
from lms.people.models import Appointment, Person
from lms.policies.cycles import DAY, FAR
from lms.policies.facts import Absence, Entry, Facts, Post
from lms.policies.models import Exemption, Policy
from lms.policies.rules import Version, requirements_of
from lms.units.models import Unit


def read_versions() -> list[Version]:
    """Every adopted version of every policy."""
    statement = select(Policy, Unit.path).join(Unit, Unit.id == Policy.unit_id).order_by(Unit.path, Policy.id)
    return [_version(policy, path) for policy, path in db.session().execute(statement)]


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
    ids = {"people": list(person_ids)}
    posts: dict[int, list[Post]] = defaultdict(list)
    for person_id, unit_id, path, post, start, last, primary in db.rows(_posts(), ids):
        posts[person_id].append(Post(unit_id, path, post, start, _after(last), primary))
    entries: dict[int, list[Entry]] = defaultdict(list)
    for person_id, *entry in db.rows(_entries(db.dialect()), ids):
        entries[person_id].append(Entry(*entry))
    absences: dict[int, list[Absence]] = defaultdict(list)
    for person_id, absence_id, kind, start, last in db.rows(_absences(), ids):
        if last >= start:
            absences[person_id].append(Absence(absence_id, kind, start, _after(last)))
    return {
        person_id: Facts(posts[person_id], entries[person_id], absences[person_id], (certificate or "").strip())
        for person_id, certificate in db.rows(_certificates(), ids)
    }


def _after(last_day: date | None) -> date:
    return FAR if last_day is None else last_day + DAY


def _people(column: Any) -> Any:
    return column.in_(bindparam("people", expanding=True))


@cache
def _posts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Appointment.person_id,
            Appointment.unit_id,
            Unit.path,
            type_coerce(Appointment.post, String),
            Appointment.starts_on,
            Appointment.ends_on,
            Appointment.is_primary,
        )
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(_people(Appointment.person_id))
        .order_by(Appointment.id)
    )


@cache
def _entries(dialect: str) -> Select[*tuple[Any, ...]]:
    """Entries that stand, with their hours as whole hundredths."""
    hours = cast(HourEntry.hours * 100, Integer) if dialect == "postgresql" else type_coerce(HourEntry.hours, Integer)
    return (
        select(
            HourEntry.person_id,
            HourEntry.id,
            HourEntry.occurred_on,
            type_coerce(HourEntry.kind, String),
            type_coerce(HourEntry.tier, String),
            type_coerce(HourEntry.training_type, String),
            hours,
            HourEntry.title,
        )
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(_people(HourEntry.person_id), HourReversal.id.is_(None))
    )


@cache
def _absences() -> Select[*tuple[Any, ...]]:
    last = func.coalesce(Exemption.ended_on, Exemption.until_on)
    return select(
        Exemption.person_id, Exemption.id, type_coerce(Exemption.kind, String), Exemption.from_on, last
    ).where(_people(Exemption.person_id))


@cache
def _certificates() -> Select[*tuple[Any, ...]]:
    return select(Person.id, Person.certificate).where(_people(Person.id)).order_by(Person.id)
