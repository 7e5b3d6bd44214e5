"""CSV and other separated text: bytes to rows and rows to bytes. Pure; the standard library alone.

Text that a spreadsheet program would take for a formula is *neutralised* when written and restored when read, so that
a round trip through our own files is exact: text made of any number of apostrophes and then one of `= + - @`, their
full-width forms, tab, CR or LF gets one more apostrophe in front; reading takes one such apostrophe away. A file that
somebody typed with the customary `'=1` therefore also reads as `=1`.

Sources: RFC 4180; GB 18030-2022; the OWASP page on CSV injection; maxogden/csv-spectrum for the oddities.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence

from lms.core.spreadsheets_zip import Fault

LONGEST_CELL = 32_767  # characters, as in a workbook
DANGEROUS = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
NEUTRALISED = re.compile("''*[=+\\-@\t\r\n＝＋－＠]")
LINE_END = re.compile("\r\n|\r|\n")
SEPARATORS = ",\t;，"


def neutralised(text: str) -> str:
    """`=1+1` -> `'=1+1`; other text unchanged."""
    return "'" + text if DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """What `neutralised` was given."""
    return text[1:] if NEUTRALISED.match(text) else text


def decoded(data: bytes) -> str:
    """The text of the bytes: UTF-8 with or without a mark, UTF-16 with one, else GB18030 (which holds GBK).

    :raise Fault: "undecodable" with the number of the first line that is in no one of them.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(data, "utf-16")
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    encoding = "utf-8" if _looks_like_utf8(data) else "gb18030"
    return _strict(data, encoding)


def _looks_like_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 with a few broken ones, rather than GB18030, whose bytes seldom form UTF-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(1 for char in text if char > "\x7f") - broken
    return sound > broken


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        raise Fault("undecodable", line=len(LINE_END.findall(before)) + 1) from error


def separator_of(text: str) -> str:
    """The separator that the first lines use most, outside quotes; a comma when there is none."""
    bare = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = LINE_END.split(bare)[:20]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in lines))


def rows_of(data: bytes, most_rows: int) -> list[list[str]]:
    """The cells of separated text, all of them text; a blank line is a row without cells.

    :raise Fault: undecodable, wrong_content (a NUL), quote (never closed; with its line), cell, rows.
    """
    text = decoded(data)
    if "\x00" in text:
        raise Fault("wrong_content")
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    rows: list[list[str]] = []
    begun = 1
    try:
        for row in reader:
            rows.append([restored(cell) for cell in row])
            begun = reader.line_num + 1
            if len(rows) > most_rows:
                raise Fault("rows", most=most_rows)
    except csv.Error as error:
        code = "cell" if "field larger" in str(error) else "quote"
        raise Fault(code, line=begun) from error
    return rows


def write(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark (spreadsheet programs need it), CRLF, dangerous text neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "replace")
