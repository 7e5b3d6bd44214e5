"""Who counts: the conditions from which every number and every list of names is made, so that both always agree.

People who should learn are those who hold a post on the day of the count; each counts once, in the unit of the one
post that was primary on that day. They have finished when a course of the year stands: finished, and its hours not
reversed.
"""

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.sql import Given
from lms.courses.models import CourseFinish, Enrollment
from lms.hours.models import HourReversal
from lms.people.models import Appointment

#: Later than any last day: an open post compares as the one that ends last.
FAR = date(9999, 12, 31)


def day_of(year: int, today: date) -> date:
    """The day on which a year's people are counted: today, and the last day of a year that is over."""
    return today if year == today.year else date(year, 12, 31)


def counted(day: Given[date]) -> ColumnElement[bool]:
    """The row of Appointment by which its person counts on `day`.

    A primary post goes before others. When one ends, the mark passes on, so of two posts that bear it the one that
    ended first was the primary one till then.
    """
    other = aliased(Appointment)
    other_end, end = func.coalesce(other.ends_on, FAR), func.coalesce(Appointment.ends_on, FAR)
    earlier = or_(other_end < end, and_(other_end == end, other.id < Appointment.id))
    goes_before = or_(
        and_(other.is_primary, ~Appointment.is_primary),
        and_(other.is_primary == Appointment.is_primary, earlier),
    )
    better = (
        select(other.id)
        .where(other.person_id == Appointment.person_id, other.id != Appointment.id, _held(other, day), goes_before)
        .correlate(Appointment)
    )
    return and_(_held(Appointment, day), ~better.exists())


def _held(post: type[Appointment], day: Given[date]) -> ColumnElement[bool]:
    return and_(post.starts_on <= day, or_(post.ends_on.is_(None), post.ends_on >= day))


def stands() -> ColumnElement[bool]:
    """The row of CourseFinish counts: the hours it earned were not reversed."""
    reversals = select(HourReversal.id).where(HourReversal.entry_id == CourseFinish.entry_id).correlate(CourseFinish)
    return ~reversals.exists()


def finished(year: Given[int], course_id: Given[int] | None, *, everyone: bool = False) -> ColumnElement[bool]:
    """The person of the row of Appointment finished a course in `year`: the given one, or any.

    :param everyone: most finishes of the year are asked for, as a province does: then reading them all once is cheaper
        than looking each person up (with 50,000 people on SQLite 25 ms against 110), else far dearer.
    """
    finishes = select(CourseFinish.person_id).where(CourseFinish.cycle == year, stands())
    if course_id is not None:
        finishes = finishes.where(CourseFinish.course_id == course_id)
    if everyone:
        return Appointment.person_id.in_(finishes)
    return finishes.where(CourseFinish.person_id == Appointment.person_id).correlate(Appointment).exists()


def begun_by(year: int) -> ColumnElement[bool]:
    """The row of Enrollment is no younger than `year`."""
    end = datetime.combine(date(year + 1, 1, 1), time(), clock.zone())
    return Enrollment.enrolled_at < end


def begun(year: int, course_id: int | None) -> ColumnElement[bool]:
    """The person of the row of Appointment had begun a course by the end of `year`: the given one, or any."""
    enrollments = select(Enrollment.id).where(Enrollment.person_id == Appointment.person_id, begun_by(year))
    if course_id is not None:
        enrollments = enrollments.where(Enrollment.course_id == course_id)
    return enrollments.correlate(Appointment).exists()
