"""Numbers that a program counts out by itself (一、 （二） 3.): no text of the file, so easily others after the import.

Headings lose theirs, and a list that is interrupted begins anew at 1: whoever wrote the text is told. Pure.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from lms.drafts.word_parts import called, child_of, get, value_of
from lms.drafts.word_styles import HEADING, Styles

_UNCOUNTED = frozenset({"", "bullet", "none"})


class Numbers:
    """Goes through the paragraphs of a part in their order."""

    def __init__(self, styles: Styles, root: ET.Element | None) -> None:
        self.styles = styles
        self.kinds = _kinds_of(root) if root is not None else {}
        self.begun: set[str] = set()
        self.last = ""
        self.changed = False

    def see(self, paragraph: ET.Element, role: str) -> None:
        """The next paragraph that holds something."""
        number, level = self._number_of(paragraph)
        kind = self.kinds.get((number, level), "")
        if kind in _UNCOUNTED:
            self.last = ""
            return
        resumed = number in self.begun and self.last != number
        self.changed = self.changed or role.startswith(HEADING) or kind != "decimal" or resumed
        self.begun.add(number)
        self.last = number

    def _number_of(self, paragraph: ET.Element) -> tuple[str, str]:
        own = child_of(child_of(paragraph, "w:pPr"), "w:numPr")
        level = value_of(own, "w:ilvl") or "0"
        if number := value_of(own, "w:numId"):
            return number, level
        return next(((style.number, level) for style in self.styles.line_of(paragraph) if style.number), ("", "0"))


def _kinds_of(root: ET.Element) -> dict[tuple[str, str], str]:
    """How each list counts at each level: decimal, bullet, chineseCounting …"""
    abstract = {
        get(found, "w:abstractNumId"): {
            get(level, "w:ilvl"): value_of(level, "w:numFmt") for level in found if called(level) == "w:lvl"
        }
        for found in root
        if called(found) == "w:abstractNum"
    }
    return {
        (get(found, "w:numId"), level): kind
        for found in root
        if called(found) == "w:num"
        for level, kind in abstract.get(value_of(found, "w:abstractNumId"), {}).items()
    }
