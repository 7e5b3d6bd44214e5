"""Reading closed years: what was stated, when and by whom, and how today's figures differ from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select

from lms.core import db
from lms.core.sql import within
from lms.coverage import queries
from lms.coverage.duties import Span
from lms.coverage.inquiry import Inquiry
from lms.coverage.models import ClosedFigure, YearClosing
from lms.coverage.queries import NOBODY, Numbers
from lms.units.models import Unit
from lms.units.queries import list_children

#: A cycle that nobody closed is closed by the job so long after its end: until then late records arrive.
GRACE = timedelta(days=31)


@dataclass(frozen=True)
class Statement:
    """What one act said of the unit that is looked at."""

    closing: YearClosing
    unit_name: str
    figure: Numbers


@dataclass(frozen=True)
class Closed:
    """A unit's closed cycle: every statement, the newest first; and what the figures of the same day are now."""

    history: Sequence[Statement] = ()
    today: Numbers = NOBODY

    @property
    def newest(self) -> YearClosing | None:
        return self.history[0].closing if self.history else None

    @property
    def figure(self) -> Numbers:
        """What counts as stated."""
        return self.history[0].figure if self.history else NOBODY

    @property
    def differs(self) -> bool:
        return bool(self.history) and self.figure != self.today


@dataclass(frozen=True)
class ClosedRow:
    """A unit right below (None: those who count in the unit itself), as stated and as it is now."""

    unit: Unit | None
    closed: Numbers
    today: Numbers


def may_be_closed(span: Span, today: date) -> bool:
    """A cycle of the calendar that is over."""
    return not span.duty.personal and today > span.last_day


def closes_by_itself(span: Span) -> date:
    """The day from which on the job closes it."""
    return span.last_day + GRACE


def read(asked: Inquiry) -> Closed:
    """The statements that concern the unit; none where the cycle lasts or was not closed."""
    span = asked.asked
    if not may_be_closed(span, asked.today):
        return Closed()
    way = [*asked.unit.ancestor_ids, asked.unit.id]
    here = and_(ClosedFigure.closing_id == YearClosing.id, ClosedFigure.unit_id == asked.unit.id)
    statement = (
        select(YearClosing, Unit.name, ClosedFigure)
        .join(Unit, Unit.id == YearClosing.unit_id)
        .outerjoin(ClosedFigure, here)
        .where(*_same(span), or_(YearClosing.unit_id.in_(way), ClosedFigure.unit_id.is_not(None)))
        .order_by(YearClosing.id)
    )
    found: Sequence[Any] = db.session().execute(statement).all()
    if not found:
        return Closed()
    history: list[Statement] = []
    figure = NOBODY
    for closing, name, row in found:
        if row is None and history:
            continue  # a unit above stated its own anew
        figure = _numbers(row) if row else figure
        history.append(Statement(closing, name, figure))
    today = queries.final_figures([asked.unit.id], span).get(asked.unit.id, NOBODY)
    return Closed(history[::-1], today)


def by_unit(asked: Inquiry, closed: Closed) -> Sequence[ClosedRow]:
    """The children as they were stated and as they are now."""
    children = list_children(asked.unit)
    ids = [child.id for child in children]
    stated, now = stated_by(asked.asked, ids), queries.final_figures(ids, asked.asked)
    rows = [ClosedRow(one, stated.get(one.id, NOBODY), now.get(one.id, NOBODY)) for one in children]
    kept = [row for row in rows if row.closed != NOBODY or row.today != NOBODY]
    rest = ClosedRow(
        None,
        closed.figure - sum((row.closed for row in kept), NOBODY),
        closed.today - sum((row.today for row in kept), NOBODY),
    )
    return [*kept, *([rest] if (rest.closed, rest.today) != (NOBODY, NOBODY) else [])]


def stated_by(span: Span, unit_ids: Sequence[int]) -> dict[int, Numbers]:
    """What each of these units stated last."""
    return _latest(_figures(span).where(ClosedFigure.unit_id.in_(unit_ids)))


def stated_below(span: Span, unit: Unit) -> dict[int, Numbers]:
    """What every unit of the subtree stated last."""
    return _latest(_figures(span).join(Unit, Unit.id == ClosedFigure.unit_id).where(within(Unit.path, [unit.path])))


def live_below(span: Span, unit: Unit) -> tuple[dict[int, str], dict[int, Numbers]]:
    """The units of the subtree by their paths, and the figures of the cycle's last day as they are now."""
    found = db.rows(select(Unit.id, Unit.path).where(within(Unit.path, [unit.path])))
    paths = {row.id: row.path for row in found}
    return paths, queries.final_figures(select(Unit.id).where(within(Unit.path, [unit.path])), span)


def closed_on_the_way(span: Span, unit: Unit) -> list[int]:
    """The units from the highest one that closed the cycle down to this one; none where nobody did."""
    way = [*unit.ancestor_ids, unit.id]
    acts = select(YearClosing.unit_id).where(*_same(span), YearClosing.unit_id.in_(way))
    found = set(db.session().scalars(acts))
    return next((way[place:] for place, unit_id in enumerate(way) if unit_id in found), [])


def closed_below(span: Span, unit: Unit) -> list[int]:
    """Units of the subtree that closed the cycle by themselves."""
    acts = select(YearClosing.unit_id).where(*_same(span), YearClosing.number == 1).join(Unit, YearClosing.unit)
    return list(db.session().scalars(acts.where(within(Unit.path, [unit.path]))))


def next_number(span: Span, unit: Unit) -> int:
    numbers = select(YearClosing.number).where(*_same(span), YearClosing.unit_id == unit.id)
    return max(db.session().scalars(numbers), default=1) + 1


def _same(span: Span) -> tuple[Any, ...]:
    return YearClosing.duty == span.duty.code, YearClosing.cycle_start == span.cycle_start


def _figures(span: Span) -> Select[*tuple[Any, ...]]:
    statement = select(ClosedFigure).join(YearClosing, YearClosing.id == ClosedFigure.closing_id)
    return statement.where(*_same(span)).order_by(ClosedFigure.closing_id)


def _latest(statement: Select[*tuple[Any, ...]]) -> dict[int, Numbers]:
    return {row.unit_id: _numbers(row) for row in db.session().scalars(statement)}


def _numbers(row: Any) -> Numbers:
    return Numbers(row.met, row.waived, row.overdue, row.due, row.not_yet_due)


def as_columns(figure: Numbers) -> Mapping[str, int]:
    """The columns of a closed figure."""
    return {
        "met": figure.met,
        "waived": figure.waived,
        "overdue": figure.overdue,
        "due": figure.due,
        "not_yet_due": figure.not_yet_due,
    }
