"""Counting: one statement for a unit, a day and a dimension, whatever the size; the tree is put together here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, String, case, cast, func, select

from lms.core import db
from lms.core.sql import within
from lms.hours.kinds import Ability
from lms.hours.models import HourEntry, HourReversal
from lms.people import headcount
from lms.people.models import Appointment, Person
from lms.units.models import Unit
from lms.units.queries import list_children
from lms.workforce import wordings
from lms.workforce.dimensions import Dimension, categories_of, category_of, key_of
from lms.workforce.suppression import Node, publish
from lms.workforce.wordings import OTHER

#: How far back a training still says that an ability was trained: the cycle of clause 8 for everybody.
TRAINED_WITHIN = timedelta(days=3 * 365)

ByUnit = Mapping[str, Counter[str]]
#: By the path of a unit: people by category, or (of abilities) their number, then those trained in each.
Counts = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A row: a unit right below, or (None) those who work directly in the unit itself; withheld cells are None."""

    unit: Unit | None
    total: int
    cells: Sequence[int | None]


@dataclass(frozen=True)
class Board:
    """A dimension of a unit: categories with the unit's own counts, and a line for each child."""

    dimension: Dimension
    categories: Sequence[tuple[str, Any]]
    total: int
    cells: Sequence[int | None]
    lines: Sequence[Line]

    @property
    def withholds(self) -> bool:
        """Whether anything is not shown."""
        return None in self.cells or any(None in line.cells for line in self.lines)

    @property
    def source(self) -> str:
        """The document by which free text was classed, where it was."""
        worded = self.dimension in (Dimension.SCHOOLING, Dimension.CERTIFICATE)
        return wordings.read(self.dimension.value).source if worded else ""

    @property
    def largest(self) -> int:
        return max((cell for cell in self.cells if cell is not None), default=0)


def board(unit: Unit, day: date, dimension: Dimension) -> Board:
    """The board of a unit on a day, in two statements."""
    return board_of(unit, list_children(unit), dimension, count(unit, day, dimension))


def count(unit: Unit, day: date, dimension: Dimension) -> Counts:
    """What a board of the unit, or of one below it, is made of: by the paths of units where people count."""
    return _trained(unit, day) if dimension is Dimension.ABILITY else _count(unit, day, dimension)


def count_people(day: date) -> Sequence[tuple[str, int]]:
    """How many people count in each unit of the site, by path."""
    statement = select(Unit.path, func.count()).join(Appointment, Appointment.unit_id == Unit.id)
    rows = db.session().execute(statement.where(headcount.counted(day)).group_by(Unit.path))
    return [(path, number) for path, number in rows]


def board_of(unit: Unit, children: Sequence[Unit], dimension: Dimension, counted: Counts) -> Board:
    """The board, from what was counted at and below the unit."""
    if dimension is Dimension.ABILITY:
        return _ability_board(unit, children, counted)
    by_unit: ByUnit = counted
    found = sorted({one for counts in by_unit.values() for one in counts})
    categories = categories_of(dimension, found)
    keys = [key for key, _label in categories]
    if set(found) - set(keys):  # grades beyond the longest ladder
        by_unit = {path: _gathered(counts, keys) for path, counts in by_unit.items()}
        categories = categories if OTHER in keys else [*categories, *categories_of(dimension, [OTHER])[-1:]]
        keys = [key for key, _label in categories]
    root, nodes = _tree(unit, by_unit, children)
    publish(root, keys)
    lines = [Line(child, node.total, [node.shown(key) for key in keys]) for child, node in nodes]
    return Board(dimension, categories, root.total, [root.shown(key) for key in keys], lines)


def _gathered(counts: Counter[str], keys: Sequence[str]) -> Counter[str]:
    known = Counter({key: count for key, count in counts.items() if key in keys})
    known[OTHER] += sum(counts.values()) - sum(known.values())
    return known


def _ability_board(unit: Unit, children: Sequence[Unit], trained: Mapping[str, Sequence[int]]) -> Board:
    """Each ability splits the people in two, trained or not: both halves must be large enough to be shown."""
    categories = categories_of(Dimension.ABILITY, [])
    columns: list[list[int | None]] = []
    totals: list[int | None] = []
    root, nodes = Node({}), list[tuple[Unit | None, Node]]()
    for number in range(len(categories)):
        halves = {
            path: Counter({"yes": counts[number + 1], "no": counts[0] - counts[number + 1]})
            for path, counts in trained.items()
        }
        root, nodes = _tree(unit, halves, children)
        publish(root, ["yes", "no"])
        totals.append(root.shown("yes"))
        columns.append([node.shown("yes") for _unit, node in nodes])
    lines = [Line(child, node.total, [column[row] for column in columns]) for row, (child, node) in enumerate(nodes)]
    return Board(Dimension.ABILITY, categories, root.total, totals, lines)


def _count(unit: Unit, day: date, dimension: Dimension) -> dict[str, Counter[str]]:
    """People by the path of their unit and by category."""
    key = key_of(dimension, day)
    statement = _counted(unit, day, Unit.path, key, func.count()).group_by(Unit.path, key)
    category = category_of(dimension)
    by_unit: dict[str, Counter[str]] = defaultdict(Counter)
    for path, value, count in db.session().execute(statement):
        by_unit[path][category(value)] += count
    return by_unit


def _trained(unit: Unit, day: date) -> dict[str, Sequence[int]]:
    """By path: the number of people, then for each ability of those trained in it within TRAINED_WITHIN of the day."""
    said = cast(HourEntry.abilities, String)
    marks = [
        func.max(case((said.contains(f'"{one.value}"'), 1), else_=0)).label(f"a{number}")
        for number, one in enumerate(Ability)
    ]
    standing = (
        (HourEntry.person_id == Appointment.person_id)
        & HourEntry.occurred_on.between(day - TRAINED_WITHIN, day)
        & ~select(HourReversal.id).where(HourReversal.entry_id == HourEntry.id).correlate(HourEntry).exists()
    )
    people = (
        _counted(unit, day, Unit.path.label("path"), Appointment.person_id, *marks)
        .outerjoin(HourEntry, standing)
        .group_by(Unit.path, Appointment.person_id)
        .subquery()
    )
    sums = [func.sum(people.c[f"a{number}"]) for number in range(len(marks))]
    statement = select(people.c.path, func.count(), *sums).group_by(people.c.path)
    return {path: [int(one) for one in counts] for path, *counts in db.session().execute(statement)}


def _counted(unit: Unit, day: date, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Those who count below the unit on the day: the same condition as in every other number of the site."""
    return (
        select(*columns)
        .select_from(Unit)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(within(Unit.path, [unit.path]), headcount.counted(day))
    )


def _tree(unit: Unit, by_unit: ByUnit, children: Sequence[Unit]) -> tuple[Node, list[tuple[Unit | None, Node]]]:
    """The unit's tree with sums, and its lines: the children in order, then those in the unit itself."""
    below: dict[str, list[str]] = defaultdict(list)
    sums: dict[str, Counter[str]] = defaultdict(Counter, {path: Counter(counts) for path, counts in by_unit.items()})
    levels: dict[int, set[str]] = defaultdict(set)
    for path in by_unit:
        levels[path.count(".")].add(path)
    # From the deepest level up, so that each unit is added once to the one above it.
    for depth in range(max(levels, default=0), unit.path.count("."), -1):
        for path in levels[depth]:
            above = path[: path.rstrip(".").rindex(".") + 1]
            levels[depth - 1].add(above)
            below[above].append(path)
            sums[above].update(sums[path])

    def node_of(path: str) -> Node:
        nodes = [node_of(child) for child in sorted(below[path])]
        if nodes and path in by_unit:
            nodes.append(Node(by_unit[path]))
        return Node(sums[path], nodes)

    root = node_of(unit.path)
    nodes = dict(zip([*sorted(below[unit.path]), ""], root.children, strict=False))
    lines: list[tuple[Unit | None, Node]] = [
        (child, nodes.get(child.path) or Node({}))
        for child in children
        if child.path in nodes or child.valid_to is None
    ]
    if below[unit.path] and unit.path in by_unit:
        lines.append((None, root.children[-1]))
    return root, lines
