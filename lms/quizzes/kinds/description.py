"""Description (说明): a text between questions; nothing is asked and nothing counts."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import (
    ONE,
    UNKNOWN_OPTION,
    BadResponse,
    Fields,
    Filled,
    Grade,
    InputView,
    Kind,
    Response,
    Review,
)
from lms.quizzes.questions import Body, Json


@dataclass(frozen=True)
class Description(Body):
    """Nothing beside the text."""

    kind = "description"


class Describe(Kind[Description]):
    """No input at all."""

    name = "description"
    template = "quizzes/kinds/_description.html"
    label = _l("说明文字")
    counts = False

    def to_json(self, body: Description) -> Json:
        """Return nothing."""
        return {}

    def from_json(self, data: Json) -> Description:
        """Return the one description body."""
        return Description()

    def view(self, body: Description, layout: Layout) -> InputView:
        """Return no input."""
        return InputView(self.template)

    def read(self, body: Description, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return None.

        :raise BadResponse: something was sent as an answer to it.
        """
        if fields.get(field):
            raise BadResponse(UNKNOWN_OPTION)
        return None

    def fill(self, body: Description, layout: Layout, response: Response) -> Filled:
        """Return nothing."""
        return Filled()

    def grade(self, body: Description, response: Response | None) -> Grade:
        """Return a grade that is not counted."""
        return Grade(ONE)

    def review(self, body: Description, response: Response | None) -> Review:
        """Return nothing."""
        return Review()
