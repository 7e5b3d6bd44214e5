"""Video lessons over HTTP: served in pieces, finished by watching or by reading, never by claiming."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import clock, db
from lms.courses.models import LessonFinish, WatchClock, Watching
from tests.courses.conftest import TUESDAY
from tests.courses.folders import change, write_course
from tests.courses.videos import add_video, mp4

SECOND = timedelta(seconds=1)
MINUTE = 60_000  # of the video, which lasts one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_course(tmp_path / "courses")
    add_video(made)
    return made


@pytest.fixture
def finishes(app):
    """How many lessons anybody has finished."""

    def count() -> int:
        with db.unit_of_work(app.extensions["database"], write=False) as session:
            return len(session.scalars(select(LessonFinish)).all())

    return count


@pytest.fixture
def rows(app):
    """What is kept of watching: every row."""

    def read() -> tuple[list[Watching], list[WatchClock]]:
        with db.unit_of_work(app.extensions["database"], write=False) as session:
            return list(session.scalars(select(Watching))), list(session.scalars(select(WatchClock)))

    return read


class Page:
    """The page of lesson 2 as one person has it open, with what its script knows."""

    def __init__(self, client: FlaskClient, course: int, *, begin: bool = True) -> None:
        self.client, self.address = client, f"/courses/{course}/lessons/2"
        if begin:
            client.post(f"/courses/{course}/enroll")
        self.text = html.unescape(client.get(self.address).get_data(as_text=True))
        found = re.search(r'data-token="([^"]+)"', self.text)
        self.token = found[1] if found else ""
        self.sequence = 0

    def report(self, *spans: tuple[int, int], position: int = 0, **changes: object):
        self.sequence += 1
        fields = {"token": self.token, "sequence": self.sequence, "spans": json.dumps(spans), "position": position}
        headers = {"Accept": "application/json"}
        return self.client.post(f"{self.address}/watched", data={**fields, **changes}, headers=headers)


@pytest.fixture
def alice(as_, cast):
    return as_(cast.alice)


def test_the_player_is_the_browsers_own_with_captions_and_transcript(alice, course) -> None:
    page = Page(alice, course).text
    [video] = re.findall(r"<video[^>]*>", page)
    for attribute in ("controls", "playsinline", "x5-playsinline", 'x5-video-player-type="h5"', 'preload="metadata"'):
        assert attribute in video
    assert "autoplay" not in page
    assert re.search(r'<track kind="captions"[^>]*first\.vtt', page)
    assert "小苏放下手机" in page  # the transcript
    assert "看完视频，这一课就学完了" in page


def test_it_is_served_in_pieces_for_this_reader_alone(alice, course) -> None:
    address = f"/courses/{course}/files/first.mp4?revision=1"
    with alice.get(address, headers={"Range": "bytes=4-11"}) as piece:
        assert (piece.status_code, piece.data) == (206, mp4()[4:12])
        assert piece.headers["Content-Range"] == f"bytes 4-11/{len(mp4())}"
        assert piece.mimetype == "video/mp4"
        assert "attachment" not in piece.headers.get("Content-Disposition", "")
        assert piece.headers["Content-Security-Policy"].startswith("sandbox")
        assert piece.headers["X-Content-Type-Options"] == "nosniff"
        assert piece.headers["Cache-Control"].startswith("private")
        tag = piece.headers["ETag"]
    with alice.get(address, headers={"If-None-Match": tag}) as same:
        assert same.status_code == 304
    with alice.get(address, headers={"Range": "bytes=4-11", "If-Range": '"another"'}) as whole:
        assert (whole.status_code, whole.data) == (200, mp4())
    with alice.get(address, headers={"Range": "bytes=99999-"}) as beyond:
        assert beyond.status_code == 416


def test_a_long_video_is_served_by_its_segments(alice, load, folder) -> None:
    (folder / "media/first.mp4").unlink()
    change(folder, "02-at-the-door.md", "first.mp4", "first.m3u8")
    playlist = "#EXTM3U\n#EXTINF:60.0,\nfirst0.ts\n#EXT-X-ENDLIST\n"
    (folder / "media/first.m3u8").write_text(playlist)
    (folder / "media/first0.ts").write_bytes((b"G" + bytes(187)) * 3)
    course = load()
    assert "first.m3u8?revision=1" in Page(alice, course).text
    here, elsewhere = alice.get(f"/courses/{course}/lessons/2"), alice.get(f"/courses/{course}/lessons/1")
    policy = here.headers["Content-Security-Policy"]
    assert "media-src 'self' blob:;" in policy, "its player puts the segments together"
    assert policy.replace(" blob:", "") == elsewhere.headers["Content-Security-Policy"], "and nothing else is let in"
    with alice.get(f"/courses/{course}/files/first.m3u8?revision=1", headers={"Range": "bytes=0-3"}) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/vnd.apple.mpegurl")
        assert answer.get_data(as_text=True) == playlist.replace("first0.ts", "first0.ts?revision=1")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    with alice.get(f"/courses/{course}/files/first0.ts?revision=1") as segment:
        assert (segment.status_code, segment.mimetype) == (200, "video/mp2t")


def test_watching_ninety_percent_finishes_the_lesson(alice, course, finishes, trail) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 30 * SECOND):
        assert page.report((0, 30_000)).json["done"] is False
    assert finishes() == 0
    with clock.frozen(TUESDAY + 54 * SECOND):
        standing = page.report((30_000, 54_000)).json
    assert standing == {"state": "kept", "sequence": 2, "spans": [[0, 54_000]], "done": True}
    assert finishes() == 1
    assert [row.verb for row in trail()].count("courses.finish_lesson") == 1
    assert "这一课已学完" in Page(alice, course).text


def test_it_goes_on_where_it_stopped_on_another_device(as_, cast, course) -> None:
    with clock.frozen(TUESDAY):
        phone = Page(as_(cast.alice), course)
    with clock.frozen(TUESDAY + 30 * SECOND):
        phone.report((0, 30_000), position=30_000)
        tablet = Page(as_(cast.alice), course)
    assert 'data-resume-at="30000"' in tablet.text
    with clock.frozen(TUESDAY + 60 * SECOND):
        assert tablet.report((30_000, 60_000)).json["done"] is True


def test_ten_minutes_out_of_reach_are_caught_up(alice, load, folder) -> None:
    (folder / "media/first.mp4").write_bytes(mp4(600))
    course = load()
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 601 * SECOND):
        assert page.report((0, 600_000)).json["done"] is True


# What gains nothing


def test_one_forged_request_finishes_nothing(alice, course, finishes) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 2 * SECOND):
        assert page.report((0, MINUTE)).json["spans"] == [[0, 4000]]
    assert finishes() == 0


def test_a_thousand_replays_gain_nothing(alice, course, rows) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 5 * SECOND):
        page.report((0, MINUTE))
    for number in range(1000):
        with clock.frozen(TUESDAY + (6 + number) * SECOND):
            reply = page.report((0, MINUTE), sequence=1).json
    assert (reply["state"], reply["spans"]) == ("known", [[0, 10_000]])
    assert [len(kept) for kept in rows()] == [1, 1]


def test_two_tabs_share_one_clock(alice, course) -> None:
    with clock.frozen(TUESDAY):
        tabs = [Page(alice, course) for _ in range(8)]
    with clock.frozen(TUESDAY + 10 * SECOND):
        for number, tab in enumerate(tabs):
            standing = tab.report((number * 7000, (number + 1) * 7000)).json
    assert sum(end - start for start, end in standing["spans"]) == 20_000


def test_two_courses_share_one_clock(alice, course, load, tmp_path) -> None:
    other = write_course(tmp_path / "more", "zoufang")
    add_video(other)
    with clock.frozen(TUESDAY):
        pages = Page(alice, course), Page(alice, load(other))
    with clock.frozen(TUESDAY + 10 * SECOND):
        one, two = (page.report((0, MINUTE)).json["spans"] for page in pages)
    assert (one, two) == ([[0, 20_000]], [])


def test_a_jump_to_the_end_is_only_the_end(alice, course, finishes) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 3600 * SECOND):
        standing = page.report((59_000, 60_400), position=MINUTE).json
    assert standing["spans"] == [[59_000, MINUTE]]
    assert finishes() == 0


def test_the_same_part_again_and_again_counts_once(alice, course, finishes) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    for number in range(1, 30):
        with clock.frozen(TUESDAY + number * 10 * SECOND):
            page.report((0, 10_000), (5_000, 12_000))
    assert finishes() == 0


def test_the_phones_clock_says_nothing(alice, course, finishes) -> None:
    """Only the server's clock is asked: whatever times a page sends beside its report change nothing."""
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
        reply = page.report((0, MINUTE), now="2030-01-01T00:00:00Z", elapsed="99999", issued_at="0")
    assert reply.json["spans"] == []
    with clock.frozen(TUESDAY - 3600 * SECOND):  # the server's own clock was set back
        assert page.report((0, MINUTE)).json["state"] == "expired"
    assert finishes() == 0


def test_tokens_are_for_one_person_and_lesson(as_, cast, course) -> None:
    with clock.frozen(TUESDAY):
        alice, eva = Page(as_(cast.alice), course), Page(as_(cast.bo), course)
    with clock.frozen(TUESDAY + 3600 * SECOND):
        assert alice.report((0, MINUTE), token=eva.token).status_code == 422
        for token in ("", "x" * 5000, alice.token[:-2] + "xx", alice.token.rpartition(".")[0], "."):
            assert alice.report((0, MINUTE), token=token).status_code == 422
        assert alice.report((0, MINUTE)).json["done"] is True


def test_a_token_is_good_for_two_weeks(alice, course) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + timedelta(days=14, seconds=1)):
        assert page.report((0, MINUTE)).json["state"] == "expired"


@pytest.mark.parametrize(
    "changes",
    [
        {"spans": "[[0, 70000]]"},
        {"spans": "[[-5, 3]]"},
        {"spans": "[[5, 3]]"},
        {"spans": "[[0.5, 3]]"},
        {"spans": "[[true, 3]]"},
        {"spans": '[["0", "3"]]'},
        {"spans": "[[0, 1e999]]"},
        {"spans": "[[0]]"},
        {"spans": "{}"},
        {"spans": ""},
        {"spans": "[" * 15_000},
        {"spans": json.dumps([[0, 1]] * 201)},
        {"spans": f"[[0, {10**400}]]"},
        {"sequence": "-1"},
        {"sequence": "９"},
        {"sequence": "99999999999"},
        {"position": "x"},
    ],
)
def test_a_report_that_is_none_is_refused_whole(alice, course, rows, changes) -> None:
    page = Page(alice, course)
    assert page.report((0, 1000), **changes).status_code == 400
    assert rows() == ([], [])


def test_nothing_is_kept_before_the_course_is_begun(alice, course, rows) -> None:
    page = Page(alice, course, begin=False)
    assert not page.token
    assert page.report((0, 1000)).status_code == 422
    assert rows() == ([], [])


def test_the_finish_button_is_no_way_around(alice, course, finishes) -> None:
    Page(alice, course)
    answer = alice.post(f"/courses/{course}/lessons/2/finish")
    assert answer.status_code == 422
    assert "看完视频，这一课就学完了" in answer.get_data(as_text=True)
    assert finishes() == 0


# The four tests of every view that changes something; that it works is said above


def test_the_other_county_finds_no_such_lesson(as_, cast, load) -> None:
    page = Page(as_(cast.wen), load(organizer=cast.street), begin=False)
    assert page.report((0, 1000)).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, course) -> None:
    assert client.post(f"/courses/{course}/lessons/2/watched").status_code in {303, 401}


def test_a_report_is_a_post(alice, course) -> None:
    assert alice.get(f"/courses/{course}/lessons/2/watched").status_code == 405


def test_a_lesson_without_video_takes_no_reports(alice, course) -> None:
    page = Page(alice, course)
    page.address = f"/courses/{course}/lessons/1"
    assert page.report((0, 1000)).status_code == 404
    assert alice.get(f"/courses/{course}/lessons/1/transcript").status_code == 404


# With a question, and for those who cannot watch


@pytest.fixture
def asking(load, folder):
    """The same course, whose video lesson ends with a question."""
    question = "\n```checkpoint\n敲门以后做什么？ {\n=退后一步 #对。\n~推门 #不对。\n}\n```\n"
    change(folder, "02-at-the-door.md", "看完再读一遍。\n", f"看完再读一遍。\n{question}")
    return load()


def answer_on(page: str) -> dict[str, str]:
    [(name, value), *_others] = re.findall(r'type="radio"[^>]*name="([^"]+)"[^>]*value="([^"]+)"', page)
    token = re.search(r'name="token" value="([^"]+)"', page)
    return {name: value, **({"token": token[1]} if token else {})}


def test_the_question_comes_after_the_video(alice, asking, finishes) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, asking)
        early = alice.post(f"{page.address}/checkpoint", data=answer_on(page.text))
        assert early.status_code == 422
        assert "请先看完视频" in early.get_data(as_text=True)
    with clock.frozen(TUESDAY + 60 * SECOND):
        assert page.report((0, MINUTE)).json["done"] is True
        assert finishes() == 0
        assert alice.post(f"{page.address}/checkpoint", data=answer_on(page.text)).status_code == 303
    assert finishes() == 1


def test_reading_the_transcript_stands_for_the_video(alice, asking, finishes) -> None:
    """Without scripts: plain pages and one form, at no quicker a pace than watching allows."""
    with clock.frozen(TUESDAY):
        Page(alice, asking)
        address = f"/courses/{asking}/lessons/2/transcript"
        page = alice.get(address).get_data(as_text=True)
        assert "小苏放下手机" in page
    with clock.frozen(TUESDAY + 10 * SECOND):
        early = alice.post(f"/courses/{asking}/lessons/2/checkpoint", data=answer_on(page))
        assert early.status_code == 422
        assert "请把文字稿读到最后" in early.get_data(as_text=True)
        assert answer_on(early.get_data(as_text=True))["token"] == answer_on(page)["token"]
    assert finishes() == 0
    with clock.frozen(TUESDAY + 27 * SECOND):
        assert alice.post(f"/courses/{asking}/lessons/2/checkpoint", data=answer_on(page)).status_code == 303
    assert finishes() == 1


def test_a_token_of_the_player_does_not_read(alice, asking) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, asking)
    with clock.frozen(TUESDAY + 3600 * SECOND):
        answer = {**answer_on(page.text), "token": page.token}
        assert alice.post(f"{page.address}/checkpoint", data=answer).status_code == 422


def test_a_new_revision_goes_on_with_the_same_video(alice, course, load, folder) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 30 * SECOND):
        page.report((0, 30_000), position=30_000)
        change(folder, "02-at-the-door.md", "看完再读一遍。", "看完再读两遍。")
        load()
        alice.post(f"/courses/{course}/revision")
        again = Page(alice, course)
    assert 'data-resume-at="30000"' in again.text and 'data-spans="[[0,30000]]"' in again.text
    with clock.frozen(TUESDAY + 60 * SECOND):
        assert again.report((30_000, MINUTE)).json["done"] is True


def test_no_page_says_how_long_anybody_watched(alice, course) -> None:
    with clock.frozen(TUESDAY):
        page = Page(alice, course)
    with clock.frozen(TUESDAY + 30 * SECOND):
        page.report((0, 30_000))
        words = re.sub(r"<[^>]*>", " ", Page(alice, course).text)
    assert not re.search(r"\d+\s*(?:秒|分钟|%)", words)
