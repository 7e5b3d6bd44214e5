"""Mentors' lectures: noted by the mentor or by the unit, and confirmed by somebody else of the two; then they earn
hours by the rule. Nobody's word alone makes hours.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.forms import SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.core.sql import within
from lms.core.web import Actor
from lms.mentoring import crediting, telling
from lms.mentoring.models import LectureConfirmation, MentorLecture
from lms.mentors.models import Mentor, MentorState
from lms.people.models import Person
from lms.units.models import Unit

#: A list longer than this is looked at unit by unit.
MOST, MOST_SPEAKERS = 200, 1000


def note(mentor: Mentor, *, held_on: date, title: str, audience: str, actor: Actor, now: datetime) -> MentorLecture:
    """Note a lecture that was given; a mentor for whom somebody else noted it is told.

    :raise Refused: the day lies ahead, or the same one was noted before.
    """
    if held_on > clock.local_date(now):
        raise Refused(_l("授课的日期还没有到，讲过以后再记。"), "held_on")
    lecture = MentorLecture(
        mentor_id=mentor.id,
        held_on=held_on,
        title=title,
        audience=audience,
        noted_at=now,
        noted_by_id=actor.person_id,
    )
    try:
        with db.session().begin_nested():
            db.session().add(lecture)
    except IntegrityError as error:
        raise Refused(_l("这次授课已经记过。"), "title") from error
    _record("mentoring.note_lecture", lecture, mentor, actor=actor, now=now)
    if mentor.person_id != actor.person_id:
        telling.tell_lecturer(lecture, mentor, actor=actor, now=now)
    return lecture


def confirm(lecture: MentorLecture, *, actor: Actor, now: datetime) -> None:
    """Say as the second of the two that it took place; the mentor earns hours by the credit rule, once.

    :raise Refused: one noted it oneself.
    """
    mentor = db.session().get_one(Mentor, lecture.mentor_id)
    if lecture.noted_by_id == actor.person_id:
        raise Refused(_l("自己记的授课要由另一个人确认。"))
    row = LectureConfirmation(lecture_id=lecture.id, confirmed_at=now, confirmed_by_id=actor.person_id)
    try:
        with db.session().begin_nested():
            db.session().add(row)
    except IntegrityError:  # confirmed already, perhaps at this moment
        return
    _record("mentoring.confirm_lecture", lecture, mentor, actor=actor, now=now)
    crediting.award_lecture(lecture, mentor, actor=actor, now=now)


def list_of_mentor(mentor: Mentor) -> Sequence[MentorLecture]:
    """A mentor's own, the latest first."""
    statement = select(MentorLecture).where(MentorLecture.mentor_id == mentor.id)
    load = joinedload(MentorLecture.confirmation)
    return db.session().scalars(statement.options(load).order_by(MentorLecture.held_on.desc())).all()


def list_of_unit(paths: Sequence[str], *, year: int) -> Sequence[MentorLecture]:
    """Lectures of a year by mentors whom a unit below `paths` looks after; those that wait come first."""
    waiting = ~MentorLecture.confirmation.has()
    statement = (
        select(MentorLecture)
        .join(Mentor, Mentor.id == MentorLecture.mentor_id)
        .join(Unit, Unit.id == Mentor.unit_id)
        .where(within(Unit.path, paths), MentorLecture.held_on.between(date(year, 1, 1), date(year, 12, 31)))
        .options(joinedload(MentorLecture.mentor).joinedload(Mentor.person), joinedload(MentorLecture.confirmation))
        .order_by(waiting.desc(), MentorLecture.held_on.desc(), MentorLecture.id.desc())
        .limit(MOST)
    )
    return db.session().scalars(statement).all()


def list_speakers(unit: Unit) -> list[SelectChoice]:
    """Mentors whom a unit looks after, below it too, to choose who spoke."""
    statement = (
        select(Mentor.id, Person.name, Unit.name)
        .join(Person, Person.id == Mentor.person_id)
        .join(Unit, Unit.id == Mentor.unit_id)
        .where(within(Unit.path, [unit.path]), Mentor.state.in_([MentorState.ACTIVE, MentorState.PAUSED]))
        .order_by(Person.name, Mentor.id)
        .limit(MOST_SPEAKERS)
    )
    return [SelectChoice(str(row[0]), f"{row[1]}（{row[2]}）") for row in db.session().execute(statement)]


def count_confirmed(mentor_ids: Sequence[int], *, year: int) -> dict[int, int]:
    """How many confirmed lectures each mentor gave in a year."""
    statement = (
        select(MentorLecture.mentor_id, func.count())
        .where(MentorLecture.mentor_id.in_(mentor_ids), MentorLecture.confirmation.has())
        .where(MentorLecture.held_on.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(MentorLecture.mentor_id)
    )
    return {row[0]: row[1] for row in db.session().execute(statement)}


def _record(verb: str, lecture: MentorLecture, mentor: Mentor, *, actor: Actor, now: datetime) -> None:
    on, person_id = ("mentor_lecture", lecture.id), mentor.person_id
    audit.record(verb, actor=actor, now=now, on=on, unit_id=mentor.unit_id, person_id=person_id)
