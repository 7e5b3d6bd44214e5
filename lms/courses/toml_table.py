"""A TOML document whose values are taken out one by one, each refusal with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from lms.courses import limits
from lms.courses.faults import FaultLog

_HEADER = re.compile(r"^\s*(?P<open>\[\[?)(?P<name>[^\[\]]+)\]")
_ASSIGNMENT = re.compile(r"^\s*(?P<key>\"[^\"]*\"|'[^']*'|[\w-]+)\s*[=.]")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)$")

#: A place in the document: names of tables and keys, and numbers within arrays of tables.
Place = tuple[str | int, ...]

T = TypeVar("T", bound=StrEnum)


def read_toml(text: str, log: FaultLog) -> Table | None:
    """The outermost table of `text`; None, and a fault with its line, when it is no TOML."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        log.add("toml", line, reason=_TOML_PLACE.sub("", str(error)))
        return None
    except (ValueError, RecursionError) as error:  # a number too long, or lists too deep, to be read
        log.add("toml", reason=str(error))
        return None
    return Table(document, (), _lines_of(text), log)


class Table:
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

    def inside(self, key: str, document: Mapping[str, Any], index: int | None = None) -> Table:
        place = (*self.place, key) if index is None else (*self.place, key, index)
        return Table(document, place, self.lines, self.log)

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

    def truth(self, key: str) -> bool:
        value = self.value(key)
        if value is not None and not isinstance(value, bool):
            self.log.add("not_truth", self.line(key), key=key)
        return value is True

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
