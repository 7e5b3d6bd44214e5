"""The cheating catalog against the server: by hand-made requests in any order and at any speed, nobody is credited with
a second that could not have been played.

What could have been played is worked out anew here, by a rule of its own: a person plays nothing faster than twice the
speed, nothing before the first page that may report it was opened, and nothing that was never claimed for this lesson.
"""

from __future__ import annotations

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core import clock, db
from lms.courses import tickets
from lms.courses.models import Lesson, LessonFinish, WatchClock, Watching
from tests.courses.conftest import TUESDAY
from tests.courses.folders import change, write_course
from tests.courses.test_video import Page
from tests.courses.videos import add_video, mp4
from tests.sandbox import undone

LENGTH = 60_000
SECOND = timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_course(tmp_path / "courses")
    add_video(made)
    return made


@dataclass
class Hall:
    """Open pages: two tabs and a second course of Alice's, and one of Bo's."""

    app: Flask
    pages: list[Page]
    owners: list[int]
    lessons: list[int]

    def send(self, attempt: Attempt) -> int:
        """Make one request; answers its status."""
        page = self.pages[attempt.page]
        fields: dict[str, Any] = {
            "token": attempt.token_of(self.pages),
            "sequence": attempt.sequence,
            "spans": attempt.spans,
            "position": 0,
            **attempt.extra,
        }
        headers = {"Accept": "application/json"}
        return page.client.post(f"{page.address}/watched", data=fields, headers=headers).status_code

    def kept(self) -> tuple[dict[tuple[int, int], list[list[int]]], set[tuple[int, int]]]:
        """(person, lesson) -> the parts that count, and which lessons are finished."""
        with self.app.app_context(), db.unit_of_work(self.app.extensions["database"], write=False) as session:
            parts = {(row.person_id, row.lesson_id): row.spans for row in session.scalars(select(Watching))}
            done = {(row.person_id, row.lesson_id) for row in session.scalars(select(LessonFinish))}
            return parts, done


@pytest.fixture
def hall(app: Flask, as_, cast, load, tmp_path) -> Hall:
    other = write_course(tmp_path / "more", "zoufang")
    add_video(other)
    courses = [load(), load(other)]
    alice, bo = as_(cast.alice), as_(cast.bo)
    with clock.frozen(TUESDAY):
        pages = [Page(alice, courses[0]), Page(alice, courses[0]), Page(alice, courses[1]), Page(bo, courses[0])]
        with app.app_context():
            lessons = [ticket.lesson_id for page in pages if (ticket := tickets.read(tickets.WATCH, page.token))]
    return Hall(app, pages, [cast.alice, cast.alice, cast.alice, cast.bo], lessons)


@dataclass(frozen=True)
class Attempt:
    """A request made by hand: by which page, how long after the one before, and what it claims."""

    page: int
    pause: int
    sequence: Any
    spans: str
    forgery: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def token_of(self, pages: list[Page]) -> str:
        token = pages[self.page].token
        body, _dot, signature = token.rpartition(".")
        return {
            "": token,
            "another's": pages[3 - self.page].token if self.page in {0, 3} else pages[3].token,
            "another lesson's": pages[0 if self.page == 2 else 2].token,
            "cut": token[:-3],
            "unsigned": f"{body}.",
            "swapped": f"{pages[(self.page + 1) % 4].token.rpartition('.')[0]}.{signature}",
            "none": "",
        }[self.forgery]

    @property
    def claim(self) -> list[list[int]] | None:
        """What it says was played; None where that is nonsense."""
        try:
            pairs = json.loads(self.spans, parse_constant=lambda _name: None)
        except ValueError:
            return None
        sound = isinstance(pairs, list) and all(
            isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair) for pair in pairs
        )
        inside = sound and all(0 <= start <= end <= LENGTH + 2000 for start, end in pairs)
        return pairs if inside else None


moments = st.integers(0, LENGTH)
honest = st.lists(st.tuples(moments, moments).map(sorted), min_size=1, max_size=4).map(json.dumps)
nonsense = st.sampled_from(
    ["[[NaN, 5]]", "[[0, Infinity]]", "[[0, 1e300]]", "[[-60000, 60000]]", "[[60000, 0]]", f"[[0, {10**30}]]", "[[0]]",
     "[[0, 62001]]", "[[null, 60000]]", "null", "", '[["0", "60000"]]', "[[0.0, 60000.0]]", "[[true, 60000]]"]
)  # fmt: skip
whole = st.just(f"[[0, {LENGTH}]]")
forgeries = st.sampled_from(["another's", "another lesson's", "cut", "unsigned", "swapped", "none"])
# What a phone says of its own clock, its speed, or of what it has finished already.
boasts = st.sampled_from([{}, {"now": "2031-01-01T00:00:00Z", "issued_at": "0", "pace": "64", "done": "true"}])
pages, pauses = st.integers(0, 3), st.sampled_from([0, 1, 900, 5_000, 12_000])
sequences = st.one_of(st.integers(1, 6), st.sampled_from([0, "-1", "NaN", "1e3", "9999999999"]))
greedy = st.builds(Attempt, pages, pauses, st.integers(1, 9), whole, st.just(""), boasts)
patient = st.builds(Attempt, pages, pauses, st.integers(1, 9), honest)
absurd = st.builds(Attempt, pages, pauses, sequences, st.one_of(honest, whole, nonsense), st.just(""), boasts)
forged = st.builds(Attempt, pages, pauses, sequences, whole, forgeries)
attempts = st.one_of(greedy, greedy, patient, absurd, forged)


@given(st.lists(attempts, min_size=3, max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
def test_nothing_is_credited_that_could_not_have_been_played(hall: Hall, made: list[Attempt]) -> None:
    with undone(hall.app):
        passed = 0
        claimed: dict[tuple[int, int], set[int]] = defaultdict(set)
        for attempt in made:
            passed += attempt.pause
            with clock.frozen(TUESDAY + timedelta(milliseconds=passed)):
                status = hall.send(attempt)
            sound = attempt.claim is not None and isinstance(attempt.sequence, int) and not attempt.forgery
            assert status in ({200} if sound else {200, 400, 422})
            assert not attempt.forgery or status != 200
            if status == 200 and attempt.claim:
                place = (hall.owners[attempt.page], hall.lessons[attempt.page])
                for start, end in attempt.claim:
                    claimed[place] |= set(range(start // 100, -(-min(end, LENGTH) // 100)))
        check(hall, passed, claimed)


def check(hall: Hall, passed: int, claimed: dict[tuple[int, int], set[int]]) -> None:
    """Each person's credited milliseconds are at most twice those that passed; each was claimed; 90 % finish."""
    parts, done = hall.kept()
    people = sorted({person for person, _lesson in parts})
    for person in people:
        credited = {lesson: spans for (whose, lesson), spans in parts.items() if whose == person}
        assert sum(end - start for spans in credited.values() for start, end in spans) <= 2 * passed
    for (person, lesson), spans in parts.items():
        for start, end in spans:
            assert 0 <= start < end <= LENGTH
            assert set(range(start // 100, -(-end // 100))) <= claimed[person, lesson]
        watched = sum(end - start for start, end in spans)
        assert ((person, lesson) in done) == (watched >= 0.9 * LENGTH)


def test_a_token_of_another_version_is_worth_nothing(as_, cast, course, load, folder, hall) -> None:
    """The revision was moved on from: what its page still says is about a lesson that is no longer studied."""
    alice = as_(cast.alice)
    with clock.frozen(TUESDAY):
        old = Page(alice, course)
    change(folder, "02-at-the-door.md", "看完再读一遍。", "看完再读两遍。")
    load()
    alice.post(f"/courses/{course}/revision")
    with clock.frozen(TUESDAY + 3600 * SECOND):
        assert old.report((0, LENGTH)).status_code == 422
        new = Page(alice, course)
        assert new.report((0, LENGTH), token=old.token).status_code == 422
        assert new.report((0, LENGTH)).json["spans"] == []  # opened just now
    assert hall.kept()[1] == set()


def test_two_tabs_at_the_same_moment_share_one_clock(hall: Hall) -> None:
    """Really at once: one of them waits for the other, and finds the time used up."""

    def send(page: int) -> Any:
        with clock.frozen(TUESDAY + 10 * SECOND):
            return hall.send(Attempt(page, 0, 1, f"[[{page * 20_000}, {page * 20_000 + 20_000}]]"))

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(send, range(3))) == [200, 200, 200]
    parts, _done = hall.kept()
    assert sum(end - start for spans in parts.values() for start, end in spans) == 20_000
    with hall.app.app_context(), db.unit_of_work(hall.app.extensions["database"], write=False) as session:
        assert len(session.scalars(select(WatchClock)).all()) == 1


def test_ten_honest_minutes_without_a_signal_are_caught_up_beside_a_cheat(as_, cast, load, folder, hall) -> None:
    """A forged report of another tab uses up no time of the honest phone that was out of reach before it."""
    (folder / "media/first.mp4").write_bytes(mp4(600))
    course = load()
    alice = as_(cast.alice)
    alice.post(f"/courses/{course}/revision")
    with clock.frozen(TUESDAY):
        phone = Page(alice, course)
    with clock.frozen(TUESDAY + 605 * SECOND):
        forged = Page(alice, course)
        assert forged.report((0, 600_000), sequence=1).json["spans"] == []
        assert phone.report((0, 600_000), token="x" * 40).status_code == 422
        assert phone.report((0, 600_000)).json["done"] is True


def test_an_expired_or_early_token_is_worth_nothing(app: Flask, hall: Hall, cast) -> None:
    """Issued tomorrow, as a server with a wrong clock would, or two weeks and a second ago."""
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        lesson = session.get_one(Lesson, hall.lessons[0])
        page = hall.pages[0]
        for late in (86_400, -14 * 86_400 - 1):
            page.token = tickets.issue(tickets.WATCH, lesson, cast.alice, TUESDAY + late * SECOND)
            with clock.frozen(TUESDAY):
                assert page.report((0, LENGTH)).json["state"] == "expired"
    assert hall.kept() == ({}, set())
