"""What is done with courses: load one, begin it, finish a lesson, move to a newer revision, finish the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import audit, clock, db
from lms.core.db import Base
from lms.core.errors import BadInput, Refused
from lms.core.i18n import LOCALES, force_locale, gettext
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses import loading, queries, telling, tickets, watched, watching
from lms.courses.access import Study
from lms.courses.folder import CourseSource
from lms.courses.models import (
    Course,
    CourseFinish,
    CourseRevision,
    Enrollment,
    Lesson,
    LessonFeedback,
    LessonFinish,
    LessonReply,
    Opinion,
)
from lms.courses.watched import Report, Standing
from lms.courses.watching import Ticket
from lms.hours import actions as hours
from lms.hours.kinds import HourKind
from lms.hours.models import HourEntry
from lms.hours.rules import Training
from lms.quizzes import actions as quizzes
from lms.quizzes import checkpoints
from lms.quizzes.kinds.base import BadResponse
from lms.quizzes.models import Attempt
from lms.units.models import Unit


class Loaded(StrEnum):
    """What loading a folder came to."""

    CREATED = "created"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LoadResult:
    course: Course
    revision: CourseRevision
    outcome: Loaded


def load_folder(source: CourseSource, *, organizer: Unit | None, actor: Actor, now: datetime) -> LoadResult:
    """Bring a course to the state of its folder: create it, add a revision, or find that nothing changed.

    :param organizer: the unit that offers it to the people below; None: the site, to everyone.
    :raise Refused: the tier is not the organizer's level, or a text cannot be rendered.
    """
    _check_tier(source, organizer)
    slug, organizer_id = source.slug, organizer.id if organizer else None
    course = queries.find_course(slug, organizer_id, lock=True)
    if course is None:
        values = {"tier": source.facts.tier, "origin": "folder", "latest": 0, "created_at": now}
        _insert_once(Course, {"slug": slug, "organizer_id": organizer_id, **values})
        # Where another load was first, ours waited for it above, and now finds what it brought.
        course = queries.find_course(slug, organizer_id, lock=True)
        assert course is not None
    outcome = Loaded.REVISED if course.latest else Loaded.CREATED
    newest = queries.find_newest(course)
    if newest is not None and newest.digest == source.digest:
        return LoadResult(course, newest, Loaded.UNCHANGED)
    course.tier = source.facts.tier
    revision = loading.build_revision(course, source, actor=actor, now=now)
    detail = {"slug": course.slug, "revision": revision.number, "title": revision.title}
    audit.record(
        f"courses.{outcome}", actor=actor, now=now, on=("course", course.id), unit_id=course.organizer_id, detail=detail
    )
    return LoadResult(course, revision, outcome)


def _check_tier(source: CourseSource, organizer: Unit | None) -> None:
    tier = source.facts.tier
    if organizer is not None and organizer.level.value != tier.value:
        raise Refused(
            _l(
                "%(title)s是%(tier)s课程，不能由%(unit)s（%(level)s）主办。",
                title=source.facts.title,
                tier=tier.label,
                unit=organizer.name,
                level=organizer.level.label,
            )
        )


def enroll(study: Study, *, actor: Actor, now: datetime) -> None:
    """Begin the course on its newest revision; asked again, nothing changes."""
    if actor.person_id is None:
        raise Refused(_l("只有人员可以选课。"))
    values = {
        "person_id": actor.person_id,
        "course_id": study.course.id,
        "revision_id": study.newest.id,
        "enrolled_at": now,
    }
    if _insert_once(Enrollment, values, ("person_id", "course_id")):
        _record("courses.enroll", study.course, actor=actor, now=now, revision=study.newest.number)


def finish_lesson(study: Study, lesson: Lesson, *, actor: Actor, now: datetime) -> None:
    """Mark a lesson without checkpoint as read; asked again, nothing changes.

    :raise Refused: the course was not begun, or the lesson has a checkpoint to answer or a video to watch.
    """
    if lesson.checkpoint_id is not None:
        raise Refused(_l("这一课要答完“想一想”才算学完。"))
    if lesson.video and not watched.is_watched(lesson, actor.person_id):
        raise Refused(_l("看完视频，这一课就学完了。"))
    _finish(study, lesson, None, actor=actor, now=now)


def report_watching(study: Study, lesson: Lesson, report: Report, *, actor: Actor, now: datetime) -> Standing:
    """Hear which parts of a video were played. Enough of them finish a lesson that asks no question.

    :raise Refused: the course was not begun, or the report is not of this person and lesson.
    :raise BadInput: what it claims does not lie in the video.
    """
    _require_begun(study)
    ticket = _own_ticket(tickets.WATCH, report.token, lesson, actor)
    claimed = watching.within_length(report.claimed, watched.length_of(lesson))
    if claimed is None:
        raise BadInput()
    place = max(0, report.position)
    standing = watched.credit(lesson, ticket, sequence=report.sequence, claimed=claimed, position=place, now=now)
    if standing.is_watched and lesson.checkpoint_id is None:
        _finish(study, lesson, None, actor=actor, now=now)
    return standing


def _own_ticket(purpose: str, token: str, lesson: Lesson, actor: Actor) -> Ticket:
    """:raise Refused: the token is not ours, or another person's, or another lesson's."""
    ticket = tickets.read(purpose, token)
    if ticket is None or (ticket.person_id, ticket.lesson_id) != (actor.person_id, lesson.id):
        raise Refused(_l("这个页面已经过时，请重新打开这一课。"))
    return ticket


def _require_watched(lesson: Lesson, reading: str | None, *, actor: Actor, now: datetime) -> None:
    """Reading the transcript stands for the video, at no quicker a pace: see `watching`."""
    if not lesson.video or watched.is_watched(lesson, actor.person_id):
        return
    if reading is None:
        raise Refused(_l("请先看完视频，再答这道题。看不了视频，可以读文字稿。"))
    ticket = _own_ticket(tickets.READ, reading, lesson, actor)
    claimed = watching.reading_claim(watched.length_of(lesson))
    sequence = tickets.milliseconds(now)
    if not watched.credit(lesson, ticket, sequence=sequence, claimed=claimed, position=None, now=now).is_watched:
        raise Refused(_l("请把文字稿读到最后，再答这道题。"))


def answer_checkpoint(
    study: Study,
    lesson: Lesson,
    fields: Mapping[str, Sequence[str]],
    *,
    reading: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Answer a lesson's checkpoint, which finishes it, right or wrong: the explanation teaches. The first answer stays.

    :param fields: the form data of the question.
    :param reading: the token of the transcript's page, for those who cannot watch the lesson's video.
    :raise Refused: the course was not begun, the lesson has no checkpoint, its video was not watched, or nothing was
        answered.
    :raise BadInput: the answer is not one that the question allows.
    """
    version = lesson.checkpoint
    if version is None:
        raise Refused(_l("这一课没有“想一想”。"))
    try:
        outcome = checkpoints.grade(version, fields, seed=lesson.seed_for(actor.person_id))
    except BadResponse as error:
        raise BadInput(error.message) from error
    if outcome.response is None:
        raise Refused(_l("请先作答。"))
    _require_watched(lesson, reading, actor=actor, now=now)
    _finish(study, lesson, outcome.response, actor=actor, now=now)


def start_quiz(study: Study, *, actor: Actor, now: datetime) -> Attempt:
    """Start the course's quiz, or go on with the attempt that is open.

    :raise Refused: a lesson is not finished yet, or the quiz allows no attempt now.
    """
    _require_begun(study)
    if queries.count_unfinished(study.revision.id, actor.person_id):
        raise Refused(_l("学完每一课，才能参加测验。"))
    return quizzes.start(queries.get_paper(study.revision), actor=actor, now=now)


def move_to_newest(study: Study, *, actor: Actor, now: datetime) -> int:
    """Go on with the newest revision. Lessons that it left unchanged stay finished; answers how many.

    :raise Refused: the course was not begun.
    """
    enrollment = _require_begun(study)
    if not study.may_move:
        return 0
    kept = 0
    for lesson_id, finish in queries.list_unchanged(study.revision, study.newest, enrollment.person_id):
        values = {
            "person_id": enrollment.person_id,
            "lesson_id": lesson_id,
            "finished_at": finish.finished_at,
            "answer": finish.answer,
            "carried_from_id": finish.id,
        }
        kept += _insert_once(LessonFinish, values, ("person_id", "lesson_id"))
    for old, new in queries.list_same_videos(study.revision, study.newest):
        watched.carry(old, new, enrollment.person_id)
    enrollment.revision_id = study.newest.id
    numbers = {"from": study.revision.number, "to": study.newest.number, "kept": kept}
    _record("courses.move", study.course, actor=actor, now=now, **numbers)
    return kept


def give_feedback(lesson: Lesson, *, opinion: Opinion, sentence: str, actor: Actor, now: datetime) -> None:
    """Say how a finished lesson was; said again, it replaces what was said before.

    :raise Refused: the lesson is not finished.
    """
    finished = select(LessonFinish.id).where(
        LessonFinish.lesson_id == lesson.id, LessonFinish.person_id == actor.person_id
    )
    if db.session().scalar(finished) is None:
        raise Refused(_l("学完这一课，才能说说怎么样。"))
    values = {"person_id": actor.person_id, "lesson_id": lesson.id, "opinion": opinion, "sentence": sentence}
    insert = db.on_both(lambda: sqlite.insert(LessonFeedback), lambda: postgresql.insert(LessonFeedback))
    said = {"opinion": opinion, "sentence": sentence, "given_at": now}
    statement = insert.values(given_at=now, **values)
    db.session().execute(statement.on_conflict_do_update(index_elements=["person_id", "lesson_id"], set_=said))
    audit.record("courses.feedback", actor=actor, now=now, on=("lesson", lesson.id), person_id=actor.person_id)


def reply_to_feedback(study: Study, lesson: Lesson, *, text: str, actor: Actor, now: datetime) -> None:
    """Answer everyone who gave feedback on a lesson; the same words sent twice stand once.

    :raise Refused: nobody has given feedback.
    """
    session = db.session()
    said = session.scalars(select(LessonFeedback.person_id).where(LessonFeedback.lesson_id == lesson.id)).all()
    if not said:
        raise Refused(_l("这一课还没有人反馈。"))
    same = select(LessonReply.id).where(LessonReply.lesson_id == lesson.id, LessonReply.text == text)
    if session.scalar(same) is not None:
        return
    reply = LessonReply(lesson_id=lesson.id, text=text, replied_at=now, replied_by_id=actor.person_id)
    session.add(reply)
    session.flush()  # the notice names it as its source
    revision = session.get_one(CourseRevision, lesson.revision_id)
    telling.tell_replied(reply, lesson, revision, list(said), actor=actor, now=now)
    audit.record(
        "courses.reply", actor=actor, now=now, on=("lesson", lesson.id), unit_id=study.course.organizer_id,
        detail={"slug": study.course.slug, "lesson": lesson.slug},
    )  # fmt: skip


def on_attempt_graded(_sender: object, *, attempt: Attempt, actor: Actor, now: datetime) -> None:
    """Hear from `quizzes` that an attempt was graded; connected in `setup`. A passed quiz may finish a course."""
    revision = queries.find_revision_of_paper(attempt.paper_id)
    if revision is not None and attempt.passed:
        finish_course(revision, attempt, actor=actor, now=now)


def finish_course(
    revision: CourseRevision, attempt: Attempt, *, reopen: bool = False, actor: Actor, now: datetime
) -> CourseFinish | None:
    """Finish a course by a passed attempt, and award its hours: once for each person, course and calendar year.

    The year is that of the day on which the quiz was handed in, in the installation's zone. None while a lesson is
    left, or where the year's finish stands already. Hours that were reversed are earned anew only by a new attempt.

    :param reopen: the hours had been taken back by a regrade: the same attempt may earn them anew.
    """
    person_id = attempt.person_id
    # Two passed attempts at once take their turn here, so that the second one finds the finish of the first.
    db.session().scalars(_enrollment_of(revision.course_id, person_id).with_for_update()).first()
    finished_on = clock.local_date(attempt.submitted_at or now)
    earlier = db.session().scalars(queries.finish_of(revision.course_id, person_id, finished_on.year)).one_or_none()
    if queries.count_unfinished(revision.id, person_id) or (earlier and not _is_reopened(earlier, attempt, reopen)):
        return None
    course = db.session().get_one(Course, revision.course_id)
    entry = _award(course, revision, attempt, finished_on, actor=actor, now=now)
    finish = earlier or CourseFinish(person_id=person_id, course_id=course.id, cycle=finished_on.year)
    finish.revision_id, finish.attempt_id, finish.entry_id = revision.id, attempt.id, entry.id
    finish.finished_on, finish.finished_at = finished_on, now
    db.session().add(finish)
    _record("courses.finish", course, actor=actor, now=now, person_id=person_id, year=finished_on.year)
    return finish


def _is_reopened(finish: CourseFinish, attempt: Attempt, reopen: bool) -> bool:
    """Whether the hours of a finish were reversed, and this is another attempt than the one that had earned them."""
    entry = db.session().get_one(HourEntry, finish.entry_id)
    return entry.reversal is not None and (reopen or finish.attempt_id != attempt.id)


def _award(
    course: Course, revision: CourseRevision, attempt: Attempt, finished_on: date, *, actor: Actor, now: datetime
) -> HourEntry:
    return hours.award_training(
        Training(revision.hours, quiz_passed=True),
        person_id=attempt.person_id,
        occurred_on=finished_on,
        kind=HourKind.COURSE,
        title=revision.title,
        source=("course", f"{course.id}:{finished_on.year}"),
        tier=course.tier,
        training_type=revision.training_type,
        abilities=revision.trained,
        organizer_id=course.organizer_id,
        evidence=_evidence_of(attempt),
        actor=actor,
        now=now,
    )


def _finish(study: Study, lesson: Lesson, answer: dict[str, Any] | None, *, actor: Actor, now: datetime) -> None:
    enrollment = _require_begun(study)
    values = {"person_id": enrollment.person_id, "lesson_id": lesson.id, "finished_at": now, "answer": answer}
    if _insert_once(LessonFinish, values, ("person_id", "lesson_id")):
        _record("courses.finish_lesson", study.course, actor=actor, now=now, lesson=lesson.slug)


def _require_begun(study: Study) -> Enrollment:
    if study.enrollment is None:
        raise Refused(_l("请先开始学习这门课。"))
    return study.enrollment


def _enrollment_of(course_id: int, person_id: int) -> Select[Enrollment]:
    return select(Enrollment).where(Enrollment.course_id == course_id, Enrollment.person_id == person_id)


def _insert_once(model: type[Base], values: dict[str, Any], keys: tuple[str, ...] = ()) -> bool:
    """Insert a row unless one with these keys is there, in one statement: a double press counts once.

    :param keys: without any, those of every unique index of the table.
    """
    insert = db.on_both(lambda: sqlite.insert(model), lambda: postgresql.insert(model)).values(**values)
    statement = insert.on_conflict_do_nothing(index_elements=list(keys) or None).returning(model.__table__.c.id)
    return db.session().execute(statement).first() is not None


def _record(
    verb: str, course: Course, *, actor: Actor, now: datetime, person_id: int | None = None, **detail: object
) -> None:
    audit.record(
        verb,
        actor=actor,
        now=now,
        on=("course", course.id),
        person_id=person_id or actor.person_id,
        detail={"slug": course.slug, **detail},
    )


def _evidence_of(attempt: Attempt) -> str:
    """What proves the hours, in the language of the record, whichever the learner read."""
    with force_locale(LOCALES[0]):
        return gettext("随堂测验答卷第 %(id)s 号", id=attempt.id)
