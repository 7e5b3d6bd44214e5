"""Options to choose from, shared by single and multiple choice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import (
    UNKNOWN_OPTION,
    BadResponse,
    Fields,
    Filled,
    InputView,
    OptionView,
    Response,
)
from lms.quizzes.questions import Json, Rich, rich_from_json, rich_to_json

GROUP = "options"


@dataclass(frozen=True, slots=True)
class Option:
    """An option, its weight in percent (-100 to 100) and what its author says about it."""

    text: Rich
    weight: Decimal = Decimal(0)
    feedback: Rich | None = None


def to_json(options: tuple[Option, ...]) -> Json:
    """Return the options as they are stored."""
    return {
        "options": [
            {
                "text": o.text.to_json(),
                "weight": str(o.weight),
                "feedback": rich_to_json(o.feedback),
            }
            for o in options
        ]
    }


def from_json(data: Json) -> tuple[Option, ...]:
    """Return the options that ``to_json`` wrote."""
    return tuple(
        Option(Rich.from_json(o["text"]), Decimal(o["weight"]), rich_from_json(o.get("feedback")))
        for o in data["options"]
    )


def view(options: tuple[Option, ...], layout: Layout, template: str) -> InputView:
    """Return the options under opaque names, in an order of their own."""
    names = layout.names(GROUP, len(options))
    shown = tuple(OptionView(names[i], options[i].text) for i in layout.order(GROUP, len(options)))
    return InputView(template, options=shown)


def read(options: tuple[Option, ...], layout: Layout, fields: Fields, field: str) -> list[int]:
    """Return the indexes chosen, in the author's order.

    :raise BadResponse: a name that this page did not have, or one sent twice.
    """
    index = {name: i for i, name in enumerate(layout.names(GROUP, len(options)))}
    sent = [name for name in fields.get(field, ()) if name]
    if len(set(sent)) != len(sent) or any(name not in index for name in sent):
        raise BadResponse(UNKNOWN_OPTION)
    return sorted(index[name] for name in sent)


def fill(options: tuple[Option, ...], layout: Layout, response: Response) -> Filled:
    """Return the chosen options by the names of the page."""
    names = layout.names(GROUP, len(options))
    return Filled(chosen=tuple(names[i] for i in response["chosen"]))


def chosen(response: Response | None) -> list[int]:
    """Return the chosen indexes of a response that may be missing."""
    return list(response["chosen"]) if response else []
