"""Parts of a lesson that modules above put there: a fence in its text, whose first word is a kind registered here.

    ```case louzu-yishi@2 process
    如果是您，第一步先找谁？
    ```

Where the fence stood, the stored HTML has a mark; the page puts there what the kind shows that day, so that a lesson
says so when what it shows has been withdrawn since. Kinds are registered in the `setup` of their modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.core.web import Actor
from lms.courses.faults import FaultLog
from lms.courses.models import Lesson

_MARK = re.compile(r"<p>⸨(\d{1,3})⸩</p>")


@dataclass(frozen=True, slots=True)
class Part:
    """A fence of a registered kind: what follows its first word, and what stands in it. `line` is that of the fence."""

    kind: str
    argument: str
    body: str
    line: int = 0

    def kept(self) -> dict[str, str]:
        """As the lesson's row keeps it."""
        return {"kind": self.kind, "argument": self.argument, "body": self.body}


@dataclass(frozen=True)
class PartKind:
    """What a module above brings into lessons."""

    name: str
    template: str
    #: finds faults of one part, without a database
    check: Callable[[Part, FaultLog], None]
    #: what must be written when a lesson is loaded; raises Refused where the part points nowhere
    keep: Callable[[Lesson, int, Part, Actor, datetime], None]
    #: what the template shows, for all parts of this kind in a lesson, in their order
    read: Callable[[Actor, Lesson, Sequence[Part]], Sequence[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a lesson's page: sanitized HTML, or a template with what it shows."""

    html: str = ""
    template: str = ""
    shown: dict[str, Any] | None = None


_kinds: dict[str, PartKind] = {}


def register(kind: PartKind) -> None:
    """Add a kind of part; the one registered last under a name counts."""
    _kinds[kind.name] = kind


def is_known(name: str) -> bool:
    return name in _kinds


def check(part: Part, log: FaultLog) -> None:
    _kinds[part.kind].check(part, log)


def mark(position: int) -> str:
    """What stands in a text for its part of this number."""
    return f"⸨{position}⸩"


def keep(lesson: Lesson, found: Sequence[Part], *, actor: Actor, now: datetime) -> None:
    """Let each kind write what it must, once the lesson has a number.

    :raise Refused: a part points to nothing.
    """
    for position, part in enumerate(found):
        _kinds[part.kind].keep(lesson, position, part, actor, now)


def pieces(lesson: Lesson, html: str, actor: Actor) -> list[Piece]:
    """The text of a lesson with its parts in their places."""
    if not lesson.parts:
        return [Piece(html)]
    shown = _read(lesson, actor)
    found: list[Piece] = []
    for index, stretch in enumerate(_MARK.split(html)):
        if index % 2 == 0:
            found.append(Piece(stretch))
        elif int(stretch) in shown:
            found.append(shown[int(stretch)])
    return found


def _read(lesson: Lesson, actor: Actor) -> dict[int, Piece]:
    by_kind: dict[str, list[tuple[int, Part]]] = {}
    for position, row in enumerate(lesson.parts):
        by_kind.setdefault(row["kind"], []).append((position, Part(row["kind"], row["argument"], row["body"])))
    shown = {}
    for name, numbered in by_kind.items():
        if (kind := _kinds.get(name)) is not None:
            contexts = kind.read(actor, lesson, [part for _position, part in numbered])
            for (position, _part), context in zip(numbered, contexts, strict=True):
                shown[position] = Piece(template=kind.template, shown=context)
    return shown
