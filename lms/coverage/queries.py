"""Coverage in numbers: of a unit and those right below it, by post, by what the trainings were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, and_, case, func, literal, or_, select, union_all

from lms.core import db
from lms.core.sql import within
from lms.core.web import Actor
from lms.coverage.cells import is_summed_up
from lms.coverage.duties import Span
from lms.coverage.inquiry import Inquiry
from lms.coverage.kinds import Trait
from lms.coverage.models import CoverageCount, CoverageExport, CoverageTrait
from lms.people.posts import PostClass
from lms.policies.kinds import State
from lms.policies.models import StalePerson, Standing
from lms.policies.states import state_sql
from lms.units.models import Unit
from lms.units.queries import list_children


@dataclass(frozen=True)
class Numbers:
    """How many people are in which state."""

    met: int = 0
    waived: int = 0
    overdue: int = 0
    due: int = 0
    not_yet_due: int = 0

    @property
    def people(self) -> int:
        """Everybody in the duty."""
        return self.met + self.waived + self.overdue + self.due + self.not_yet_due

    @property
    def should(self) -> int:
        """Should be trained by the day: not those who are waived, nor those whose time has not come."""
        return self.met + self.overdue + self.due

    @property
    def missing(self) -> int:
        return self.overdue + self.due

    def of(self, states: Iterable[State]) -> int:
        """How many are in one of these states."""
        return sum(getattr(self, state.value) for state in states)

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __sub__(self, other: "Numbers") -> "Numbers":
        return Numbers(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))


NOBODY = Numbers()


def numbers_from(rows: Iterable[Any]) -> dict[Any, Numbers]:
    """Added up from (key, state, people); who came and went leaves a zero, which is nobody."""
    found: dict[Any, dict[str, int]] = {}
    for key, state, people in rows:
        states, word = found.setdefault(key, {}), State(state).value
        states[word] = states.get(word, 0) + int(people)
    summed = {key: Numbers(**states) for key, states in found.items()}
    return {key: numbers for key, numbers in summed.items() if numbers != NOBODY}


@dataclass(frozen=True)
class UnitRow:
    """A row of the board: a unit right below, or (None) those who count in the unit itself."""

    unit: Unit | None
    numbers: Numbers


@dataclass(frozen=True)
class Board:
    """Rows in administrative order, and their sum."""

    rows: Sequence[UnitRow]
    total: Numbers


@dataclass(frozen=True)
class TraitRow:
    """How many people had a training of this tier, type or ability that counts."""

    trait: Trait
    value: str
    people: int


def by_unit(inquiry: Inquiry) -> Board:
    """The unit's children in administrative order, then those who count in the unit itself."""
    unit, span = inquiry.unit, inquiry.asked
    found = _of_units(inquiry, span)
    total = found.get(unit.id, NOBODY)
    children = [
        UnitRow(child, found.get(child.id, NOBODY))
        for child in list_children(unit)
        if child.id in found or child.valid_to is None or child.valid_to >= inquiry.day
    ]
    direct = total - sum((row.numbers for row in children), NOBODY)
    return Board([*children, *([UnitRow(None, direct)] if direct != NOBODY else [])], total)


def by_post(inquiry: Inquiry) -> Sequence[tuple[PostClass, Numbers]]:
    """The same people by the post that brings the duty, in the order of the posts."""
    span, day = inquiry.asked, inquiry.day
    if is_summed_up(day, inquiry.today):
        statement = select(CoverageCount.post, _state(day, CoverageCount), func.sum(CoverageCount.people)).where(
            CoverageCount.unit_id == inquiry.unit.id, span.holds(CoverageCount, day)
        )
        rows = db.rows(statement.group_by(CoverageCount.post, "state"))
    else:
        rows = db.rows(_standings(inquiry, span, Standing.post))
    found = numbers_from(rows)
    return [(post, found[post]) for post in PostClass if found.get(post, NOBODY) != NOBODY]


def by_trait(inquiry: Inquiry) -> Sequence[TraitRow]:
    """What the counting trainings were, in the order of tiers, types and abilities."""
    trait = CoverageTrait.trait, CoverageTrait.value
    statement = select(*trait, func.sum(CoverageTrait.people)).where(
        CoverageTrait.unit_id == inquiry.unit.id, inquiry.asked.holds(CoverageTrait, inquiry.day)
    )
    found = {(row[0], row[1]): int(row[2]) for row in db.rows(statement.group_by(*trait))}
    every = [(trait, value) for trait in Trait for value in trait.values]
    return [TraitRow(trait, value, found[trait, value]) for trait, value in every if found.get((trait, value))]


def figures(unit_ids: Sequence[int] | Select[int], span: Span, day: date) -> dict[int, Numbers]:
    """The numbers of some units on a day that the roll-up knows, in one statement."""
    state = _state(day, CoverageCount)
    statement = select(CoverageCount.unit_id, state, func.sum(CoverageCount.people)).where(
        CoverageCount.unit_id.in_(unit_ids), span.holds(CoverageCount, day)
    )
    return numbers_from(db.rows(statement.group_by(CoverageCount.unit_id, "state")))


def final_figures(unit_ids: Sequence[int] | Select[int], span: Span) -> dict[int, Numbers]:
    """The numbers with which a cycle ended: who was not trained on its last day is late, unless there is grace."""
    last, table = span.last_day, CoverageCount
    state = final_state(last, table).label("state")
    statement = select(table.unit_id, state, func.sum(table.people))
    here = table.unit_id.in_(unit_ids), span.holds(table, last)
    return numbers_from(db.rows(statement.where(*here).group_by(table.unit_id, "state")))


def final_state(last: date, table: Any) -> ColumnElement[str]:
    """How a cycle ended for a row of standings, or of their roll-up."""
    return case(
        (table.met_on <= last, State.MET.value),
        (and_(table.waived_from <= last, table.waived_until >= last), State.WAIVED.value),
        (table.due_on <= last, State.OVERDUE.value),
        (table.owed_from <= last, State.DUE.value),
        else_=State.NOT_YET_DUE.value,
    )


def figures_of(asked: Sequence[tuple[int, Span, date]]) -> Sequence[Numbers]:
    """The numbers of several (unit, requirement and cycle, day), in their order, in one statement."""
    if not asked:
        return []
    parts = [
        select(literal(place), _state(day, CoverageCount), func.sum(CoverageCount.people))
        .where(CoverageCount.unit_id == unit_id, span.holds(CoverageCount, day))
        .group_by("state")
        for place, (unit_id, span, day) in enumerate(asked)
    ]
    found = numbers_from(db.rows(union_all(*parts)))
    return [found.get(place, NOBODY) for place in range(len(asked))]


def count_stale() -> int:
    """People whose standings are still being computed anew."""
    return db.rows(select(func.count()).select_from(StalePerson)).scalar() or 0


def _of_units(inquiry: Inquiry, span: Span) -> dict[int, Numbers]:
    """The unit and its children by their identifiers."""
    unit, day = inquiry.unit, inquiry.day
    if is_summed_up(day, inquiry.today):
        return figures(select(Unit.id).where(or_(Unit.id == unit.id, Unit.parent_id == unit.id)), span, day)
    found: dict[int, Numbers] = {}
    depth = unit.path.count(".")
    for path, numbers in numbers_from(db.rows(_standings(inquiry, span, Unit.path))).items():
        parts = path.split(".")
        child = int(parts[depth]) if len(parts) > depth + 1 else 0
        for unit_id in {unit.id, child} - {0}:
            found[unit_id] = found.get(unit_id, NOBODY) + numbers
    return found


def _state(day: date, table: Any) -> Label[str]:
    return state_sql(day, table).label("state")


def _standings(inquiry: Inquiry, span: Span, key: Any) -> Select[*tuple[Any, ...]]:
    """The people of the subtree counted one by one: for days of which the roll-up does not know."""
    state = _state(inquiry.day, Standing)
    statement = select(key, state, func.count()).join(Unit, Unit.id == Standing.unit_id)
    here = within(Unit.path, [inquiry.unit.path]), span.holds(Standing, inquiry.day)
    return statement.where(*here).group_by(key, "state")


def list_exports(actor: Actor) -> Sequence[CoverageExport]:
    """What the actor asked for lately, the newest first."""
    mine = select(CoverageExport).where(CoverageExport.person_id == actor.person_id)
    return db.session().scalars(mine.order_by(CoverageExport.id.desc()).limit(20)).all()
