"""From answers to a score. Pure: what was answered, what was asked, what trainers gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lms.quizzes.kinds.base import Response
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.questions import Question

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of an attempt. ``percent`` is rounded for people; ``passed`` is decided before rounding."""

    percent: Decimal
    passed: bool


def fraction_of(question: Question, response: Response | None, mark: int | None = None) -> Decimal | None:
    """Return how right an answer is, 0 to 1, or None while its essay waits for a mark.

    :param mark: percent that a trainer gave.
    """
    if mark is not None and kind_of(question.kind).by_hand:
        return Decimal(mark) / 100
    return kind_of(question.kind).grade(question.body, response).fraction


def score(
    answers: Iterable[tuple[int, Question, Response | None]], marks: Mapping[int, int], pass_percent: int
) -> Score | None:
    """Return the score of an attempt, each question counting the same; None while an essay waits.

    :param answers: position, question and response of each question.
    :param marks: position of an essay -> percent given.
    """
    fractions = [
        fraction_of(question, response, marks.get(position))
        for position, question, response in answers
        if kind_of(question.kind).counts
    ]
    known = [fraction for fraction in fractions if fraction is not None]
    if len(known) < len(fractions) or not fractions:
        return None
    total = sum(known, Decimal(0)) * 100
    percent = (total / len(fractions)).quantize(CENT, ROUND_HALF_UP)
    # Sixths and sevenths have no end: what rounds to the pass mark has reached it.
    return Score(percent, max(percent, total / len(fractions)) >= pass_percent)
