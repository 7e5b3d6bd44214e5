"""What a report is asked: the unit, the year and the course that its address names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.core import clock
from lms.core.errors import BadInput, Denied
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import LARGEST_ID, Actor, arg_int, arg_text
from lms.reports import access, headcount
from lms.reports.access import OfferedCourse
from lms.units.models import Unit

FIRST_YEAR = 2000
#: How many years the pages offer; older ones can still be asked for.
YEARS_SHOWN = 5
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(9998, 12, 31)


@dataclass(frozen=True)
class Inquiry:
    """A question within the actor's reach.

    :param offered: the courses offered to the unit, among which `course` was chosen.
    :param course: only this one counts; None: any course of the year.
    :param names: whether the actor may see the people behind the numbers.
    """

    actor: Actor
    unit: Unit
    year: int
    today: date
    offered: Sequence[OfferedCourse]
    course: OfferedCourse | None
    names: bool

    @property
    def day(self) -> date:
        """The day on which the people are counted."""
        return headcount.day_of(self.year, self.today)

    @property
    def course_id(self) -> int | None:
        return self.course.id if self.course else None

    @property
    def years(self) -> list[int]:
        """The years to choose from, the latest first."""
        recent = list(range(self.today.year, self.today.year - YEARS_SHOWN, -1))
        return recent if self.year in recent else [*recent, self.year]

    def args(self, **changed: Any) -> dict[str, Any]:
        """The query string that asks the same, with changes; None leaves a part out."""
        year = self.year if self.year != self.today.year else None
        asked = {"unit": self.unit.id, "year": year, "course": self.course_id, **changed}
        return {name: value for name, value in asked.items() if value is not None}


def read(actor: Actor, *, teaching: bool = False) -> Inquiry:
    """The question of the request.

    :param teaching: a page that is open to trainers, too.
    :raise Denied: a unit outside the actor's reach, or a course that is not offered there.
    :raise BadInput: what no page of ours can have sent.
    """
    today = clock.today()
    unit_id = arg_int("unit", 0, 1, LARGEST_ID)
    year = arg_int("year", today.year, FIRST_YEAR, today.year)
    course_id = arg_int("course", 0, 1, LARGEST_ID)
    unit = access.get_taught_unit(actor, unit_id) if teaching else access.get_unit(actor, unit_id)
    offered = access.list_offered(unit)
    course = next((course for course in offered if course.id == course_id), None)
    if course_id and course is None:
        raise Denied()
    return Inquiry(actor, unit, year, today, offered, course, names=actor.covers(unit.path, "admin"))


def read_day(name: str) -> date | None:
    """A date of the address, as `2026-11-22`.

    :raise BadInput: it is none, or far from any day that is on record.
    """
    text = arg_text(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadInput(_l("地址中的日期不正确，应写成 2026-01-31 这样。"))
    return day
