"""How a course does: counts by lesson for those who run it."""

from __future__ import annotations

import re

import pytest

from lms.core import db
from lms.courses import access, actions
from lms.courses.models import Course
from lms.hours.actions import reverse
from tests.conftest import actor_of
from tests.courses.folders import change
from tests.courses.test_finishing import MARCH, entries, finish_lessons, grade


@pytest.fixture
def street_course(load, cast):
    return load(organizer=cast.street)


def words(client, course, **query):
    text = client.get(f"/courses/{course}/overview", query_string=query).text
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def begin(app, cast, course, **lessons):
    """Let people begin, each with the lessons that they have finished: `alice=(1, 2)`."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        for who, finished in lessons.items():
            actor = actor_of(cast.people[who])
            actions.enroll(access.get_study(actor, course), actor=actor, now=MARCH)
            finish_lessons(actor, course, only=finished)
            if finished == (1, 2, "quiz"):
                grade(actor, course)


def test_it_says_where_people_stop(app, as_, cast, street_course):
    begin(app, cast, street_course, alice=(1,), sun=(1, 2), bo=(), tina=(1, 2, "quiz"))

    said = words(as_(cast.tina), street_course)

    assert "开始学习 4 学完 1 还在学 3" in said
    assert "1. 第一次接待 3 1 25%" in said
    assert "2. 入户走访 2 1 25%" in said
    assert "测验 1 1 25%" in said
    assert "艾丽丝" not in said


def test_reversed_hours_are_no_finish(app, as_, cast, street_course):
    begin(app, cast, street_course, alice=(1, 2, "quiz"))
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        reverse(entries()[0], reason="代答", actor=actor_of(cast.bo), now=MARCH)
    assert "测验 0 1 100%" in words(as_(cast.tina), street_course)


def test_each_revision_for_itself(app, as_, cast, street_course, load, folder):
    begin(app, cast, street_course, alice=(1,))
    change(folder, "01-first-visit.md", "张阿姨", "李阿姨")
    load(organizer=cast.street)

    assert "这一版还没有人学" in words(as_(cast.tina), street_course)
    assert "1. 第一次接待 1 0 0%" in words(as_(cast.tina), street_course, revision=1)
    assert as_(cast.tina).get(f"/courses/{street_course}/overview?revision=3").status_code == 404


def test_it_takes_few_statements(app, as_, cast, street_course, query_count):
    begin(app, cast, street_course, alice=(1,), sun=(1, 2))
    client = as_(cast.tina)
    client.get(f"/courses/{street_course}/overview")
    with query_count() as statements:
        assert client.get(f"/courses/{street_course}/overview").status_code == 200
    assert len(statements) <= 8


@pytest.mark.parametrize(
    ("who", "status"), [("tina", 200), ("bo", 200), ("pan", 200), ("alice", 403), ("mallory", 404)]
)
def test_it_is_for_those_who_run_the_course(as_, cast, street_course, who, status):
    client = as_(cast.people[who])
    assert client.get(f"/courses/{street_course}/overview").status_code == status
    assert client.post(f"/courses/{street_course}/overview").status_code == 405
    assert ("这门课怎么样" in client.get(f"/courses/{street_course}").text) is (status == 200)


def test_a_course_from_above_is_read_and_not_run(as_, cast, load, app):
    course = load()
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        session.get_one(Course, course).organizer_id = cast.county
    assert as_(cast.bo).get(f"/courses/{course}/overview").status_code == 403
    assert as_(cast.chen).get(f"/courses/{course}/overview").status_code == 200


def test_a_course_of_the_site_is_run_from_the_top(as_, cast, course):
    assert as_(cast.pan).get(f"/courses/{course}/overview").status_code == 200
    assert as_(cast.chen).get(f"/courses/{course}/overview").status_code == 403
