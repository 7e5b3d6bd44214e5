"""Questions as pages show them: before the submission without a sign of what is right, after it with everything."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import Filled, InputView, Response, Review
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.questions import Question, Rich


def field_name(position: int) -> str:
    """Return the name of a question's input; rows of a matching question append ``.<row>``."""
    return f"q{position}"


@dataclass(frozen=True)
class QuestionView:
    """A question on a page where it is answered."""

    position: int
    field: str
    kind: str
    kind_label: Any
    stem: Rich
    after: str
    input: InputView
    filled: Filled
    answered: bool
    sequence: int


@dataclass(frozen=True)
class QuestionReview:
    """A question on a page that explains it. ``verdict``: right, partly, wrong, unanswered or waiting."""

    position: int
    kind: str
    kind_label: Any
    stem: Rich
    after: str
    review: Review
    verdict: str
    fraction: Decimal | None
    general_feedback: Rich | None
    comment: str = ""


def view_question(
    question: Question, layout: Layout, position: int, response: Response | None, sequence: int = 0
) -> QuestionView:
    """Return what the browser may have of a question: no key, no weight, no feedback, no title, no place in a file."""
    kind = kind_of(question.kind)
    return QuestionView(
        position=position,
        field=field_name(position),
        kind=question.kind,
        kind_label=kind.label,
        stem=question.stem,
        after=question.after,
        input=kind.view(question.body, layout),
        filled=kind.fill(question.body, layout, response) if response is not None else Filled(),
        answered=response is not None,
        sequence=sequence,
    )


def review_question(
    question: Question, position: int, response: Response | None, fraction: Decimal | None, comment: str = ""
) -> QuestionReview:
    """Return everything about an answered question: only for after the submission."""
    kind = kind_of(question.kind)
    return QuestionReview(
        position=position,
        kind=question.kind,
        kind_label=kind.label,
        stem=question.stem,
        after=question.after,
        review=kind.review(question.body, response),
        verdict=_verdict(response, fraction),
        fraction=fraction,
        general_feedback=question.general_feedback,
        comment=comment,
    )


def _verdict(response: Response | None, fraction: Decimal | None) -> str:
    if response is None:
        return "unanswered"
    if fraction is None:
        return "waiting"
    if fraction >= 1:
        return "right"
    return "partly" if fraction > 0 else "wrong"
