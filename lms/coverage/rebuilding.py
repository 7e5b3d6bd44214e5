"""The roll-up built anew from the standings, proved against them, and its differences added up.

Each is one statement over everything at one moment, so that people may go on finishing trainings meanwhile: what they
append then lies outside of it, on both sides. Only one of these may run at a time.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    Select,
    String,
    Subquery,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    true,
    union,
    union_all,
)

from lms.core import db, proofs
from lms.core.db import Id
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.coverage.cells import Cell, TraitCell
from lms.coverage.kinds import Trait
from lms.coverage.models import CoverageCount
from lms.coverage.rollup import FIELDS, Roll
from lms.coverage.unfolding import elements, month_of
from lms.hours.models import HourEntry
from lms.policies.models import Policy, Standing
from lms.units.models import Unit

#: Rows that cost nothing.
SLACK = 1000


@dataclass(frozen=True)
class Proof:
    """How many cells there are, and how many of them say something else than the standings."""

    cells: int
    wrong: int


def rebuild() -> None:
    """Throw the roll-up away and add it up from the standings."""
    for roll in FIELDS:
        _only_one(roll)
        _replace(roll, _expected(roll))


def is_worth_adding_up() -> bool:
    """Whether pages of the units that adopted policies read far more rows than there are cells."""
    tops = CoverageCount.unit_id.in_(select(Policy.unit_id))
    cells = select(literal(1)).where(tops).group_by(*_columns(CoverageCount)).subquery()
    rows = db.session().scalar(select(func.count()).select_from(CoverageCount).where(tops)) or 0
    return rows > SLACK + 2 * (db.session().scalar(select(func.count()).select_from(cells)) or 0)


def compact() -> None:
    """Add the differences up: the sums stay what they are."""
    for roll in FIELDS:
        _only_one(roll)
        if db.dialect() == "postgresql":
            gone = delete(roll).returning(*_columns(roll), roll.people).cte("gone")
            _insert(roll, _summed(roll, gone))
            continue
        last = db.session().scalar(select(func.max(roll.id))) or 0
        _insert(roll, _summed(roll, select(roll).where(roll.id <= last).subquery()))
        db.session().execute(delete(roll).where(roll.id <= last))


def verify() -> dict[str, Proof]:
    """Compare every cell with what the standings say."""
    found = {}
    for roll in FIELDS:
        expected, kept = _expected(roll).subquery(), _summed(roll, select(roll).subquery()).subquery()
        both = union_all(
            select(*(expected.c[name] for name in FIELDS[roll]), expected.c.people, literal(0).label("kept")),
            select(*(kept.c[name] for name in FIELDS[roll]), -kept.c.people, literal(1)),
        ).subquery()
        keys = [both.c[name] for name in FIELDS[roll]]
        wrong = select(literal(1)).select_from(both).group_by(*keys).having(func.sum(both.c.people) != 0).subquery()
        cells = db.session().scalar(select(func.count()).select_from(kept)) or 0
        found[roll.__tablename__] = Proof(cells, db.session().scalar(select(func.count()).select_from(wrong)) or 0)
    return found


def prove() -> proofs.Findings:
    """The same for `lms verify`."""
    found = proofs.Findings(0)
    for name, proof in verify().items():
        found.looked_at += proof.cells
        if proof.wrong:
            found.wrong += proof.wrong
            found.named.append(
                _("%(name)s：%(cells)s 格，%(wrong)s 格不符。", name=name, cells=proof.cells, wrong=proof.wrong)
            )
    return found


PROOF = proofs.Proof(_l("覆盖汇总与履训情况一致"), prove)


def _only_one(roll: Roll) -> None:
    """Keep others from adding up the same rows; appending goes on."""
    if db.dialect() == "postgresql":
        db.session().execute(text(f"LOCK TABLE {roll.__tablename__} IN SHARE UPDATE EXCLUSIVE MODE"))


def _replace(roll: Roll, rows: Select[*tuple[Any, ...]]) -> None:
    if db.dialect() == "postgresql":
        _insert(roll, rows, gone=delete(roll).returning(roll.id).cte("gone"))
        return
    db.session().execute(delete(roll))
    _insert(roll, rows)


def _insert(roll: Roll, rows: Select[*tuple[Any, ...]], gone: CTE | None = None) -> None:
    statement = insert(roll).from_select([*FIELDS[roll], "people"], rows)
    db.session().execute(statement if gone is None else statement.add_cte(gone))


def _columns(roll: Roll) -> list[Any]:
    return [getattr(roll, name) for name in FIELDS[roll]]


def _summed(roll: Roll, rows: CTE | Subquery) -> Select[*tuple[Any, ...]]:
    keys = [rows.c[name] for name in FIELDS[roll]]
    people = func.sum(rows.c.people)
    return select(*keys, cast(people, Id).label("people")).group_by(*keys).having(people != 0)


def _expected(roll: Roll) -> Select[*tuple[Any, ...]]:
    """What the standings add up to, for each unit and those above it."""
    here = (_dates() if roll is CoverageCount else _traits()).subquery()
    ways = _ways_up()
    keys = [ways.c.above if name == "unit_id" else here.c[name] for name in FIELDS[roll]]
    labeled = [key.label(name) for key, name in zip(keys, FIELDS[roll], strict=True)]
    people = cast(func.sum(here.c.people), Id).label("people")
    return select(*labeled, people).select_from(here.join(ways, ways.c.unit_id == here.c.unit_id)).group_by(*keys)


def _ways_up() -> CTE:
    """Pairs of a unit and itself or one above it."""
    ways = select(Unit.id.label("unit_id"), Unit.id.label("above")).cte("ways", recursive=True)
    return ways.union_all(
        select(ways.c.unit_id, Unit.parent_id).join(Unit, Unit.id == ways.c.above).where(Unit.parent_id.is_not(None))
    )


def _dates() -> Select[*tuple[Any, ...]]:
    """Standings added up where their people count."""
    keys = [
        Standing.policy_id, Standing.requirement, month_of(Standing.cycle_start), Standing.cycle_end, Standing.unit_id,
        Standing.post, Standing.owed_from, Standing.due_on, month_of(Standing.met_on), Standing.waived_from,
        Standing.waived_until,
    ]  # fmt: skip
    labeled = [key.label(name) for key, name in zip(keys, Cell._fields, strict=True)]
    return select(*labeled, func.count().label("people")).group_by(*keys)


def _traits() -> Select[*tuple[Any, ...]]:
    """Standings added up by what their counting entries were: each person once for each."""
    hits = _counting_entries()
    ability = elements(hits.c.abilities, "ability")
    parts = [
        _of_trait(hits, Trait.TIER, hits.c.tier).where(hits.c.tier.is_not(None)),
        _of_trait(hits, Trait.TRAINING_TYPE, hits.c.training_type).where(hits.c.training_type.is_not(None)),
        _of_trait(hits, Trait.ABILITY, ability.c.value).select_from(hits).join(ability, true()),
    ]
    once = union(*parts).subquery()
    keys = [once.c[name] for name in TraitCell._fields]
    return select(*keys, func.count().label("people")).group_by(*keys)


def _counting_entries() -> CTE:
    """Every standing with each ledger entry that counts for it."""
    entry = elements(Standing.entries, "entry")
    columns = [
        Standing.person_id,
        Standing.cycle_start.label("own_start"),
        Standing.policy_id,
        Standing.requirement,
        month_of(Standing.cycle_start).label("cycle_start"),
        Standing.cycle_end,
        Standing.unit_id,
    ]
    rows = select(*columns, HourEntry.tier, HourEntry.training_type, HourEntry.abilities).select_from(Standing)
    return rows.join(entry, true()).join(HourEntry, HourEntry.id == cast(entry.c.value, Id)).cte("hits")


def _of_trait(hits: CTE, trait: Trait, value: Any) -> Select[*tuple[Any, ...]]:
    keys = [hits.c[name] for name in TraitCell._fields[:5]]
    named = literal(trait.value, String(32)).label("trait"), cast(value, String(32)).label("value")
    return select(*keys, *named, hits.c.person_id, hits.c.own_start)
