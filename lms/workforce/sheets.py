"""The boards as a workbook: a sheet for each dimension, with the words of the page for what is withheld."""

from datetime import date

from lms.core.i18n import gettext as _
from lms.core.spreadsheets import Table, Value
from lms.units.models import Unit
from lms.workforce import queries, storing
from lms.workforce.dimensions import Dimension


def all_boards(unit: Unit, day: date) -> list[Table]:
    """Every dimension of a unit, its children below it."""
    return [_table(unit, storing.read(unit, day, dimension).board) for dimension in Dimension]


def _table(unit: Unit, board: queries.Board) -> Table:
    head = [_("单位"), _("在岗人数"), *(str(label) for _key, label in board.categories)]
    rows: list[list[Value]] = [[unit.name, board.total, *map(_cell, board.cells)]]
    for line in board.lines:
        name = line.unit.name if line.unit else _("直接在本单位任职")
        rows.append([name, line.total, *map(_cell, line.cells)])
    return Table(str(board.dimension.label), head, rows, widths=[24, 12])


def _cell(count: int | None) -> Value:
    return _("不列出") if count is None else count
