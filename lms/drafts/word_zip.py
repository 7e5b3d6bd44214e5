"""What a .docx file claims to be, checked before any parser opens it. Runs in the limited child: standard library only.

A .docx file is a zip of XML parts; sizes are counted while unpacking, never believed. An XML declaration of entities is
refused, for no Word file has one and the parser behind us would unfold them.

Sources: ECMA-376 parts 1 and 2; [MS-OFFCRYPTO] (an encrypted document is an OLE container).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

MEGABYTE = 1024 * 1024
LARGEST_UNPACKED = 200 * MEGABYTE
LARGEST_TEXT = 12 * MEGABYTE  # of one XML part; a case of 3,000 characters takes 0.1
MOST_PARTS = 2_000
CHUNK = MEGABYTE
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


class Fault(Exception):
    """A file that is not read: a code of `word.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(data: bytes, name: str) -> zipfile.ZipFile:
    """Walk through every part of the package once; the archive, where it is a sound document without macros.

    :raise Fault: with a code that says why not.
    """
    _check_outside(data, name.lower())
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        _check_kind(entries)
        _check_name(name.lower())
        room = LARGEST_UNPACKED
        for entry in entries:
            room -= _unpack(archive, entry, room)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Fault("damaged") from error
    except RuntimeError as error:  # what zipfile says of a part that needs a password
        raise Fault("encrypted") from error
    return archive


def _check_outside(data: bytes, name: str) -> None:
    if data.startswith(OLE):
        # A document with a password is such a container, too; its streams are named in UTF-16.
        if _named(data, "EncryptedPackage"):
            raise Fault("encrypted")
        if name.endswith((".wps", ".wpt")):
            raise Fault("wps")
        is_word = _named(data, "WordDocument") or not _named(data, "Workbook", "PowerPoint Document")
        raise Fault("old_word" if is_word else "not_word")
    if name.endswith((".docm", ".dotm")):
        raise Fault("macros")
    if data.lstrip()[:5] == b"{\\rtf":
        raise Fault("not_word")
    if not data.startswith(b"PK\x03\x04"):
        raise Fault("damaged" if name.endswith(".docx") else "not_word")


def _named(data: bytes, *streams: str) -> bool:
    return any(stream.encode("utf-16-le") in data for stream in streams)


def _check_kind(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    lowered = {name.lower() for name in names}
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise Fault("unpacked")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Fault("encrypted")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in lowered):
        raise Fault("macros")
    if "mimetype" in names and "content.xml" in names:
        raise Fault("open_document")
    if "[Content_Types].xml" not in names or not any(name.startswith("word/document") for name in names):
        raise Fault("not_word")


def _check_name(name: str) -> None:
    """What is a document inside must be called one."""
    if "." in name and not name.endswith(".docx"):
        raise Fault("old_word" if name.endswith(".doc") else "not_word")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    if entry.file_size > room or (is_xml and entry.file_size > LARGEST_TEXT):
        raise Fault("unpacked")
    total, tail = 0, b""
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            if is_xml:
                _check_xml(tail + chunk, at_start=not total)
                tail = chunk[-16:]
            total += len(chunk)
            if total > room:
                raise Fault("unpacked")
    return total


def _check_xml(seen: bytes, *, at_start: bool) -> None:
    if any(declaration in seen for declaration in _DECLARATIONS):
        raise Fault("entities")
    if at_start and b"\x00" in seen[:200]:  # another encoding could hide what we look for
        raise Fault("entities")
