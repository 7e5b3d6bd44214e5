"""Pictures, videos and documents of a course: what they are by their bytes, and whether they may be served.

The name never decides: a page called `.jpg` is refused, and so is a picture whose name says something else.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from lms.courses import captions, exif, limits, mp4, svg
from lms.courses.faults import FaultLog, Severity
from lms.courses.text import decode


class MediaKind(StrEnum):
    """How a lesson may use a file."""

    IMAGE = "image"
    TEXT = "text"  # Markdown that can be read as a page of its own
    DOCUMENT = "document"
    VIDEO = "video"
    #: what belongs to a video and is never handed out by itself
    CAPTIONS = "captions"
    SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file that a course may carry."""

    name: str
    mime: str
    extensions: tuple[str, ...]
    kind: MediaKind


PNG = MediaType("PNG", "image/png", (".png",), MediaKind.IMAGE)
JPEG = MediaType("JPEG", "image/jpeg", (".jpg", ".jpeg"), MediaKind.IMAGE)
GIF = MediaType("GIF", "image/gif", (".gif",), MediaKind.IMAGE)
WEBP = MediaType("WebP", "image/webp", (".webp",), MediaKind.IMAGE)
SVG = MediaType("SVG", "image/svg+xml", (".svg",), MediaKind.IMAGE)
PDF = MediaType("PDF", "application/pdf", (".pdf",), MediaKind.DOCUMENT)
_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = MediaType("Word", _OFFICE + "wordprocessingml.document", (".docx",), MediaKind.DOCUMENT)
EXCEL = MediaType("Excel", _OFFICE + "spreadsheetml.sheet", (".xlsx",), MediaKind.DOCUMENT)
SLIDES = MediaType("PowerPoint", _OFFICE + "presentationml.presentation", (".pptx",), MediaKind.DOCUMENT)
MARKDOWN = MediaType("Markdown", "text/markdown", (".md",), MediaKind.TEXT)
TEXT = MediaType("TXT", "text/plain", (".txt",), MediaKind.DOCUMENT)
CSV = MediaType("CSV", "text/csv", (".csv",), MediaKind.DOCUMENT)
MP4 = MediaType("MP4", "video/mp4", (".mp4",), MediaKind.VIDEO)
PLAYLIST = MediaType("HLS", "application/vnd.apple.mpegurl", (".m3u8",), MediaKind.VIDEO)
SEGMENT = MediaType("MPEG-TS", "video/mp2t", (".ts",), MediaKind.SEGMENT)
CAPTIONS = MediaType("WebVTT", "text/vtt", (".vtt",), MediaKind.CAPTIONS)

TYPES = (PNG, JPEG, GIF, WEBP, SVG, PDF, WORD, EXCEL, SLIDES, MARKDOWN, TEXT, CSV, MP4, PLAYLIST, SEGMENT, CAPTIONS)
ALLOWED = ", ".join(extension for media_type in TYPES for extension in media_type.extensions)

_OFFICE_PARTS = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL, "ppt/presentation.xml": SLIDES}
#: The bytes of a packet of an MPEG transport stream.
TS_PACKET = 188
#: What only programs and pages begin with. Text that begins like this is not a document.
_ACTIVE_TEXT = (b"<!doctype", b"<html", b"<script", b"<?xml", b"<svg", b"#!")


@dataclass(frozen=True, slots=True)
class MediaSource:
    """One file of `media/`, found sound."""

    name: str
    data: bytes
    type: MediaType


def read_media(name: str, data: bytes, log: FaultLog) -> MediaSource | None:
    """Type `data` by its content and check it; None (and a fault in `log`) when it may not be served."""
    if not data:
        log.add("empty_media")
        return None
    found = type_of(data, name)
    if found is None:
        log.add("media_type", choices=ALLOWED)
        return None
    extension = PurePosixPath(name).suffix.lower()
    if extension not in found.extensions:
        log.add("wrong_extension", found=found.name, extension=extension or "—")
        return None
    return MediaSource(name, data, found) if _is_sound(found, data, log) else None


def type_of(data: bytes, name: str) -> MediaType | None:
    """The type by content; among plain texts, which all look alike, the name chooses."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _office_type(data)
    return _video_type(data) or _written_type(data, name)


def _video_type(data: bytes) -> MediaType | None:
    """A video, or what belongs to one."""
    if mp4.looks_like(data):
        return MP4
    if captions.looks_like_playlist(data):
        return PLAYLIST
    if captions.look_like_captions(data):
        return CAPTIONS
    return SEGMENT if data[::TS_PACKET][:3] == b"GGG" else None  # each packet begins with the sync byte 0x47


def _written_type(data: bytes, name: str) -> MediaType | None:
    if svg.looks_like(data):
        return SVG
    return _text_type(data, name)


def _office_type(data: bytes) -> MediaType | None:
    """Which office format a zip holds, by its table of contents; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((office for part, office in _OFFICE_PARTS.items() if part in names), None)


def _text_type(data: bytes, name: str) -> MediaType | None:
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    if b"\0" in data or head.startswith(_ACTIVE_TEXT):
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        return None
    by_extension = {".txt": TEXT, ".csv": CSV}
    return by_extension.get(PurePosixPath(name).suffix.lower(), MARKDOWN)


def _is_sound(found: MediaType, data: bytes, log: FaultLog) -> bool:
    """Complete, of a bearable size, without anything active and without the place where a photo was taken."""
    before = len(log.faults)
    if found is SVG:
        svg.check(data, log)
    elif found.kind is MediaKind.IMAGE:
        _check_raster(found, data, log)
    elif found is PDF and b"%%EOF" not in data[-2048:]:
        log.add("media_damaged")
    elif found is MARKDOWN and len(data) > limits.LESSON_BYTES:
        log.add("too_big", size=limits.shown(len(data)), limit=limits.shown(limits.LESSON_BYTES))
    elif found in (MP4, PLAYLIST, CAPTIONS):
        _check_video(found, data, log)
    return not any(fault.severity is Severity.ERROR for fault in log.faults[before:])


def _check_video(found: MediaType, data: bytes, log: FaultLog) -> None:
    if found is MP4:
        mp4.check(data, log)
        return
    text = decode(data, log)
    if text is not None:
        (captions.check_playlist if found is PLAYLIST else captions.check_captions)(text, log)


def _check_raster(found: MediaType, data: bytes, log: FaultLog) -> None:
    try:
        width, height = _SIZES[found.mime](data)
    except (struct.error, IndexError, ValueError):
        log.add("media_damaged")
        return
    if not _is_complete(found, data) or not (width and height):
        log.add("media_damaged")
    elif max(width, height) > limits.IMAGE_SIDE:
        log.add("image_too_large", width=width, height=height, limit=limits.IMAGE_SIDE)
    elif exif.has_location(data, found.mime):
        log.add("image_location")


def _is_complete(found: MediaType, data: bytes) -> bool:
    """Whether the end mark is there: a cut-off upload has none."""
    if found is PNG:
        return b"IEND" in data[-64:]
    if found is JPEG:
        return b"\xff\xd9" in data[-64:]
    if found is GIF:
        return b"\x3b" in data[-4:]
    return len(data) >= int(struct.unpack_from("<I", data, 4)[0]) + 8


def _png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """From the start-of-frame segment.

    :raise ValueError: when there is none.
    """
    for marker, body in exif.jpeg_segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", body, 1)
            return width, height
    raise ValueError("no frame")


def _webp_size(data: bytes) -> tuple[int, int]:
    """From the first chunk, which is one of three layouts.

    :raise ValueError: when it is none of them.
    """
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("no frame")


_SIZES = {PNG.mime: _png_size, JPEG.mime: _jpeg_size, GIF.mime: _gif_size, WEBP.mime: _webp_size}
