"""Whether a photo carries the place where it was taken: a resident's home must not travel inside a picture."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_GPS_TAG = 0x8825
_APP1 = 0xE1
_START_OF_SCAN = 0xDA


def has_location(data: bytes, mime: str) -> bool:
    """Whether `data`, an image of type `mime`, has a GPS block in its EXIF part."""
    return any(_has_gps(block) for block in _exif_blocks(data, mime))


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker and body of each segment before the picture itself; ends quietly where the structure breaks."""
    offset = 2
    while offset + 4 <= len(data) and data[offset] == 0xFF:
        marker = data[offset + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            offset += 1
            continue
        if marker == _START_OF_SCAN:
            return
        (length,) = struct.unpack_from(">H", data, offset + 2)
        if length < 2:
            return
        yield marker, data[offset + 4 : offset + 2 + length]
        offset += 2 + length


def _exif_blocks(data: bytes, mime: str) -> Iterator[bytes]:
    if mime == "image/jpeg":
        for marker, body in jpeg_segments(data):
            if marker == _APP1 and body.startswith(b"Exif\0\0"):
                yield body[6:]
    elif mime == "image/png":
        yield from _chunks(data, start=8, name_first=False, wanted=b"eXIf")
    elif mime == "image/webp":
        for block in _chunks(data, start=12, name_first=True, wanted=b"EXIF"):
            yield block.removeprefix(b"Exif\0\0")


def _chunks(data: bytes, *, start: int, name_first: bool, wanted: bytes) -> Iterator[bytes]:
    """The bodies of the chunks called `wanted`: PNG has length, name, body, checksum; RIFF name, length, body, pad."""
    offset = start
    while offset + 8 <= len(data):
        if name_first:
            name, (length,) = data[offset : offset + 4], struct.unpack_from("<I", data, offset + 4)
            step = 8 + length + length % 2
        else:
            (length,), name = struct.unpack_from(">I", data, offset), data[offset + 4 : offset + 8]
            step = 12 + length
        if name == wanted:
            yield data[offset + 8 : offset + 8 + length]
        offset += step


def _has_gps(block: bytes) -> bool:
    """Whether the first directory of a TIFF structure points at a GPS directory."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:
        return False
    (start,) = struct.unpack_from(order + "I", block, 4)
    if start + 2 > len(block):
        return False
    (count,) = struct.unpack_from(order + "H", block, start)
    for entry in range(count):
        offset = start + 2 + 12 * entry
        if offset + 2 > len(block):
            return False
        if struct.unpack_from(order + "H", block, offset)[0] == _GPS_TAG:
            return True
    return False
