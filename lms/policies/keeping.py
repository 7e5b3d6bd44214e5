"""Keeping standings in step with the facts: mark people, compute them anew, write only what differs.

Whoever changes a fact marks the person in the same unit of work (`mark`): until that ends, the mark also keeps others
from computing the same person at the same moment.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, delete, insert, literal, select, tuple_
from sqlalchemy import String as Text
from sqlalchemy import type_coerce as read_as
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import clock, db
from lms.core.db import UtcDateTime
from lms.core.sql import within
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.policies import cycles, reading
from lms.policies.events import standings_changed
from lms.policies.facts import units_of
from lms.policies.models import StalePerson, Standing
from lms.policies.standing import Computed, compute
from lms.units.models import Unit

#: People computed at once: what is held in memory.
BATCH = 500
#: So many are computed at once where something changed; more are left to the periodic job.
FEW = 1000
WORTH_COPYING = 100


class Row(NamedTuple):
    """A standing as it is kept: the person, and what was computed."""

    person_id: int
    standing: Computed


def horizon(today: date) -> date:
    """Cycles that begin before this day have rows: those of this year and the next."""
    return date(today.year + 2, 1, 1)


def mark(person_ids: Iterable[int], *, now: datetime) -> None:
    """Say that the facts of these people changed."""
    marked = set(person_ids)
    _note(marked)
    rows = [{"person_id": person_id, "since": now} for person_id in sorted(marked)]
    for start in range(0, len(rows), BATCH):
        db.session().execute(_marking(), rows[start : start + BATCH])


def on_ledger_changed(_sender: object, *, person_id: int, now: datetime) -> None:
    """Hear from `hours`; connected in setup.py."""
    mark([person_id], now=now)


def on_posts_changed(_sender: object, *, person_ids: Sequence[int], now: datetime) -> None:
    """Hear from `people` and the roster; connected in setup.py."""
    mark(person_ids, now=now)


def on_unit_moved(_sender: object, *, unit: Unit, old_path: str, now: datetime) -> None:
    """Hear from `units`: other policies may reach those who work there; connected in setup.py."""
    mark_below([unit.path], now=now)


def on_people_removed(_sender: object, *, person_ids: Sequence[int]) -> None:
    """Hear from the roster that people go: their standings go first, so that counts follow; connected in setup.py."""
    for start in range(0, len(person_ids), BATCH):
        ids = sorted(person_ids)[start : start + BATCH]
        _write(sorted(_kept(ids), key=_key), [])


def mark_below(paths: Sequence[str], *, now: datetime) -> None:
    """Say that something changed for everybody who holds or held a post below one of `paths`."""
    people = (
        select(Appointment.person_id, literal(now, UtcDateTime))
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(within(Unit.path, paths))
        .distinct()
        .order_by(Appointment.person_id)
    )
    db.session().flush()
    db.session().execute(_marking(people))
    _note(set(db.rows(select(StalePerson.person_id).limit(FEW + 1)).scalars()))


def mark_everybody(*, now: datetime) -> None:
    """Say that everybody must be computed anew: the periodic job works it off."""
    db.session().flush()
    everybody = select(Person.id, literal(now, UtcDateTime)).where(Person.id > 0).order_by(Person.id)
    db.session().execute(_marking(everybody))


def _note(person_ids: set[int]) -> None:
    """Remember whom this unit of work marked: if they are few, they are computed when it ends."""
    db.session().info.setdefault("marked", set()).update(person_ids)
    db.before_commit(settle)


def settle() -> None:
    """Compute those whom this unit of work marked, if they are few; many are left to the periodic job."""
    marked: set[int] = db.session().info.pop("marked", set())
    if marked and len(marked) <= FEW:
        # A preview that took everything back left no marks, and must not write.
        refresh(db.rows(select(StalePerson.person_id).where(StalePerson.person_id.in_(marked))).scalars().all())


def _marking(people: Select[int, datetime] | None = None) -> Executable:
    stale: Any = db.on_both(lambda: sqlite.insert(StalePerson), lambda: postgresql.insert(StalePerson))
    if people is not None:
        stale = stale.from_select(["person_id", "since"], people)
    marking: Executable = stale.on_conflict_do_update(index_elements=["person_id"], set_={"since": StalePerson.since})
    return marking


def current_lines(unit_ids: Collection[int]) -> list[cycles.Line]:
    """Every requirement of these units' policies with its cycles, as far ahead as rows reach."""
    return cycles.lines(reading.read_versions(unit_ids), horizon(clock.today()))


def refresh(person_ids: Iterable[int]) -> None:
    """Compute the standings of these people from their facts, write what differs, and take their marks away.

    They must be marked in this unit of work, or their marks locked by it: then the policies are read after that, and
    one that is adopted meanwhile marks them again.
    """
    ids = sorted(set(person_ids))
    if not ids:
        return
    db.session().flush()
    for start in range(0, len(ids), BATCH):
        _refresh_batch(ids[start : start + BATCH])


def _refresh_batch(ids: Sequence[int]) -> None:
    kept, wanted = set(_kept(ids)), compute_anew(ids)
    removed, added = sorted(kept - wanted, key=_key), sorted(wanted - kept, key=_key)
    _write(removed, added)
    db.session().execute(delete(StalePerson).where(StalePerson.person_id.in_(ids)))


def compute_anew(ids: Sequence[int]) -> set[Row]:
    """What the standings of these people should be, from their facts."""
    facts = reading.read_facts(ids)
    units = {person_id: units_of(known) for person_id, known in facts.items()}
    lines = defaultdict(list)
    for line in current_lines(set().union(*units.values())):
        lines[line.unit_id].append(line)
    return {
        Row(person_id, one)
        for person_id, known in facts.items()
        for one in compute(known, [line for unit_id in units[person_id] for line in lines.get(unit_id, ())])
    }


def differing(ids: Sequence[int]) -> set[int]:
    """Those of these people whose kept standings are not what their facts say."""
    return {row.person_id for row in set(_kept(ids)) ^ compute_anew(ids)}


def _write(removed: Sequence[Row], added: Sequence[Row]) -> None:
    _remove(removed)
    _add(added)
    if removed or added:
        standings_changed.send(None, removed=removed, added=added)


def _key(row: Row) -> tuple[int, int, str, date]:
    one = row.standing
    return row.person_id, one.policy_id, one.requirement, one.cycle_start


def _kept(ids: Sequence[int]) -> Iterator[Row]:
    for person_id, *values, entries in db.rows(_kept_rows(db.dialect()), {"people": list(ids)}).all():
        yield Row(person_id, Computed._make((*values, tuple(entries))))


@cache
def _kept_rows(dialect: str) -> Select[*tuple[Any, ...]]:
    table = Standing.__table__.c
    columns: dict[str, Any] = {name: table[name] for name in Computed._fields}
    columns["post"] = read_as(table.post, Text)
    for name in ("hours", "carried"):
        columns[name] = reading.hundredths(table[name], dialect)
    mine = reading.people(table.person_id, dialect)
    return select(table.person_id, *columns.values()).where(mine)


def _remove(rows: Sequence[Row]) -> None:
    key = tuple_(Standing.person_id, Standing.policy_id, Standing.requirement, Standing.cycle_start)
    for start in range(0, len(rows), BATCH):
        keys = [_key(row) for row in rows[start : start + BATCH]]
        db.session().execute(delete(Standing).where(key.in_(keys)).execution_options(synchronize_session=False))


def _add(rows: Sequence[Row]) -> None:
    if db.dialect() == "postgresql" and len(rows) >= WORTH_COPYING:
        _copy(rows)
        return
    for start in range(0, len(rows), BATCH):
        connection = db.session().connection()
        connection.execute(insert(Standing), [_values(row) for row in rows[start : start + BATCH]])


def _copy(rows: Sequence[Row]) -> None:
    """Many rows at once, as PostgreSQL takes them fastest."""
    columns = ", ".join(("person_id", *Computed._fields))
    driver: Any = db.session().connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY standings ({columns}) FROM STDIN") as copy:
        for person_id, one in rows:
            *values, hours, carried, entries = one
            amounts = Decimal(hours).scaleb(-2), Decimal(carried).scaleb(-2)
            copy.write_row((person_id, *values, *amounts, json.dumps(entries)))


def _values(row: Row) -> dict[str, Any]:
    values = row.standing._asdict()
    values.update(person_id=row.person_id, post=PostClass(row.standing.post), entries=list(row.standing.entries))
    values.update(hours=Decimal(row.standing.hours).scaleb(-2), carried=Decimal(row.standing.carried).scaleb(-2))
    return values
