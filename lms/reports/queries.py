"""Completion in numbers: by unit, by course, by year. Each board costs the same few statements whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, func, literal, select, union_all

from lms.core import db
from lms.core.sql import Given, in_slots, path_slots, within
from lms.courses.models import CourseFinish, Enrollment
from lms.hours.models import Balance
from lms.people.models import Appointment
from lms.reports import headcount
from lms.reports.access import OfferedCourse
from lms.reports.inquiry import Inquiry
from lms.units.models import Level, Unit
from lms.units.queries import list_children

NO_HOURS = Decimal("0.00")


@dataclass(frozen=True)
class Numbers:
    """How many people should learn, how many of them finished, and the hours of all of them in the year."""

    people: int = 0
    finished: int = 0
    hours: Decimal = NO_HOURS

    @property
    def unfinished(self) -> int:
        return self.people - self.finished

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(self.people + other.people, self.finished + other.finished, self.hours + other.hours)


@dataclass(frozen=True)
class UnitRow:
    """A row of the board: a unit right below, or (None) those who work directly in the unit itself."""

    unit: Unit | None
    numbers: Numbers


@dataclass(frozen=True)
class Board:
    """Rows in administrative order, and their sum."""

    rows: Sequence[UnitRow]

    @property
    def total(self) -> Numbers:
        return sum((row.numbers for row in self.rows), Numbers())


@dataclass(frozen=True)
class CourseRow:
    """A course offered to the unit: how many of its people began it, and finished it in the year."""

    course: OfferedCourse
    people: int
    begun: int
    finished: int

    @property
    def unfinished(self) -> int:
        return self.people - self.finished


@dataclass(frozen=True)
class YearRow:
    """A year of the unit, with the people of its last day (of today, in the current year)."""

    year: int
    numbers: Numbers


def by_unit(inquiry: Inquiry) -> Board:
    """The children of the unit, one after the other, then those who work in the unit itself."""
    unit = inquiry.unit
    values = {"year": inquiry.year, "day": inquiry.day, "course_id": inquiry.course_id, "start": len(unit.path) + 1}
    statement = _by_child(db.dialect(), one_course=bool(inquiry.course), everyone=_is_wide(unit))
    found = {row[3]: _numbers(row) for row in db.rows(statement, values | in_slots("top", [unit.path]))}
    children = [
        UnitRow(child, found.get(str(child.id), Numbers()))
        for child in list_children(inquiry.unit)
        if str(child.id) in found or child.valid_to is None or child.valid_to >= inquiry.day
    ]
    direct = [UnitRow(None, found[""])] if "" in found else []
    return Board([*children, *direct])


@cache
def _by_child(dialect: str, *, one_course: bool, everyone: bool) -> Select[*tuple[Any, ...]]:
    """The subtree of `top_0`, summed up by the child through which a path leads, whose number begins at `start`."""
    course_id: Given[int] | None = bindparam("course_id") if one_course else None
    every_unit = _tally(path_slots("top", 1)[0], bindparam("year"), bindparam("day"), course_id, everyone=everyone)
    tallied = every_unit.add_columns(Unit.path).group_by(Unit.path).subquery()  # by the index: nothing is sorted
    key = _child_key(dialect, tallied.c.path)
    sums = func.sum(tallied.c.people), func.sum(tallied.c.finished), func.sum(tallied.c.hours)
    return select(*sums, key).group_by(key)


def by_course(inquiry: Inquiry) -> Sequence[CourseRow]:
    """Every course offered to the unit."""
    ids = [course.id for course in inquiry.offered]
    people = db.session().scalar(_counted(inquiry, func.count())) or 0
    finished = _by_course(
        inquiry,
        CourseFinish.course_id,
        and_(
            CourseFinish.person_id == Appointment.person_id,
            CourseFinish.cycle == inquiry.year,
            CourseFinish.course_id.in_(ids),
            headcount.stands(),
        ),
    )
    begun = _by_course(
        inquiry,
        Enrollment.course_id,
        and_(
            Enrollment.person_id == Appointment.person_id,
            Enrollment.course_id.in_(ids),
            headcount.begun_by(inquiry.year),
        ),
    )
    return [CourseRow(c, people, begun.get(c.id, 0), finished.get(c.id, 0)) for c in inquiry.offered]


def by_year(inquiry: Inquiry) -> Sequence[YearRow]:
    """The years on offer, the latest first, down to the first in which anybody was on record."""
    tallies = [
        tally(inquiry.unit, year, headcount.day_of(year, inquiry.today), inquiry.course_id).add_columns(literal(year))
        for year in inquiry.years
    ]
    rows = db.session().execute(union_all(*tallies)).all()
    years = sorted((YearRow(row[3], _numbers(row)) for row in rows), key=lambda row: -row.year)
    while len(years) > 1 and not years[-1].numbers.people:
        years.pop()
    return years


def tally(unit: Unit, year: int, day: date, course_id: int | None) -> Select[*tuple[Any, ...]]:
    """People, finished and hours of the subtree of `unit`, as one row."""
    return _tally(unit.path, year, day, course_id, everyone=_is_wide(unit))


def _is_wide(unit: Unit) -> bool:
    """Whether most finishes of the year lie below the unit (see `headcount.finished`)."""
    return unit.level is Level.PROVINCE


def _tally(
    top: Given[str], year: Given[int], day: Given[date], course_id: Given[int] | None, *, everyone: bool
) -> Select[*tuple[Any, ...]]:
    """The same for values or for parameters: one row, unless the caller groups it."""
    done = case((headcount.finished(year, course_id, everyone=everyone), 1), else_=0)
    of_the_year = and_(Balance.person_id == Appointment.person_id, Balance.year == year)
    return (
        select(func.count().label("people"), func.sum(done).label("finished"), func.sum(Balance.hours).label("hours"))
        .select_from(Unit)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .outerjoin(Balance, of_the_year)
        .where(within(Unit.path, [top]), headcount.counted(day))
    )


def _numbers(row: Sequence[Any]) -> Numbers:
    """Of the first three columns of a tally; sums over nobody are NULL."""
    return Numbers(int(row[0]), int(row[1] or 0), (row[2] or NO_HOURS).quantize(NO_HOURS))


def _child_key(dialect: str, path: ColumnElement[str]) -> ColumnElement[str]:
    """Which child a path leads through, as text: "7" of "1.2.7.12." below "1.2."; "" for the unit itself."""
    rest = func.substr(path, bindparam("start", type_=Integer))
    if dialect == "postgresql":
        return func.split_part(rest, ".", 1)
    return func.substr(rest, 1, func.instr(rest, ".") - 1)


def _counted(inquiry: Inquiry, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Those who count below the unit of the inquiry."""
    return (
        select(*columns)
        .select_from(Unit)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .where(within(Unit.path, [inquiry.unit.path]), headcount.counted(inquiry.day))
    )


def _by_course(inquiry: Inquiry, course_id: Any, joined: ColumnElement[bool]) -> dict[int, int]:
    """How many of those who count have a row of the table of `course_id`; a person has one for each course."""
    statement = _counted(inquiry, course_id, func.count()).join(course_id.class_, joined).group_by(course_id)
    return {row[0]: row[1] for row in db.session().execute(statement)}
