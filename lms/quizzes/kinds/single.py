"""Single choice (单选题): one option is chosen; an option may be worth a part."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import ONE_ANSWER_ONLY, BadResponse, Fields, Response, verdict_of
from lms.quizzes.kinds.options import Choices, Choosing


@dataclass(frozen=True)
class SingleChoice(Choices):
    """Two options or more, one of them at least worth 100 %."""

    kind = "single"


class Single(Choosing[SingleChoice]):
    """Radio buttons in a random order."""

    name = "single"
    template = "quizzes/kinds/_single.html"
    label = _l("单选题")
    body = SingleChoice

    def read(self, body: SingleChoice, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the one index chosen.

        :raise BadResponse: an unknown option, or more than one.
        """
        response = super().read(body, layout, fields, field)
        if response and len(response["chosen"]) > 1:
            raise BadResponse(ONE_ANSWER_ONLY)
        return response

    def verdict(self, weight: Decimal) -> str:
        """Return right for the whole weight alone: a part of it is partly right."""
        return verdict_of(weight)
