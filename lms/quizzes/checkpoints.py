"""A single question inside a lesson (想一想): shown, answered, explained, without a paper or an attempt.

The templates ``quizzes/_question.html`` (context: ``question``) and ``quizzes/_review.html`` (context: ``outcome``)
show what ``view_of`` and ``outcome_of`` return.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from decimal import Decimal

from flask import current_app

from lms.quizzes import showing
from lms.quizzes.chance import Layout
from lms.quizzes.kinds.base import Fields, Response
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.models import QuestionVersion
from lms.quizzes.showing import QuestionReview, QuestionView

POSITION = 1
"""A checkpoint's inputs are named like those of the first question of a paper."""


@dataclass(frozen=True)
class Outcome:
    """What an answer to a checkpoint came to. ``response`` is what to store; None: nothing was answered."""

    response: Response | None
    fraction: Decimal | None
    review: QuestionReview

    @property
    def right(self) -> bool:
        """Whether it is wholly right."""
        return self.fraction == 1


def view_of(version: QuestionVersion, seed: str) -> QuestionView:
    """Return the question as a browser may see it.

    :param seed: fixes the order of the options, say from the person and the lesson. It need not be secret: the
        installation's key is mixed in, so that nobody can compute which option stood first in the author's file.
    """
    return showing.view_question(version.question, _layout(seed), POSITION, None)


def grade(version: QuestionVersion, fields: Fields, *, seed: str) -> Outcome:
    """Return what an answer came to.

    :param fields: the form as lists: ``core.fields.Lists(request.form)``.
    :param seed: the one that the page was made with.
    :raise BadResponse: no possible answer to this question (400).
    """
    question = version.question
    kind = kind_of(question.kind)
    response = kind.read(question.body, _layout(seed), fields, showing.field_name(POSITION))
    return outcome_of(version, response)


def outcome_of(version: QuestionVersion, response: Response | None) -> Outcome:
    """Return what a stored response came to."""
    question = version.question
    fraction = kind_of(question.kind).grade(question.body, response).fraction
    return Outcome(response, fraction, showing.review_question(question, POSITION, response, fraction))


def _layout(seed: str) -> Layout:
    key = str(current_app.secret_key).encode()
    return Layout(hmac.new(key, f"checkpoint:{seed}".encode(), hashlib.sha256).hexdigest(), POSITION)
