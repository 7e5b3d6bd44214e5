"""Lessons with a video: MP4s of a few boxes, captions, and a course that has one."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.courses.folders import change, put

CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:04.000\n先听完，再开口。\n"
TRANSCRIPT = "# 文字稿\n\n小苏放下手机，请李阿姨坐。\n"
LINE = '![小苏接待李阿姨](media/first.mp4 "接待的第一分钟")'


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def mp4(
    seconds: float = 60, *, codec: bytes = b"avc1", extra: bytes = b"", index_last: bool = False, version: int = 0
) -> bytes:
    """The boxes that the checker looks at; nothing in it can be played."""
    scale, duration = 1000, int(seconds * 1000)
    times = struct.pack(">QQIQ" if version else ">IIII", 0, 0, scale, duration)
    header = box(b"mvhd", bytes((version, 0, 0, 0)) + times + bytes(80))
    moov = box(b"moov", header + box(b"trak", codec) + extra)
    mdat = box(b"mdat", b"picture after picture")
    return box(b"ftyp", b"isom\0\0\2\0isomavc1") + (mdat + moov if index_last else moov + mdat)


def add_video(folder: Path, *, seconds: float = 60, checkpoint: bool = False) -> None:
    """Put a video with captions and transcript into the second lesson of a sound course."""
    put(folder, "media/first.mp4", mp4(seconds))
    put(folder, "media/first.vtt", CAPTIONS)
    put(folder, "media/first.md", TRANSCRIPT)
    before = "敲门，退后一步，亮明身份。\n"
    question = "\n```checkpoint\n敲门以后做什么？ {\n=退后一步 #对。\n~推门 #不对。\n}\n```\n" if checkpoint else ""
    change(folder, "02-at-the-door.md", before, f"{before}\n{LINE}\n\n看完再读一遍。\n{question}")
