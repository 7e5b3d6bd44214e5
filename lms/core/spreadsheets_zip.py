"""What an .xlsx file claims to be, checked before any parser opens it.

An .xlsx file is a zip of XML parts. Everything here is counted while it is unpacked, never believed from a header:
sizes, the number of parts, document type declarations, the area a sheet declares. Runs in the limited child, so it
imports the standard library alone.

Sources: ECMA-376 part 1 (sheet dimensions, cells), part 2 (packages); PKWARE APPNOTE 4.3 and 4.4 (local headers).
"""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes, all parts together
MOST_PARTS = 2_000
MOST_ROWS = 1_048_576  # of the format itself
MOST_COLUMNS = 16_384
MOST_DECLARED_CELLS = 50_000_000
MOST_CELLS = 4_000_000  # of one sheet
MOST_FORMULAS = 100_000  # without a stored result
CHUNK = 1024 * 1024
OVERLAP = 16 * 1024  # longer than any formula (8,192 characters) or tag that we look for

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")  # XML knows them in capitals alone
ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
# None of these looks beyond one tag, so that a text of opening brackets costs no more than its length; each begins with
# plain text, which is found fast.
DIMENSION = re.compile(rb"<dimension\s[^<>]{0,200}?ref=[\"']([^\"'<>]{1,200})[\"']")
ROW = re.compile(rb"<row\s[^<>]{0,200}?\br=[\"']([0-9]{1,20})[\"']")
FAR_CELL = re.compile(rb"<c\s[^<>]{0,200}?\br=[\"']([A-Za-z]{3,20})[0-9]{1,20}[\"']")
EMPTY_FORMULA = re.compile(
    rb"<c\s[^<>]{0,200}?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^<>]{0,200}>\s{0,9}<f[^<>]{0,200}>([^<]{1,8192})</f>"
    rb"\s{0,9}(?:<v\s{0,9}/>|<v>\s{0,9}</v>)?\s{0,9}</c>"
)


class Fault(Exception):
    """A file that is not read: a code and what its sentence needs (see `spreadsheets.Unreadable`)."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass
class Parts:
    """What the check learned on the way: formulas without a stored result, by part name, row and column from 0."""

    names: set[str]
    formulas: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def column_number(letters: str) -> int:
    """A -> 1, Z -> 26, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def check(data: bytes) -> Parts:
    """Walk through every part of the package once.

    :raise Fault: damaged, encrypted, macros, wrong_content, parts, unpacked, entities or dimensions.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError) as error:
        raise Fault("damaged") from error
    if len(entries) > MOST_PARTS:
        raise Fault("parts", most=MOST_PARTS)
    parts = Parts({entry.filename for entry in entries})
    _check_kind(parts.names, entries)
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise Fault("unpacked", megabytes=LARGEST_UNPACKED // 1024**2)
    room = LARGEST_UNPACKED
    for entry in entries:
        room -= _check_part(data, entry, room, parts)
    return parts


def _check_kind(names: set[str], entries: list[zipfile.ZipInfo]) -> None:
    """Refuse other packages: encrypted, with macros, binary, OpenDocument, documents, plain archives."""
    if any(entry.flag_bits & 1 for entry in entries):
        raise Fault("encrypted")
    lowered = {name.lower() for name in names}
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in lowered):
        raise Fault("macros")
    if "[content_types].xml" not in lowered or not any(SHEET.fullmatch(name) for name in names):
        raise Fault("wrong_content")


def _check_part(data: bytes, entry: zipfile.ZipInfo, room: int, parts: Parts) -> int:
    """Unpack one part piece by piece and look at each piece; the number of bytes that it unpacked to."""
    total = 0
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    is_sheet = SHEET.fullmatch(entry.filename) is not None
    tail = b""
    cells = 0
    for chunk in _unpacked(data, entry):
        if is_xml:
            if not total:
                _check_encoding(chunk)
            seen = tail + chunk
            if any(declaration in seen for declaration in DECLARATIONS):
                raise Fault("entities")
            if is_sheet:
                cells += sum(chunk.count(mark) for mark in (b"<c ", b"<c>", b"<c/"))
                _check_sheet(seen, entry.filename, parts, cells)
            tail = seen[-OVERLAP:]
        total += len(chunk)
        if total > entry.file_size or total > room:
            raise Fault("unpacked", megabytes=LARGEST_UNPACKED // 1024**2)
    return total


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes, inflated in pieces of at most CHUNK, whatever size its header claims."""
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise Fault("damaged")
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    start = entry.header_offset + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise Fault("damaged")
    if entry.compress_type == zipfile.ZIP_STORED:
        for at in range(0, len(packed), CHUNK):
            yield bytes(packed[at : at + CHUNK])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Fault("damaged")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not inflater.eof:
            piece = inflater.decompress(rest, CHUNK)
            rest = inflater.unconsumed_tail
            if not piece and not rest:
                break
            yield piece
    except zlib.error as error:
        raise Fault("damaged") from error
    if not inflater.eof:
        raise Fault("damaged")


def _check_encoding(head: bytes) -> None:
    """XML in another encoding than UTF-8 could hide what we look for."""
    declared = ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if b"\x00" in head[:200] or (declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise Fault("entities")


def _check_sheet(seen: bytes, name: str, parts: Parts, cells: int) -> None:
    """The declared area, the real rows, columns and cells, and formulas that carry no result."""
    if cells > MOST_CELLS:
        raise Fault("dimensions")
    for declared in DIMENSION.finditer(seen):
        _check_area(declared[1])
    if any(int(row) > MOST_ROWS for row in ROW.findall(seen)):
        raise Fault("dimensions")
    if any(column_number(far.decode()) > MOST_COLUMNS for far in set(FAR_CELL.findall(seen))):
        raise Fault("dimensions")
    if b"<f" in seen:
        found = parts.formulas.setdefault(name, {})
        for match in EMPTY_FORMULA.finditer(seen):
            place = int(match[2]) - 1, column_number(match[1].decode()) - 1
            found[place] = "=" + html.unescape(match[3].decode("utf-8", "replace"))
        if len(found) > MOST_FORMULAS:
            raise Fault("dimensions")


def _check_area(reference: bytes) -> None:
    """A dimension such as A1:P127; beyond what the format or a roster can hold it is refused."""
    corner = re.fullmatch(rb"(?:[A-Za-z]+[0-9]+:)?\$?([A-Za-z]+)\$?([0-9]+)", reference)
    if corner is None:
        raise Fault("damaged")
    if len(corner[1]) > 3 or len(corner[2]) > 7:
        raise Fault("dimensions")
    columns, rows = column_number(corner[1].decode()), int(corner[2])
    if columns > MOST_COLUMNS or rows > MOST_ROWS or columns * rows > MOST_DECLARED_CELLS:
        raise Fault("dimensions")
