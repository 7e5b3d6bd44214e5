"""First pass over a GIFT file: lines become blocks, one for each question.

Also the few things that every later pass needs: where a mark stands that no backslash
escapes, and the text that an escaped text means. Everything here is one scan from left to
right, so that the longest hostile file costs no more than its length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.quizzes.gift_faults import GiftFault, GiftFaults, OneFault

MAX_CHARACTERS = 2_000_000
MAX_CATEGORY = 200
MAX_REFERENCE = 100

_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A value ends at the first bracket, so that a line of open ones is not scanned again and again.
_COMMENT_FIELD = re.compile(r"\[(id|tag):((?:\\.|[^\[\]\\])*)\]")


def unescape(text: str) -> str:
    """Return what an escaped text means, stripped."""
    return _ESCAPE.sub(lambda m: "\n" if m[1] == "n" else m[1], text).strip()


def marks(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the unescaped matches of a pattern that begins with ``\\\\.`` for escapes."""
    return (m for m in pattern.finditer(text) if m[0][0] != "\\")


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, with or without BOM.

    :raise GiftFaults: a byte that is no UTF-8, with its line.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = re.sub(rb"\r\n?", b"\n", data[: error.start]).count(b"\n") + 1
        raise GiftFaults([GiftFault(line, "encoding")]) from error


@dataclass
class Part:
    """A piece of a block that still knows its lines."""

    text: str
    offset: int
    block: Block

    @property
    def line(self) -> int:
        """The line of its first visible character."""
        return self.line_at(len(self.text) - len(self.text.lstrip()))

    def line_at(self, index: int) -> int:
        """The line of one of its characters."""
        return self.block.line_at(self.offset + index)

    def cut(self, start: int, end: int | None = None) -> Part:
        """Return the piece between two places of this one."""
        return Part(self.text[start:end], self.offset + start, self.block)

    def fault(self, code: str, **params: object) -> OneFault:
        """Return a fault at the beginning of this piece."""
        return OneFault(self.line, code, **params)


@dataclass
class Block:
    """The lines of one question without its comments."""

    category: str
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    reference: str = ""
    tags: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, number: int, line: str) -> None:
        """Add a line of the file."""
        self.starts.append(self.starts[-1] + len(self.lines[-1]) + 1 if self.lines else 0)
        self.lines.append(line)
        self.numbers.append(number)

    def line_at(self, offset: int) -> int:
        """Return the line of the file in which a character of the block stands."""
        return self.numbers[bisect_right(self.starts, offset) - 1]

    def whole(self) -> Part:
        """Return the block as one piece."""
        return Part("\n".join(self.lines), 0, self)


class BlockReader:
    """Goes through the lines; collects blocks and the faults that are no question's."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.faults: list[GiftFault] = []
        self._category = ""
        self._block = Block("")
        self._references: dict[str, int] = {}

    def read(self, text: str) -> None:
        """Read a whole text with even line ends."""
        for number, line in enumerate(text.split("\n"), 1):
            stripped = line.strip()
            try:
                self._line(number, line, stripped)
            except OneFault as error:
                self.faults.append(error.fault)
        self._flush()

    def _line(self, number: int, line: str, stripped: str) -> None:
        if not stripped:
            self._flush()
        elif stripped.startswith("//"):
            self._comment(number, stripped)
        elif stripped.startswith("$CATEGORY:"):
            self._flush()
            self._set_category(number, stripped.removeprefix("$CATEGORY:").strip())
        elif stripped.startswith("／／"):
            raise OneFault(number, "fullwidth_comment")
        elif stripped.startswith(("$CATEGORY：", "＄CATEGORY")):
            raise OneFault(number, "fullwidth_category")
        else:
            self._block.add(number, line)

    def _flush(self) -> None:
        if self._block.lines:
            self.blocks.append(self._block)
        self._block = Block(self._category)

    def _set_category(self, number: int, name: str) -> None:
        if not name:
            raise OneFault(number, "category_empty")
        if len(name) > MAX_CATEGORY:
            raise OneFault(number, "category_too_long", limit=MAX_CATEGORY)
        self._category = self._block.category = name

    def _comment(self, number: int, comment: str) -> None:
        for match in _COMMENT_FIELD.finditer(comment):
            value = re.sub(r"\\(.)", r"\1", match[2]).strip()
            if len(value) > MAX_REFERENCE:
                raise OneFault(number, "id_too_long", limit=MAX_REFERENCE)
            if not value:
                continue
            if match[1] == "tag":
                self._block.tags.append(value)
            else:
                self._set_reference(number, value)

    def _set_reference(self, number: int, value: str) -> None:
        first = self._references.setdefault(value, number)
        if first != number:
            raise OneFault(number, "duplicate_id", id=value, first=first)
        self._block.reference = value


def even_lines(text: str) -> str:
    """Return text without BOM and with ``\\n`` line ends.

    :raise GiftFaults: too long, or with a control character.
    """
    if len(text) > MAX_CHARACTERS:
        raise GiftFaults([GiftFault(1, "file_too_long", {"limit": MAX_CHARACTERS})])
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        code = f"{ord(found[0]):04X}"
        raise GiftFaults([GiftFault(line, "control_character", {"code": code})])
    return text
