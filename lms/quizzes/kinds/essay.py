"""Essay (问答题): free text, stored when given and marked by a trainer."""

from __future__ import annotations

from dataclasses import dataclass

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
    clean_text,
    one_value,
)
from lms.quizzes.questions import Body, Json

MAX_TYPED = 10_000
"""Characters in an essay: three times what a submitted case may have."""


@dataclass(frozen=True)
class Essay(Body):
    """Nothing to choose and nothing to compare with."""

    kind = "essay"


class Write(Kind[Essay]):
    """A text area."""

    name = "essay"
    template = "quizzes/kinds/_essay.html"
    label = _l("问答题")
    by_hand = True

    def to_json(self, body: Essay) -> Json:
        """Return nothing."""
        return {}

    def from_json(self, data: Json) -> Essay:
        """Return the one essay body."""
        return Essay()

    def view(self, body: Essay, layout: Layout) -> InputView:
        """Return an empty text area."""
        return InputView(self.template, max_length=MAX_TYPED)

    def read(self, body: Essay, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the typed text.

        :raise BadResponse: sent twice, too long, or with control characters.
        """
        text = clean_text(one_value(fields, field), MAX_TYPED)
        return {"text": text} if text else None

    def fill(self, body: Essay, layout: Layout, response: Response) -> Filled:
        """Return the typed text."""
        return Filled(text=response["text"])

    def grade(self, body: Essay, response: Response | None) -> Grade:
        """Leave it to a trainer; an empty essay is worth nothing and needs none."""
        return Grade(ZERO if response is None else None)

    def review(self, body: Essay, response: Response | None) -> Review:
        """Return what was written."""
        return Review(given=response["text"] if response else "")
