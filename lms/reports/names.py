"""The people behind each number, by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select, true

from lms.core import db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import Page, keyset
from lms.core.sql import within
from lms.courses.models import CourseFinish, CourseRevision
from lms.hours.models import Balance
from lms.people.access import administered_by
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.reports import headcount
from lms.reports.inquiry import Inquiry
from lms.reports.queries import NO_HOURS
from lms.units.models import Unit


class State(StrEnum):
    """Which of the people of a number are asked for."""

    ALL = "all"
    FINISHED = "finished"
    UNFINISHED = "unfinished"
    BEGUN = "begun"

    @property
    def label(self) -> LazyString:
        return LABELS[self]


LABELS = {
    State.ALL: _l("全部应学人员"),
    State.FINISHED: _l("已完成"),
    State.UNFINISHED: _l("未完成"),
    State.BEGUN: _l("开始学过"),
}


@dataclass(frozen=True)
class Selection:
    """Who is listed: of the people of `inquiry` those in `state`; `direct`: who work in the unit itself."""

    inquiry: Inquiry
    state: State
    direct: bool = False


@dataclass(frozen=True)
class PersonRow:
    """A person as counted: the post of that day, the year's hours and courses.

    `name` and `phone` are None where the person has since left the actor's reach: the year keeps its numbers, and the
    person is another unit's.
    """

    id: int
    name: str | None
    phone: str | None
    unit_name: str
    post: PostClass
    title: str
    hours: Decimal
    finished: bool
    courses: Sequence[str] = ()


def list_people(selection: Selection, *, cursor: str | None = None) -> Page[PersonRow]:
    """A page of them by name, those who have left the actor's reach last."""
    page = keyset(_statement(selection), *_order(selection), cursor=cursor)
    rows = [_person(row) for row in page.items]
    titles = _titles(selection.inquiry, CourseFinish.person_id.in_([row.id for row in rows])) if rows else {}
    return Page([replace(row, courses=titles.get(row.id, ())) for row in rows], page.next_cursor, page.size)


def iter_people(selection: Selection) -> Iterator[PersonRow]:
    """All of them in the same order, a batch at a time: for an export."""
    ids = _selected(selection, Appointment.person_id)
    titles = _titles(selection.inquiry, CourseFinish.person_id.in_(ids))
    statement = _statement(selection).order_by(*_order(selection)).execution_options(yield_per=1000)
    for row in db.session().execute(statement):
        person = _person(row)
        yield replace(person, courses=titles.get(person.id, ()))


def count_people(selection: Selection) -> int:
    """How many there are: the number that leads to the list."""
    return db.session().scalar(_selected(selection, func.count())) or 0


def _statement(selection: Selection) -> Select[*tuple[Any, ...]]:
    inquiry = selection.inquiry
    visible = _visible(inquiry)
    return _selected(
        selection,
        Person.id,
        case((visible, Person.name)).label("name"),
        case((visible, Person.phone)).label("phone"),
        Unit.name.label("unit_name"),
        Appointment.post,
        Appointment.title,
        Balance.hours,
        headcount.finished(inquiry.year, inquiry.course_id).label("finished"),
    ).outerjoin(Balance, and_(Balance.person_id == Person.id, Balance.year == inquiry.year))


def _selected(selection: Selection, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The conditions of the numbers, once more: units, counted posts, state."""
    inquiry = selection.inquiry
    unit = Unit.id == inquiry.unit.id if selection.direct else within(Unit.path, [inquiry.unit.path])
    statement = (
        select(*columns)
        .select_from(Unit)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(unit, headcount.counted(inquiry.day))
    )
    if selection.state is State.BEGUN:
        return statement.where(headcount.begun(inquiry.year, inquiry.course_id))
    if selection.state is State.ALL:
        return statement
    finished = headcount.finished(inquiry.year, inquiry.course_id)
    return statement.where(finished if selection.state is State.FINISHED else ~finished)


def _visible(inquiry: Inquiry) -> ColumnElement[bool]:
    """Whether the person is still the actor's: those who count today are, so that only the past has to ask."""
    return true() if inquiry.day == inquiry.today else administered_by(inquiry.actor)


def _order(selection: Selection) -> tuple[ColumnElement[Any], ...]:
    """By name. A name that is not shown does not order, either: the cursor would tell it."""
    inquiry = selection.inquiry
    if inquiry.day == inquiry.today:
        return Person.name, Person.id  # type: ignore[return-value]  # columns, which are expressions too
    visible = _visible(inquiry)
    return case((visible, 0), else_=1), case((visible, Person.name), else_=literal("")), Person.id  # type: ignore[return-value]


def _titles(inquiry: Inquiry, people: ColumnElement[bool]) -> dict[int, list[str]]:
    """The courses of the year that stand, by person, in the order in which they were finished."""
    statement = (
        select(CourseFinish.person_id, CourseRevision.title)
        .join(CourseRevision, CourseRevision.id == CourseFinish.revision_id)
        .where(people, CourseFinish.cycle == inquiry.year, headcount.stands())
        .order_by(CourseFinish.finished_on, CourseFinish.id)
    )
    titles: dict[int, list[str]] = {}
    for person_id, title in db.session().execute(statement):
        titles.setdefault(person_id, []).append(title)
    return titles


def _person(row: Row[Any]) -> PersonRow:
    return PersonRow(
        id=row.id,
        name=row.name,
        phone=row.phone,
        unit_name=row.unit_name,
        post=row.post,
        title=row.title,
        hours=(row.hours or NO_HOURS).quantize(NO_HOURS),
        finished=bool(row.finished),
    )
