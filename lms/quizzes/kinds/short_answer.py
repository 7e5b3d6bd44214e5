"""Short answer (填空题): typed words compared with accepted ones, ``*`` standing for anything."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import (
    ZERO,
    Fields,
    Filled,
    Grade,
    InputView,
    Kind,
    Response,
    Review,
    ReviewLine,
    clean_text,
    clip,
    one_value,
    verdict_of,
)
from lms.quizzes.questions import FULL, Body, Json, Rich, rich_from_json, rich_to_json

MAX_TYPED = 500
"""Characters in a typed answer."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted wording, its weight in percent and what its author says about it."""

    text: str
    weight: Decimal = FULL
    feedback: Rich | None = None


@dataclass(frozen=True)
class ShortAnswer(Body):
    """Accepted wordings; the first that fits decides."""

    answers: tuple[Accepted, ...]
    kind = "short_answer"


def fold(text: str) -> str:
    """Return text as it is compared: width, case and runs of spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fits(pattern: str, typed: str) -> bool:
    """Tell whether typed text fits a pattern, where ``*`` is anything and ``\\*`` a star.

    The pieces between stars are looked for from left to right, so that a hostile pattern
    cannot make it slow.
    """
    pieces = [fold_piece(p) for p in pattern.replace("\\*", "\x00").split("*")]
    text = fold(typed)
    if len(pieces) == 1:
        return text == pieces[0].strip()
    first, *middle, last = pieces
    first, last = first.lstrip(), last.rstrip()
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def fold_piece(piece: str) -> str:
    """Return a piece of a pattern folded like typed text, keeping a space at its ends."""
    folded = fold(piece)
    if not folded:
        return " " if piece else ""
    before = " " if piece[0].isspace() else ""
    after = " " if piece[-1].isspace() else ""
    return f"{before}{folded}{after}".replace("\x00", "*")


class Short(Kind[ShortAnswer]):
    """One line of text."""

    name = "short_answer"
    template = "quizzes/kinds/_text.html"
    label = _l("填空题")

    def to_json(self, body: ShortAnswer) -> Json:
        """Return the accepted wordings."""
        return {
            "answers": [
                {"text": a.text, "weight": str(a.weight), "feedback": rich_to_json(a.feedback)} for a in body.answers
            ]
        }

    def from_json(self, data: Json) -> ShortAnswer:
        """Return the body that ``to_json`` wrote."""
        return ShortAnswer(
            tuple(Accepted(a["text"], Decimal(a["weight"]), rich_from_json(a["feedback"])) for a in data["answers"])
        )

    def view(self, body: ShortAnswer, layout: Layout) -> InputView:
        """Return an empty line."""
        return InputView(self.template, max_length=MAX_TYPED)

    def read(self, body: ShortAnswer, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the typed text.

        :raise BadResponse: sent twice, too long, or with control characters.
        """
        text = clean_text(one_value(fields, field), MAX_TYPED)
        return {"text": text} if text else None

    def fill(self, body: ShortAnswer, layout: Layout, response: Response) -> Filled:
        """Return the typed text."""
        return Filled(text=response["text"])

    def grade(self, body: ShortAnswer, response: Response | None) -> Grade:
        """Return the weight of the first wording that fits."""
        for answer in body.answers if response else ():
            if response and fits(answer.text, response["text"]):
                feedback = (answer.feedback,) if answer.feedback else ()
                return Grade(clip(answer.weight / 100), feedback)
        return Grade(ZERO)

    def review(self, body: ShortAnswer, response: Response | None) -> Review:
        """Return the accepted wordings and the typed one."""
        fitting = next((a for a in body.answers if response and fits(a.text, response["text"])), None)
        lines = tuple(
            ReviewLine(a.text.replace("\\*", "*"), verdict_of(a.weight), a is fitting, a.feedback)
            for a in body.answers
            if a.weight > 0 or a is fitting
        )
        return Review(
            lines,
            given=response["text"] if response else "",
            right=tuple(a.text.replace("\\*", "*") for a in body.answers if a.weight >= 100),
        )
