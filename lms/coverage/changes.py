"""Whose names changed between two statements of a cycle, or since the last one; and why, as far as it is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, or_, select, type_coerce, union_all
from sqlalchemy import String as Text
from sqlalchemy.orm import aliased

from lms.core import clock, db
from lms.core.errors import Denied
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import DEFAULT_SIZE, Page, keyset
from lms.core.sql import within
from lms.coverage import closings, freezing, frozen, reasons
from lms.coverage.closings import Statement
from lms.coverage.inquiry import Inquiry
from lms.coverage.models import ClosedPerson
from lms.coverage.names import unnamed, visible
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.policies.kinds import State
from lms.units.models import Unit

#: What is compared of a name, and what a page shows of it.
SIDE = ("unit_id", "place", "post", "state", "due_on", "met_on")


@dataclass(frozen=True)
class Changes:
    """The names that tell two lists of a unit apart.

    :param before: what was stated first; `after`: what was stated then, or None for what the standings say now.
    """

    inquiry: Inquiry
    before: Statement
    after: Statement | None

    def args(self, **changed: Any) -> dict[str, Any]:
        own = {"closing": self.after.closing.id if self.after else None}
        return self.inquiry.args(**{**own, **changed})

    @property
    def since(self) -> datetime:
        return self.before.closing.closed_at

    @property
    def until(self) -> datetime:
        return self.after.closing.closed_at if self.after else clock.now()


@dataclass(frozen=True)
class Side:
    """Where and how somebody stood on one of the lists."""

    unit_id: int
    unit_name: str
    place: str
    post: PostClass
    state: State
    met_on: date | None


@dataclass(frozen=True)
class Change:
    """A name before and after: None where it was not on that list."""

    id: int | None
    name: str | None
    before: Side | None
    after: Side | None
    why: Sequence[LazyString]

    @property
    def shown(self) -> str | LazyString:
        return self.name or unnamed(self.id)


def get_changes(asked: Inquiry, closing_id: int) -> Changes:
    """Between an act (0: today) and the one before it.

    :raise Denied: nothing was stated of the unit, or nothing before that act.
    """
    if closing_id:
        after, before = frozen.get_statement(asked, closing_id)
    else:
        after, before = None, next(iter(closings.list_statements(asked)), None)
    if before is None:
        raise Denied()
    return Changes(asked, before, after)


def list_changes(asked: Changes, *, cursor: str | None) -> Page[Change]:
    return next_changes(asked, size=DEFAULT_SIZE, cursor=cursor)


def next_changes(asked: Changes, *, size: int, cursor: str | None) -> Page[Change]:
    """So many of them after `cursor`, unit by unit as the boards stand."""
    pairs = _pairs(asked)
    page = keyset(_statement(asked, pairs), pairs.c.at, pairs.c.who, cursor=cursor, size=size)
    seen = [row.id for row in page.items if row.name is not None]
    known = reasons.read(seen, asked.inquiry.asked, since=asked.since, until=asked.until) if seen else {}
    return Page([_change(row, known.get(row.id, ())) for row in page.items], page.next_cursor, page.size)


def count_changes(asked: Changes) -> int:
    return db.session().scalar(select(func.count()).select_from(_pairs(asked))) or 0


def _pairs(asked: Changes) -> Subquery:
    """Each name that changed, with both sides; `at` and `who` order them."""
    old, new = _before(asked), _after(asked)
    same = and_(*(old.c[name].is_not_distinct_from(new.c[name]) for name in SIDE))
    both = new.outerjoin(old, old.c.who == new.c.who)
    came = select(*_sides(new, old, new)).select_from(both).where(or_(old.c.who.is_(None), ~same))
    apart = old.outerjoin(new, new.c.who == old.c.who)
    went = select(*_sides(old, old, new)).select_from(apart).where(new.c.who.is_(None))
    return union_all(came, went).subquery("pairs")


def _sides(main: Subquery, old: Subquery, new: Subquery) -> list[Any]:
    own = [main.c.place.label("at"), main.c.who.label("who"), main.c.person_id.label("id")]
    return own + [side.c[name].label(f"{key}_{name}") for key, side in (("old", old), ("new", new)) for name in SIDE]


def _before(asked: Changes) -> Subquery:
    """The first list; where the second was stated as well, only what ended meanwhile."""
    closing_id = asked.before.closing.id
    stood = and_(frozen.below(asked.inquiry, closing_id), freezing.alive_at(closing_id))
    if asked.after is not None:
        stood = and_(stood, ClosedPerson.ended_by_id <= asked.after.closing.id)
    return _listed(stood).subquery("old")


def _after(asked: Changes) -> Subquery:
    """The second list, only what it wrote; or what the standings say now."""
    if asked.after is None:
        now = freezing.live(asked.inquiry.asked, within(Unit.place, [asked.inquiry.unit.place])).subquery("now")
        return select(now, now.c.person_id.label("who")).subquery("new")
    closing_id = asked.after.closing.id
    stands = and_(frozen.below(asked.inquiry, closing_id), freezing.alive_at(closing_id))
    return _listed(and_(stands, ClosedPerson.closing_id > asked.before.closing.id)).subquery("new")


def _listed(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A removed person has no number any more: then the row's own tells it from others."""
    who = func.coalesce(ClosedPerson.person_id, -ClosedPerson.id).label("who")
    columns = [
        type_coerce(ClosedPerson.state, Text).label(name) if name == "state" else getattr(ClosedPerson, name)
        for name in freezing.FIELDS
    ]
    return select(*columns, who).where(condition)


def _statement(asked: Changes, pairs: Subquery) -> Select[*tuple[Any, ...]]:
    before, after = aliased(Unit), aliased(Unit)
    return (
        select(
            *pairs.c,
            case((visible(asked.inquiry), Person.name)).label("name"),
            before.name.label("old_unit"),
            after.name.label("new_unit"),
        )
        .select_from(pairs)
        .outerjoin(Person, Person.id == pairs.c.id)
        .outerjoin(before, before.id == pairs.c.old_unit_id)
        .outerjoin(after, after.id == pairs.c.new_unit_id)
    )


def _change(row: Row[Any], known: Iterable[LazyString]) -> Change:
    before, after = _side(row, "old"), _side(row, "new")
    return Change(row.id, row.name, before, after, [*_told(row.id, before, after), *known])


def _side(row: Row[Any], key: str) -> Side | None:
    values = row._mapping
    if values[f"{key}_unit_id"] is None:
        return None
    state = State(values[f"{key}_state"])
    met_on = values[f"{key}_met_on"] if state is State.MET else None
    unit = values[f"{key}_unit_id"], values[f"{key}_unit"], values[f"{key}_place"]
    return Side(*unit, values[f"{key}_post"], state, met_on)


def _told(person_id: int | None, before: Side | None, after: Side | None) -> list[LazyString]:
    """What the two sides tell by themselves."""
    if person_id is None:
        return [_l("人员记录已经删除")]
    if before is None or after is None:
        return [_l("任职或单位变动后列入") if after else _l("任职或单位变动后不再列入")]
    said = []
    if before.unit_id != after.unit_id:
        said.append(_l("所在单位有变动"))
    elif before.place != after.place:
        said.append(_l("所在单位改变了隶属"))
    return said + ([_l("职务有变动")] if before.post != after.post else [])
