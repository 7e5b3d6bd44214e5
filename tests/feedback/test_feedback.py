"""From the foot of a page to whoever answers, and back as a notice; read by nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db, i18n
from lms.core.audit import AuditRow
from lms.core.errors import Refused
from lms.feedback import actions
from lms.feedback.models import Feedback, FeedbackKind
from lms.notices.models import Notice
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.conftest import actor_of

FORM = {"kind": "complaint", "text": "课程打不开，已经三天了。", "page": "/courses/3"}


@pytest.fixture(autouse=True)
def _chinese():
    i18n.forget()


def ask(app, question):
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        return question()


def all_feedback(app):
    return ask(app, lambda: list(db.session().scalars(select(Feedback).order_by(Feedback.id))))


def told(app, person_id):
    return ask(app, lambda: list(db.session().scalars(select(Notice.kind).where(Notice.person_id == person_id))))


def verbs(app):
    found = ask(app, lambda: list(db.session().scalars(select(AuditRow.verb).order_by(AuditRow.id))))
    return [verb for verb in found if verb.startswith("feedback.")]


@pytest.fixture
def sent(app, as_, cast):
    """What Alice sent: number 1."""
    assert as_(cast.alice).post("/feedback", data=FORM).headers["Location"] == "/feedback/mine"
    return all_feedback(app)[0].id


# Sending


def test_every_page_has_the_link(as_, client, cast):
    assert 'href="/feedback?page=/courses/"' in as_(cast.alice).get("/courses/").text
    assert 'href="/feedback?page=/sign-in"' in client.get("/sign-in").text
    assert 'href="/feedback?page=/nowhere"' in as_(cast.alice).get("/nowhere?q=secret").text


def test_what_is_sent_is_kept_with_who_and_where(app, cast, sent):
    (feedback,) = all_feedback(app)

    assert (feedback.kind, feedback.text, feedback.page) == (FeedbackKind.COMPLAINT, FORM["text"], "/courses/3")
    assert (feedback.person_id, feedback.unit_name, feedback.contact) == (cast.alice, "光明社区", "")
    assert feedback.handler_id == cast.county  # a street does not run a site
    assert verbs(app) == ["feedback.send"]


def test_those_who_answer_are_told(app, cast, sent):
    assert told(app, cast.chen) == ["feedback.received"]
    assert told(app, cast.bo) == told(app, cast.dong) == told(app, cast.mallory) == told(app, cast.alice) == []


def test_a_county_without_an_administrator_leaves_it_to_the_next_above(app, as_, cast):
    def revoke():
        chen, county = db.session().get_one(Person, cast.chen), db.session().get_one(Unit, cast.county)
        people.revoke(chen, role=Role.ADMIN, unit=county, actor=SYSTEM, now=clock.now())

    ask(app, revoke)
    as_(cast.alice).post("/feedback", data=FORM)
    assert all_feedback(app)[0].handler_id == cast.city
    assert told(app, cast.dong) == ["feedback.received"]


def test_a_stranger_sends_to_the_top(app, client, as_, cast):
    answer = client.post("/feedback", data={**FORM, "contact": "某先生 19900000099"})

    assert answer.headers["Location"] == "/feedback"
    (feedback,) = all_feedback(app)
    assert (feedback.person_id, feedback.handler_id, feedback.contact) == (None, None, "某先生 19900000099")
    assert told(app, cast.pan) == ["feedback.received"]
    path = f"/feedback/inbox/{feedback.id}"
    assert "某先生" in as_(cast.pan).get(path).text
    assert as_(cast.dong).get(path).status_code == 404


def test_an_administrator_who_sends_is_not_told_of_it(app, as_, cast):
    as_(cast.chen).post("/feedback", data=FORM)
    assert all_feedback(app)[0].handler_id == cast.county
    assert told(app, cast.chen) == []


@pytest.mark.parametrize("page", ["https://evil.example.com/", "//evil.example.com", "javascript:alert(1)", "/a\nb"])
def test_only_a_path_of_this_site_is_a_page(app, as_, cast, page):
    as_(cast.alice).post("/feedback", data={**FORM, "page": page})
    assert all_feedback(app)[0].page == ""


def test_what_was_searched_for_is_not_sent_along(app, as_, cast):
    as_(cast.alice).post("/feedback", data={**FORM, "page": "/people/?q=林晓梅"})
    assert all_feedback(app)[0].page == "/people/"


@pytest.mark.parametrize("changed", [{"text": ""}, {"text": "长" * 2001}, {"kind": "praise"}])
def test_what_cannot_be_sent_is_kept_on_the_form(app, client, changed):
    answer = client.post("/feedback", data={**FORM, "contact": "19900000099", **changed})

    assert answer.status_code == 422
    assert "19900000099" in answer.text
    assert all_feedback(app) == []


def test_a_person_and_an_address_send_so_much_and_no_more(app, as_, client, cast):
    alice = as_(cast.alice)
    assert [alice.post("/feedback", data=FORM).status_code for _ in range(6)] == [303] * 5 + [422]
    assert [client.post("/feedback", data=FORM).status_code for _ in range(7)] == [303] * 6 + [422]
    assert as_(cast.sun).post("/feedback", data=FORM).status_code == 303  # same address, another person
    with clock.frozen(clock.now() + timedelta(hours=1, minutes=1)):
        assert client.post("/feedback", data=FORM).status_code == 303
    assert "短时间内提交得太多" in alice.post("/feedback", data=FORM).text


def test_sending_by_another_method_is_405(client):
    assert client.put("/feedback").status_code == 405


# Reading


def test_the_sender_and_those_who_answer_read_it_and_nobody_else(as_, cast, sent):
    assert FORM["text"] in as_(cast.alice).get(f"/feedback/{sent}").text
    for person in (cast.chen, cast.dong, cast.pan):
        assert FORM["text"] in as_(person).get(f"/feedback/inbox/{sent}").text
        assert "课程打不开" in as_(person).get("/feedback/inbox").text
        assert as_(person).get(f"/feedback/{sent}").status_code == 404
    for person in (cast.bo, cast.mallory):  # of a street below, of another county
        assert as_(person).get(f"/feedback/inbox/{sent}").status_code == 404
        assert "没有等待答复的意见" in as_(person).get("/feedback/inbox").text
    for person in (cast.alice, cast.sun, cast.tina):
        assert as_(person).get(f"/feedback/inbox/{sent}").status_code == 403
    assert as_(cast.sun).get(f"/feedback/{sent}").status_code == 404
    assert "课程打不开" not in as_(cast.sun).get("/feedback/mine").text


def test_the_audit_trail_does_not_repeat_it(app, as_, cast, sent):
    as_(cast.chen).post(f"/feedback/inbox/{sent}/answer", data={"text": "已修复，请再试。"})
    rows = ask(app, lambda: [str(row.detail) for row in db.session().scalars(select(AuditRow))])
    assert not any("课程打不开" in row or "已修复" in row for row in rows)


def test_the_inbox_filters(as_, cast, sent):
    chen = as_(cast.chen)
    assert "课程打不开" in chen.get("/feedback/inbox?kind=complaint").text
    assert "课程打不开" not in chen.get("/feedback/inbox?kind=question").text
    assert chen.get("/feedback/inbox?kind=praise").status_code == 400


# Answering


def test_an_answer_comes_back(app, as_, cast, sent):
    assert as_(cast.chen).post(f"/feedback/inbox/{sent}/answer", data={"text": "已修复，请再试。"}).status_code == 303

    assert told(app, cast.alice) == ["feedback.answered"]
    alice = as_(cast.alice)
    assert "您的意见有了答复" in alice.get("/notices").text
    assert "已修复，请再试。" in alice.get(f"/feedback/{sent}").text
    assert "已答复" in alice.get("/feedback/mine").text
    assert "课程打不开" in as_(cast.chen).get("/feedback/inbox?state=replied").text
    assert "课程打不开" not in as_(cast.chen).get("/feedback/inbox").text
    assert verbs(app) == ["feedback.send", "feedback.answer"]


def test_closing_says_why(app, as_, cast, sent):
    assert as_(cast.dong).get(f"/feedback/inbox/{sent}/close").status_code == 200
    assert as_(cast.dong).post(f"/feedback/inbox/{sent}/close", data={"reason": "重复提交"}).status_code == 303

    assert told(app, cast.alice) == ["feedback.closed"]
    assert "重复提交" in as_(cast.alice).get(f"/feedback/{sent}").text
    assert verbs(app) == ["feedback.send", "feedback.close"]


REPLIES = [("answer", {"text": "已修复"}), ("close", {"reason": "重复提交"})]


@pytest.mark.parametrize(("verb", "form"), REPLIES)
def test_only_those_who_answer_may(app, as_, client, cast, sent, verb, form):
    path = f"/feedback/inbox/{sent}/{verb}"

    assert as_(cast.mallory).post(path, data=form).status_code == 404
    assert as_(cast.bo).post(path, data=form).status_code == 404
    assert as_(cast.alice).post(path, data=form).status_code == 403
    assert as_(cast.chen).put(path, data=form).status_code == 405
    assert client.post(path, data=form).status_code == 303  # to the sign-in page
    assert verbs(app) == ["feedback.send"]


@pytest.mark.parametrize(("verb", "form"), REPLIES)
def test_there_is_one_reply(app, as_, cast, sent, verb, form):
    chen = as_(cast.chen)
    assert chen.post(f"/feedback/inbox/{sent}/answer", data={"text": "第一次"}).status_code == 303
    assert chen.post(f"/feedback/inbox/{sent}/{verb}", data=form).status_code == 403
    assert len(told(app, cast.alice)) == 1


@pytest.mark.parametrize(("verb", "form"), REPLIES)
def test_nobody_replies_to_their_own(app, as_, cast, verb, form):
    chen = as_(cast.chen)
    chen.post("/feedback", data=FORM)
    (feedback,) = all_feedback(app)

    assert chen.post(f"/feedback/inbox/{feedback.id}/{verb}", data=form).status_code == 403
    assert as_(cast.dong).post(f"/feedback/inbox/{feedback.id}/{verb}", data=form).status_code == 303


@pytest.mark.parametrize(("verb", "field"), [("answer", "text"), ("close", "reason")])
def test_an_empty_reply_is_refused(app, as_, cast, sent, verb, field):
    answer = as_(cast.chen).post(f"/feedback/inbox/{sent}/{verb}", data={field: " "})
    assert answer.status_code == 422
    assert verbs(app) == ["feedback.send"]


def test_of_two_who_reply_at_the_same_moment_one_does(app, cast, sent):
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def reply(person_id, verb):
        with app.test_request_context():
            start.wait(10)
            try:
                with db.unit_of_work(app.extensions["database"]):
                    feedback = db.session().get_one(Feedback, sent)
                    getattr(actions, verb[0])(feedback, **verb[1], actor=actors[person_id], now=clock.now())
                outcomes.append("done")
            except Refused:
                outcomes.append("refused")

    actors = {one: ask(app, lambda one=one: actor_of(one)) for one in (cast.chen, cast.dong)}
    tries = [(cast.chen, ("answer", {"text": "一"})), (cast.dong, ("close", {"reason": "二"}))]
    threads = [threading.Thread(target=reply, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["done", "refused"]
    assert len(told(app, cast.alice)) == 1


def test_in_english(as_, cast, sent):
    page = as_(cast.chen).get(f"/feedback/inbox/{sent}", headers={"Accept-Language": "en"}).text
    assert "Close without an answer" in page
    assert "Complaint" in page
