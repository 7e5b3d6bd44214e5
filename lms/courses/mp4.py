"""Videos: what an MP4 says about itself, by walking its boxes. Nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from lms.courses.faults import FaultLog

#: Where phones write the place of a recording.
_PLACES = (b"\xa9xyz", b"com.apple.quicktime.location", b"loci")
#: H.264, the one that every phone plays.
_PLAYED_EVERYWHERE = (b"avc1", b"avc3")
_CONTAINERS = {b"moov"}


@dataclass(frozen=True, slots=True)
class Box:
    """A box of the file: its type and where its content lies."""

    kind: bytes
    start: int
    end: int


def looks_like(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


def check(data: bytes, log: FaultLog) -> None:
    """Add to `log` why the video cannot be served, or what will make it slow to start."""
    try:
        top = {box.kind: box for box in reversed(list(_boxes(data, 0, len(data))))}
        length = length_of(data)
    except ValueError:
        log.add("media_damaged")
        return
    if length <= 0 or b"mdat" not in top:
        log.add("video_length")
        return
    moov = top[b"moov"]
    index = data[moov.start : moov.end]
    if any(place in index for place in _PLACES):
        log.add("video_location")
    if not any(codec in index for codec in _PLAYED_EVERYWHERE):
        log.warn("video_codec")
    if moov.start > top[b"mdat"].start:
        log.warn("video_slow_start")


def length_of(data: bytes) -> int:
    """Milliseconds, as the movie header has them; 0 where it leaves them open, as a recording in fragments does.

    :raise ValueError: the boxes do not fit, or there is no movie header.
    """
    for box in _boxes(data, 0, len(data)):
        if box.kind in _CONTAINERS:
            for inner in _boxes(data, box.start, box.end):
                if inner.kind == b"mvhd":
                    return _movie_length(data[inner.start : inner.end])
    raise ValueError("no movie header")


def _boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes side by side from `start` to `end`, which they must fill.

    :raise ValueError: one of them reaches beyond.
    """
    while start < end:
        if end - start < 8:
            raise ValueError("no room for a box")
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1 and end - start >= 16:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        elif size == 0:  # to the end of the file
            size = end - start
        if size < head or start + size > end:
            raise ValueError("a box does not fit")
        yield Box(kind, start + head, start + size)
        start += size


def _movie_length(header: bytes) -> int:
    try:
        if header[0] == 1:
            scale, duration = struct.unpack_from(">IQ", header, 20)
        else:
            scale, duration = struct.unpack_from(">II", header, 12)
    except (struct.error, IndexError) as error:
        raise ValueError("a cut-off header") from error
    if not scale or duration in (2**32 - 1, 2**64 - 1):
        return 0
    return int(duration * 1000 // scale)
