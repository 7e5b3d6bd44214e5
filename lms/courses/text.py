"""Bytes of a course file to text, with the line of the first byte that is none."""

from __future__ import annotations

from lms.courses.faults import FaultLog

BOM = "\ufeff"


def decode(data: bytes, log: FaultLog) -> str | None:
    """UTF-8 text with `\\n` line ends, without a byte-order mark; None, and a fault with its line, when it is none."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        log.add("not_utf8", _line_at(data, error.start))
        return None
    if "\0" in text:
        log.add("nul", _line_at(data, data.index(b"\0")))
        return None
    return text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")


def _line_at(data: bytes, offset: int) -> int:
    before = data[:offset]
    return before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r") + 1


def decode_sound(data: bytes) -> str:
    """Text that `decode` has already found sound."""
    return decode(data, FaultLog()) or ""
