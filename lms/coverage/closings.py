"""Reading closed years: what was stated, when and by whom, and how today's figures differ from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select

from lms.core import db
from lms.core.sql import within
from lms.coverage import figures, queries
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
    #: the act whose list has the names
    closing_id: int


def may_be_closed(span: Span, today: date) -> bool:
    """A cycle of the calendar that is over."""
    return not span.duty.personal and today > span.last_day


def closes_by_itself(span: Span) -> date:
    """The day from which on the job closes it."""
    return span.last_day + GRACE


def read(asked: Inquiry) -> Closed:
    """The statements that concern the unit; none where the cycle lasts or was not closed."""
    history = list_statements(asked)
    if not history:
        return Closed()
    today = queries.final_figures([asked.unit.id], asked.asked).get(asked.unit.id, NOBODY)
    return Closed(history, today)


def list_statements(asked: Inquiry) -> Sequence[Statement]:
    """What was stated of the unit, the newest first."""
    span = asked.asked
    if not may_be_closed(span, asked.today):
        return ()
    way = [*asked.unit.ancestor_ids, asked.unit.id]
    here = and_(ClosedFigure.closing_id == YearClosing.id, ClosedFigure.unit_id == asked.unit.id)
    statement = (
        select(YearClosing, Unit.name, ClosedFigure)
        .join(Unit, Unit.id == YearClosing.unit_id)
        .outerjoin(ClosedFigure, here)
        .where(*same(span), or_(YearClosing.unit_id.in_(way), ClosedFigure.unit_id.is_not(None)))
        .order_by(YearClosing.id)
    )
    found: Sequence[Any] = db.session().execute(statement).all()
    history: list[Statement] = []
    figure = NOBODY
    for closing, name, row in found:
        if row is None and history:
            continue  # a unit above stated its own anew
        figure = numbers_of(row) if row else figure
        history.append(Statement(closing, name, figure))
    return history[::-1]


def by_unit(asked: Inquiry, closed: Closed) -> Sequence[ClosedRow]:
    """The children as they were stated and as they are now."""
    children = list_children(asked.unit)
    ids = [child.id for child in children]
    newest = closed.history[0].closing.id if closed.history else 0
    latest = _figures(asked.asked).where(ClosedFigure.unit_id.in_(ids))
    stated = {row.unit_id: (numbers_of(row), row.closing_id) for row in db.session().scalars(latest)}
    now = queries.final_figures(ids, asked.asked)
    rows = [
        ClosedRow(one, figure, now.get(one.id, NOBODY), closing_id)
        for one in children
        for figure, closing_id in [stated.get(one.id, (NOBODY, newest))]
    ]
    kept = [row for row in rows if row.closed != NOBODY or row.today != NOBODY]
    rest = ClosedRow(
        None,
        closed.figure - sum((row.closed for row in kept), NOBODY),
        closed.today - sum((row.today for row in kept), NOBODY),
        newest,
    )
    return [*kept, *([rest] if (rest.closed, rest.today) != (NOBODY, NOBODY) else [])]


def stated_by(span: Span, unit_ids: Sequence[int]) -> dict[int, Numbers]:
    """What each of these units stated last."""
    return _latest(_figures(span).where(ClosedFigure.unit_id.in_(unit_ids)))


def stated_below(span: Span, unit: Unit) -> dict[int, Numbers]:
    """What every unit of the subtree stated last."""
    return _latest(_figures(span).join(Unit, Unit.id == ClosedFigure.unit_id).where(within(Unit.path, [unit.path])))


@dataclass(frozen=True)
class Places:
    """Units by the places at which they stand or stood, and what they stated."""

    #: at and below the one that acts
    below: Mapping[str, int]
    #: also those above it, and those where names stood that it ends
    known: Mapping[str, int]
    stated: Mapping[int, Numbers]

    @property
    def place_of(self) -> Mapping[int, str]:
        """Where each stands now, if that is known."""
        return {unit_id: place for place, unit_id in [*self.known.items(), *self.below.items()]}


def read_places(span: Span, unit: Unit, changed: Iterable[str]) -> Places:
    """What an act of `unit` needs to know of the units whose figures it may change: those at and below it, those above
    that stated theirs, and those that stated theirs where names stood before their units were moved.
    """
    below = {row.place: row.id for row in db.rows(_places().where(within(Unit.place, [unit.place])))}
    way = closed_on_the_way(span, unit)
    above = {row.place: row.id for row in db.rows(_places().where(Unit.id.in_(way)))}
    elsewhere = [place for place in figures.places_above(changed) if place not in below and place not in above]
    left = _left(span, elsewhere) if elsewhere else {}
    stated = stated_below(span, unit) | stated_by(span, [*left.values(), *above.values()])
    return Places(below, left | above | below, stated)


def _places() -> Select[*tuple[Any, ...]]:
    return select(Unit.id, Unit.place)


def _left(span: Span, places: Sequence[str]) -> dict[str, int]:
    """Units that stated figures at these places."""
    found = select(ClosedFigure.place, ClosedFigure.unit_id).join(YearClosing)
    return {row.place: row.unit_id for row in db.rows(found.where(*same(span), ClosedFigure.place.in_(places)))}


def closed_on_the_way(span: Span, unit: Unit) -> list[int]:
    """The units from the highest one that closed the cycle down to this one; none where nobody did."""
    way = [*unit.ancestor_ids, unit.id]
    acts = select(YearClosing.unit_id).where(*same(span), YearClosing.unit_id.in_(way))
    found = set(db.session().scalars(acts))
    return next((way[place:] for place, unit_id in enumerate(way) if unit_id in found), [])


def next_number(span: Span, unit: Unit) -> int:
    numbers = select(YearClosing.number).where(*same(span), YearClosing.unit_id == unit.id)
    return max(db.session().scalars(numbers), default=1) + 1


def same(span: Span) -> tuple[Any, ...]:
    """The acts of one cycle, as conditions on YearClosing."""
    return YearClosing.duty == span.duty.code, YearClosing.cycle_start == span.cycle_start


def _figures(span: Span) -> Select[*tuple[Any, ...]]:
    statement = select(ClosedFigure).join(YearClosing, YearClosing.id == ClosedFigure.closing_id)
    return statement.where(*same(span)).order_by(ClosedFigure.closing_id)


def _latest(statement: Select[*tuple[Any, ...]]) -> dict[int, Numbers]:
    return {row.unit_id: numbers_of(row) for row in db.session().scalars(statement)}


def numbers_of(row: Any) -> Numbers:
    """The figure of a row of `closed_figures`."""
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
