"""Freezing the names behind closed figures: a statement or two for everybody, whatever the size; read by nobody here.

A list is taken from the standings as they are when the act happens. Figures are then counted from the lists, so that
both say the same by construction.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Update,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy import String as Text
from sqlalchemy.orm import aliased

from lms.core import db
from lms.core.db import Id
from lms.core.sql import within
from lms.coverage.duties import Span
from lms.coverage.figures import ByPlace
from lms.coverage.models import ClosedPerson, YearClosing
from lms.coverage.queries import NOBODY, final_state, numbers_from
from lms.policies.models import Standing
from lms.units.models import Unit

#: What a name on a list says.
FIELDS = ("person_id", "unit_id", "place", "post", "state", "due_on", "met_on")
COLUMNS = ("roll_id", "closing_id", *FIELDS)


def roll_of(span: Span) -> int | None:
    """The first act of a cycle, by which the lists of all its acts are found; None before it was closed anywhere."""
    same = YearClosing.duty == span.duty.code, YearClosing.cycle_start == span.cycle_start
    return db.session().scalar(select(func.min(YearClosing.id)).where(*same))


def alive_at(closing_id: Any, table: Any = ClosedPerson) -> ColumnElement[bool]:
    """The names that stood when an act was done."""
    return and_(table.closing_id <= closing_id, or_(table.ended_by_id.is_(None), table.ended_by_id > closing_id))


def live(span: Span, units: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The names of some units with which the cycle ended, as the standings have them now."""
    last = span.last_day
    return (
        select(
            Standing.person_id,
            Standing.unit_id,
            Unit.place,
            Standing.post,
            type_coerce(final_state(last, Standing), Text).label("state"),
            Standing.due_on,
            case((Standing.met_on <= last, Standing.met_on)).label("met_on"),
        )
        .select_from(Unit)
        .join(Standing, Standing.unit_id == Unit.id)
        .where(units, span.holds(Standing, last))
    )


def freeze(closing: YearClosing, span: Span, unit: Unit) -> ByPlace:
    """The names of a closing: everybody below the unit, but where a unit below closed by itself, as it stated."""
    roll_id = roll_of(span) or closing.id
    here = and_(within(Unit.place, [unit.place]), Unit.id.not_in(_closed_before(closing)))
    _write(closing, roll_id, live(span, here))
    _take_along(closing, roll_id, unit)
    return _moved(closing, roll_id)


def freeze_anew(closing: YearClosing, span: Span, unit: Unit) -> ByPlace:
    """The names of a restatement: whoever is no more as stated ends, whoever is as not stated before is written.

    Empty where no name changed.
    """
    roll_id = roll_of(span) or closing.id
    now = live(span, within(Unit.place, [unit.place])).subquery("now")
    below = select(Unit.id).where(within(Unit.place, [unit.place]))
    stated = or_(within(ClosedPerson.place, [unit.place]), ClosedPerson.unit_id.in_(below))
    holds = select(literal(1)).select_from(now).where(_same(now)).correlate(ClosedPerson)
    db.rows(_ending(closing, roll_id).where(stated, ~holds.exists()))
    current = ClosedPerson.roll_id == roll_id, ClosedPerson.ended_by_id.is_(None)
    known = select(literal(1)).select_from(ClosedPerson).where(*current, _same(now)).correlate(now)
    _write(closing, roll_id, select(*(now.c[name] for name in FIELDS)).where(~known.exists()))
    return _moved(closing, roll_id)


def stood_below(closing: YearClosing, span: Span, unit: Unit) -> ByPlace:
    """The names that stand below a unit after an act, counted by place."""
    roll_id = roll_of(span) or closing.id
    here = ClosedPerson.roll_id == roll_id, alive_at(closing.id), within(ClosedPerson.place, [unit.place])
    return numbers_from(db.rows(_counted(func.count()).where(*here)))


def _write(closing: YearClosing, roll_id: int, rows: Select[*tuple[Any, ...]]) -> None:
    """Write names in the order of the boards: a list then reads them as they lie."""
    listed = rows.subquery("listed")
    values = [literal(roll_id, Id), literal(closing.id, Id), *(listed.c[name] for name in FIELDS)]
    ordered = select(*values).order_by(listed.c.place, listed.c.person_id)
    db.rows(insert(ClosedPerson).from_select(COLUMNS, ordered))


def _closed_before(closing: YearClosing) -> Select[int]:
    """Units at and below those that closed the cycle by themselves."""
    top, below = aliased(Unit), aliased(Unit)
    end = func.substr(top.path, 1, func.length(top.path) - 1) + literal("/", Unit.path.type)
    earlier = YearClosing.duty == closing.duty, YearClosing.cycle_start == closing.cycle_start
    return (
        select(below.id)
        .select_from(YearClosing)
        .join(top, top.id == YearClosing.unit_id)
        .join(below, and_(below.path >= top.path, below.path < end))
        .where(*earlier, YearClosing.id < closing.id)
    )


def _take_along(closing: YearClosing, roll_id: int, unit: Unit) -> None:
    """What units below stated before they were moved to where they are stands there from now on."""
    elsewhere = and_(
        ClosedPerson.roll_id == roll_id,
        ClosedPerson.ended_by_id.is_(None),
        ClosedPerson.closing_id < closing.id,
        within(Unit.place, [unit.place]),
        ClosedPerson.place != Unit.place,
    )
    kept = {name: getattr(Unit if name == "place" else ClosedPerson, name) for name in FIELDS}
    rows = select(*(column.label(name) for name, column in kept.items())).join(Unit, Unit.id == ClosedPerson.unit_id)
    _write(closing, roll_id, rows.where(elsewhere))
    moved = select(literal(1)).select_from(Unit).where(Unit.id == ClosedPerson.unit_id, elsewhere)
    db.rows(_ending(closing, roll_id).where(moved.correlate(ClosedPerson).exists()))


def _ending(closing: YearClosing, roll_id: int) -> Update:
    current = ClosedPerson.roll_id == roll_id, ClosedPerson.ended_by_id.is_(None)
    return update(ClosedPerson).where(*current).values(ended_by_id=closing.id)


def _same(now: Subquery) -> ColumnElement[bool]:
    """A name on the list that says what the standings do."""
    equal = [
        type_coerce(getattr(ClosedPerson, name), Text) == now.c[name]
        if name == "state"
        else getattr(ClosedPerson, name) == now.c[name]
        for name in FIELDS
        if name != "met_on"
    ]
    return and_(*equal, ClosedPerson.met_on.is_not_distinct_from(now.c.met_on))


def _moved(closing: YearClosing, roll_id: int) -> ByPlace:
    """What the act wrote, less what it ended; nobody where as many came as went."""
    came = _counted(func.count()).where(ClosedPerson.roll_id == roll_id, ClosedPerson.closing_id == closing.id)
    went = _counted(-func.count()).where(ClosedPerson.roll_id == roll_id, ClosedPerson.ended_by_id == closing.id)
    rows = [*db.rows(came), *db.rows(went)]
    return dict.fromkeys((row.place for row in rows), NOBODY) | numbers_from(rows)


def _counted(people: Any) -> Select[*tuple[Any, ...]]:
    return select(ClosedPerson.place, ClosedPerson.state, people).group_by(ClosedPerson.place, ClosedPerson.state)
