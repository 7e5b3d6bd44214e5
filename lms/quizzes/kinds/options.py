"""Options to choose from: what single and multiple choice have in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeVar

from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import (
    UNKNOWN_OPTION,
    ZERO,
    BadResponse,
    Fields,
    Filled,
    Grade,
    InputView,
    Kind,
    OptionView,
    Response,
    Review,
    ReviewLine,
    clip,
)
from lms.quizzes.questions import Body, Json, Rich, rich_from_json, rich_to_json

GROUP = "options"


@dataclass(frozen=True, slots=True)
class Option:
    """An option, its weight in percent (-100 to 100) and what its author says about it."""

    text: Rich
    weight: Decimal = Decimal(0)
    feedback: Rich | None = None


@dataclass(frozen=True)
class Choices(Body):
    """Options, in the order of their author."""

    options: tuple[Option, ...]


B = TypeVar("B", bound=Choices)


class Choosing(Kind[B]):
    """A kind that shows options in a random order and under opaque names; what is chosen earns its weights' sum."""

    body: ClassVar[type[Choices]]

    @abstractmethod
    def verdict(self, weight: Decimal) -> str:
        """Return whether an option of this weight is right, partly right or wrong."""

    def to_json(self, body: B) -> Json:
        """Return the options as they are stored."""
        return {
            "options": [
                {"text": o.text.to_json(), "weight": str(o.weight), "feedback": rich_to_json(o.feedback)}
                for o in body.options
            ]
        }

    def from_json(self, data: Json) -> B:
        """Return the body with these options."""
        return self.body(  # type: ignore[return-value]  # a kind names the body that it is a kind of
            tuple(
                Option(Rich.from_json(o["text"]), Decimal(o["weight"]), rich_from_json(o.get("feedback")))
                for o in data["options"]
            )
        )

    def view(self, body: B, layout: Layout) -> InputView:
        """Return the options under opaque names, in an order of their own."""
        names = layout.names(GROUP, len(body.options))
        shown = tuple(OptionView(names[i], body.options[i].text) for i in layout.order(GROUP, len(body.options)))
        return InputView(self.template, options=shown)

    def read(self, body: B, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the indexes chosen, in the author's order.

        :raise BadResponse: a name that this page did not have, or one sent twice.
        """
        index = {name: i for i, name in enumerate(layout.names(GROUP, len(body.options)))}
        sent = [name for name in fields.get(field, ()) if name]
        if len(set(sent)) != len(sent) or any(name not in index for name in sent):
            raise BadResponse(UNKNOWN_OPTION)
        return {"chosen": sorted(index[name] for name in sent)} if sent else None

    def fill(self, body: B, layout: Layout, response: Response) -> Filled:
        """Return the chosen options by the names of the page."""
        names = layout.names(GROUP, len(body.options))
        return Filled(chosen=tuple(names[i] for i in response["chosen"]))

    def grade(self, body: B, response: Response | None) -> Grade:
        """Return the sum of the chosen weights, never below nothing."""
        picked = [body.options[i] for i in _chosen(response)]
        feedback = tuple(o.feedback for o in picked if o.feedback)
        return Grade(clip(sum((o.weight for o in picked), ZERO) / 100), feedback)

    def review(self, body: B, response: Response | None) -> Review:
        """Return every option with its own explanation."""
        picked = _chosen(response)
        lines = tuple(
            ReviewLine(o.text, self.verdict(o.weight), i in picked, o.feedback) for i, o in enumerate(body.options)
        )
        return Review(lines, right=tuple(o.text for o in body.options if self.verdict(o.weight) == "right"))


def _chosen(response: Response | None) -> list[int]:
    return list(response["chosen"]) if response else []
