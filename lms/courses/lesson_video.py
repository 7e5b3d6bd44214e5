"""The video of a lesson: a picture line whose file is a video, with captions and a transcript beside it by name.

    ![老刘接待一位来访者](media/first-minute.mp4 "接待的第一分钟")

takes `first-minute.vtt` along, which must be there, and `first-minute.md`, which should.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from lms.courses import captions, mp4
from lms.courses.faults import FaultLog
from lms.courses.media import MP4, PLAYLIST, MediaKind, MediaSource
from lms.courses.text import decode_sound

#: What the captions may say after the picture has ended, in milliseconds.
LATE = 2000

_LINE = re.compile(
    r"^!\[(?P<label>[^\[\]]*)\]\(\s*media/(?P<name>[^\s)/\\]+\.(?:mp4|m3u8))"
    r"(?:\s+(?:\"(?P<title>[^\"]*)\"|'(?P<other>[^']*)'))?\s*\)\s*$",
    re.IGNORECASE,
)

Media = Mapping[str, MediaSource | None]


@dataclass(frozen=True, slots=True)
class VideoSource:
    """The video of a lesson, by the names of its files. `length` in milliseconds."""

    name: str
    label: str
    title: str
    length: int
    captions: str
    transcript: str | None
    segments: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Everything that belongs to it."""
        return tuple(filter(None, (self.name, self.captions, self.transcript, *self.segments)))


def take_video(
    body: list[str], prose: list[str], media: Media, has_checkpoint: bool, log: FaultLog
) -> VideoSource | None:
    """Read the line of the video and blank it; what is left is the lesson's text."""
    found: VideoSource | None = None
    first = 0
    for index, match in _video_lines(prose):
        line = index + 1
        body[index] = prose[index] = ""
        if first:
            log.add("second_video", line, other=first)
            continue
        first = line
        found = _read(match, line, media, log)
        if found is not None and not has_checkpoint:
            log.warn("video_without_checkpoint", line)
    return found


def _video_lines(prose: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    """The lines that hold a video and nothing else, as paragraphs of their own."""
    lines = []
    for index, text in enumerate(prose):
        around = (prose[index - 1 : index] or [""])[0] + (prose[index + 1 : index + 2] or [""])[0]
        match = _LINE.match(text)
        if match and not around.strip():
            lines.append((index, match))
    return lines


def _read(match: re.Match[str], line: int, media: Media, log: FaultLog) -> VideoSource | None:
    name = unquote(match["name"])
    if not match["label"].strip():
        log.add("no_alt", line, target=name)
    if name not in media:
        log.add("no_media", line, target=name[:200])
        return None
    source = media[name]
    stem = name.rpartition(".")[0]
    subtitles = _beside(f"{stem}.vtt", MediaKind.CAPTIONS, media)
    if f"{stem}.vtt" not in media:
        log.add("no_captions", line, name=f"{stem}.vtt")
    if f"{stem}.md" not in media:
        log.warn("no_transcript", line, name=f"{stem}.md")
    if source is None or subtitles is None or source.type.kind is not MediaKind.VIDEO:
        return None  # said where the file stands
    length, segments = _extent(source)
    if captions.end_of_captions(decode_sound(subtitles.data)) > length + LATE:
        log.add("captions_late", line, name=subtitles.name)
    transcript = _beside(f"{stem}.md", MediaKind.TEXT, media)
    title = (match["title"] or match["other"] or "").strip()
    label, beside = match["label"].strip(), transcript.name if transcript else None
    return VideoSource(name, label, title, length, subtitles.name, beside, segments)


def _beside(name: str, kind: MediaKind, media: Media) -> MediaSource | None:
    source = media.get(name)
    return source if source is not None and source.type.kind is kind else None


def _extent(source: MediaSource) -> tuple[int, tuple[str, ...]]:
    """How long a video is, and the names of its segments: `check_segments` says which of them are not there."""
    if source.type is MP4:
        return mp4.length_of(source.data), ()
    playlist = captions.read_playlist(decode_sound(source.data))
    return playlist.length, playlist.segments


def check_segments(media: Media, log: FaultLog) -> None:
    """Add, where a playlist names it, each segment that does not lie beside it."""
    for name, source in media.items():
        if source is None or source.type is not PLAYLIST:
            continue
        for line, segment in captions.addresses(decode_sound(source.data)):
            if segment not in media:
                log.at(name).add("no_media", line, target=segment[:200])
