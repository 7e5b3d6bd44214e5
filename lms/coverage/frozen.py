"""Reading the names behind a statement: as they were stated, shown as far as their reader may see them today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select

from lms.core import db
from lms.core.errors import Denied
from lms.core.i18n import LazyString
from lms.core.paging import DEFAULT_SIZE, Page, keyset
from lms.core.sql import contains_words, within
from lms.coverage import closings, freezing
from lms.coverage.closings import Statement
from lms.coverage.inquiry import Inquiry
from lms.coverage.models import ClosedFigure, ClosedPerson, YearClosing
from lms.coverage.names import Group, unnamed, visible
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.policies.kinds import State
from lms.units.models import Unit

#: As the boards stand; within a unit the first list before what later acts wrote.
ORDER = (ClosedPerson.place, ClosedPerson.id)


@dataclass(frozen=True)
class Frozen:
    """Whose names are asked for: those behind a statement of a unit.

    :param direct: only those who counted in the unit itself.
    """

    inquiry: Inquiry
    statement: Statement
    group: Group = Group.ALL
    direct: bool = False
    post: PostClass | None = None
    words: str = ""

    @property
    def closing(self) -> YearClosing:
        return self.statement.closing

    def args(self, **changed: Any) -> dict[str, Any]:
        """The query string of the list, with changes."""
        own = {
            "closing": self.closing.id,
            "group": None if self.group is Group.ALL else self.group.value,
            "direct": 1 if self.direct else None,
            "post": self.post.value if self.post else None,
            "q": self.words or None,
        }
        return self.inquiry.args(**{**own, **changed})


@dataclass(frozen=True)
class FrozenRow:
    """A name as it was stated. `name` is None where the person is no more the reader's, `id` where the record went."""

    id: int | None
    name: str | None
    unit_name: str
    above_name: str
    post: PostClass
    state: State
    due_on: date
    met_on: date | None

    @property
    def shown(self) -> str | LazyString:
        return self.name or unnamed(self.id)


def get_statement(asked: Inquiry, closing_id: int) -> tuple[Statement, Statement | None]:
    """A statement of the unit asked about, and the one before it.

    :raise Denied: no such act stated anything of this unit.
    """
    history = closings.list_statements(asked)
    for place, statement in enumerate(history):
        if statement.closing.id == closing_id:
            return statement, history[place + 1] if place + 1 < len(history) else None
    raise Denied()


def list_people(selection: Frozen, *, cursor: str | None) -> Page[FrozenRow]:
    return next_people(selection, size=DEFAULT_SIZE, cursor=cursor)


def next_people(selection: Frozen, *, size: int, cursor: str | None) -> Page[FrozenRow]:
    """So many of them after `cursor`, unit by unit as the boards stood."""
    page = keyset(_statement(selection), *ORDER, cursor=cursor, size=size)
    return Page([_row(row) for row in page.items], page.next_cursor, page.size)


def count_people(selection: Frozen) -> int:
    """How many there are: what was stated, where the list is that of a stated number."""
    if selection.direct or selection.post or selection.words:
        return db.session().scalar(_selected(selection, func.count())) or 0
    return selection.statement.figure.of(selection.group.states)


def below(asked: Inquiry, closing_id: int) -> ColumnElement[bool]:
    """The rows of a unit's list: below the place where it stood, or the places, if it was moved between two acts."""
    stated = select(ClosedFigure.place).join(YearClosing, YearClosing.id == ClosedFigure.closing_id)
    here = ClosedFigure.unit_id == asked.unit.id, ClosedFigure.closing_id <= closing_id
    places = set(db.session().scalars(stated.where(*closings.same(asked.asked), *here)))
    in_roll = ClosedPerson.roll_id == freezing.roll_of(asked.asked)
    return and_(in_roll, within(ClosedPerson.place, sorted(places | {asked.unit.place})))


def _selected(selection: Frozen, *columns: Any) -> Select[*tuple[Any, ...]]:
    asked, closing = selection.inquiry, selection.closing
    statement = select(*columns).select_from(ClosedPerson).outerjoin(Person, Person.id == ClosedPerson.person_id)
    statement = statement.where(below(asked, closing.id), freezing.alive_at(closing.id))
    if selection.group is not Group.ALL:
        statement = statement.where(ClosedPerson.state.in_(selection.group.states))
    if selection.direct:
        statement = statement.where(ClosedPerson.unit_id == asked.unit.id)
    if selection.post is not None:
        statement = statement.where(ClosedPerson.post == selection.post)
    if selection.words:
        statement = statement.where(contains_words(selection.words, Person.name), visible(asked))
    return statement


def _statement(selection: Frozen) -> Select[*tuple[Any, ...]]:
    upper = select(Unit.id, Unit.name).subquery("upper")
    columns = (
        ClosedPerson.person_id,
        case((visible(selection.inquiry), Person.name)).label("name"),
        Unit.name.label("unit_name"),
        upper.c.name.label("above_name"),
        ClosedPerson.post,
        ClosedPerson.state,
        ClosedPerson.due_on,
        ClosedPerson.met_on,
    )
    statement = _selected(selection, *columns).join(Unit, Unit.id == ClosedPerson.unit_id)
    return statement.outerjoin(upper, upper.c.id == Unit.parent_id)


def _row(row: Row[Any]) -> FrozenRow:
    return FrozenRow(
        row.person_id, row.name, row.unit_name, row.above_name or "", row.post, row.state, row.due_on,
        row.met_on if row.state is State.MET else None,
    )  # fmt: skip
