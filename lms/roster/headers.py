"""Where the header of a roster is: below title and stamp rows, often two rows deep, above the people. Pure.

The row that names most known columns is the header. A row below that names more (所在街道 and 所在社区 under a merged
单位) belongs to it, and so does a row above that names what this one leaves blank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.core.spreadsheets import Cell, Sheet
from lms.roster.cells import text_of
from lms.roster.mapping import Field, field_of

SEARCHED_ROWS = 40
FEWEST_KNOWN = 2


@dataclass(frozen=True)
class Header:
    """Rows from `top` to `bottom` (from 0, both included), and a label for each column."""

    top: int
    bottom: int
    labels: Sequence[str]
    fields: Mapping[int, Field]

    @property
    def score(self) -> int:
        return len(self.fields)


def find_header(sheet: Sheet, remembered: Mapping[str, Field]) -> Header | None:
    """The header of a sheet, or None where no row names at least two known columns."""
    top_rows = sheet.rows[:SEARCHED_ROWS]
    scores = [len(_known(row, remembered)) for row in top_rows]
    if not scores or max(scores) < FEWEST_KNOWN:
        return None
    best = scores.index(max(scores))
    top, bottom = best, best
    if best + 1 < len(top_rows) and _completes(top_rows[best + 1], top_rows[best], remembered):
        bottom = best + 1
    elif best > 0 and _completes(top_rows[best - 1], top_rows[best], remembered):
        top = best - 1
    labels = _labels(sheet, top, bottom)
    return Header(top, bottom, [joined for _leaf, joined in labels], _fields(labels, remembered))


def _known(row: Sequence[Cell], remembered: Mapping[str, Field]) -> dict[int, Field]:
    found = {column: field_of(text_of(cell), remembered) for column, cell in enumerate(row)}
    return {column: known for column, known in found.items() if known is not None}


def _completes(other: Sequence[Cell], best: Sequence[Cell], remembered: Mapping[str, Field]) -> bool:
    """Whether `other` is a second header row: it names known columns, and none where `best` names one already,
    unless that one spans it (as 单位 does)."""
    here, there = _known(best, remembered), _known(other, remembered)
    fresh = set(there.values()) - set(here.values())
    clash = [column for column in there if column in here and here[column] is not Field.UNIT]
    return bool(fresh) and not clash and Field.NAME not in set(there.values()) & set(here.values())


def _labels(sheet: Sheet, top: int, bottom: int) -> list[tuple[str, str]]:
    """For each column its lowest own text, and all its texts from top to bottom joined by a slash."""
    width = max((len(row) for row in sheet.rows[top : bottom + 1]), default=0)
    grid = [[text_of(row[column]) if column < len(row) else "" for column in range(width)] for row in
            sheet.rows[top : bottom + 1]]  # fmt: skip
    for area in sheet.merged:
        if top <= area.top <= bottom:
            for column in range(area.left + 1, min(area.right + 1, width)):
                grid[area.top - top][column] = grid[area.top - top][area.left]
    labels = []
    for column in range(width):
        parts = list(dict.fromkeys(line[column] for line in grid if line[column]))
        labels.append((parts[-1] if parts else "", "/".join(parts)))
    return labels


def _fields(labels: Sequence[tuple[str, str]], remembered: Mapping[str, Field]) -> dict[int, Field]:
    """Each field goes to the first column that names it; UNUSED may be named by many."""
    fields: dict[int, Field] = {}
    for column, (leaf, joined) in enumerate(labels):
        known = field_of(joined, remembered) or field_of(leaf, remembered)
        if known is not None and (known is Field.UNUSED or known not in fields.values()):
            fields[column] = known
    return fields
