"""Abilities against training types and years: where somebody has been trained, and where not yet. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.hours.kinds import Ability, TrainingType
from lms.hours.models import HourEntry

YEARS_SHOWN = 5


@dataclass(frozen=True)
class Line:
    """An ability with the number of trainings in each column, and in all."""

    ability: Ability
    by_type: Sequence[int]
    by_year: Sequence[int]
    total: int


@dataclass(frozen=True)
class Grid:
    """What stands in the ledger, by coordinates: a training counts for each of its abilities."""

    types: Sequence[TrainingType]
    years: Sequence[int]
    lines: Sequence[Line]

    @property
    def gaps(self) -> list[Ability]:
        """Abilities without any training so far."""
        return [line.ability for line in self.lines if not line.total]

    @property
    def is_empty(self) -> bool:
        return len(self.gaps) == len(self.lines)


def draw(entries: Iterable[HourEntry], *, this_year: int) -> Grid:
    """The grid of the entries that stand."""
    by_type: Counter[tuple[str, str]] = Counter()
    by_year: Counter[tuple[str, int]] = Counter()
    total: Counter[str] = Counter()
    for entry in entries:
        if entry.reversal is not None:
            continue
        for ability in entry.abilities:
            total[ability] += 1
            by_year[ability, entry.occurred_on.year] += 1
            if entry.training_type is not None:
                by_type[ability, entry.training_type] += 1
    types, years = list(TrainingType), list(range(this_year - YEARS_SHOWN + 1, this_year + 1))
    lines = [
        Line(one, [by_type[one, kind] for kind in types], [by_year[one, year] for year in years], total[one])
        for one in Ability
    ]
    return Grid(types, years, lines)
