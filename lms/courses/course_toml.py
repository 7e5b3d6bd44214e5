"""`course.toml`: what a course says about itself, with the line of each thing that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from lms.courses import limits
from lms.courses.faults import FaultLog
from lms.hours.kinds import Ability, Tier, TrainingType

_KEYS = ("title", "summary", "tier", "training_type", "abilities", "hours", "audience", "authors", "quiz")
_QUIZ_KEYS = ("pass_percent", "time_limit_minutes", "attempts_allowed", "wait_hours", "draw")
_DRAW_KEYS = ("category", "count")

_HOURS = re.compile(r"\d{1,4}(\.\d{1,2})?")
_HEADER = re.compile(r"^\s*(?P<open>\[\[?)\s*(?P<name>[^\[\]]+?)\s*\]")
_ASSIGNMENT = re.compile(r"^\s*(?P<key>\"[^\"]*\"|'[^']*'|[\w-]+)\s*[=.]")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)$")

#: A place in the document: names of tables and keys, and numbers within arrays of tables.
Place = tuple[str | int, ...]

T = TypeVar("T", bound=StrEnum)


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
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        log.add("toml", line, reason=_TOML_PLACE.sub("", str(error)))
        return None
    table = _Table(document, (), _lines_of(text), log)
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


def _read_hours(table: _Table) -> Decimal:
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


def _read_quiz(table: _Table) -> QuizRules | None:
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


def _read_draws(quiz: _Table) -> tuple[Draw, ...]:
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


class _Table:
    """One TOML table whose values are taken out one by one, each refusal with its line."""

    def __init__(self, document: Mapping[str, Any], place: Place, lines: Mapping[Place, int], log: FaultLog) -> None:
        self.document = document
        self.place = place
        self.lines = lines
        self.log = log

    @property
    def own_line(self) -> int | None:
        return self.lines.get(self.place)

    def line(self, key: str) -> int | None:
        """Where `key` is set; the table's own line when it is not."""
        return self.lines.get((*self.place, key), self.own_line)

    def inside(self, key: str, document: Mapping[str, Any], index: int | None = None) -> _Table:
        place = (*self.place, key) if index is None else (*self.place, key, index)
        return _Table(document, place, self.lines, self.log)

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        for key in self.document:
            if key not in known:
                self.log.add("unknown_key", self.line(key), key=key[:60], choices=", ".join(known))

    def value(self, key: str, *, optional: bool = False) -> object:
        value = self.document.get(key)
        if value is None and not optional and key != "quiz":
            self.log.add("missing_key", self.own_line, key=key)
        return value

    def text(self, key: str, limit: int) -> str:
        value = self.value(key)
        return "" if value is None else self._checked_text(key, value, limit)

    def texts(self, key: str, limit: int) -> tuple[str, ...]:
        return tuple(text for value in self._list(key) if (text := self._checked_text(key, value, limit)))

    def whole(self, key: str, low: int, high: int, *, optional: bool = False) -> int | None:
        value = self.value(key, optional=optional)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.log.add("not_whole", self.line(key), key=key)
            return None
        if not low <= value <= high:
            self.log.add("out_of_range", self.line(key), key=key, low=low, high=high)
            return None
        return value

    def choice(self, key: str, options: type[T]) -> T | None:
        value = self.value(key)
        return None if value is None else self._chosen(key, value, options)

    def choices(self, key: str, options: type[T]) -> tuple[T, ...]:
        chosen: list[T] = []
        for value in self._list(key):
            option = self._chosen(key, value, options)
            if option in chosen:
                self.log.add("repeated", self.line(key), key=key, value=option)
            elif option is not None:
                chosen.append(option)
        return tuple(chosen)

    def _list(self, key: str) -> list[object]:
        value = self.value(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.log.add("not_list", self.line(key), key=key)
            return []
        if not value:
            self.log.add("empty_list", self.line(key), key=key)
        elif len(value) > limits.LIST_ITEMS:
            self.log.add("too_long", self.line(key), key=key, length=len(value), limit=limits.LIST_ITEMS)
        return value[: limits.LIST_ITEMS]

    def _chosen(self, key: str, value: object, options: type[T]) -> T | None:
        if isinstance(value, str) and value in [option.value for option in options]:
            return options(value)
        choices = ", ".join(option.value for option in options)
        self.log.add("unknown_choice", self.line(key), key=key, value=str(value)[:60], choices=choices)
        return None

    def _checked_text(self, key: str, value: object, limit: int) -> str:
        if not isinstance(value, str):
            self.log.add("not_text", self.line(key), key=key)
            return ""
        text = value.strip()
        if not text:
            self.log.add("blank", self.line(key), key=key)
        elif len(text) > limit:
            self.log.add("too_long", self.line(key), key=key, length=len(text), limit=limit)
        elif not text.isprintable():
            self.log.add("not_one_line", self.line(key), key=key)
        return text


def _lines_of(text: str) -> dict[Place, int]:
    """The line of each table and key, since tomllib does not tell. Keys of inline tables have their table's line."""
    lines: dict[Place, int] = {}
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        header = _HEADER.match(line)
        if header:
            table = tuple(part.strip().strip("\"'") for part in header["name"].split("."))
            if header["open"] == "[[":
                index = counts.get(table, 0)
                counts[table] = index + 1
                lines.setdefault(table, number)
                table = (*table, index)
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            lines.setdefault((*table, assignment["key"].strip("\"'")), number)
    return lines
