"""From blocks with their places to the Markdown of the sections. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.cases.kinds import Section
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.drafts.blocks import escaped, line
from lms.drafts.guessing import Place, is_bare_heading

LOST: dict[str, LazyString] = {
    "format": _l("原文这里有一张图片，格式不能读取，没有带过来。"),
    "pixels": _l("原文这里有一张图片，尺寸过大，没有带过来。"),
    "absent": _l("原文这里有一张图片，图片本身不在文件里，没有带过来。"),
    "many": _l("原文这里有一张图片，图片太多，没有带过来。"),
}
#: What a file also holds and does not come along: said once, as a part that goes nowhere.
LEFT: dict[str, LazyString] = {
    "drawing": _l("原文有图表或示意图，图形没有带过来，请对照原文补上。"),
    "shapes": _l("原文有用图形拼成的图，只带来了其中的文字和图片，请对照原文核对。"),
    "formula": _l("原文有公式，只带来了公式里的字符，请对照原文核对。"),
    "embedded": _l("原文嵌有别的文件（例如表格），没有带过来，请对照原文补上。"),
    "chunk": _l("原文引用了另外一份文档的内容，没有带过来，请对照原文补上。"),
    "symbols": _l("原文有认不出的符号，写成了 □，请对照原文改正。"),
    "numbers": _l("原文有自动编号，带过来以后编号可能没有了或者从 1 重新开始，请对照原文核对。"),
    "deleted": _l("原文带有修订痕迹：加上的文字都在，删去的文字没有带过来。"),
    "comments": _l("原文有批注，批注没有带过来。"),
    "margins": _l("原文的页眉、页脚没有带过来。"),
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
            if block["notes"] and place is not Place.ASIDE:
                # A title has no place for a mark: what its note says opens the section below it.
                texts[section or Section.BACKGROUND] += [line(escaped(notes.get(note, ""))) for note in block["notes"]]
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
    if block["kind"] in ("lost", "left"):
        said = {**LOST, **LEFT}[block["markdown"]]
        return f"（{escaped(str(said))}）"
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
