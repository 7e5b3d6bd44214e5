"""Which section each part of a Word file belongs to, guessed by its headings; what a guess gets wrong is moved by hand.

Pure: blocks in, a place for each out. The words are data: sections.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from lms.cases import limits
from lms.cases.kinds import Section
from lms.drafts import section_words

WORDS: dict[Section, tuple[str, ...]] = {Section(name): words for name, words in section_words.WORDS.items()}
LONGEST_HEADING = 40
_NUMBER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]{1,3}(?:部分|章|节)|[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．，\s]?|"
    r"[（(]?\d{1,2}(?:\.\d{1,2})*[）)]?[、.．\s]|[①-⑳])\s*"
)
_NUMBERED = re.compile(r"^\s*(?:第?[一二三四五六七八九十]{1,3}(?:部分)?|\d{1,2})[、.．：:\s]")
_JOINTS = re.compile(r"[与和及、，,：:——\-/]|以及")
_ENDS = tuple("。；;！!？?，,")


class Place(StrEnum):
    """Where a block goes: one of the sections, the title, or nowhere."""

    TITLE = "title"
    BACKGROUND = "background"
    PROCESS = "process"
    RESULTS = "results"
    DISCUSSION = "discussion"
    ASIDE = "aside"

    @property
    def section(self) -> Section | None:
        return None if self in (Place.TITLE, Place.ASIDE) else Section(self.value)


def guess(blocks: Sequence[Mapping[str, Any]]) -> list[Place]:
    """A place for each block."""
    places: list[Place] = []
    here = Section.BACKGROUND
    titled = False
    for index, block in enumerate(blocks):
        words = _words(block)
        if block["kind"] in ("contents", "left"):
            places.append(Place.ASIDE)
            continue
        found = section_of(words, here) if _may_head(block, words) else None
        if not titled and index < 3 and found is None and _is_title(block, words):
            places.append(Place.TITLE)
            titled = True
            continue
        here = found or here
        places.append(Place(here.value))
    return places


def section_of(heading: str, here: Section = Section.BACKGROUND) -> Section | None:
    """The section that a heading opens, where it opens one.

    :param here: the section before it: near the end, 问题 are what remains to be solved, not what it began with.
    """
    for piece in _JOINTS.split(_NUMBER.sub("", heading)):
        found = [
            (piece.rfind(word) + len(word), len(word), one) for one in WORDS for word in WORDS[one] if word in piece
        ]
        if found:
            section = max(found, key=lambda entry: entry[:2])[2]
            if section is Section.BACKGROUND and here in (Section.RESULTS, Section.DISCUSSION):
                return Section.DISCUSSION
            return None if section is Section.BACKGROUND and here is Section.PROCESS else section
    return None


def is_bare_heading(block: Mapping[str, Any], section: Section) -> bool:
    """Whether a heading says no more than the section's own: then that one stands for it."""
    if len(block["plain"]) != 1 or block["kind"] not in ("heading", "paragraph", "item"):
        return False
    rest = _NUMBER.sub("", _words(block)).strip("：: ")
    for word in sorted(WORDS[section], key=len, reverse=True):
        rest = rest.replace(word, "")
    for word in ("案例", "主要", "工作", "具体", "基本", "取得的", "取得", "社会", "情况", "与", "和", "及", "、"):
        rest = rest.replace(word, "")
    return not rest


def title_of(blocks: Sequence[Mapping[str, Any]], places: Sequence[Place]) -> str:
    lines = [_words(block) for block, place in zip(blocks, places, strict=True) if place is Place.TITLE]
    return " ".join(lines)[: limits.TITLE]


def _words(block: Mapping[str, Any]) -> str:
    return " ".join(block["plain"])


def _may_head(block: Mapping[str, Any], words: str) -> bool:
    """Headings by their style, in bold, or as a short numbered line; a word alone on its line is one, too."""
    if not words or len(words) > LONGEST_HEADING or words.endswith(_ENDS):
        return False
    if block["kind"] == "heading":
        return True
    short = len(_NUMBER.sub("", words)) <= 14
    if block["kind"] == "item":
        return block["level"] == 1 and len(words) <= 10 and section_of(words) is not None
    return block["kind"] == "paragraph" and (bool(_NUMBERED.match(words)) or (short and _is_only_words(words)))


def _is_only_words(words: str) -> bool:
    """Whether a short line holds little besides words of the table: 案例背景, 主要做法."""
    section = section_of(words)
    return section is not None and is_bare_heading({"kind": "paragraph", "plain": [words]}, section)


def _is_title(block: Mapping[str, Any], words: str) -> bool:
    return (
        block["kind"] in ("heading", "paragraph")
        and 2 <= len(words) <= limits.TITLE
        and not words.endswith(_ENDS)
        and not re.match(
            r"^\s*(?:作者|单位|时间|日期|报送|申报|供稿|撰稿|附件|(?:案例)?(?:名称|标题|题目)\s*[:：]?$)", words
        )
    )
