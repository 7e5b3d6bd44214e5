"""The end of a course: lessons finished, quiz passed, hours awarded once for a person, course and calendar year."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.courses import access, actions, queries
from lms.courses.models import CourseFinish, Lesson, LessonFinish
from lms.hours.actions import reverse
from lms.hours.kinds import Ability, HourKind, Tier, TrainingType
from lms.hours.models import HourEntry
from lms.hours.queries import balance_of
from lms.quizzes.events import attempt_graded
from lms.quizzes.models import Attempt
from tests.conftest import actor_of
from tests.courses.folders import change

MARCH = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def alice(course, work, cast):
    """Alice, who has begun the course."""
    actor = actor_of(cast.alice)
    actions.enroll(access.get_study(actor, course), actor=actor, now=MARCH)
    return actor


def finish_lessons(actor, course, *, only=(1, 2)):
    study = access.get_study(actor, course)
    for lesson in db.session().scalars(select(Lesson).where(Lesson.revision_id == study.revision.id)):
        if lesson.position in only:
            db.session().add(LessonFinish(person_id=actor.person_id, lesson_id=lesson.id, finished_at=MARCH))
    db.session().flush()


def grade(actor, course, *, at=MARCH, passed=True, number=1, announced=None):
    """An attempt that was handed in at `at`, and its announcement."""
    attempt = Attempt(
        paper_id=access.get_study(actor, course).revision.paper_id,
        person_id=actor.person_id,
        number=number,
        seed="0" * 32,
        started_at=at,
        submitted_at=at,
        graded_at=at,
        percent=Decimal(90 if passed else 20),
        passed=passed,
    )
    db.session().add(attempt)
    db.session().flush()
    attempt_graded.send(None, attempt=attempt, actor=actor, now=announced or at)
    return attempt


def entries():
    db.session().flush()
    return db.session().scalars(select(HourEntry).order_by(HourEntry.id)).all()


def test_a_passed_quiz_finishes_the_course_and_awards_its_hours(alice, course):
    finish_lessons(alice, course)
    attempt = grade(alice, course)

    [entry] = entries()
    assert (entry.hours, entry.kind, entry.title) == (Decimal("2.00"), HourKind.COURSE, "接待与走访")
    assert (entry.tier, entry.training_type) == (Tier.STREET, TrainingType.INDUCTION)
    assert entry.abilities == [Ability.MASS_WORK, Ability.MEDIATION]
    assert (entry.source_kind, entry.source_ref) == ("course", f"{course}:2026")
    assert entry.unit_name == "光明社区"
    finish = queries.find_course_finish(course, alice.person_id, 2026)
    assert finish is not None
    assert (finish.attempt_id, finish.entry_id, finish.finished_on) == (attempt.id, entry.id, date(2026, 3, 10))
    assert balance_of(alice.person_id, 2026) == Decimal("2.00")


def test_a_failed_quiz_earns_nothing(alice, course):
    finish_lessons(alice, course)
    grade(alice, course, passed=False)
    assert entries() == []


def test_a_lesson_that_is_left_earns_nothing(alice, course):
    finish_lessons(alice, course, only=(1,))
    grade(alice, course)
    assert entries() == []
    assert queries.find_course_finish(course, alice.person_id, 2026) is None


def test_passing_again_in_the_same_year_earns_nothing_more(alice, course):
    finish_lessons(alice, course)
    for number in (1, 2, 3):
        grade(alice, course, number=number, at=MARCH + timedelta(days=number))
    assert len(entries()) == 1
    assert balance_of(alice.person_id, 2026) == Decimal("2.00")


def test_the_same_announcement_twice_counts_once(alice, course):
    finish_lessons(alice, course)
    attempt = grade(alice, course)
    attempt_graded.send(None, attempt=attempt, actor=alice, now=MARCH)
    assert len(entries()) == 1


def test_the_next_year_counts_anew(alice, course):
    finish_lessons(alice, course)
    grade(alice, course)
    grade(alice, course, number=2, at=MARCH + timedelta(days=365))
    assert [entry.source_ref for entry in entries()] == [f"{course}:2026", f"{course}:2027"]


@pytest.mark.parametrize(
    ("handed_in", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_year_ends_at_midnight_in_shanghai(alice, course, handed_in, year):
    finish_lessons(alice, course)
    grade(alice, course, at=handed_in)
    [entry] = entries()
    assert entry.occurred_on.year == year
    assert entry.source_ref == f"{course}:{year}"


def test_a_quiz_that_is_marked_later_counts_for_the_day_it_was_handed_in(alice, course):
    finish_lessons(alice, course)
    evening = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    grade(alice, course, at=evening, announced=evening + timedelta(days=3))
    [entry] = entries()
    assert entry.occurred_on == date(2026, 12, 31)


def test_reversed_hours_open_the_course_again(alice, course, cast):
    finish_lessons(alice, course)
    attempt = grade(alice, course)
    reverse(entries()[0], reason="由他人代答", actor=actor_of(cast.bo), now=MARCH)
    assert queries.find_course_finish(course, alice.person_id, 2026) is None

    attempt_graded.send(None, attempt=attempt, actor=alice, now=MARCH)  # the old attempt does not undo the reversal
    assert len(entries()) == 1

    again = grade(alice, course, number=2, at=MARCH + timedelta(days=1))
    finish = queries.find_course_finish(course, alice.person_id, 2026)
    assert finish is not None
    assert finish.attempt_id == again.id
    assert [entry.sequence for entry in entries()] == [1, 2]
    assert balance_of(alice.person_id, 2026) == Decimal("2.00")


def test_each_person_for_themselves(alice, course, cast):
    sun = actor_of(cast.sun)
    actions.enroll(access.get_study(sun, course), actor=sun, now=MARCH)
    finish_lessons(alice, course)
    grade(alice, course)
    grade(sun, course)
    assert [entry.person_id for entry in entries()] == [cast.alice]


def test_a_paper_of_somebody_else_is_not_ours_to_hear(alice, course):
    finish_lessons(alice, course)
    attempt = Attempt(paper_id=999, person_id=alice.person_id, passed=True, submitted_at=MARCH)
    attempt_graded.send(None, attempt=attempt, actor=alice, now=MARCH)
    assert entries() == []


def test_an_attempt_begun_before_a_move_still_counts(app, load, folder, cast):
    course = load()
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        actor = actor_of(cast.alice)
        actions.enroll(access.get_study(actor, course), actor=actor, now=MARCH)
        finish_lessons(actor, course)
        old = access.get_study(actor, course).revision
    change(folder, "01-first-visit.md", "张阿姨", "李阿姨")
    load()
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        actor = actor_of(cast.alice)
        study = access.get_study(actor, course)
        assert study.may_move
        actions.move_to_newest(study, actor=actor, now=MARCH)
        attempt = Attempt(
            paper_id=old.paper_id, person_id=cast.alice, number=1, seed="0", started_at=MARCH, submitted_at=MARCH,
            graded_at=MARCH, percent=Decimal(90), passed=True,
        )  # fmt: skip
        db.session().add(attempt)
        db.session().flush()
        attempt_graded.send(None, attempt=attempt, actor=actor, now=MARCH)
        finish = queries.find_course_finish(course, cast.alice, 2026)
        assert finish is not None
        assert finish.revision_id == old.id


def test_the_course_page_says_that_it_is_finished(as_, cast, course, app):
    client = as_(cast.alice)
    with clock.frozen(MARCH):
        client.post(f"/courses/{course}/enroll")
        with app.app_context(), db.unit_of_work(app.extensions["database"]):
            actor = actor_of(cast.alice)
            finish_lessons(actor, course)
            grade(actor, course)
            assert db.session().scalar(select(CourseFinish.cycle)) == 2026
    page = as_(cast.alice)
    with clock.frozen(MARCH + timedelta(hours=1)):
        page = as_(cast.alice).get(f"/courses/{course}").get_data(as_text=True)
    assert "您已经学完这门课，2 学时已记入档案。" in page


def test_two_passed_attempts_at_once_award_once(app, cast, course):
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        actor = actor_of(cast.alice)
        actions.enroll(access.get_study(actor, course), actor=actor, now=MARCH)
        finish_lessons(actor, course)
        ids = [grade_silently(actor, course, number) for number in range(1, 9)]

    def announce(attempt_id):
        with app.app_context(), db.unit_of_work(app.extensions["database"]):
            attempt = db.session().get_one(Attempt, attempt_id)
            attempt_graded.send(None, attempt=attempt, actor=actor, now=MARCH)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(announce, ids))

    with db.unit_of_work(app.extensions["database"], write=False):
        assert len(entries()) == 1
        assert balance_of(cast.alice, 2026) == Decimal("2.00")


def grade_silently(actor, course, number):
    """A passed attempt that nobody has announced; answers its id."""
    attempt = Attempt(
        paper_id=access.get_study(actor, course).revision.paper_id, person_id=actor.person_id, number=number,
        seed=str(number), started_at=MARCH, submitted_at=MARCH, graded_at=MARCH, percent=Decimal(90), passed=True,
    )  # fmt: skip
    db.session().add(attempt)
    db.session().flush()
    return attempt.id
