"""Which cell of the roll-up a standing counts in, and what of the cells changes when standings do. Pure.

A cell holds everybody of a unit and post with the same dates. Most dates are those of the cycle, so that a province
has some hundred cells; the days on which people were trained would make thousands of them, and count by the month.
Nothing is lost on the days that pages ask for most: on today, and on the last day of a month, "trained by then" and
"trained in a month that has begun by then" are the same people. Pages ask the standings themselves about other days.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol, TypeVar

T = TypeVar("T", bound=Hashable)


class Row(Protocol):
    """What of a standing the roll-up needs."""

    @property
    def policy_id(self) -> int: ...
    @property
    def requirement(self) -> str: ...
    @property
    def cycle_start(self) -> date: ...
    @property
    def cycle_end(self) -> date: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def post(self) -> str: ...
    @property
    def owed_from(self) -> date: ...
    @property
    def due_on(self) -> date: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def waived_from(self) -> date | None: ...
    @property
    def waived_until(self) -> date | None: ...
    @property
    def entries(self) -> Sequence[int]: ...


class Cell(NamedTuple):
    """The columns of `coverage_counts` that tell its rows apart, in their order."""

    policy_id: int
    requirement: str
    cycle_start: date
    cycle_end: date
    unit_id: int
    post: str
    owed_from: date
    due_on: date
    met_on: date | None
    waived_from: date | None
    waived_until: date | None


class Counting(NamedTuple):
    """Where somebody counts, and by which ledger entries."""

    policy_id: int
    requirement: str
    cycle_start: date
    cycle_end: date
    unit_id: int
    entries: tuple[int, ...]


class TraitCell(NamedTuple):
    """The columns of `coverage_traits` that tell its rows apart, in their order."""

    policy_id: int
    requirement: str
    cycle_start: date
    cycle_end: date
    unit_id: int
    trait: str
    value: str


#: What a ledger entry was: pairs of trait and value.
Traits = frozenset[tuple[str, str]]


def month_of(day: date) -> date:
    return day.replace(day=1)


def is_summed_up(day: date, today: date) -> bool:
    """Whether the cells can answer about `day`."""
    return day >= today or (day + timedelta(days=1)).day == 1


def cell_of(row: Row) -> Cell:
    return Cell(
        row.policy_id, row.requirement, month_of(row.cycle_start), row.cycle_end, row.unit_id, row.post,
        row.owed_from, row.due_on, month_of(row.met_on) if row.met_on else None, row.waived_from, row.waived_until,
    )  # fmt: skip


def differences(before: Iterable[Row], after: Iterable[Row]) -> Counter[Cell]:
    """How many people came to (or left) which cell."""
    return _moved(map(cell_of, before), map(cell_of, after))


def counting_differences(before: Iterable[Row], after: Iterable[Row]) -> Counter[Counting]:
    """The same by what counts: most changes leave it as it was, and need not be looked at again."""
    return _moved(map(_counting_of, before), map(_counting_of, after))


def trait_differences(moved: Counter[Counting], traits: Mapping[int, Traits]) -> Counter[TraitCell]:
    """One for each thing that any of the counting entries was: two of one tier count once."""
    cells: Counter[TraitCell] = Counter()
    for counting, people in moved.items():
        found = frozenset[tuple[str, str]]().union(*(traits.get(entry, frozenset()) for entry in counting.entries))
        cells.update({TraitCell(*counting[:5], *one): people for one in found})
    return Counter({cell: people for cell, people in cells.items() if people})


def _counting_of(row: Row) -> Counting:
    start = month_of(row.cycle_start)
    return Counting(row.policy_id, row.requirement, start, row.cycle_end, row.unit_id, tuple(row.entries))


def _moved(before: Iterable[T], after: Iterable[T]) -> Counter[T]:
    moved: Counter[T] = Counter(after)
    moved.subtract(before)
    return Counter({cell: people for cell, people in moved.items() if people})
