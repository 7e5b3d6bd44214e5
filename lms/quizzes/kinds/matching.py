"""Matching (匹配题): to each row belongs one of the choices; some choices fit nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lms.core.i18n import lazy_gettext as _l
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
    one_value,
)
from lms.quizzes.questions import Body, Json, Rich

ROWS = "rows"
CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and the choice that belongs to it."""

    left: Rich
    right: str


@dataclass(frozen=True)
class Matching(Body):
    """Pairs, and choices that belong to no row."""

    pairs: tuple[Pair, ...]
    extra: tuple[str, ...] = ()
    kind = "matching"

    @property
    def choices(self) -> list[str]:
        """Every different choice, in the author's order: two rows may share one."""
        return list(dict.fromkeys([*(p.right for p in self.pairs), *self.extra]))


class Match(Kind[Matching]):
    """A drop-down list beside each row."""

    name = "matching"
    template = "quizzes/kinds/_matching.html"
    label = _l("匹配题")

    def to_json(self, body: Matching) -> Json:
        """Return the pairs and the extra choices."""
        return {
            "pairs": [{"left": p.left.to_json(), "right": p.right} for p in body.pairs],
            "extra": list(body.extra),
        }

    def from_json(self, data: Json) -> Matching:
        """Return the body that ``to_json`` wrote."""
        pairs = tuple(Pair(Rich.from_json(p["left"]), p["right"]) for p in data["pairs"])
        return Matching(pairs, tuple(data["extra"]))

    def view(self, body: Matching, layout: Layout) -> InputView:
        """Return rows and choices, each shuffled on its own."""
        rows = layout.names(ROWS, len(body.pairs))
        choices = body.choices
        names = layout.names(CHOICES, len(choices))
        return InputView(
            self.template,
            options=tuple(OptionView(names[i], choices[i]) for i in layout.order(CHOICES, len(choices))),
            rows=tuple(OptionView(rows[i], body.pairs[i].left) for i in layout.order(ROWS, len(body.pairs))),
        )

    def read(self, body: Matching, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the choice of each row answered: ``{"pairs": {"<row>": choice}}``.

        :raise BadResponse: a row or a choice that this page did not have.
        """
        rows = layout.names(ROWS, len(body.pairs))
        names = {n: i for i, n in enumerate(layout.names(CHOICES, len(body.choices)))}
        known = {f"{field}.{row}" for row in rows}
        if any(f == field or (f.startswith(f"{field}.") and f not in known) for f in fields):
            raise BadResponse(UNKNOWN_OPTION)
        pairs: dict[str, int] = {}
        for index, row in enumerate(rows):
            name = one_value(fields, f"{field}.{row}")
            if name and name not in names:
                raise BadResponse(UNKNOWN_OPTION)
            if name:
                pairs[str(index)] = names[name]
        return {"pairs": pairs} if pairs else None

    def fill(self, body: Matching, layout: Layout, response: Response) -> Filled:
        """Return the choice of each row, by the names of the page."""
        rows = layout.names(ROWS, len(body.pairs))
        names = layout.names(CHOICES, len(body.choices))
        return Filled(pairs={rows[int(r)]: names[c] for r, c in response["pairs"].items()})

    def grade(self, body: Matching, response: Response | None) -> Grade:
        """Return the part of the rows that is right."""
        given = response["pairs"] if response else {}
        choices = body.choices
        right = sum(str(i) in given and choices[given[str(i)]] == pair.right for i, pair in enumerate(body.pairs))
        return Grade(clip(Decimal(right) / len(body.pairs)) if right else ZERO)

    def review(self, body: Matching, response: Response | None) -> Review:
        """Return each row with the choice given and the right one."""
        given = response["pairs"] if response else {}
        choices = body.choices
        lines = []
        for index, pair in enumerate(body.pairs):
            choice = choices[given[str(index)]] if str(index) in given else ""
            verdict = "right" if choice == pair.right else "wrong"
            lines.append(ReviewLine(pair.left, verdict, bool(choice), Rich(pair.right), given=choice))
        return Review(tuple(lines))
