"""Reading the audit trail: the rows of one's own subtree, without names from outside it and without details."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.core.i18n import LazyString
from lms.core.paging import Page, keyset
from lms.core.sql import contains_words
from lms.core.web import Actor
from lms.people.access import readable_by
from lms.people.models import Person
from lms.reports import verbs
from lms.units.access import administered_by
from lms.units.models import Unit


@dataclass(frozen=True)
class Filters:
    """What the trail is narrowed to; empty means everything.

    :param words: parts of the name of who acted or was acted on, if within reach.
    """

    group: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.group or self.words or self.since or self.until)

    @property
    def args(self) -> dict[str, str]:
        """The query string that says the same."""
        said = {"group": self.group, "q": self.words, "since": self.since, "until": self.until}
        return {name: str(value) for name, value in said.items() if value}


@dataclass(frozen=True)
class TrailRow:
    """An act in words.

    `actor_name` is None for somebody outside the reader's reach; `by_system`: a command or a job did it.
    `person_name` is None where nobody is concerned, or somebody outside; `person_id` then, too.
    """

    at: datetime
    what: LazyString
    unit_name: str
    by_system: bool
    actor_name: str | None
    concerns: bool
    person_id: int | None
    person_name: str | None


def list_acts(actor: Actor, filters: Filters, *, cursor: str | None = None) -> Page[TrailRow]:
    """What was done below the units that the actor administers, the latest first."""
    statement = (
        select(AuditRow.id, AuditRow.at, AuditRow.verb, AuditRow.actor_person_id, AuditRow.person_id, Unit.name)
        .join(Unit, Unit.id == AuditRow.unit_id)
        .where(administered_by(actor), *_conditions(actor, filters))
    )
    page = keyset(statement, AuditRow.id, cursor=cursor, descending=True)
    ids = {person_id for row in page.items for person_id in (row.actor_person_id, row.person_id) if person_id}
    names = _names_within_reach(actor, ids)
    return Page([_act(row, names) for row in page.items], page.next_cursor, page.size)


def _conditions(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.group:
        conditions.append(AuditRow.verb.startswith(f"{filters.group}.", autoescape=True))
    if filters.words:
        # Only names within reach are looked at: a search must not tell what the rows do not show.
        named = select(Person.id).where(contains_words(filters.words, Person.name), readable_by(actor))
        conditions.append(or_(AuditRow.person_id.in_(named), AuditRow.actor_person_id.in_(named)))
    if filters.since:
        conditions.append(AuditRow.at >= _start_of(filters.since))
    if filters.until:
        conditions.append(AuditRow.at < _start_of(filters.until + timedelta(days=1)))
    return conditions


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def _names_within_reach(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    statement = select(Person.id, Person.name).where(Person.id.in_(sorted(ids)), readable_by(actor))
    return {row.id: row.name for row in db.session().execute(statement)}


def _act(row: Row[Any], names: dict[int, str]) -> TrailRow:
    return TrailRow(
        at=row.at,
        what=verbs.label(row.verb),
        unit_name=row.name,
        by_system=row.actor_person_id is None,
        actor_name=names.get(row.actor_person_id),
        concerns=row.person_id is not None,
        person_id=row.person_id if row.person_id in names else None,
        person_name=names.get(row.person_id),
    )
