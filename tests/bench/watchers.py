"""Ten thousand learners who watch one video, as their players report it; made in bulk, for none of it is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, insert, select

from lms.accounts import sign_in
from lms.accounts.models import Account, SignIn
from lms.core import clock, db
from lms.core.web import system_actor
from lms.courses import actions as courses
from lms.courses import folder, tickets
from lms.courses.models import Course, CourseRevision, Enrollment, Lesson, WatchClock, Watching
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.queries import find_by_code
from tests.bench.calls import Call, Request
from tests.bench.stage import COMMUNITY, FACTS, SINCE
from tests.courses.videos import CAPTIONS, LINE, mp4

LEARNERS = 10_000
EVERY = 20  # seconds between two reports of a player
LASTS = 3600  # seconds of the video: long enough that no report of the bench finishes the lesson


@dataclass
class Watcher:
    """One open page: what its player knows."""

    path: str
    cookie: str
    headers: dict[str, str]
    token: str
    reports: int = 0

    def report(self) -> Request:
        """What was played since the page was opened, as players report it: all of it, each time."""
        self.reports += 1
        played = self.reports * EVERY * 1000
        form = {"token": self.token, "sequence": str(self.reports), "spans": f"[[0,{played}]]", "position": str(played)}
        return Request(self.path, self.cookie, form, self.headers)


@dataclass
class Audience:
    """All of them, and the moment at which their pages were opened."""

    app: Flask
    watchers: list[Watcher]
    opened: datetime

    def calls(self, watchers: Iterator[Watcher]) -> Iterator[Call]:
        """One report each; the clock stands where the player would be by then."""
        for watcher in watchers:
            call = watcher.report().prepared(self.app)
            yield self._at(self.opened + timedelta(seconds=watcher.reports * EVERY), call)

    @staticmethod
    def _at(moment: datetime, call: Call) -> Call:
        def later() -> tuple[int, bytes]:
            with clock.frozen(moment):
                return call()

        return later

    def kept(self) -> tuple[int, int]:
        """How many rows are kept of watching, and how long the longest of them is."""
        with self.app.app_context(), db.unit_of_work(self.app.extensions["database"], write=False) as session:
            rows = [session.scalar(select(func.count()).select_from(model)) or 0 for model in (Watching, WatchClock)]
            longest = max((len(json.dumps(spans)) for spans in session.scalars(select(Watching.spans))), default=0)
            return sum(rows), longest


def gather(app: Flask, into: Path, count: int = LEARNERS) -> Audience:
    """The audience, signed in, with the page of the video open."""
    lesson = _load(app, into)
    opened = clock.now()
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        person_ids = _add_people(count, now=opened)
        keys = _sign_in(person_ids, now=opened)
        _enroll(lesson, person_ids, now=opened)
        course_id = _course_of(lesson)
    watchers = _watchers(
        app, f"/courses/{course_id}/lessons/1/watched", lesson, dict(zip(person_ids, keys, strict=True))
    )
    return Audience(app, watchers, opened)


def _load(app: Flask, into: Path) -> Lesson:
    path = into / "street" / "watching"
    (path / "media").mkdir(parents=True)
    (path / "course.toml").write_text(FACTS.format(count=1), encoding="utf-8")
    (path / "01-video.md").write_text(f"# 视频课\n\n{LINE}\n\n看完再读一遍。\n", encoding="utf-8")
    (path / "media/first.mp4").write_bytes(mp4(LASTS))
    (path / "media/first.vtt").write_text(CAPTIONS, encoding="utf-8")
    (path / "quiz.gift").write_text("$CATEGORY: 全部\n\n::题:: 这是对的。{TRUE}\n", encoding="utf-8")
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        source = folder.read_course(path).course
        assert source is not None
        loaded = courses.load_folder(
            source, organizer=find_by_code("990101001"), actor=system_actor("bench"), now=clock.now()
        )
        return session.scalars(select(Lesson).where(Lesson.revision_id == loaded.revision.id)).one()


def _course_of(lesson: Lesson) -> int:
    found = select(Course.id).join(CourseRevision, CourseRevision.course_id == Course.id)
    return db.session().scalars(found.where(CourseRevision.id == lesson.revision_id)).one()


def _add_people(count: int, *, now: datetime) -> list[int]:
    unit = find_by_code(COMMUNITY)
    assert unit is not None
    people = [
        Person(name=f"观众{number}", phone=f"1960{number:07}", origin="demo", created_at=now) for number in range(count)
    ]
    db.session().add_all(people)
    db.session().flush()
    post = {"unit_id": unit.id, "post": PostClass.FULL_TIME_STAFF, "starts_on": SINCE, "is_primary": True}
    db.session().add_all(Appointment(person_id=person.id, **post) for person in people)
    return [person.id for person in people]


def _sign_in(person_ids: list[int], *, now: datetime) -> list[str]:
    accounts = [
        Account(person_id=person_id, sign_in=f"watcher{person_id}", password_hash="-", created_at=now)
        for person_id in person_ids
    ]
    db.session().add_all(accounts)
    db.session().flush()
    keys = [f"bench-key-of-{account.id}" for account in accounts]
    rows = [
        {
            "key_digest": sign_in.digest(key),
            "account_id": account.id,
            "started_at": now,
            "seen_at": now,
            "device": "bench",
            "address": "bench",
        }
        for key, account in zip(keys, accounts, strict=True)
    ]
    db.session().execute(insert(SignIn), rows)
    return keys


def _enroll(lesson: Lesson, person_ids: list[int], *, now: datetime) -> None:
    same = {"course_id": _course_of(lesson), "revision_id": lesson.revision_id, "enrolled_at": now}
    db.session().execute(insert(Enrollment), [{"person_id": person_id, **same} for person_id in person_ids])


def _watchers(app: Flask, path: str, lesson: Lesson, keys: dict[int, str]) -> list[Watcher]:
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer, name = interface.get_signing_serializer(app), app.config["SESSION_COOKIE_NAME"]
    assert signer is not None
    found = []
    with app.test_request_context() as context:
        headers = {"X-CSRFToken": generate_csrf(), "Accept": "application/json"}
        known = dict(context.session)
        for person_id, key in keys.items():
            cookie = signer.dumps({**known, "_user_id": key, "_fresh": True})
            token = tickets.issue(tickets.WATCH, lesson, person_id, clock.now())
            found.append(Watcher(path, f"{name}={cookie}", headers, token))
    return found
