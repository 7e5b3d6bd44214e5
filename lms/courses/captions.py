"""Captions (WebVTT) and the playlists of long videos (HLS): two small text formats, read line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.courses.faults import FaultLog

_TIME = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_CUE = re.compile(rf"^(?P<start>{_TIME})[ \t]+-->[ \t]+(?P<end>{_TIME})(?:[ \t].*)?$")

_SEGMENT_LENGTH = re.compile(r"^#EXTINF:(?P<seconds>\d+(?:\.\d+)?)\s*,")


def look_like_captions(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")


def check_captions(text: str, log: FaultLog) -> None:
    """Add what is wrong with the captions: none, times that run backwards, or a line that is no time."""
    last, cues = -1, 0
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if "-->" not in line:
            continue
        match = _CUE.match(line.strip())
        start, end = (_milliseconds(match["start"]), _milliseconds(match["end"])) if match else (0, 0)
        if not match or end <= start or start < last:
            log.add("captions_time", number)
        elif number == len(lines) or not lines[number].strip():
            log.add("captions_blank", number)
        else:
            cues += 1
        last = max(last, start)
    if not cues:
        log.add("captions_none")


def end_of_captions(text: str) -> int:
    """When the last line of the captions is over, in milliseconds."""
    ends = [_milliseconds(match["end"]) for line in text.split("\n") if (match := _CUE.match(line.strip()))]
    return max(ends, default=0)


def looks_like_playlist(data: bytes) -> bool:
    return data.startswith(b"#EXTM3U")


@dataclass(frozen=True, slots=True)
class Playlist:
    """The segments of a long video by name, and its length in milliseconds."""

    segments: tuple[str, ...]
    length: int


def read_playlist(text: str) -> Playlist:
    names = tuple(line for _number, line in addresses(text))
    seconds = [float(match["seconds"]) for line in text.split("\n") if (match := _SEGMENT_LENGTH.match(line))]
    return Playlist(names, round(sum(seconds) * 1000))


def check_playlist(text: str, log: FaultLog) -> None:
    """Add why a playlist cannot be served: it must list, to its end, segments that lie beside it."""
    playlist = read_playlist(text)
    if "#EXT-X-ENDLIST" not in text or not playlist.segments or playlist.length <= 0:
        log.add("playlist_open")
    for number, name in addresses(text):
        if "/" in name or "?" in name or ":" in name or not name.endswith(".ts"):
            log.add("playlist_segment", number, target=name[:200])
    for number, line in enumerate(text.split("\n"), 1):
        if "URI=" in line:  # keys, maps and alternatives would be fetched from there
            log.add("playlist_segment", number, target=line.strip()[:200])


def with_query(text: str, query: str) -> str:
    """The playlist with `?query` behind each segment, so that a browser asks for those of the same revision."""
    return "\n".join(
        f"{line.strip()}?{query}" if line.strip() and not line.startswith("#") else line for line in text.split("\n")
    )


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a playlist that name a segment, with their numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def _milliseconds(time: str) -> int:
    *hours, minutes, seconds = time.split(":")
    return (int(hours[0]) if hours else 0) * 3_600_000 + int(minutes) * 60_000 + int(seconds.replace(".", ""))
