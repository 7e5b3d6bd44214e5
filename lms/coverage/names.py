"""The people behind each number, by name: the conditions of the numbers once more, on the standings themselves."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, cast, func, or_, select, true

from lms.core import db
from lms.core.db import Id
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import DEFAULT_SIZE, Page, keyset
from lms.core.sql import contains_words, within
from lms.coverage import queries
from lms.coverage.cells import is_summed_up
from lms.coverage.inquiry import Inquiry
from lms.coverage.kinds import Trait
from lms.coverage.unfolding import elements
from lms.hours.models import HourEntry
from lms.people.access import administered_by, units_left_to
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.policies.kinds import State
from lms.policies.models import Standing
from lms.policies.states import state_on, state_sql
from lms.units.models import Unit


class Group(StrEnum):
    """Which of the people of a number are asked for."""

    ALL = "all"
    SHOULD = "should"
    MISSING = "missing"
    MET = "met"
    OVERDUE = "overdue"
    DUE = "due"
    WAIVED = "waived"
    NOT_YET_DUE = "not_yet_due"

    @property
    def label(self) -> LazyString:
        return LABELS[self]

    @property
    def states(self) -> tuple[State, ...]:
        return STATES.get(self) or (State(self.value),)


LABELS = {
    Group.ALL: _l("全部在册"),
    Group.SHOULD: _l("应训"),
    Group.MISSING: _l("应训而未训"),
    Group.MET: _l("已训"),
    Group.OVERDUE: _l("逾期"),
    Group.DUE: _l("未训，尚在期限内"),
    Group.WAIVED: _l("免训"),
    Group.NOT_YET_DUE: _l("未到期"),
}
STATES = {
    Group.ALL: tuple(State),
    Group.SHOULD: (State.MET, State.OVERDUE, State.DUE),
    Group.MISSING: (State.OVERDUE, State.DUE),
}

#: Unit by unit in the order of the boards; a person has one row in a cycle.
ORDER = (Unit.place, Standing.person_id)


@dataclass(frozen=True)
class Selection:
    """Who is listed.

    :param direct: only those who count in the unit itself.
    :param mine: only those below whose nearest administrators are those of the unit asked about, or above it.
    :param trait: only those of whose counting trainings one was this.
    """

    inquiry: Inquiry
    group: Group = Group.ALL
    direct: bool = False
    mine: bool = False
    post: PostClass | None = None
    trait: tuple[Trait, str] | None = None
    words: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether more is asked than the roll-up can tell."""
        return bool(self.direct or self.mine or self.trait or self.words)

    def args(self, **changed: Any) -> dict[str, Any]:
        """The query string of the list, with changes."""
        own = {
            "group": None if self.group is Group.ALL else self.group.value,
            "direct": 1 if self.direct else None,
            "mine": 1 if self.mine else None,
            "post": self.post.value if self.post else None,
            "trait": f"{self.trait[0].value}.{self.trait[1]}" if self.trait else None,
            "q": self.words or None,
        }
        return self.inquiry.args(**{**own, **changed})


@dataclass(frozen=True)
class PersonRow:
    """A person as counted. `name` and `phone` are None where the person has since left the actor's reach."""

    id: int
    name: str | None
    phone: str | None
    unit_id: int
    unit_name: str
    unit_path: str
    above_name: str
    post: PostClass
    state: State
    due_on: date
    met_on: date | None
    done: int
    waived_until: date | None

    @property
    def shown(self) -> str | LazyString:
        return self.name or unnamed(self.id)


def unnamed(person_id: int | None) -> LazyString:
    """What stands for a name that is not shown: the person has left the reader's reach, or the record is gone."""
    return _l("已调离人员") if person_id else _l("已删除的人员")


def list_people(selection: Selection, *, cursor: str | None = None) -> Page[PersonRow]:
    """A page of them, unit by unit in administrative order."""
    return next_people(selection, size=DEFAULT_SIZE, cursor=cursor)


def next_people(selection: Selection, *, size: int, cursor: str | None) -> Page[PersonRow]:
    """So many of them after `cursor`: an export asks for one batch after the other, each in a unit of its own."""
    page = keyset(_statement(selection), *ORDER, cursor=cursor, size=size)
    return Page([_person(row, selection.inquiry.day) for row in page.items], page.next_cursor, page.size)


def count_people(selection: Selection) -> int:
    """How many there are: from the roll-up where it knows, which costs the same in a province as in a street."""
    asked = selection.inquiry
    if selection.is_narrow or not is_summed_up(asked.day, asked.today):
        return db.session().scalar(selected(selection, func.count())) or 0
    if selection.post is not None:
        numbers = dict(queries.by_post(asked)).get(selection.post, queries.NOBODY)
    else:
        numbers = queries.figures([asked.unit.id], asked.asked, asked.day).get(asked.unit.id, queries.NOBODY)
    return numbers.of(selection.group.states)


def selected(selection: Selection, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The conditions of the numbers: the unit's subtree, the requirement and cycle, the state on the day."""
    inquiry, span = selection.inquiry, selection.inquiry.asked
    unit = Unit.id == inquiry.unit.id if selection.direct else within(Unit.place, [inquiry.unit.place])
    statement = (
        select(*columns)
        .select_from(Unit)
        .join(Standing, Standing.unit_id == Unit.id)
        .where(unit, span.holds(Standing, inquiry.day))
    )
    if selection.group is not Group.ALL:
        statement = statement.where(state_sql(inquiry.day).in_([state.value for state in selection.group.states]))
    if selection.mine:
        statement = statement.where(units_left_to(inquiry.unit))
    if selection.post is not None:
        statement = statement.where(Standing.post == selection.post)
    if selection.trait is not None:
        statement = statement.where(_had(*selection.trait))
    if selection.words:
        statement = statement.where(_named(selection))
    return statement


def _had(trait: Trait, value: str) -> ColumnElement[bool]:
    """One of the counting ledger entries was this."""
    entry = elements(Standing.entries, "entry")
    hits = select(HourEntry.id).join(entry, HourEntry.id == cast(entry.c.value, Id))
    if trait is Trait.ABILITY:
        ability = elements(HourEntry.abilities, "ability")
        hits = hits.join(ability, true()).where(ability.c.value == value)
    else:
        hits = hits.where((HourEntry.tier if trait is Trait.TIER else HourEntry.training_type) == value)
    return hits.correlate(Standing).exists()


def _named(selection: Selection) -> ColumnElement[bool]:
    """A name or the beginning of a phone number; only of people whose name the reader may see."""
    words = selection.words
    by_name = contains_words(words, Person.name)
    found = or_(by_name, Person.phone.startswith(words, autoescape=True)) if words.isdigit() else by_name
    people = select(Person.id).where(Person.id == Standing.person_id, found, visible(selection.inquiry))
    return people.correlate(Standing).exists()


def visible(inquiry: Inquiry) -> ColumnElement[bool]:
    """Whether the person is the actor's today: who moved away stays in the numbers, and keeps their name."""
    return administered_by(inquiry.actor)


def _statement(selection: Selection) -> Select[*tuple[Any, ...]]:
    seen = visible(selection.inquiry)
    above = select(Unit.id, Unit.name).subquery("above")
    return (
        selected(
            selection,
            Person.id,
            case((seen, Person.name)).label("name"),
            case((seen, Person.phone)).label("phone"),
            Unit.id.label("unit_id"),
            Unit.name.label("unit_name"),
            Unit.path.label("unit_path"),
            above.c.name.label("above_name"),
            Standing.post,
            Standing.owed_from,
            Standing.due_on,
            Standing.met_on,
            Standing.waived_from,
            Standing.waived_until,
            Standing.done,
        )
        .join(Person, Person.id == Standing.person_id)
        .outerjoin(above, above.c.id == Unit.parent_id)
    )


def _person(row: Row[Any], day: date) -> PersonRow:
    state = state_on(row, day)
    return PersonRow(
        row.id, row.name, row.phone, row.unit_id, row.unit_name, row.unit_path, row.above_name or "", row.post, state,
        row.due_on, row.met_on if state is State.MET else None, row.done, row.waived_until,
    )  # fmt: skip
