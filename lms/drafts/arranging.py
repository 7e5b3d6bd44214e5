"""From blocks with their places to the Markdown of the sections. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.cases.kinds import Section
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.drafts.blocks import escaped
from lms.drafts.guessing import Place, is_bare_heading

LOST: dict[str, LazyString] = {
    "format": _l("原文这里有一张图片，格式不能读取，没有带过来。"),
    "pixels": _l("原文这里有一张图片，尺寸过大，没有带过来。"),
    "drawing": _l("原文有图表、公式或者嵌入的文件，没有带过来，请对照原文补上。"),
    "many": _l("原文这里有一张图片，图片太多，没有带过来。"),
}


def sections_of(
    blocks: Sequence[Mapping[str, Any]], places: Sequence[Place], notes: Mapping[str, str]
) -> dict[Section, str]:
    """The text of each section; a footnote stands in the section that refers to it."""
    texts: dict[Section, list[str]] = {section: [] for section in Section}
    referred: dict[Section, list[str]] = {section: [] for section in Section}
    before: tuple[Section | None, str] = (None, "")
    for block, place in zip(blocks, places, strict=True):
        section = place.section
        if section is None or _stands_for(block, section, texts[section]):
            before = (None, "")
            continue
        _append(texts[section], block, follows=before == (section, "item"))
        referred[section] += [note for note in block["notes"] if note not in referred[section]]
        before = (section, block["kind"])
    for section, numbers in referred.items():
        texts[section] += [f"[^{number}]: {escaped(notes.get(number, ''))}" for number in numbers]
    return {section: "\n\n".join(text) for section, text in texts.items()}


def markdown_of(block: Mapping[str, Any]) -> str:
    """A block by itself."""
    if block["kind"] == "heading":
        return f"### {block['markdown']}" if block["level"] < 4 else f"#### {block['markdown']}"
    if block["kind"] == "lost":
        return f"（{escaped(str(LOST[block['markdown']]))}）"
    markdown: str = block["markdown"]
    return markdown


def _stands_for(block: Mapping[str, Any], section: Section, text: Sequence[str]) -> bool:
    """Whether a section's own heading says what this block says: then it need not be said twice."""
    return not any(part.startswith("#") for part in text) and is_bare_heading(block, section)


def _append(text: list[str], block: Mapping[str, Any], *, follows: bool) -> None:
    if follows and block["kind"] == "item" and text and not _begins_anew(text[-1], block["markdown"]):
        text[-1] += "\n" + markdown_of(block)
    else:
        text.append(markdown_of(block))


def _begins_anew(list_before: str, item: str) -> bool:
    """Whether an item without indentation is of another sort of list than the one before it."""
    return not item.startswith(" ") and item.startswith("- ") != list_before.startswith("- ")
