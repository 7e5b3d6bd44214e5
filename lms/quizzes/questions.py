"""What a question is, apart from files, pages and tables: frozen values.

The body of a question (its options, answers, pairs) is a value of its kind's own class.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar, cast

Json = dict[str, Any]
T = TypeVar("T")

FULL = Decimal(100)
"""The weight, in percent, of an answer that is wholly right."""


class TextFormat(StrEnum):
    """How a text is written: ``moodle`` and ``plain`` are shown as they stand."""

    MOODLE = "moodle"
    PLAIN = "plain"
    HTML = "html"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with its format; ``html`` is filled once, sanitized, when it is published."""

    text: str
    format: TextFormat = TextFormat.MOODLE
    html: str = field(default="", compare=False)

    def to_json(self) -> Json:
        """Return the text, and what differs from the defaults."""
        data: Json = {"text": self.text}
        if self.format is not TextFormat.MOODLE:
            data["format"] = self.format.value
        if self.html:
            data["html"] = self.html
        return data

    @classmethod
    def from_json(cls, data: Json) -> Rich:
        """Return what ``to_json`` wrote."""
        return cls(data["text"], TextFormat(data.get("format", "moodle")), data.get("html", ""))


def rich_to_json(rich: Rich | None) -> Json | None:
    """Return the JSON of an optional text."""
    return None if rich is None else rich.to_json()


def rich_from_json(data: Json | None) -> Rich | None:
    """Return an optional text."""
    return None if data is None else Rich.from_json(data)


class Body:
    """The part of a question that depends on its kind: what is chosen, typed or paired."""

    kind: str


@dataclass(frozen=True)
class Question:
    """One question as its author wrote it.

    ``after`` is the text behind the blank of a missing-word question. ``line`` is where it
    stood in the file (1-based, 0 if made in code) and is no part of what it is.
    """

    stem: Rich
    body: Body
    title: str = ""
    category: str = ""
    after: str = ""
    general_feedback: Rich | None = None
    reference: str = ""
    tags: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def kind(self) -> str:
        """The name of its kind, as in the registry."""
        return self.body.kind

    @property
    def label(self) -> str:
        """A short name for lists: the title, or the beginning of the text."""
        return self.title or self.stem.text[:40] or self.after[:40]


def map_rich(value: T, change: Callable[[Rich], Rich]) -> T:
    """Return the same value with every ``Rich`` in it replaced by ``change(rich)``."""
    if isinstance(value, Rich):
        return cast("T", change(value))
    if isinstance(value, tuple):
        return cast("T", tuple(map_rich(item, change) for item in value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: map_rich(getattr(value, f.name), change) for f in dataclasses.fields(value)}
        return cast("T", dataclasses.replace(value, **parts))
    return value


def all_rich(value: object) -> list[Rich]:
    """Return every ``Rich`` in a value, in order."""
    found: list[Rich] = []

    def keep(rich: Rich) -> Rich:
        found.append(rich)
        return rich

    map_rich(value, keep)
    return found


def digest_of(kind: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) that tells one content from another."""
    canonical = json.dumps([kind, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def percent_text(weight: Decimal) -> str:
    """Return a weight without trailing zeros or exponent: ``50``, ``33.33333``, ``-100``."""
    text = f"{weight:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
