"""Open calls as places to hand a draft in: whoever submits a case chooses one of them, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from lms.calls import access, actions, rounds
from lms.calls.models import CallEntry, CaseCall
from lms.cases.models import Case
from lms.core import clock, db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.drafts.destinations import Destination
from lms.units.models import Unit

PREFIX = "call:"


def list_destinations(actor: Actor, case: Case) -> Sequence[Destination]:
    """The calls that take cases of this case's unit today, and those that it takes part in until they end."""
    unit = db.session().get(Unit, case.unit_id) if case.unit_id else None
    if unit is None:
        return []
    today = clock.today()
    entered = set(db.session().scalars(select(CallEntry.call_id).where(CallEntry.case_id == case.id)))
    is_open = and_(CaseCall.opens_on <= today, CaseCall.closes_on >= today)
    goes_on = and_(CaseCall.id.in_(entered), CaseCall.ends_on >= today)
    statement = (
        select(CaseCall)
        .where(or_(is_open, goes_on))
        .where(CaseCall.unit_id.in_([*unit.ancestor_ids, unit.id]), access.calls_readable_by(actor))
        .options(joinedload(CaseCall.unit))
        .order_by(CaseCall.closes_on, CaseCall.id)
    )
    return [
        Destination(
            f"{PREFIX}{call.id}",
            call.title,
            _l("已经参加，接着由各级评审。")
            if call.id in entered
            else _l("由%(unit)s征集，%(day)s截止。", unit=call.unit.name, day=call.closes_on),
            call.hints,
        )
        for call in db.session().scalars(statement)
    ]


def say_who_judges(case: Case) -> LazyString | None:
    """Who judges the case now, and what its authors can do: of a public one only wait, for its unit takes it back."""
    review = rounds.find_open(case)
    if review is None:
        return None
    if case.is_public:
        return _l("这篇案例正由%(unit)s评审。等有了结果，再交新的一版。", unit=review.unit.name)
    return _l("这篇案例正由%(unit)s评审。等有了结果再交新的一版，或者先在“评审进度”里撤回。", unit=review.unit.name)


def on_case_submitted(
    _sender: object, *, case: Case, destination: str, actor: Actor, now: datetime, **_more: object
) -> None:
    """A draft was handed in to a call: its round, which has begun already, belongs to the call."""
    if destination.startswith(PREFIX):
        call = access.get_call(actor, int(destination.removeprefix(PREFIX)))
        entered = select(CallEntry.id).where(CallEntry.call_id == call.id, CallEntry.case_id == case.id)
        if db.session().scalar(entered) is not None:
            return  # returned and handed in again: its round belongs to the call already
        actions.enter(call, case, actor=actor, now=now)
