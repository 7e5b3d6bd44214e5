"""How a course does, in counts: who is behind a count is nobody's business here, so no person is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import aliased

from lms.core import db
from lms.courses.models import Course, CourseFinish, CourseRevision, Enrollment, Lesson, LessonFinish
from lms.courses.queries import stands


@dataclass(frozen=True)
class RevisionRow:
    """A revision: how many study it, and how many of these have finished the course at some time."""

    id: int
    number: int
    title: str
    paper_id: int | None
    enrolled: int
    finished: int


@dataclass(frozen=True)
class StopRow:
    """A lesson: how many finished it, and how many have it before them now. The last row is the quiz."""

    position: int | None
    title: str
    finished: int
    standing: int


def list_revisions(course: Course) -> Sequence[RevisionRow]:
    """The revisions of a course, the newest first."""
    passed = _finished_people(course)
    statement = (
        select(
            CourseRevision.id,
            CourseRevision.number,
            CourseRevision.title,
            CourseRevision.paper_id,
            func.count(Enrollment.id),
            func.count(passed.c.person_id),
        )
        .outerjoin(Enrollment, Enrollment.revision_id == CourseRevision.id)
        .outerjoin(passed, passed.c.person_id == Enrollment.person_id)
        .where(CourseRevision.course_id == course.id)
        .group_by(CourseRevision.id, CourseRevision.number, CourseRevision.title, CourseRevision.paper_id)
        .order_by(CourseRevision.number.desc())
    )
    return [RevisionRow(*row) for row in db.session().execute(statement)]


def list_stops(revision: RevisionRow) -> Sequence[StopRow]:
    """Lesson by lesson, how many of those who study this revision got past it, and how many stand before it."""
    here = and_(Enrollment.person_id == LessonFinish.person_id, Enrollment.revision_id == Lesson.revision_id)
    statement = (
        select(Lesson.position, Lesson.title, func.count(Enrollment.id))
        .outerjoin(LessonFinish, LessonFinish.lesson_id == Lesson.id)
        .outerjoin(Enrollment, here)
        .where(Lesson.revision_id == revision.id)
        .group_by(Lesson.position, Lesson.title)
        .order_by(Lesson.position)
    )
    waiting = _standing_before(revision)
    lessons = [
        StopRow(position, title, finished, waiting.get(position, 0))
        for position, title, finished in db.session().execute(statement)
    ]
    return [*lessons, StopRow(None, "", revision.finished, waiting.get(None, 0))]


def _standing_before(revision: RevisionRow) -> dict[int | None, int]:
    """Position of the first unfinished lesson (None: only the quiz is left) -> people who have not finished."""
    mine = and_(LessonFinish.lesson_id == Lesson.id, LessonFinish.person_id == Enrollment.person_id)
    upcoming = (
        select(func.min(Lesson.position))
        .outerjoin(LessonFinish, mine)
        .where(Lesson.revision_id == Enrollment.revision_id, LessonFinish.id.is_(None))
        .correlate(Enrollment)
        .scalar_subquery()
    )
    finish = aliased(CourseFinish)
    over = select(finish.id).where(
        finish.person_id == Enrollment.person_id, finish.course_id == Enrollment.course_id, stands(finish)
    )
    each = select(upcoming.label("position")).where(Enrollment.revision_id == revision.id, ~over.exists()).subquery()
    counted = select(each.c.position, func.count().label("people")).group_by(each.c.position)
    return {row.position: row.people for row in db.session().execute(counted)}


def _finished_people(course: Course) -> Subquery:
    """Each person whose finish of the course stands, once, in whichever year."""
    return select(CourseFinish.person_id).where(CourseFinish.course_id == course.id, stands()).distinct().subquery()
