"""What those who judged a case said of it, beside the text while it is written anew; modules above know it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms.cases.models import Case


@dataclass(frozen=True)
class Remark:
    """A remark at a passage of what was handed in last; `quote` is how the passage began."""

    section: str
    quote: str
    text: str


@dataclass(frozen=True)
class Opinion:
    """What one unit said: a sentence about the whole, and remarks at passages."""

    unit: str
    reason: str
    remarks: Sequence[Remark]


Reader = Callable[[Case], Sequence[Opinion]]

_readers: dict[str, Reader] = {}


def register(name: str, reader: Reader) -> None:
    """Let a module above say what came of judging a case: what its authors may read."""
    _readers[name] = reader


def opinions_on(case: Case) -> list[Opinion]:
    return [opinion for reader in _readers.values() for opinion in reader(case)]
