"""The people and courses that the bench measures with: the demonstration, and learners at every step of a quiz."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask import Flask, url_for
from sqlalchemy import select

from lms.accounts import actions as accounts
from lms.accounts import sign_in
from lms.core import clock, db
from lms.core.web import Actor, system_actor
from lms.courses import access, folder
from lms.courses import actions as courses
from lms.courses.models import Course, Lesson
from lms.demo import actions as demo
from lms.demo import sign_ins
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.quizzes import access as quizzes_access
from lms.quizzes import actions as quizzes
from lms.quizzes.answers import Save
from lms.units.models import Unit
from lms.units.queries import find_by_code
from tests.bench.calls import Request, token_of
from tests.installation import ROOT

DEVICE = "benchdevice"
COMMUNITY = "990101001001"
ADMINISTRATOR = "19900000005"
QUESTIONS = 10
SINCE = date(2025, 1, 6)
LESSONS = ("接待", "倾听", "记录")
FACTS = """title = "测量用课程"
summary = "只在测量时载入。"
tier = "street"
training_type = "induction"
abilities = ["mass_work"]
hours = "1.00"
audience = "测量程序。"
authors = ["测量程序"]
[quiz]
pass_percent = 80
wait_hours = 0
[[quiz.draw]]
category = "全部"
count = {count}
"""


@dataclass(frozen=True)
class Learner:
    """Somebody signed in, with an attempt at the bench's quiz if they have one."""

    actor: Actor
    cookie: str
    attempt_id: int = 0


def load_demonstration(app: Flask) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        passwords = sign_ins.make()
        demo.build(passwords, ROOT / "courses", ROOT / "case_library", actor=system_actor("bench"), now=clock.now())


def load_course(app: Flask, into: Path) -> int:
    """A course of plain lessons and a quiz whose every statement is true, so that a learner can be made to pass."""
    path = into / "street" / "bench"
    path.mkdir(parents=True)
    (path / "course.toml").write_text(FACTS.format(count=QUESTIONS), encoding="utf-8")
    for number, title in enumerate(LESSONS, 1):
        (path / f"{number:02}-lesson-{number}.md").write_text(f"# {title}\n\n一段正文。\n", encoding="utf-8")
    questions = "".join(f"::第{number}题:: 说法{number}是对的。{{TRUE}}\n\n" for number in range(1, QUESTIONS * 2 + 1))
    (path / "quiz.gift").write_text(f"$CATEGORY: 全部\n\n{questions}", encoding="utf-8")
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        source = folder.read_course(path).course
        assert source is not None
        organizer = find_by_code("990101001")
        courses.load_folder(source, organizer=organizer, actor=system_actor("bench"), now=clock.now())
        return db.session().scalars(select(Course.id).where(Course.slug == "bench")).one()


def add_people(app: Flask, count: int, prefix: str) -> list[int]:
    """Workers of one community."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        who, now = system_actor("bench"), clock.now()
        unit = find_by_code(COMMUNITY)
        assert unit is not None
        added = []
        for number in range(count):
            phone = f"{prefix}{number:07}"
            person = people.create_person(name=f"测量{number}", phone=phone, origin="demo", actor=who, now=now)
            people.appoint(person, unit=unit, post=PostClass.FULL_TIME_STAFF, starts_on=SINCE, actor=who, now=now)
            added.append(person.id)
        return added


def signed_in(app: Flask, person_id: int, unit: Unit | None = None) -> Learner:
    """The person with a live sign-in, as the cookie of a browser that has looked at a page."""
    client = app.test_client()
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        person = db.session().get_one(Person, person_id)
        account = accounts.open_account(person, password="a-long-one-7", actor=system_actor("bench"), now=clock.now())
        key, _row = sign_in.new_sign_in(account, user_agent="bench", address=None, now=clock.now())
        actor = Actor(person.id, account.id, person.name)
        if unit is not None:
            actor = replace(actor, unit_id=unit.id, unit_path=unit.path, unit_name=unit.name, homes=(unit.path,))
    with client.session_transaction() as session:
        session.update({"_user_id": key, "_fresh": True})
    client.get("/")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return Learner(actor, f"{cookie.key}={cookie.value}")


def administrator(app: Flask) -> Learner:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        person_id = db.session().scalars(select(Person.id).where(Person.phone == ADMINISTRATOR)).one()
    return signed_in(app, person_id)


def learners(app: Flask, count: int) -> Iterator[Learner]:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        unit = find_by_code(COMMUNITY)
    for person_id in add_people(app, count, "1980"):
        yield signed_in(app, person_id, unit)


def with_attempt(app: Flask, learner: Learner, course_id: int, *, answered: bool) -> Learner:
    """The learner has read all lessons and begun the quiz; `answered`: they only have to hand it in."""
    actor, now = learner.actor, clock.now()
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        courses.enroll(access.get_study(actor, course_id), actor=actor, now=now)
        study = access.get_study(actor, course_id)
        lessons = db.session().scalars(select(Lesson).where(Lesson.revision_id == study.revision.id)).all()
        for lesson in lessons:
            courses.finish_lesson(study, lesson, actor=actor, now=now)
        attempt = courses.start_quiz(study, actor=actor, now=now)
        if answered:
            sitting = quizzes_access.get_sitting(actor, attempt.id)
            for item in sitting.items:
                quizzes.save_answer(sitting, item, Save({"truth": True}, 1, 0, DEVICE), actor=actor, now=now)
        return Learner(actor, learner.cookie, attempt.id)


def begin_starter_course(app: Flask, learner: Learner) -> int:
    """The learner is in the middle of a real course, as most are who open the start page."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        wanted = select(Course.id).where(Course.slug != "bench").order_by(Course.id.desc()).limit(1)
        course_id = db.session().scalars(wanted).one()
        courses.enroll(access.get_study(learner.actor, course_id), actor=learner.actor, now=clock.now())
        return course_id


def answer_saves(app: Flask, learner: Learner) -> Iterator[Request]:
    """One answer after another to the first question, changed each time, as the page's script sends them."""
    page = page_of(app, f"/quizzes/attempts/{learner.attempt_id}", learner)
    token, options = token_of(page), re.findall(r'name="q1"[^>]*value="([^"]+)"', page.decode())
    options = options or re.findall(r'value="([^"]+)"[^>]*name="q1"', page.decode())
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    sequence = 0
    while True:
        form = {"q1": options[sequence % 2], "based_on": str(sequence), "device": DEVICE}
        sequence += 1
        path = f"/quizzes/attempts/{learner.attempt_id}/answers/1"
        yield Request(path, learner.cookie, {**form, "sequence": str(sequence)}, headers)


def submits(app: Flask, waiting: Iterator[Learner]) -> Iterator[Request]:
    for learner in waiting:
        token = token_of(page_of(app, f"/quizzes/attempts/{learner.attempt_id}/submit", learner))
        form = {"token": f"bench-token-{learner.attempt_id}", "csrf_token": token}
        yield Request(f"/quizzes/attempts/{learner.attempt_id}/submit", learner.cookie, form)


def page_of(app: Flask, path: str, learner: Learner) -> bytes:
    status, body = Request(path, learner.cookie).prepared(app)()
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return body


def board_path(app: Flask) -> str:
    with app.test_request_context():
        return url_for("reports.completion")
