"""Who counts on a day: the one row of Appointment by which each person is counted, in every number and list of names.

People count where they hold a post on that day; each counts once, in the unit of the one post that was primary then.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from lms.core.sql import Given
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
