"""`quiz.gift`: the question bank of a course, and whether the paper that course.toml asks for can be drawn from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lms.courses.course_toml import QuizRules
from lms.courses.faults import FaultLog
from lms.quizzes import gift
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.questions import Question


@dataclass(frozen=True, slots=True)
class QuizSource:
    """The bank and the rules of the paper drawn from it."""

    rules: QuizRules
    questions: tuple[Question, ...]


def read_quiz(text: str, rules: QuizRules | None, log: FaultLog, toml: FaultLog) -> QuizSource | None:
    """Read the bank; its faults go to `log`, those of the draws to `toml`, where they are written."""
    try:
        questions = tuple(gift.parse(text))
    except gift.GiftFaults as error:
        for fault in error.faults:
            log.add("gift", fault.line, reason=fault)
        return None
    asked = [question for question in questions if kind_of(question.kind).counts]
    for question in questions:
        if not kind_of(question.kind).counts:
            log.warn("not_asked", question.line, label=question.label)
    if rules is None:
        return None
    _check_draws(rules, Counter(question.category for question in asked), log, toml)
    return QuizSource(rules, questions)


def _check_draws(rules: QuizRules, available: Counter[str], log: FaultLog, toml: FaultLog) -> None:
    drawn: dict[str, int] = {}
    for draw in rules.draws:
        if draw.category in drawn:
            toml.add("draw_twice", draw.line, category=draw.category, other=drawn[draw.category])
        elif draw.category not in available:
            choices = ", ".join(available) or "—"
            toml.add("draw_unknown", draw.line, category=draw.category, choices=choices)
        elif draw.count > available[draw.category]:
            toml.add(
                "draw_too_many",
                draw.line,
                category=draw.category,
                count=draw.count,
                available=available[draw.category],
            )
        drawn.setdefault(draw.category, draw.line)
    for category in available:
        if rules.draws and category not in drawn:
            log.warn("draw_none", category=category or "—")
