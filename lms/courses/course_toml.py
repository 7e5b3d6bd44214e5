"""`course.toml`: what a course says about itself, with the line of each thing that is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lms.courses import limits
from lms.courses.faults import FaultLog
from lms.courses.toml_table import Table, read_toml
from lms.hours.kinds import Ability, Tier, TrainingType

_KEYS = ("title", "summary", "tier", "training_type", "abilities", "hours", "audience", "authors", "quiz")
_QUIZ_KEYS = ("pass_percent", "time_limit_minutes", "attempts_allowed", "wait_hours", "draw")
_DRAW_KEYS = ("category", "count")

_HOURS = re.compile(r"\d{1,4}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Draw:
    """So many questions from one category. `line` is where course.toml says so."""

    category: str
    count: int
    line: int


@dataclass(frozen=True, slots=True)
class QuizRules:
    """`[quiz]`: how the paper is put together and taken. Minutes and hours are whole; None means no limit."""

    pass_percent: int
    time_limit_minutes: int | None
    attempts_allowed: int | None
    wait_hours: int
    draws: tuple[Draw, ...]
    line: int


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What course.toml declares. Where a value was refused, a harmless one stands in for the checks that follow."""

    title: str
    summary: str
    tier: Tier
    training_type: TrainingType
    abilities: tuple[Ability, ...]
    hours: Decimal
    audience: str
    authors: tuple[str, ...]
    quiz: QuizRules | None


def read_facts(text: str, log: FaultLog, *, tier_folder: str | None) -> CourseFacts | None:
    """Read `text`; every fault goes to `log`. None only when it is no TOML at all.

    `tier_folder` is the name of the folder around the course, when that is a tier's.
    """
    table = read_toml(text, log)
    if table is None:
        return None
    table.refuse_unknown(_KEYS)
    tier = table.choice("tier", Tier)
    if tier is not None and tier_folder is not None and tier != tier_folder:
        log.add("tier_mismatch", table.line("tier"), value=tier.value, folder=tier_folder)
    return CourseFacts(
        title=table.text("title", limits.TITLE_CHARS),
        summary=table.text("summary", limits.SENTENCE_CHARS),
        tier=tier or Tier.STREET,
        training_type=table.choice("training_type", TrainingType) or TrainingType.IN_SERVICE,
        abilities=table.choices("abilities", Ability),
        hours=_read_hours(table),
        audience=table.text("audience", limits.SENTENCE_CHARS),
        authors=table.texts("authors", limits.TITLE_CHARS),
        quiz=_read_quiz(table),
    )


def _read_hours(table: Table) -> Decimal:
    """Credit hours: a quoted decimal, because a TOML number is a float and 0.1 would not be 0.1."""
    value = table.value("hours")
    if value is None:
        return Decimal("0.25")
    if not isinstance(value, str) or not _HOURS.fullmatch(value) or not value.isascii():
        table.log.add("bad_hours", table.line("hours"), value=str(value)[:40])
        return Decimal("0.25")
    hours = Decimal(value)
    if not 0 < hours <= limits.HOURS:
        table.log.add("hours_range", table.line("hours"), high=str(limits.HOURS))
    return hours


def _read_quiz(table: Table) -> QuizRules | None:
    value = table.value("quiz")
    if value is None:
        return None
    if not isinstance(value, dict):
        table.log.add("not_table", table.line("quiz"), key="quiz", shape="[quiz]")
        return None
    quiz = table.inside("quiz", value)
    quiz.refuse_unknown(_QUIZ_KEYS)
    return QuizRules(
        pass_percent=quiz.whole("pass_percent", 1, 100) or 100,
        time_limit_minutes=quiz.whole("time_limit_minutes", 1, 600, optional=True),
        attempts_allowed=quiz.whole("attempts_allowed", 1, 100, optional=True),
        wait_hours=quiz.whole("wait_hours", 0, 720, optional=True) or 0,
        draws=_read_draws(quiz),
        line=table.line("quiz") or 1,
    )


def _read_draws(quiz: Table) -> tuple[Draw, ...]:
    entries = quiz.document.get("draw")
    if entries is None or entries == []:
        quiz.log.add("no_draw", quiz.own_line)
        return ()
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        quiz.log.add("not_table", quiz.line("draw"), key="draw", shape="[[quiz.draw]]")
        return ()
    draws = []
    for index, entry in enumerate(entries):
        draw = quiz.inside("draw", entry, index)
        draw.refuse_unknown(_DRAW_KEYS)
        category = draw.text("category", limits.SENTENCE_CHARS)
        count = draw.whole("count", 1, 200)
        if category and count:
            draws.append(Draw(category, count, draw.line("category") or draw.own_line or 1))
    return tuple(draws)
