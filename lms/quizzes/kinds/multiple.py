"""Multiple choice (多选题): the weights of all options chosen are added up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.kinds.base import ZERO, clip
from lms.quizzes.kinds.options import Choices, Choosing


@dataclass(frozen=True)
class MultipleChoice(Choices):
    """Options whose positive weights add up to 100 %; wrong ones may cost something."""

    kind = "multiple"

    @property
    def rewards_ticking_all(self) -> bool:
        """Whether someone who ticks every box gets full marks (the author should know)."""
        return clip(sum((o.weight for o in self.options), ZERO) / 100) == 1 and any(o.weight <= 0 for o in self.options)


class Multiple(Choosing[MultipleChoice]):
    """Check boxes in a random order."""

    name = "multiple"
    template = "quizzes/kinds/_multiple.html"
    label = _l("多选题")
    body = MultipleChoice

    def verdict(self, weight: Decimal) -> str:
        """Return right for any positive weight: it belongs to the right answer."""
        return "right" if weight > 0 else "wrong"
