"""A section cut into its passages, so that a comment can stand at one of them.

A passage is a block at the top of the sanitized HTML: a paragraph, a heading, a list, a table, a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from lms.cases import plain, showing
from lms.cases.kinds import Section
from lms.cases.models import Case, CaseVersion

QUOTE = 80
#: Elements without an end tag.
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})


@dataclass(frozen=True)
class Passage:
    """A block of a section of a version."""

    section: Section
    number: int
    html: str

    @property
    def anchor(self) -> str:
        return f"{self.section.value}-{self.number}"

    @property
    def quote(self) -> str:
        """How it begins, in words."""
        words = " ".join(plain.text_of(self.html).split())
        return words if len(words) <= QUOTE else words[: QUOTE - 1] + "…"


class _Cutter(HTMLParser):
    """Where blocks at the top begin and end."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self.starts = [0]
        for line in html.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.depth, self.begun = 0, 0
        self.cuts: list[str] = []
        self.feed(html)
        self.close()
        self._cut(len(html))

    def _here(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def _cut(self, at: int) -> None:
        block = self.html[self.begun : at].strip()
        if block:
            self.cuts.append(block)
        self.begun = at

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self._cut(self._here())
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<br />` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.depth:
            self.depth -= 1


def cut(html: str) -> list[str]:
    """The blocks at the top of sanitized HTML; together they are all of it."""
    return _Cutter(html).cuts


def passages_of(case: Case, version: CaseVersion) -> Sequence[tuple[Section, Sequence[Passage]]]:
    """The sections of a version with their passages, as the page shows them."""
    return [
        (shown.section, [Passage(shown.section, number, html) for number, html in enumerate(cut(shown.html), 1)])
        for shown in showing.sections_of(case, version)
    ]


def find_passage(case: Case, version: CaseVersion, anchor: str) -> Passage | None:
    """The passage that an anchor names, if the version has it."""
    for _section, passages in passages_of(case, version):
        for passage in passages:
            if passage.anchor == anchor:
                return passage
    return None
