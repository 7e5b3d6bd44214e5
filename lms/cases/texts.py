"""What a version of a case or of a method says, before it is stored: plain data, from a file or from a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.cases.counting import count
from lms.cases.kinds import CommunityKind, Section, Theme
from lms.core.files import StoredFile
from lms.core.i18n import show_month
from lms.hours.kinds import Ability


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a version: its bytes are stored already; `mime` was found by content."""

    file: StoredFile
    mime: str
    #: The Word file that the text came from: for those who write and review it alone.
    original: bool = False


@dataclass(frozen=True, slots=True)
class CaseText:
    """Everything that a version of a case says. Sections are Markdown; pictures in them are `files/NAME`."""

    title: str
    summary: str
    abilities: tuple[Ability, ...]
    themes: tuple[Theme, ...]
    community_kind: CommunityKind
    region: str
    place: str
    began: str
    sections: Mapping[Section, str]
    authors: tuple[str, ...]
    ended: str | None = None
    methods: tuple[str, ...] = ()
    evidence: str = ""
    illustration: bool = False
    consent: bool = False
    anonymized: bool = False
    files: Mapping[str, Attachment] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """Characters of the four sections: what the 3,000 are counted by."""
        return sum(map(count, self.sections.values()))


@dataclass(frozen=True, slots=True)
class MethodText:
    """Everything that a version of a method says."""

    name: str
    idea: str
    abilities: tuple[Ability, ...]
    authors: tuple[str, ...]
    steps: str
    fits: str
    unfit: str


def show_span(began: str, ended: str | None) -> str:
    """The time of a practice in the reader's language: 2023年3月, 2023年3月—11月, 2023年8月—2024年1月."""
    start = show_month(began)
    if not ended or ended == began:
        return start
    end = show_month(ended)
    same_year = began[:4] == ended[:4] and len(began) == len(ended)
    return f"{start}—{end.removeprefix(began[:4] + '年')}" if same_year else f"{start}—{end}"
