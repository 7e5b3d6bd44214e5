"""Multiple choice (多选题): the weights of all options chosen are added up."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds import options as opts
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
    clip,
)
from lms.quizzes.kinds.options import Option
from lms.quizzes.questions import Body, Json


@dataclass(frozen=True)
class MultipleChoice(Body):
    """Options whose positive weights add up to 100 %; wrong ones may cost something."""

    options: tuple[Option, ...]
    kind = "multiple"

    @property
    def rewards_ticking_all(self) -> bool:
        """Whether someone who ticks every box gets full marks (the author should know)."""
        return clip(sum((o.weight for o in self.options), ZERO) / 100) == 1 and any(o.weight <= 0 for o in self.options)


class Multiple(Kind[MultipleChoice]):
    """Check boxes in a random order."""

    name = "multiple"
    template = "quizzes/kinds/_multiple.html"
    label = _l("多选题")

    def to_json(self, body: MultipleChoice) -> Json:
        """Return the options."""
        return opts.to_json(body.options)

    def from_json(self, data: Json) -> MultipleChoice:
        """Return the body with these options."""
        return MultipleChoice(opts.from_json(data))

    def view(self, body: MultipleChoice, layout: Layout) -> InputView:
        """Return the options under opaque names."""
        return opts.view(body.options, layout, self.template)

    def read(self, body: MultipleChoice, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the indexes chosen.

        :raise BadResponse: an unknown option, or one named twice.
        """
        picked = opts.read(body.options, layout, fields, field)
        return {"chosen": picked} if picked else None

    def fill(self, body: MultipleChoice, layout: Layout, response: Response) -> Filled:
        """Return the options chosen."""
        return opts.fill(body.options, layout, response)

    def grade(self, body: MultipleChoice, response: Response | None) -> Grade:
        """Return the sum of the chosen weights, never below nothing."""
        picked = [body.options[i] for i in opts.chosen(response)]
        feedback = tuple(o.feedback for o in picked if o.feedback)
        return Grade(clip(sum((o.weight for o in picked), ZERO) / 100), feedback)

    def review(self, body: MultipleChoice, response: Response | None) -> Review:
        """Return every option: any positive weight belongs to the right answer."""
        picked = opts.chosen(response)
        lines = tuple(
            ReviewLine(o.text, "right" if o.weight > 0 else "wrong", i in picked, o.feedback)
            for i, o in enumerate(body.options)
        )
        return Review(lines, right=tuple(o.text for o in body.options if o.weight > 0))
