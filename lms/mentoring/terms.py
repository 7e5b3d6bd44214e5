"""When what is due in a term. Pure: dates in, dates and words out."""

from datetime import date, timedelta

from lms.mentoring.kinds import Stage

#: The last evaluation may be written, and the term be completed, in its last month.
CLOSING = timedelta(days=30)
#: A pair that is silent is reminded first; its unit reads of it so much later.
UNIT_LATER = timedelta(days=14)
LONGEST = timedelta(days=5 * 366)


def half_way(starts_on: date, ends_on: date) -> date:
    """The day in the middle of a term."""
    return starts_on + (ends_on - starts_on) / 2


def stage_on(day: date, *, half_way_on: date, ends_on: date) -> Stage | None:
    """Which evaluation is due on a day: half-way from the middle on, then the final one; none before."""
    if day >= ends_on - CLOSING:
        return Stage.FINAL
    return Stage.HALF_WAY if day >= half_way_on else None


def may_complete(day: date, ends_on: date) -> bool:
    return day >= ends_on - CLOSING


def add_months(day: date, months: int) -> date:
    """The last day of a term of so many months that begins on `day`."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    length = (after - first).days
    return date(first.year, first.month, min(day.day, length)) - timedelta(days=1)
