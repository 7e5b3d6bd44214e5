"""Numerical (数值题): a typed number within a tolerance or a range."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import (
    ZERO,
    BadResponse,
    Fields,
    Filled,
    Grade,
    InputView,
    Kind,
    Response,
    Review,
    ReviewLine,
    clip,
    one_value,
    verdict_of,
)
from lms.quizzes.questions import FULL, Body, Json, Rich, rich_from_json, rich_to_json

_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?", re.ASCII)
MAX_NUMBER = Decimal(10) ** 15
MAX_DECIMALS = 10
"""With at most 15 digits before the point and 10 behind, 28-digit arithmetic is exact."""
MAX_TYPED = 50
NOT_A_NUMBER = _l("请填写一个数，例如 12 或 3.5。")


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from ``low`` to ``high``; ``center`` where it was written value:tolerance."""

    low: Decimal
    high: Decimal
    center: Decimal | None = None
    weight: Decimal = FULL
    feedback: Rich | None = None

    @property
    def label(self) -> str:
        """The interval in figures: ``12``, ``3.5 ± 0.5`` or ``1 – 5``."""
        if self.low == self.high:
            return plain(self.low)
        if self.center is not None:
            return f"{plain(self.center)} ± {plain(self.high - self.center)}"
        return f"{plain(self.low)} – {plain(self.high)}"


@dataclass(frozen=True)
class Numerical(Body):
    """Accepted intervals; the best that holds the number decides."""

    answers: tuple[Interval, ...]
    when_wrong: Rich | None = None
    kind = "numerical"


def plain(number: Decimal) -> str:
    """Return a number without exponent or trailing zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def to_number(text: str) -> Decimal | None:
    """Return the number that a text is, or None: no NaN, no infinity, no endless figures."""
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(f"{Decimal(text):f}")
    digits = -int(number.as_tuple().exponent)
    return number if abs(number) < MAX_NUMBER and digits <= MAX_DECIMALS else None


def read_number(text: str) -> Decimal | None:
    """Return the number that someone typed; full-width figures will do."""
    return to_number(unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-"))


class Number(Kind[Numerical]):
    """One line for a number."""

    name = "numerical"
    template = "quizzes/kinds/_number.html"
    label = _l("数值题")

    def to_json(self, body: Numerical) -> Json:
        """Return the intervals, numbers as strings."""
        return {
            "answers": [
                {
                    "low": str(a.low),
                    "high": str(a.high),
                    "center": None if a.center is None else str(a.center),
                    "weight": str(a.weight),
                    "feedback": rich_to_json(a.feedback),
                }
                for a in body.answers
            ],
            "when_wrong": rich_to_json(body.when_wrong),
        }

    def from_json(self, data: Json) -> Numerical:
        """Return the body that ``to_json`` wrote."""
        return Numerical(
            tuple(
                Interval(
                    Decimal(a["low"]),
                    Decimal(a["high"]),
                    None if a["center"] is None else Decimal(a["center"]),
                    Decimal(a["weight"]),
                    rich_from_json(a["feedback"]),
                )
                for a in data["answers"]
            ),
            rich_from_json(data["when_wrong"]),
        )

    def view(self, body: Numerical, layout: Layout) -> InputView:
        """Return an empty line."""
        return InputView(self.template, max_length=MAX_TYPED)

    def read(self, body: Numerical, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the number as typed, as a plain decimal.

        :raise BadResponse: not a finite number of a sane length.
        """
        text = one_value(fields, field).strip()
        if not text:
            return None
        number = read_number(text) if len(text) <= MAX_TYPED else None
        if number is None:
            raise BadResponse(NOT_A_NUMBER)
        return {"number": str(number)}

    def fill(self, body: Numerical, layout: Layout, response: Response) -> Filled:
        """Return the typed number."""
        return Filled(text=response["number"])

    def _best(self, body: Numerical, response: Response | None) -> Interval | None:
        if response is None:
            return None
        number = Decimal(response["number"])
        holding = [a for a in body.answers if a.low <= number <= a.high]
        return max(holding, key=lambda a: a.weight, default=None)

    def grade(self, body: Numerical, response: Response | None) -> Grade:
        """Return the weight of the best interval that holds the number."""
        if response is None:
            return Grade(ZERO)
        best = self._best(body, response)
        said = best.feedback if best else body.when_wrong
        return Grade(clip(best.weight / 100) if best else ZERO, (said,) if said else ())

    def review(self, body: Numerical, response: Response | None) -> Review:
        """Return the accepted intervals and the typed number."""
        best = self._best(body, response)
        wrong = body.when_wrong if response is not None and best is None else None
        return Review(
            tuple(ReviewLine(a.label, verdict_of(a.weight), a is best, a.feedback) for a in body.answers),
            given=response["number"] if response else "",
            right=tuple(a.label for a in body.answers if a.weight >= 100),
            feedback=(wrong,) if wrong else (),
        )
