"""The card of the home page: for each unit that the reader administers, who is not covered yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.core import clock
from lms.core.web import Actor
from lms.reports import queries
from lms.reports.queries import UnitRow
from lms.units.queries import list_tops

#: An administrator of more units goes to the board.
SHOWN = 5


@dataclass(frozen=True)
class Coverage:
    """The year so far, unit by unit. `more`: how many units are left to the board."""

    year: int
    rows: Sequence[UnitRow]
    more: int


def read(actor: Actor) -> Coverage | None:
    """What the card shows, in two statements; None for who administers nothing."""
    if not actor.has("admin"):
        return None
    today = clock.today()
    tops = [unit for unit in list_tops(actor) if unit.path in actor.paths("admin")]
    found = queries.tally_each(tops[:SHOWN], today.year, today)
    rows = [UnitRow(unit, found[unit.id]) for unit in tops[:SHOWN]]
    return Coverage(today.year, rows, max(0, len(tops) - SHOWN))
