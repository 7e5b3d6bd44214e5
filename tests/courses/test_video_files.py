"""What a course folder may carry as a video, and what `lms courses check` says where it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.courses.folder import read_course
from tests.courses.folders import change, only_fault, places, put
from tests.courses.videos import CAPTIONS, LINE, add_video, mp4

LESSON = "02-at-the-door.md"


@pytest.fixture
def filmed(folder: Path) -> Path:
    add_video(folder, checkpoint=True)
    return folder


def test_a_video_line_makes_a_video_lesson(filmed: Path) -> None:
    reading = read_course(filmed)
    assert reading.course is not None
    lesson = reading.course.lessons[1]
    assert lesson.video is not None
    assert (lesson.video.name, lesson.video.length) == ("first.mp4", 60_000)
    assert (lesson.video.captions, lesson.video.transcript) == ("first.vtt", "first.md")
    assert (lesson.video.label, lesson.video.title) == ("小苏接待李阿姨", "接待的第一分钟")
    assert "media/" not in lesson.text and "看完再读一遍" in lesson.text
    assert reading.faults == ()


def test_a_video_without_captions_is_a_fault_with_its_line(filmed: Path) -> None:
    (filmed / "media/first.vtt").unlink()
    assert places(read_course(filmed), "no_captions") == [(LESSON, 5)]


def test_a_missing_transcript_or_question_is_a_warning(folder: Path) -> None:
    add_video(folder)
    (folder / "media/first.md").unlink()
    reading = read_course(folder)
    assert reading.course is not None
    assert places(reading, "no_transcript") == [(LESSON, 5)]
    assert places(reading, "video_without_checkpoint") == [(LESSON, 5)]


def test_one_video_a_lesson(filmed: Path) -> None:
    change(filmed, LESSON, "看完再读一遍。", f"看完再读一遍。\n\n{LINE}")
    assert only_fault(filmed).where == f"{LESSON}:9"


@pytest.mark.parametrize("text", [f"看完再读一遍：{LINE}", "看完再读一遍。[下载](media/first.mp4)"])
def test_a_video_stands_alone(filmed: Path, text: str) -> None:
    change(filmed, LESSON, "看完再读一遍。", text)
    assert only_fault(filmed).code == "video_not_alone"


def test_a_video_that_is_not_there_is_named(filmed: Path) -> None:
    change(filmed, LESSON, "media/first.mp4", "media/other.mp4")
    assert places(read_course(filmed), "no_media") == [(LESSON, 5)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (mp4()[:-5], "media_damaged"),
        (mp4()[:40], "media_damaged"),
        (mp4(0), "video_length"),
        (mp4(2**32 / 1000 - 0.001), "video_length"),
        (mp4(extra=b"\0\0\0\x10\xa9xyz+30.1+12"), "video_location"),
        (b"RIFF\0\0\0\0AVI LIST", "media_type"),
        (CAPTIONS.encode(), "wrong_extension"),
    ],
)
def test_a_video_is_known_by_its_boxes(filmed: Path, data: bytes, code: str) -> None:
    put(filmed, "media/first.mp4", data)
    assert places(read_course(filmed), code) == [("media/first.mp4", None)]


@pytest.mark.parametrize(
    ("data", "code"), [(mp4(codec=b"hvc1"), "video_codec"), (mp4(index_last=True), "video_slow_start")]
)
def test_what_plays_badly_is_a_warning(filmed: Path, data: bytes, code: str) -> None:
    put(filmed, "media/first.mp4", data)
    reading = read_course(filmed)
    assert places(reading, code) == [("media/first.mp4", None)]
    assert reading.course is not None


def test_long_lengths_are_read(filmed: Path) -> None:
    put(filmed, "media/first.mp4", mp4(7200, version=1))
    course = read_course(filmed).course
    assert course is not None and course.lessons[1].video is not None
    assert course.lessons[1].video.length == 7_200_000


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("WEBVTT\n\n", "captions_none", None),
        ("WEBVTT\n\n00:04.000 --> 00:01.000\n倒着\n", "captions_time", 3),
        ("WEBVTT\n\n1 --> 2\n哪一刻\n\n00:01.000 --> 00:02.000\n好\n", "captions_time", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "captions_blank", 3),
    ],
)
def test_captions_have_words_and_times_in_order(filmed: Path, text: str, code: str, line: int | None) -> None:
    put(filmed, "media/first.vtt", text)
    assert places(read_course(filmed), code) == [("media/first.vtt", line)]


def test_captions_of_another_video_are_noticed(filmed: Path) -> None:
    put(filmed, "media/first.vtt", CAPTIONS.replace("00:04", "09:04"))
    assert only_fault(filmed).code == "captions_late"


SEGMENT = b"G" + bytes(187)
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6.0,\nfirst0.ts\n#EXTINF:4.5,\nfirst1.ts\n#EXT-X-ENDLIST\n"


@pytest.fixture
def streamed(filmed: Path) -> Path:
    """The same lesson with a long video in segments."""
    (filmed / "media/first.mp4").unlink()
    change(filmed, LESSON, "first.mp4", "first.m3u8")
    put(filmed, "media/first.m3u8", PLAYLIST)
    for number in (0, 1):
        put(filmed, f"media/first{number}.ts", SEGMENT * 3)
    return filmed


def test_a_long_video_comes_in_segments(streamed: Path) -> None:
    reading = read_course(streamed)
    assert reading.course is not None, [(fault.where, fault.code) for fault in reading.faults]
    video = reading.course.lessons[1].video
    assert video is not None
    assert (video.length, video.segments) == (10_500, ("first0.ts", "first1.ts"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("#EXT-X-ENDLIST\n", "", "playlist_open"),
        ("first1.ts", "https://example.org/first1.ts", "playlist_segment"),
        ("first1.ts", "../first1.ts", "playlist_segment"),
        ("first1.ts", "/first1.ts", "playlist_segment"),
        ("#EXT-X-TARGETDURATION:6", '#EXT-X-KEY:METHOD=AES-128,URI="https://example.org/key"', "playlist_segment"),
    ],
)
def test_a_playlist_lists_what_lies_beside_it(streamed: Path, old: str, new: str, code: str) -> None:
    change(streamed, "media/first.m3u8", old, new)
    line = None if code == "playlist_open" else next(n for n, text in enumerate(PLAYLIST.split("\n"), 1) if old in text)
    assert places(read_course(streamed), code) == [("media/first.m3u8", line)]


def test_a_missing_segment_is_named(streamed: Path) -> None:
    (streamed / "media/first1.ts").unlink()
    assert places(read_course(streamed), "no_media") == [("media/first.m3u8", 6)]
