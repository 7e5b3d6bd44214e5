"""Single choice (单选题): one option is chosen; an option may be worth a part."""

from __future__ import annotations

from dataclasses import dataclass

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.kinds import options as opts
from lms.quizzes.kinds.base import (
    ONE_ANSWER_ONLY,
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
    verdict_of,
)
from lms.quizzes.kinds.options import Option
from lms.quizzes.questions import Body, Json


@dataclass(frozen=True)
class SingleChoice(Body):
    """Two options or more, one of them at least worth 100 %."""

    options: tuple[Option, ...]
    kind = "single"


class Single(Kind[SingleChoice]):
    """Radio buttons in a random order."""

    name = "single"
    template = "quizzes/kinds/_single.html"
    label = _l("单选题")

    def to_json(self, body: SingleChoice) -> Json:
        """Return the options."""
        return opts.to_json(body.options)

    def from_json(self, data: Json) -> SingleChoice:
        """Return the body with these options."""
        return SingleChoice(opts.from_json(data))

    def view(self, body: SingleChoice, layout: Layout) -> InputView:
        """Return the options under opaque names."""
        return opts.view(body.options, layout, self.template)

    def read(self, body: SingleChoice, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the one index chosen.

        :raise BadResponse: an unknown option, or more than one.
        """
        picked = opts.read(body.options, layout, fields, field)
        if len(picked) > 1:
            raise BadResponse(ONE_ANSWER_ONLY)
        return {"chosen": picked} if picked else None

    def fill(self, body: SingleChoice, layout: Layout, response: Response) -> Filled:
        """Return the option chosen."""
        return opts.fill(body.options, layout, response)

    def grade(self, body: SingleChoice, response: Response | None) -> Grade:
        """Return the weight of the option chosen; a negative one counts as nothing."""
        for index in opts.chosen(response):
            option = body.options[index]
            feedback = (option.feedback,) if option.feedback else ()
            return Grade(clip(option.weight / 100), feedback)
        return Grade(ZERO)

    def review(self, body: SingleChoice, response: Response | None) -> Review:
        """Return every option with its own explanation."""
        picked = opts.chosen(response)
        lines = tuple(
            ReviewLine(o.text, verdict_of(o.weight), i in picked, o.feedback) for i, o in enumerate(body.options)
        )
        return Review(lines, right=tuple(o.text for o in body.options if o.weight >= 100))
