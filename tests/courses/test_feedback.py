"""Feedback on a lesson: one tap and a sentence, read without names, answered once to all."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lms.core import db
from lms.courses import access
from lms.courses.models import Lesson, LessonFeedback, LessonReply
from lms.notices.models import Notice
from tests.conftest import actor_of


@pytest.fixture
def street_course(load, cast):
    return load(organizer=cast.street)


@pytest.fixture
def say(as_, cast, street_course):
    """`say("alice", "unclear", "…")`: a worker finishes the second lesson and gives feedback on it."""

    def tap(who, opinion, sentence="", position=2):
        client = as_(cast.people[who])
        client.post(f"/courses/{street_course}/enroll")
        client.post(f"/courses/{street_course}/lessons/2/finish")
        form = {"opinion": opinion, "sentence": sentence}
        return client.post(f"/courses/{street_course}/lessons/{position}/feedback", data=form)

    return tap


def rows(app, model):
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def lesson_id(app, cast, course, position=2):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        study = access.get_study(actor_of(cast.alice), course)
        return db.session().scalars(
            select(Lesson.id).where(Lesson.revision_id == study.revision.id, Lesson.position == position)
        ).one()  # fmt: skip


def reply(app, as_, cast, course, who="tina", text="第二步已经重写。"):
    client = as_(cast.people[who])
    return client.post(f"/courses/{course}/feedback/{lesson_id(app, cast, course)}", data={"text": text})


def words(client, address):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())


def test_a_tap_is_kept_and_can_be_changed(app, as_, cast, street_course, say, trail):
    assert say("alice", "useful").status_code == 303
    assert say("alice", "unclear", " 第二步没看懂 ").status_code == 303

    [row] = rows(app, LessonFeedback)
    assert (row.opinion, row.sentence, row.person_id) == ("unclear", "第二步没看懂", cast.alice)
    page = words(as_(cast.alice), f"/courses/{street_course}/lessons/2")
    assert "您说： 没讲清 第二步没看懂" in page
    assert [row.verb for row in trail()].count("courses.feedback") == 2


def test_trainers_see_counts_and_sentences_and_no_names(as_, cast, street_course, say):
    say("alice", "unclear", "第二步没看懂")
    say("sun", "useful")
    said = words(as_(cast.tina), f"/courses/{street_course}/feedback")
    assert "有用 1" in said
    assert "没讲清 1" in said
    assert "与实际不符 0" in said
    assert "第二步没看懂" in said
    assert "艾丽丝" not in said
    assert "孙书记" not in said


def test_an_answer_reaches_everyone_who_said_something(app, as_, cast, street_course, say, trail):
    say("alice", "unclear")
    assert reply(app, as_, cast, street_course).status_code == 303
    reply(app, as_, cast, street_course)  # pressed twice

    assert len(rows(app, LessonReply)) == 1
    assert [row.verb for row in trail()].count("courses.reply") == 1
    assert "第二步已经重写" in words(as_(cast.alice), f"/courses/{street_course}/lessons/2")
    assert "第二步已经重写" in words(as_(cast.tina), f"/courses/{street_course}/feedback")
    bo = as_(cast.bo)
    bo.post(f"/courses/{street_course}/enroll")
    bo.post(f"/courses/{street_course}/lessons/2/finish")
    assert "第二步已经重写" not in words(bo, f"/courses/{street_course}/lessons/2")


def test_those_who_said_something_are_told_of_the_answer_once(app, as_, cast, street_course, say):
    say("alice", "unclear")
    say("sun", "useful")
    reply(app, as_, cast, street_course)
    reply(app, as_, cast, street_course)

    assert sorted(notice.person_id for notice in rows(app, Notice)) == sorted([cast.alice, cast.sun])
    page = words(as_(cast.alice), "/notices")
    assert "您对一课的反馈有了答复" in page
    assert "第二步已经重写。" in page
    assert "因为您对这一课说过意见" in page
    assert as_(cast.bo).get("/notices").text.count("您对一课的反馈") == 0


def test_a_lesson_not_finished_has_no_feedback(app, as_, cast, street_course, say):
    assert "这一课怎么样" not in words(as_(cast.alice), f"/courses/{street_course}/lessons/1")
    assert say("alice", "useful", position=1).status_code == 422
    assert rows(app, LessonFeedback) == []


@pytest.mark.parametrize(("opinion", "sentence"), [("", ""), ("great", ""), ("useful", "长" * 301)])
def test_what_does_not_fit_is_refused_and_kept_on_the_page(app, say, opinion, sentence):
    answer = say("alice", opinion, sentence)
    assert answer.status_code == 422
    assert rows(app, LessonFeedback) == []
    assert sentence in answer.text


def test_markup_in_a_sentence_is_text(as_, cast, street_course, say):
    say("alice", "untrue", "<script>alert(1)</script>")
    for who, address in (("alice", "lessons/2"), ("tina", "feedback")):
        page = as_(cast.people[who]).get(f"/courses/{street_course}/{address}").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_an_empty_page_says_so(as_, cast, street_course):
    assert "还没有反馈" in as_(cast.tina).get(f"/courses/{street_course}/feedback").text


def test_nothing_to_answer(app, as_, cast, street_course):
    assert reply(app, as_, cast, street_course).status_code == 422


def test_an_empty_answer_is_refused(app, as_, cast, street_course, say):
    say("alice", "useful")
    answer = reply(app, as_, cast, street_course, text=" ")
    assert answer.status_code == 422
    assert "请写下答复" in answer.text


@pytest.mark.parametrize(("who", "status"), [("tina", 303), ("bo", 303), ("alice", 403), ("mallory", 404)])
def test_answering_is_for_those_who_run_the_course(app, as_, cast, street_course, say, who, status):
    say("sun", "useful")
    assert reply(app, as_, cast, street_course, who).status_code == status
    page = as_(cast.people[who]).get(f"/courses/{street_course}/feedback")
    assert page.status_code == (200 if status == 303 else status)


def test_a_stranger_from_another_county_has_no_such_lesson(as_, cast, street_course):
    form = {"opinion": "useful"}
    assert as_(cast.wen).post(f"/courses/{street_course}/lessons/2/feedback", data=form).status_code == 404


def test_a_lesson_of_another_course_is_not_there(app, as_, cast, street_course, say):
    say("alice", "useful")
    assert as_(cast.tina).post(f"/courses/{street_course}/feedback/99999", data={"text": "好"}).status_code == 404


def test_wrong_methods(app, as_, cast, street_course):
    tina = as_(cast.tina)
    assert tina.get(f"/courses/{street_course}/lessons/2/feedback").status_code == 405
    assert tina.get(f"/courses/{street_course}/feedback/{lesson_id(app, cast, street_course)}").status_code == 405
    assert tina.put(f"/courses/{street_course}/feedback").status_code == 405
