"""A key that was wrong is put right: results, hours and what people are shown; once, whole, and never in secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import clock, db
from lms.courses.models import CourseRevision
from lms.hours import verification
from lms.hours.actions import reverse
from lms.hours.models import HourEntry, HourReversal
from lms.hours.queries import balance_of
from lms.notices.models import Notice
from lms.quizzes import access
from lms.quizzes.events import attempt_regraded
from lms.quizzes.models import Attempt, AttemptQuestion, AttemptRegrade, PaperQuestion, QuestionCorrection
from lms.quizzes.showing import field_name, view_question
from tests.cast import Cast
from tests.conftest import actor_of

MARCH = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
#: Question 3 of the course's bank, with its key as it is and as it shall be.
AS_IS = "::丙:: 敲门之后做什么？ {\n=退后一步 #对。\n~推门 #不对。\n}"
CORRECTED = "::丙:: 敲门之后做什么？ {\n~退后一步 #不对。\n=推门 #对。\n}"
PLACE = 3
RIGHT = {"来访": "请坐", "可以": "错", "敲门": "退后一步"}
WRONG = {**RIGHT, "敲门": "推门"}


@dataclass
class School:
    """A street's course with its quiz, and people who take it."""

    app: Flask
    cast: Cast
    as_: Callable[[int], FlaskClient]
    course: int
    paper: int

    def begin(self, who: str) -> int:
        """Study both lessons, start the quiz; returns the attempt."""
        client = self.as_(self.cast.people[who])
        client.post(f"/courses/{self.course}/enroll")
        client.post(f"/courses/{self.course}/lessons/2/finish")
        option = re.search(r'value="([0-9a-f]{12})"', client.get(f"/courses/{self.course}/lessons/1").text)
        if option:  # else it is answered already
            client.post(f"/courses/{self.course}/lessons/1/checkpoint", data={"q1": option[1]})
        answer = client.post(f"/courses/{self.course}/quiz")
        assert answer.status_code == 303, answer.text
        return int(answer.location.rsplit("/", 1)[1])

    def answer(self, who: str, attempt_id: int, answers: dict[str, str]) -> None:
        client = self.as_(self.cast.people[who])
        with self.work():
            items = access.get_sitting(actor_of(self.cast.people[who]), attempt_id).items
            views = [view_question(i.question, i.layout, i.position, i.response, i.sequence) for i in items]
        for view in views:
            text = next(given for start, given in answers.items() if view.stem.text.startswith(start))
            names = {getattr(o.label, "text", str(o.label)): o.name for o in view.input.options}
            saved = {field_name(view.position): names[text], "sequence": 1, "based_on": 0, "device": "device-one"}
            address = f"/quizzes/attempts/{attempt_id}/answers/{view.position}"
            assert client.post(address, data=saved, headers={"Accept": "application/json"}).status_code == 200

    def submit(self, who: str, attempt_id: int) -> None:
        client = self.as_(self.cast.people[who])
        client.post(f"/quizzes/attempts/{attempt_id}/submit", data={"token": "token-of-a-page"})

    def sit(self, who: str, answers: dict[str, str]) -> int:
        attempt_id = self.begin(who)
        self.answer(who, attempt_id, answers)
        self.submit(who, attempt_id)
        return attempt_id

    def work(self) -> Any:
        return _Work(self.app)

    def version(self) -> int:
        with self.work() as session:
            place = (PaperQuestion.paper_id == self.paper, PaperQuestion.position == PLACE)
            return int(session.scalars(select(PaperQuestion.version_id).where(*place)).one())

    def send(self, step: str, who: str = "tina", text: str = CORRECTED, **changes: Any) -> Any:
        """Press a button of the page of correction."""
        form = {"text": text, "reason": "答案标反了", "version": self.version(), "step": step, **changes}
        return self.as_(self.cast.people[who]).post(self.address, data=form)

    def correct(self, text: str = CORRECTED, who: str = "tina", version: int | None = None) -> Any:
        """Look at the consequences, and confirm."""
        version = version or self.version()
        seen = re.search(r'name="seen" value="(\w+)"', self.send("preview", who, text, version=version).text)
        return self.send("confirm", who, text, version=version, seen=seen.group(1) if seen else "")

    @property
    def address(self) -> str:
        return f"/quizzes/papers/{self.paper}/questions/{PLACE}/correction"

    def result(self, attempt_id: int) -> tuple[Decimal | None, bool | None]:
        with self.work() as session:
            attempt = session.get_one(Attempt, attempt_id)
            return attempt.percent, attempt.passed

    def hours(self, who: str) -> Decimal:
        with self.work():
            assert verification.verify() == []
            return balance_of(self.cast.people[who], 2026)

    def count(self, model: type) -> int:
        with self.work() as session:
            return int(session.scalar(select(func.count()).select_from(model)))

    def page(self, who: str, attempt_id: int) -> str:
        text = self.as_(self.cast.people[who]).get(f"/quizzes/attempts/{attempt_id}/result").text
        return " ".join(re.sub(r"<[^>]+>", " ", text).split())


class _Work:
    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> Any:
        self.context = self.app.test_request_context()
        self.context.push()
        self.unit = db.unit_of_work(self.app.extensions["database"])
        return self.unit.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.unit.__exit__(*error)
        self.context.pop()


@pytest.fixture
def school(app, cast, as_, load):
    with clock.frozen(MARCH):
        course = load(organizer=cast.street)
        with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
            paper = session.scalars(select(CourseRevision.paper_id).where(CourseRevision.course_id == course)).one()
            assert paper is not None
        yield School(app, cast, as_, course, paper)


PASSED = (Decimal("100.00"), True)
FAILED = (Decimal("66.67"), False)


def test_pass_becomes_fail_and_fail_becomes_pass(school, trail):
    alice, sun = school.sit("alice", RIGHT), school.sit("sun", WRONG)
    assert (school.result(alice), school.result(sun)) == (PASSED, FAILED)
    assert (school.hours("alice"), school.hours("sun")) == (Decimal("2.00"), 0)
    heard = []

    def hear(_sender, **values):
        heard.append((values["attempt"].id, values["regrade"].new_passed, values["actor"].person_id))

    with attempt_regraded.connected_to(hear):
        assert school.correct().status_code == 303

    assert (school.result(alice), school.result(sun)) == (FAILED, PASSED)
    assert (school.hours("alice"), school.hours("sun")) == (0, Decimal("2.00"))
    assert heard[-2:] == [(alice, False, school.cast.tina), (sun, True, school.cast.tina)]
    with school.work() as session:
        rows = session.scalars(select(AttemptRegrade).order_by(AttemptRegrade.attempt_id)).all()
        assert [(row.attempt_id, row.old_percent, row.old_passed, row.new_percent) for row in rows] == [
            (alice, Decimal(100), True, Decimal("66.67")),
            (sun, Decimal("66.67"), False, Decimal(100)),
        ]
        reversal = session.scalars(select(HourReversal)).one()
        assert (reversal.reason, reversal.reversed_by_id) == ("答案标反了", school.cast.tina)
        earned = session.scalars(select(HourEntry).where(HourEntry.person_id == school.cast.sun)).one()
        assert (earned.occurred_on, earned.recorded_by_id) == (date(2026, 3, 10), school.cast.tina)
    verbs = [row.verb for row in trail()]
    assert (verbs.count("quizzes.correct"), verbs.count("quizzes.regrade")) == (1, 2)


def test_those_concerned_see_what_changed_and_what_it_was(school):
    alice, sun = school.sit("alice", RIGHT), school.sit("sun", WRONG)
    school.correct()
    for_alice, for_sun = school.page("alice", alice), school.page("sun", sun)
    assert "有一道题的答案更正了：答案标反了" in for_alice
    assert "原来 100 分，现在 66.67 分。 原来通过，现在没有通过。" in for_alice
    assert "学时已冲销" in for_alice
    assert "原来 66.67 分，现在 100 分。 原来没有通过，现在通过了。 学时已补记。" in for_sun


def test_those_concerned_are_told_once(school):
    alice = school.sit("alice", RIGHT)
    school.sit("sun", {**RIGHT, "来访": "查户口", "敲门": "推门"})
    version = school.version()
    school.send("preview")
    assert school.count(Notice) == 0
    school.correct(version=version)
    school.correct(version=version)
    with school.work() as session:
        [told, _sun] = session.scalars(select(Notice).order_by(Notice.person_id)).all()
        assert (told.person_id, told.kind, told.url_values) == (
            school.cast.alice,
            "quizzes.regraded",
            {"attempt_id": alice},
        )
        assert told.params == {"old": "100", "new": "66.67"}


def test_the_preview_says_who_changes_and_changes_nothing(school):
    alice, _sun = school.sit("alice", RIGHT), school.sit("sun", WRONG)
    before = [school.count(model) for model in (QuestionCorrection, AttemptRegrade, HourEntry, HourReversal)]
    version = school.version()

    admin, trainer = school.send("preview", "bo"), school.send("preview", "tina")

    assert "艾丽丝" in admin.text
    assert "孙书记" in admin.text
    assert "艾丽丝" not in trainer.text
    words = " ".join(re.sub(r"<[^>]+>", " ", trainer.text).split())
    assert "成绩改变 2 由没有通过变为通过 1 由通过变为没有通过 1 补记的学时 2 冲销的学时 2" in words
    after = [school.count(model) for model in (QuestionCorrection, AttemptRegrade, HourEntry, HourReversal)]
    assert after == before
    assert (school.version(), school.result(alice)) == (version, PASSED)
    assert school.hours("alice") == Decimal("2.00")


def test_confirming_twice_is_confirming_once(school):
    school.sit("alice", RIGHT)
    version = school.version()
    assert school.correct(version=version).status_code == 303
    counted = [school.count(model) for model in (QuestionCorrection, AttemptRegrade, HourReversal)]
    assert school.correct(version=version).status_code == 303
    assert [school.count(model) for model in (QuestionCorrection, AttemptRegrade, HourReversal)] == counted
    assert school.hours("alice") == 0


def test_two_corrections_do_not_overwrite_each_other(school):
    version = school.version()
    school.correct(version=version)
    other = AS_IS.replace("敲门之后做什么？", "敲门以后先做什么？")
    answer = school.correct(other, version=version)
    assert answer.status_code == 422
    assert "刚刚被别人更正过" in answer.text


def test_what_was_not_looked_at_is_not_confirmed(school):
    alice = school.sit("alice", RIGHT)
    answer = school.send("confirm", seen="0" * 32)
    assert answer.status_code == 200
    assert "还没有更正" in answer.text
    assert school.result(alice) == PASSED


def test_an_attempt_in_progress_is_graded_by_the_version_that_it_drew(school):
    attempt_id = school.begin("alice")
    school.answer("alice", attempt_id, RIGHT)
    school.correct()
    school.submit("alice", attempt_id)
    assert school.result(attempt_id) == PASSED
    assert school.hours("alice") == Decimal("2.00")
    assert school.result(school.sit("sun", WRONG)) == PASSED  # whoever starts now is asked the corrected question


def test_a_manual_reversal_stays(school):
    """Failed first, passed by a second attempt, reversed by hand: a regrade of the first brings nothing back."""
    school.sit("alice", WRONG)
    school.sit("alice", RIGHT)
    with school.work() as session:
        entry = session.scalars(select(HourEntry)).one()
        reverse(entry, reason="由他人代答", actor=actor_of(school.cast.bo), now=clock.now())
    school.correct()
    assert school.hours("alice") == 0
    assert (school.count(HourEntry), school.count(HourReversal)) == (1, 1)


def test_another_passed_attempt_of_the_year_keeps_the_hours(school):
    first = school.sit("alice", RIGHT)
    second = school.sit("alice", WRONG)
    school.correct()
    assert (school.result(first), school.result(second)) == (FAILED, PASSED)
    assert school.hours("alice") == Decimal("2.00")
    assert (school.count(HourEntry), school.count(HourReversal)) == (2, 1)
    assert "学时改按另一次通过的作答计算" in school.page("alice", first)


def test_a_correction_that_was_wrong_itself_can_be_taken_back(school):
    alice = school.sit("alice", RIGHT)
    school.correct()
    assert school.hours("alice") == 0
    school.correct(AS_IS)
    assert school.result(alice) == PASSED
    assert school.hours("alice") == Decimal("2.00")
    assert school.count(AttemptRegrade) == 2


def test_new_explanations_change_no_result(school):
    school.sit("alice", RIGHT)
    text = AS_IS.replace("#对。", "#对，先退后一步，让人看清您。")
    assert "没有人的成绩改变" in school.send("preview", text=text).text
    assert school.correct(text).status_code == 303
    assert school.count(AttemptRegrade) == 0


def test_options_in_another_order_keep_their_meaning(school):
    alice = school.sit("alice", RIGHT)
    school.correct("::丙:: 敲门之后做什么？ {\n=推门 #对。\n~退后一步 #不对。\n}")
    assert school.result(alice) == FAILED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (AS_IS, "没有要更正的"),
        ("敲门之后做什么？ {=退后一步 ~推门 ~喊人}", "选项的文字要和原题一样"),
        ("敲门之后做什么？ {T}", "题型要和原题一样"),
        (f"{AS_IS}\n\n{AS_IS}", "只写一道题"),
        ("敲门之后做什么？ {=退后一步", "没有对应的 }"),
        ("", "请写下更正后的题目"),
    ],
)
def test_what_cannot_judge_the_answers_is_refused(school, text, said):
    answer = school.send("preview", text=text)
    assert answer.status_code == 422
    assert said in answer.text
    assert school.count(QuestionCorrection) == 0


def test_the_page_shows_the_question_as_it_is(school):
    page = school.as_(school.cast.tina).get(school.address)
    assert page.status_code == 200
    assert "=退后一步" in page.text


@pytest.mark.parametrize(
    ("who", "status"), [("tina", 303), ("bo", 303), ("alice", 403), ("mallory", 404), ("rui", 404)]
)
def test_it_is_for_those_who_answer_for_the_paper(school, who, status):
    client = school.as_(school.cast.people[who])
    assert client.get(school.address).status_code == (200 if status == 303 else status)
    assert school.correct(who=who).status_code == status
    assert client.delete(school.address).status_code == 405


def test_a_question_that_the_paper_does_not_have(school):
    assert school.as_(school.cast.tina).get(school.address.replace("/3/", "/4/")).status_code == 404


def test_submissions_at_the_same_moment(school):
    """Three people hand in while the key is corrected twice: each result fits the version that judges it."""
    attempts = {}
    for who in ("alice", "sun", "bo"):
        attempts[who] = school.begin(who)
        school.answer(who, attempts[who], RIGHT)
    version = school.version()
    school.as_(school.cast.tina)  # has her account before two threads ask for it

    def hand_in(who):
        with clock.frozen(MARCH):
            school.submit(who, attempts[who])

    def put_right(_):
        with clock.frozen(MARCH):
            return school.correct(version=version).status_code

    with ThreadPoolExecutor(5) as threads:
        done = [threads.submit(hand_in, who) for who in attempts]
        done += [threads.submit(put_right, n) for n in range(2)]
        for future in done:
            future.result()

    assert school.count(QuestionCorrection) == 1
    with school.work() as session:
        for who, attempt_id in attempts.items():
            row = session.scalars(
                select(AttemptQuestion).where(
                    AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.version_id == version
                )
            ).one()
            attempt = session.get_one(Attempt, attempt_id)
            assert attempt.passed is (row.regraded_version_id is None)
            assert balance_of(school.cast.people[who], 2026) == (2 if attempt.passed else 0)
        assert verification.verify() == []
