"""Close a cycle, state its figures anew: acts that leave what was stated before as it is."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.coverage import closings, figures, freezing
from lms.coverage.closings import Places
from lms.coverage.duties import Span
from lms.coverage.models import ClosedFigure, YearClosing
from lms.coverage.queries import Numbers
from lms.units.models import Unit


def close(span: Span, unit: Unit, *, actor: Actor, now: datetime) -> YearClosing:
    """Store the figures of a cycle that is over, for a unit and all below it.

    :raise Refused: the cycle is not over, or was closed here or above.
    """
    _refuse_unfinished(span, now)
    _one_at_a_time(span)
    if closings.closed_on_the_way(span, unit):
        raise Refused(_l("这个周期已经结账。"))
    closing = _act(span, unit, number=1, reason="", actor=actor, now=now)
    moved, stood = freezing.freeze(closing, span, unit), freezing.stood_below(closing, span, unit)
    here = closings.read_places(span, unit, [*moved, *stood])
    below, changed = figures.of_units(stood, here.below), figures.of_units(moved, here.known)
    stated = figures.closing(below, changed, here.stated)
    _store(closing, stated, here)
    _record("coverage.close", closing, actor=actor, now=now)
    return closing


def restate(span: Span, unit: Unit, *, reason: str, actor: Actor, now: datetime) -> YearClosing:
    """State the figures of a closed cycle and the names behind them as they are now; the units above move by as much,
    and what was stated before stays.

    :raise Refused: it was not closed, nothing changed, or no reason was given.
    """
    _refuse_unfinished(span, now)
    if not reason.strip():
        raise Refused(_l("请写明更正的原因。"), "reason")
    _one_at_a_time(span)
    if not closings.closed_on_the_way(span, unit):
        raise Refused(_l("这个周期还没有结账，不需要更正。"))
    number = closings.next_number(span, unit)
    closing = _act(span, unit, number=number, reason=reason.strip(), actor=actor, now=now)
    moved = freezing.freeze_anew(closing, span, unit)
    if not moved:
        raise Refused(_l("现在的数和名单与结账时相同，不需要更正。"))
    here = closings.read_places(span, unit, moved)
    _store(closing, figures.restating(figures.of_units(moved, here.known), here.stated), here)
    _record("coverage.restate", closing, actor=actor, now=now)
    return closing


def _refuse_unfinished(span: Span, now: datetime) -> None:
    if not closings.may_be_closed(span, clock.local_date(now)):
        raise Refused(_l("周期结束以后才能结账。"))


def _one_at_a_time(span: Span) -> None:
    """Of two who close or state anew at one moment, the second one sees what the first did."""
    adopting = select(Unit.id).where(Unit.id == span.duty.unit_id)
    db.session().execute(adopting.with_for_update(key_share=True))


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


def _store(closing: YearClosing, stated: Mapping[int, Numbers], here: Places) -> None:
    place_of = here.place_of
    rows = [
        {"closing_id": closing.id, "unit_id": one, "place": place_of[one], **closings.as_columns(figure)}
        for one, figure in stated.items()
    ]
    if rows:
        db.session().execute(insert(ClosedFigure), rows)


def _record(verb: str, closing: YearClosing, *, actor: Actor, now: datetime) -> None:
    detail = {"duty": closing.duty, "cycle": closing.cycle_start.isoformat(), "reason": closing.reason}
    on = ("year_closing", closing.id)
    audit.record(verb, actor=actor, now=now, on=on, unit_id=closing.unit_id, detail=detail)
