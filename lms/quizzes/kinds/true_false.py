"""True or false (判断题): a statement, right or wrong."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import (
    ONE,
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
    one_value,
)
from lms.quizzes.questions import Body, Json, Rich, rich_from_json, rich_to_json

GROUP = "truth"
RIGHT = _l("对")
WRONG = _l("错")


@dataclass(frozen=True)
class TrueFalse(Body):
    """Whether the statement is true, and what to say to either answer."""

    answer: bool
    when_wrong: Rich | None = None
    when_right: Rich | None = None
    kind = "true_false"


class Judge(Kind[TrueFalse]):
    """Two radio buttons, always in the order right, wrong: the order says nothing."""

    name = "true_false"
    template = "quizzes/kinds/_single.html"
    label = _l("判断题")

    def to_json(self, body: TrueFalse) -> Json:
        """Return the answer and both feedbacks."""
        return {
            "answer": body.answer,
            "when_wrong": rich_to_json(body.when_wrong),
            "when_right": rich_to_json(body.when_right),
        }

    def from_json(self, data: Json) -> TrueFalse:
        """Return the body that ``to_json`` wrote."""
        return TrueFalse(data["answer"], rich_from_json(data["when_wrong"]), rich_from_json(data["when_right"]))

    def view(self, body: TrueFalse, layout: Layout) -> InputView:
        """Return 对 and 错 under names that differ from attempt to attempt."""
        true, false = layout.names(GROUP, 2)
        options = (OptionView(true, str(RIGHT)), OptionView(false, str(WRONG)))
        return InputView(self.template, options=options)

    def read(self, body: TrueFalse, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return which was chosen.

        :raise BadResponse: neither of the two, or both.
        """
        name = one_value(fields, field)
        if not name:
            return None
        names = layout.names(GROUP, 2)
        if name not in names:
            raise BadResponse(UNKNOWN_OPTION)
        return {"truth": name == names[0]}

    def fill(self, body: TrueFalse, layout: Layout, response: Response) -> Filled:
        """Return the one chosen."""
        return Filled(chosen=(layout.names(GROUP, 2)[0 if response["truth"] else 1],))

    def grade(self, body: TrueFalse, response: Response | None) -> Grade:
        """Return all or nothing."""
        if response is None:
            return Grade(ZERO)
        right = response["truth"] is body.answer
        said = body.when_right if right else body.when_wrong
        return Grade(ONE if right else ZERO, (said,) if said else ())

    def review(self, body: TrueFalse, response: Response | None) -> Review:
        """Return both answers with what the author says to each."""
        given = None if response is None else response["truth"]
        lines = tuple(
            ReviewLine(
                str(RIGHT if truth else WRONG),
                "right" if truth is body.answer else "wrong",
                given is truth,
                body.when_right if truth is body.answer else body.when_wrong,
            )
            for truth in (True, False)
        )
        return Review(lines, right=(str(RIGHT if body.answer else WRONG),))
