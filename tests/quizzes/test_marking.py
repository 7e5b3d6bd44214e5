"""Essays: who sees them, marking, and when the score becomes final."""

from datetime import date

import pytest

from lms.core import db
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass, Role
from lms.quizzes.events import attempt_graded
from lms.quizzes.models import EssayMark
from lms.units.models import Unit
from tests.cast import BEGINNING, SYSTEM
from tests.quizzes.conftest import tags

TEXT = "题一 {=甲 ~乙}\n\n[markdown]写**记录**。{####看重事实}\n\n再写 {}"


@pytest.fixture
def attempt_id(stage):
    attempt_id = stage.start(stage.publish(TEXT))
    stage.save(attempt_id, 1, stage.names(attempt_id, 1)["甲"])
    stage.save(attempt_id, 2, "=1+1 <script>alert(1)</script>\n第二行")
    stage.submit(attempt_id)
    return attempt_id


def mark(stage, attempt_id, who="tina", position=2, **data):
    client = stage.as_(stage.cast.people[who])
    return client.post(
        f"/quizzes/essays/{attempt_id}/{position}", data={"percent": "80", "comment": "写得清楚", **data}
    )


def test_a_submitted_essay_waits_for_its_mark(stage, attempt_id):
    assert stage.attempt(attempt_id).percent is None
    words = tags(stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/result").text)
    assert "等待培训师评分" in words


def test_the_last_mark_makes_the_score_and_tells_it(stage, attempt_id):
    heard = []

    def hear(_sender, **values):
        heard.append(values["attempt"].id)

    with attempt_graded.connected_to(hear):
        reply = mark(stage, attempt_id)

    assert reply.status_code == 303
    assert stage.attempt(attempt_id).percent == 60  # the choice 100, the essay 80, the empty essay 0
    assert stage.attempt(attempt_id).passed
    assert heard == [attempt_id]
    words = tags(stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/result").text)
    assert "写得清楚" in words
    assert "看重事实" in words


def test_the_trainer_finds_it_in_the_list_until_it_is_marked(stage, attempt_id):
    tina = stage.as_(stage.cast.tina)

    before = tina.get("/quizzes/essays").text
    page = tina.get(f"/quizzes/essays/{attempt_id}").text
    mark(stage, attempt_id)
    after = tina.get("/quizzes/essays").text

    assert f"{attempt_id} 号答卷" in before
    assert "<strong>记录</strong>" in page
    assert "&lt;script&gt;" in page
    assert "第二行" in page
    assert "没有待评的问答题" in after


def test_marking_is_blind(stage, attempt_id):
    """Neither the list nor the paper, before and after the mark, says whose it is or where they work."""
    tina = stage.as_(stage.cast.tina)
    pages = [tina.get("/quizzes/essays").text, tina.get(f"/quizzes/essays/{attempt_id}").text]
    mark(stage, attempt_id, percent="wrong")
    pages += [mark(stage, attempt_id, percent="wrong").text, tina.get(f"/quizzes/essays/{attempt_id}").text]
    for page in pages:
        assert f"{attempt_id} 号答卷" in page
        for told in ("艾丽丝", "光明社区", "和平街道", "19900000001", f'"{stage.cast.alice}"'):
            assert told not in page


def test_nobody_marks_a_colleague_of_the_same_community(stage, attempt_id):
    with stage.work():
        _make_trainer(stage, "sun", "county")
        _make_trainer(stage, "wen", "county")

    sun = stage.as_(stage.cast.sun)
    assert "没有待评的问答题" in sun.get("/quizzes/essays").text
    assert sun.get(f"/quizzes/essays/{attempt_id}").status_code == 404
    assert mark(stage, attempt_id, "sun").status_code == 404
    assert mark(stage, attempt_id, "wen").status_code == 303


def test_nobody_marks_who_became_a_colleague_since(stage, attempt_id):
    with stage.work():
        _make_trainer(stage, "wen", "county")
        person = db.session().get_one(Person, stage.cast.alice)
        unit = db.session().get_one(Unit, stage.cast.other_community)
        post = PostClass.GRID_WORKER
        people.appoint(person, unit=unit, post=post, starts_on=date(2025, 6, 1), actor=SYSTEM, now=BEGINNING)

    assert mark(stage, attempt_id, "wen").status_code == 404


@pytest.mark.parametrize("percent", ["-1", "101", "", "NaN", "1e2"])
def test_a_mark_outside_its_range_keeps_what_was_typed(stage, attempt_id, percent):
    reply = mark(stage, attempt_id, percent=percent, comment="想好的评语")

    assert reply.status_code == 422
    assert "想好的评语" in reply.text
    with stage.work() as session:
        assert session.query(EssayMark).count() == 0


def test_a_final_score_stays(stage, attempt_id):
    mark(stage, attempt_id)

    assert mark(stage, attempt_id, percent="10").status_code == 422
    assert stage.attempt(attempt_id).percent == 60


@pytest.mark.parametrize("position", [1, 3, 9])
def test_only_answered_essays_are_marked(stage, attempt_id, position):
    assert mark(stage, attempt_id, position=position).status_code == 404


def test_an_open_attempt_is_not_there_to_mark(stage):
    attempt_id = stage.start(stage.publish(TEXT))
    stage.save(attempt_id, 2, "还在写")

    assert mark(stage, attempt_id).status_code == 404


def test_a_trainer_of_another_county_finds_nothing(stage, attempt_id):
    with stage.work():
        _make_trainer(stage, "wen", "other_county")

    assert mark(stage, attempt_id, "wen").status_code == 404
    assert stage.as_(stage.cast.wen).get(f"/quizzes/essays/{attempt_id}").status_code == 404
    assert f"{attempt_id} 号答卷" not in stage.as_(stage.cast.wen).get("/quizzes/essays").text


def test_the_trainers_of_the_learner_mark_papers_that_belong_to_no_unit(stage):
    attempt_id = stage.start(stage.publish(TEXT, unit_id=None))
    stage.save(attempt_id, 2, "写了")
    stage.submit(attempt_id)
    with stage.work():
        _make_trainer(stage, "wen", "other_county")

    assert mark(stage, attempt_id, "wen").status_code == 404
    assert mark(stage, attempt_id, "tina").status_code == 303


def test_nobody_marks_their_own(stage):
    with stage.work():
        _make_trainer(stage, "alice", "county")
    attempt_id = stage.start(stage.publish(TEXT))
    stage.save(attempt_id, 2, "写了")
    stage.submit(attempt_id)

    assert mark(stage, attempt_id, "alice").status_code == 404


@pytest.mark.parametrize("who", ["alice", "bo", "chen", "pan", "mallory"])
def test_marking_is_for_trainers(stage, attempt_id, who):
    client = stage.as_(stage.cast.people[who])

    assert mark(stage, attempt_id, who).status_code == 403
    assert client.get("/quizzes/essays").status_code == 403
    assert client.get(f"/quizzes/essays/{attempt_id}").status_code == 403


def test_marking_by_get_is_not_allowed(stage, attempt_id):
    assert stage.as_(stage.cast.tina).get(f"/quizzes/essays/{attempt_id}/2").status_code == 405


def _make_trainer(stage, who, unit):
    person = db.session().get_one(Person, stage.cast.people[who])
    people.grant(
        person, role=Role.TRAINER, unit=db.session().get_one(Unit, stage.cast.units[unit]), actor=SYSTEM, now=BEGINNING
    )
