"""The card of the home page: for each unit that the reader administers, who is not trained yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lms.core import clock
from lms.core.web import Actor
from lms.coverage import duties, queries
from lms.coverage.duties import Span
from lms.coverage.queries import NOBODY, Numbers
from lms.units.models import Unit
from lms.units.queries import list_tops

#: An administrator of more units, or of units with more requirements, goes to the board.
UNITS, SHOWN = 3, 6


@dataclass(frozen=True)
class Line:
    """A requirement in a unit, in its present cycle."""

    unit: Unit
    span: Span
    numbers: Numbers

    def args(self, **changed: Any) -> dict[str, Any]:
        return {"unit": self.unit.id, "duty": self.span.duty.code, **changed}


@dataclass(frozen=True)
class Coverage:
    """The lines of the first units. `more`: how many are left to the board."""

    lines: Sequence[Line]
    more: int


def read(actor: Actor) -> Coverage | None:
    """What the card shows, in a statement for each unit and one more; None for who administers nothing."""
    if not actor.has("admin"):
        return None
    today = clock.today()
    tops = [unit for unit in list_tops(actor) if unit.path in actor.paths("admin")]
    asked = [
        (unit, Span(duty, duty.periods(today)[0])) for unit in tops[:UNITS] for duty in duties.list_duties(unit, today)
    ][:SHOWN]
    found = queries.figures_of([(unit.id, span, today) for unit, span in asked])
    lines = [Line(unit, span, numbers) for (unit, span), numbers in zip(asked, found, strict=True)]
    return Coverage([line for line in lines if line.numbers != NOBODY], max(0, len(tops) - UNITS))
