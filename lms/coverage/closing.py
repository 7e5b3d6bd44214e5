"""Close a cycle, state its figures anew: acts that leave what was stated before as it is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.coverage import closings, figures
from lms.coverage.duties import Span
from lms.coverage.models import ClosedFigure, YearClosing
from lms.coverage.queries import Numbers
from lms.units.models import Unit


def close(span: Span, unit: Unit, *, actor: Actor, now: datetime) -> YearClosing:
    """Store the figures of a cycle that is over, for a unit and all below it.

    :raise Refused: the cycle is not over, or was closed here or above.
    """
    _refuse_unfinished(span, now)
    if closings.closed_on_the_way(span, unit):
        raise Refused(_l("这个周期已经结账。"))
    paths, live = closings.live_below(span, unit)
    below = closings.closed_below(span, unit)
    stated = figures.closing(paths, live, closings.stated_by(span, below), below)
    closing = _act(span, unit, number=1, reason="", actor=actor, now=now)
    _store(closing, stated)
    _record("coverage.close", closing, actor=actor, now=now)
    return closing


def restate(span: Span, unit: Unit, *, reason: str, actor: Actor, now: datetime) -> YearClosing:
    """State the figures of a closed cycle as they are now; the units above move by as much, the old ones stay.

    :raise Refused: it was not closed, nothing changed, or no reason was given.
    """
    _refuse_unfinished(span, now)
    if not reason.strip():
        raise Refused(_l("请写明更正的原因。"), "reason")
    way = closings.closed_on_the_way(span, unit)
    if not way:
        raise Refused(_l("这个周期还没有结账，不需要更正。"))
    _paths, live = closings.live_below(span, unit)
    closed = closings.stated_below(span, unit) | closings.stated_by(span, way[:-1])
    stated = figures.restating(unit.id, way[:-1], live, closed)
    if all(closed.get(unit_id) == figure for unit_id, figure in stated.items()):
        raise Refused(_l("现在的数与结账数相同，不需要更正。"))
    number = closings.next_number(span, unit)
    closing = _act(span, unit, number=number, reason=reason.strip(), actor=actor, now=now)
    _store(closing, stated)
    _record("coverage.restate", closing, actor=actor, now=now)
    return closing


def _refuse_unfinished(span: Span, now: datetime) -> None:
    if not closings.may_be_closed(span, clock.local_date(now)):
        raise Refused(_l("周期结束以后才能结账。"))


def _act(span: Span, unit: Unit, *, number: int, reason: str, actor: Actor, now: datetime) -> YearClosing:
    """The act itself. Of two at one moment, the second is told so."""
    closing = YearClosing(
        duty=span.duty.code,
        cycle_start=span.cycle_start,
        cycle_end=span.period.end,
        unit_id=unit.id,
        number=number,
        counted_on=span.last_day,
        closed_at=now,
        closed_by_id=actor.person_id,
        closed_by=actor.name,
        reason=reason,
    )
    try:
        with db.session().begin_nested():
            db.session().add(closing)
    except IntegrityError as error:
        raise Refused(_l("刚才已有人结账或更正，请刷新页面查看。")) from error
    return closing


def _store(closing: YearClosing, stated: Mapping[int, Numbers]) -> None:
    rows = [
        {"closing_id": closing.id, "unit_id": unit_id, **closings.as_columns(figure)}
        for unit_id, figure in stated.items()
    ]
    if rows:
        db.session().execute(insert(ClosedFigure), rows)


def _record(verb: str, closing: YearClosing, *, actor: Actor, now: datetime) -> None:
    detail = {"duty": closing.duty, "cycle": closing.cycle_start.isoformat(), "reason": closing.reason}
    on = ("year_closing", closing.id)
    audit.record(verb, actor=actor, now=now, on=on, unit_id=closing.unit_id, detail=detail)
