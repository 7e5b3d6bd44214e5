"""A version's text as people read it: what is searched, and what passages are cut from."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pypinyin import Style, lazy_pinyin

_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "li", "tr", "dt", "dd", "figcaption", "pre", "div", "blockquote", "br", "table"}
)
#: A line that ends or begins with one of these goes on without a space.
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}])\s*\n\s*(?=[{_WIDE}])")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.lines.append("")
        elif tag in ("td", "th"):
            self.lines[-1] += " "
        elif tag == "img":
            self.lines[-1] += dict(attrs).get("alt") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data


def text_of(html: str) -> str:
    """The words of sanitized `html`, a line for each paragraph; lines broken within a paragraph are whole again."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    whole = (" ".join(_BETWEEN_WIDE.sub("", line).split()) for line in reader.lines)
    return "\n".join(line for line in whole if line)


def initials(name: str) -> str:
    """The first letters of a name as it is spoken: sbjdf for 四步接待法. Other letters and digits stay."""
    spoken = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(letter for letter in "".join(spoken) if letter.isalnum()).lower()[:80]
