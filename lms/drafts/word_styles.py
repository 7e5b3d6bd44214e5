"""What a paragraph is by its style: a heading, a caption, a line of the table of contents. Pure.

WPS numbers its styles, offices derive theirs (一级标题) from Word's, and some only set the level in the outline: what
counts is what a style descends from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from lms.drafts.word_parts import called, child_of, full, get, value_of

#: Styles of ours: the converter knows a paragraph by them (word_child.STYLES).
TITLE, CAPTION, CONTENTS, HEADING = "lms-title", "lms-caption", "lms-contents", "lms-heading-"
DEEPEST = 6
LONGEST_HEADING = 40
_ROLES = {
    "title": TITLE,
    "标题": TITLE,
    "subtitle": "",
    "caption": CAPTION,
    "题注": CAPTION,
    "toc heading": CONTENTS,
    "toc 标题": CONTENTS,
    "contents heading": CONTENTS,
}
_HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|contents|目录) ?[1-9]", re.IGNORECASE)
#: Without their definitions the styles of WPS are 1 for the body and 2 … 10 for the headings.
_NUMBERED = {str(level + 1): f"{HEADING}{min(level, DEEPEST)}" for level in range(1, 10)}
_ENDS = tuple("。；;！!？?，,：:")


@dataclass(frozen=True)
class Style:
    name: str
    parent: str
    outline: str
    number: str


class Styles:
    """The styles of paragraphs in a document."""

    def __init__(self, root: ET.Element | None) -> None:
        self.known: dict[str, Style] = {}
        for element in root if root is not None else ():
            if called(element) == "w:style" and get(element, "w:type") in ("paragraph", ""):
                self.known.setdefault(get(element, "w:styleId"), _read(element))

    def role_of(self, paragraph: ET.Element, words: str) -> str:
        """The style of ours for a paragraph, "" where it keeps its own."""
        properties = child_of(paragraph, "w:pPr")
        style = value_of(properties, "w:pStyle")
        if style not in self.known and style in _NUMBERED:
            return _NUMBERED[style]
        outline = value_of(properties, "w:outlineLvl")
        for found in self.line_of(paragraph):
            name = found.name.strip().lower()
            if name in _ROLES:
                return _ROLES[name]
            if _CONTENTS.fullmatch(name):
                return CONTENTS
            if match := _HEADING.fullmatch(name):
                return f"{HEADING}{min(int(match[1]), DEEPEST)}"
            outline = outline or found.outline
        # People set a level of the outline for whole paragraphs, too.
        if outline in tuple("012345678") and len(words) <= LONGEST_HEADING and not words.endswith(_ENDS):
            return f"{HEADING}{min(int(outline) + 1, DEEPEST)}"
        return ""

    def line_of(self, paragraph: ET.Element) -> list[Style]:
        """The style of a paragraph and what it descends from, itself first."""
        style, line = value_of(child_of(paragraph, "w:pPr"), "w:pStyle"), dict[str, Style]()
        while style in self.known and style not in line:
            line[style] = self.known[style]
            style = self.known[style].parent
        return list(line.values())


def give(paragraph: ET.Element, role: str) -> None:
    """Let a paragraph have a style of ours."""
    properties = child_of(paragraph, "w:pPr")
    if properties is None:
        properties = ET.Element(full("w:pPr"))
        paragraph.insert(0, properties)
    for old in [child for child in properties if called(child) == "w:pStyle"]:
        properties.remove(old)
    properties.insert(0, ET.Element(full("w:pStyle"), {full("w:val"): role}))


def _read(element: ET.Element) -> Style:
    properties = child_of(element, "w:pPr")
    number = value_of(child_of(properties, "w:numPr"), "w:numId")
    outline = value_of(properties, "w:outlineLvl")
    return Style(value_of(element, "w:name"), value_of(element, "w:basedOn"), outline, number)
