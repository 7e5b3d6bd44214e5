"""What a regrade does to courses: a result that passes now earns its hours, one that passes no longer gives them back.

A reversal made by an administrator stands: a regrade never brings back what somebody took away with a reason.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.core import clock, db
from lms.core.web import Actor
from lms.courses import actions, queries
from lms.courses.models import CourseFinish, CourseRevision, Enrollment
from lms.hours import actions as hours
from lms.hours.models import HourEntry
from lms.quizzes.models import Attempt, AttemptRegrade


def on_attempt_regraded(
    _sender: object, *, attempt: Attempt, regrade: AttemptRegrade, actor: Actor, now: datetime
) -> None:
    """Hear from `quizzes` that a correction changed a result; connected in `setup`."""
    revision = queries.find_revision_of_paper(attempt.paper_id)
    if revision is None or regrade.old_passed == regrade.new_passed:
        return
    # What finishes the course at the same moment waits here, and then finds what this wrote.
    mine = (Enrollment.course_id == revision.course_id, Enrollment.person_id == attempt.person_id)
    db.session().scalars(select(Enrollment).where(*mine).with_for_update()).first()
    if regrade.new_passed:
        _earn(revision, attempt, regrade, actor=actor, now=now)
    else:
        _give_back(revision, attempt, regrade, actor=actor, now=now)


def _earn(revision: CourseRevision, attempt: Attempt, regrade: AttemptRegrade, *, actor: Actor, now: datetime) -> None:
    year = _year(attempt.submitted_at or now)
    earlier = db.session().scalars(queries.finish_of(revision.course_id, attempt.person_id, year)).one_or_none()
    if earlier is not None and _was_taken_by_hand(earlier):
        return
    finish = actions.finish_course(revision, attempt, reopen=True, actor=actor, now=now)
    if finish is not None:
        regrade.entry_id = finish.entry_id


def _was_taken_by_hand(finish: CourseFinish) -> bool:
    """Whether the hours of a finish were reversed by somebody, and not by a regrade."""
    entry = db.session().get_one(HourEntry, finish.entry_id)
    if entry.reversal is None:
        return False
    by_regrade = select(AttemptRegrade.id).where(AttemptRegrade.reversal_id == entry.reversal.id)
    return db.session().scalar(by_regrade) is None


def _give_back(
    revision: CourseRevision, attempt: Attempt, regrade: AttemptRegrade, *, actor: Actor, now: datetime
) -> None:
    """Reverse the hours that the attempt had earned; another one of that year that passes earns them in its place."""
    finish = db.session().scalars(
        select(CourseFinish).where(
            CourseFinish.course_id == revision.course_id,
            CourseFinish.person_id == attempt.person_id,
            CourseFinish.attempt_id == attempt.id,
        )
    ).one_or_none()  # fmt: skip
    if finish is None:
        return
    entry = db.session().get_one(HourEntry, finish.entry_id)
    if entry.reversal is not None:
        return
    regrade.reversal_id = hours.reverse(entry, reason=regrade.correction.reason, actor=actor, now=now).id
    db.session().flush()  # whoever asks next sees by whom the hours were taken
    for other, its_revision in _others(revision, attempt, finish.cycle):
        again = actions.finish_course(its_revision, other, reopen=True, actor=actor, now=now)
        if again is not None:
            regrade.entry_id = again.entry_id
            return


def _others(revision: CourseRevision, attempt: Attempt, year: int) -> list[tuple[Attempt, CourseRevision]]:
    """Further passed attempts of the person at a quiz of this course in a year, the first one first."""
    rows = db.session().execute(
        select(Attempt, CourseRevision)
        .join(CourseRevision, CourseRevision.paper_id == Attempt.paper_id)
        .where(
            CourseRevision.course_id == revision.course_id,
            Attempt.person_id == attempt.person_id,
            Attempt.id != attempt.id,
            Attempt.passed.is_(True),
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.submitted_at, Attempt.id)
    )
    return [(other, its) for other, its in rows if other.submitted_at and _year(other.submitted_at) == year]


def _year(moment: datetime) -> int:
    return clock.local_date(moment).year
