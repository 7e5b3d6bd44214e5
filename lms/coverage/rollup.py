"""Keeping the roll-up in step: what changed of the standings is appended to it in the same unit of work."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, func, insert, literal, select, type_coerce

from lms.core import db
from lms.core.db import Id
from lms.coverage.cells import Cell, TraitCell, Traits, counting_differences, differences, trait_differences
from lms.coverage.kinds import Trait
from lms.coverage.models import CoverageCount, CoverageTrait
from lms.hours.models import HourEntry
from lms.policies.keeping import Row
from lms.units.models import Unit

Roll = type[CoverageCount] | type[CoverageTrait]
FIELDS: dict[Roll, tuple[str, ...]] = {CoverageCount: Cell._fields, CoverageTrait: TraitCell._fields}

#: Identifiers in one statement: SQLite takes 32,766 values at once.
BATCH = 10_000
#: So many rows at once are copied where the database can.
WORTH_COPYING = 500
#: Where a cell of either roll says of which unit it is.
UNIT = Cell._fields.index("unit_id")


def on_standings_changed(_sender: object, *, removed: Sequence[Row], added: Sequence[Row]) -> None:
    """Append the differences; connected in setup.py. A few statements, however many people they concern."""
    before, after = [row.standing for row in removed], [row.standing for row in added]
    moved, countings = differences(before, after), counting_differences(before, after)
    if not moved and not countings:
        return
    traits = _traits_of({entry for counting in countings for entry in counting.entries})
    moved_traits = trait_differences(countings, traits)
    above = _ways_up({cell.unit_id for cell in moved} | {one.unit_id for one in countings})
    _append(CoverageCount, moved, above)
    _append(CoverageTrait, moved_traits, above)


def on_unit_moved(_sender: object, *, unit: Unit, old_path: str, now: datetime) -> None:
    """Take those below `unit` out of the units that were above it, and add them to those that are."""
    old, new = ({int(part) for part in path.split(".")[:-2]} for path in (old_path, unit.path))
    for roll, fields in FIELDS.items():
        for unit_id, sign in [*((one, -1) for one in old - new), *((one, 1) for one in new - old)]:
            keys = [literal(unit_id, Id) if name == "unit_id" else getattr(roll, name) for name in fields]
            own = [key for key, name in zip(keys, fields, strict=True) if name != "unit_id"]
            people = cast(func.sum(roll.people) * sign, Id)
            moved = select(*keys, people).where(roll.unit_id == unit.id).group_by(*own)
            db.session().execute(
                insert(roll).from_select([*fields, "people"], moved.having(func.sum(roll.people) != 0))
            )


def _ways_up(unit_ids: Iterable[int]) -> dict[int, list[int]]:
    """Each unit with all above it."""
    found = _fetched(_paths(), unit_ids)
    return {row.id: [int(part) for part in row.path.split(".")[:-1]] for row in found}


@cache
def _paths() -> Select[*tuple[Any, ...]]:
    return select(Unit.id, Unit.path).where(Unit.id.in_(bindparam("ids", expanding=True)))


def _traits_of(entry_ids: Iterable[int]) -> dict[int, Traits]:
    """What these ledger entries were: by the thousand, therefore as text, of which there are few."""
    return {row[0]: _pairs(row[1], row[2], str(row[3])) for row in _fetched(_entries(), entry_ids)}


@cache
def _entries() -> Select[*tuple[Any, ...]]:
    columns = type_coerce(HourEntry.tier, String), type_coerce(HourEntry.training_type, String)
    abilities = cast(HourEntry.abilities, String)
    return select(HourEntry.id, *columns, abilities).where(HourEntry.id.in_(bindparam("ids", expanding=True)))


@lru_cache(maxsize=4096)
def _pairs(tier: str | None, training_type: str | None, abilities: str) -> Traits:
    pairs = {(Trait.ABILITY.value, ability) for ability in json.loads(abilities)}
    pairs |= {(Trait.TIER.value, tier)} if tier else set()
    return frozenset(pairs | ({(Trait.TRAINING_TYPE.value, training_type)} if training_type else set()))


def _fetched(statement: Select[*tuple[Any, ...]], ids: Iterable[int]) -> Iterable[Any]:
    wanted = list(ids)
    for start in range(0, len(wanted), BATCH):
        yield from db.rows(statement, {"ids": wanted[start : start + BATCH]}).all()


def _append(roll: Roll, moved: Mapping[Any, int], above: Mapping[int, list[int]]) -> None:
    """Write each difference for its unit and for every unit above."""
    summed: dict[tuple[Any, ...], int] = {}
    for cell, people in moved.items():
        head, tail = tuple(cell[:UNIT]), tuple(cell[UNIT + 1 :])
        for unit_id in above[cell[UNIT]]:
            higher = (*head, unit_id, *tail)
            summed[higher] = summed.get(higher, 0) + people
    rows = [(*cell, people) for cell, people in summed.items() if people]
    columns = (*FIELDS[roll], "people")
    if db.dialect() == "postgresql" and len(rows) >= WORTH_COPYING:
        _copy(roll, columns, rows)
    elif rows:
        db.session().connection().execute(insert(roll), [dict(zip(columns, row, strict=True)) for row in rows])


def _copy(roll: Roll, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Many rows at once, as PostgreSQL takes them fastest."""
    driver: Any = db.session().connection().connection.driver_connection
    into = f"COPY {roll.__tablename__} ({', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)
