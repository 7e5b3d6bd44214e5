"""Calls: opened, changed, given quotas and a pool of experts, entered and left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.calls import access, queries, rounds, score_sheet
from lms.calls.kinds import Phase
from lms.calls.models import CallEntry, CallQuota, CallReviewer, CaseCall
from lms.cases import actions as cases
from lms.cases.kinds import Section, State, Theme
from lms.cases.models import Case
from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.models import Person
from lms.units.models import Unit

CLOSED_ALREADY = _l("截止的日子已经过去。")
DAYS = ("opens_on", "closes_on", "ends_on")
#: What may be said otherwise after a call was opened; of it, what stays once a case was sent in.
CHANGING = ("title", "about", "themes", "hints", "weights", *DAYS)
FROZEN = frozenset({"themes", "weights"})


@dataclass(frozen=True)
class Wanted:
    """What a call asks for."""

    title: str
    about: str
    themes: Sequence[Theme]
    hints: Mapping[Section, str]
    weights: Mapping[str, int]
    opens_on: date
    closes_on: date
    ends_on: date


def open_call(wanted: Wanted, *, unit: Unit, actor: Actor, now: datetime) -> CaseCall:
    """Call for cases from a unit's subtree.

    :raise Refused: the days are not in order or lie behind, or the weights are not 100 together.
    """
    _refuse_disorder(wanted)
    if wanted.closes_on < clock.local_date(now):
        raise Refused(CLOSED_ALREADY, "closes_on")
    call = CaseCall(
        unit_id=unit.id,
        **_columns(wanted),
        created_at=now,
        created_by_id=actor.person_id,
    )
    db.session().add(call)
    db.session().flush()
    _record("calls.open", call, actor=actor, now=now, title=call.title)
    return call


def change_call(call: CaseCall, wanted: Wanted, *, actor: Actor, now: datetime) -> None:
    """Say otherwise what a call asks for. What has happened stays: days that have begun, and, once a case was sent in,
    the themes and weights by which it was written and is judged.

    :raise Refused: the days are not in order or would undo what has happened; the weights are not 100 together; themes
        or weights are to change although a case was sent in.
    """
    db.session().refresh(call, list(CHANGING), with_for_update=True)  # nobody sends a case in meanwhile
    _refuse_disorder(wanted)
    _refuse_undoing(call, wanted, clock.local_date(now))
    then = _columns(wanted)
    changed = [name for name in CHANGING if getattr(call, name) != then[name]]
    if FROZEN.intersection(changed) and queries.has_entries(call):
        raise Refused(_l("已经有案例送来，主题和权重不能再改。"))
    if not changed:
        return
    days = [name for name in changed if name in DAYS]
    before = {name: getattr(call, name).isoformat() for name in days}
    for name in changed:
        setattr(call, name, then[name])
    db.session().flush()
    after = {name: getattr(call, name).isoformat() for name in days}
    _record("calls.change", call, actor=actor, now=now, changed=changed, before=before, after=after)


def _columns(wanted: Wanted) -> dict[str, Any]:
    return {
        "title": wanted.title,
        "about": wanted.about,
        "themes": [theme.value for theme in wanted.themes],
        "hints": {section.value: hint for section, hint in wanted.hints.items() if hint},
        "weights": dict(wanted.weights),
        "opens_on": wanted.opens_on,
        "closes_on": wanted.closes_on,
        "ends_on": wanted.ends_on,
    }


def _refuse_disorder(wanted: Wanted) -> None:
    if not wanted.opens_on <= wanted.closes_on <= wanted.ends_on:
        raise Refused(_l("日期的先后不对：开始、截止、评审结束应当一天不早于一天。"), "closes_on")
    if not score_sheet.is_whole(wanted.weights):
        raise Refused(_l("四项权重合起来应为 100。"), "originality")


def _refuse_undoing(call: CaseCall, wanted: Wanted, today: date) -> None:
    if call.opens_on <= today and wanted.opens_on != call.opens_on:
        raise Refused(_l("征集已经开始，开始的日子不能再改。"), "opens_on")
    if wanted.opens_on != call.opens_on and wanted.opens_on < today:
        raise Refused(_l("开始的日子已经过去。"), "opens_on")
    if wanted.closes_on != call.closes_on and wanted.closes_on < today:
        raise Refused(CLOSED_ALREADY, "closes_on")
    if wanted.ends_on != call.ends_on and wanted.ends_on < today:
        raise Refused(_l("评审结束的日子已经过去。"), "ends_on")


def set_quotas(call: CaseCall, places: Mapping[int, int | None], *, actor: Actor, now: datetime) -> None:
    """Say how many cases each unit right below may recommend; None: as many as it likes.

    :param places: by the number of a unit right below the one that calls; others are not touched.
    """
    db.session().execute(select(CaseCall.id).where(CaseCall.id == call.id).with_for_update())
    below = set(db.session().scalars(select(Unit.id).where(Unit.parent_id == call.unit_id)))
    wanted = {unit_id: most for unit_id, most in places.items() if unit_id in below}
    db.session().execute(delete(CallQuota).where(CallQuota.call_id == call.id, CallQuota.unit_id.in_(wanted)))
    db.session().add_all(
        CallQuota(call_id=call.id, unit_id=unit_id, most=most) for unit_id, most in wanted.items() if most is not None
    )
    db.session().flush()
    _record("calls.set_quotas", call, actor=actor, now=now, units=len(wanted))


def add_reviewer(call: CaseCall, person: Person, *, actor: Actor, now: datetime) -> CallReviewer:
    """Put somebody into the pool of experts. They see nothing until a case is laid before them.

    :raise Refused: they are in it already.
    """
    reviewer = CallReviewer(call_id=call.id, person_id=person.id, added_at=now, added_by_id=actor.person_id)
    try:
        with db.session().begin_nested():
            db.session().add(reviewer)
    except IntegrityError as error:
        raise Refused(_l("%(name)s 已经在专家库里。", name=person.name), "person") from error
    _record("calls.add_reviewer", call, actor=actor, now=now, person=person.id)
    return reviewer


def remove_reviewer(call: CaseCall, reviewer: CallReviewer, *, actor: Actor, now: datetime) -> None:
    """Take somebody out of the pool; what they were asked to score stays with them."""
    _record("calls.remove_reviewer", call, actor=actor, now=now, person=reviewer.person_id)
    db.session().delete(reviewer)
    db.session().flush()


def enter(call: CaseCall, case: Case, *, actor: Actor, now: datetime) -> CallEntry:
    """Send a case in. A draft is submitted by it; one that is being judged goes on as a part of the call.

    :raise Refused: the call takes no cases today, has this one already, or the case is not complete.
    """
    if call.phase_on(clock.local_date(now)) is not Phase.OPEN:
        raise Refused(_l("“%(call)s”现在不收案例。", call=call.title))
    if case.latest_number == 0 or case.state in access.GONE:
        raise Refused(_l("这篇案例还没有写好，或者已经撤回。"), "case")
    rounds.lock_case(case)
    db.session().refresh(call, list(CHANGING), with_for_update=True)  # its weights are those that the round keeps
    entry = CallEntry(call_id=call.id, case_id=case.id, entered_at=now, entered_by_id=actor.person_id)
    try:
        with db.session().begin_nested():
            db.session().add(entry)
    except IntegrityError as error:
        raise Refused(_l("这篇案例已经参加这次征集。"), "case") from error
    going_on = rounds.find_open(case)
    if going_on is not None and going_on.call_id is None:
        going_on.call_id, going_on.weights = call.id, dict(call.weights)
    _record("calls.enter", call, actor=actor, now=now, case=case.id)
    if case.state is State.DRAFT:
        cases.take_step(case, State.SUBMITTED, actor=actor, now=now)
    return entry


def submit(case: Case, *, actor: Actor, now: datetime) -> None:
    """Lay a draft before its unit without any call.

    :raise Refused: it is not a draft, or not complete.
    """
    rounds.lock_case(case)
    cases.take_step(case, State.SUBMITTED, actor=actor, now=now)


def withdraw(case: Case, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a case back while it is judged and nobody else reads it; its round ends.

    :raise Refused: it is not under review, or it is public: then its unit withdraws it.
    """
    rounds.lock_case(case)
    if rounds.find_open(case) is None or case.is_public:
        raise Refused(_l("现在没有在评审，或者已经公开：公开的案例由本单位撤回。"))
    cases.withdraw(case, reason=reason, actor=actor, now=now)


def leave(call: CaseCall, entry: CallEntry, *, actor: Actor, now: datetime) -> None:
    """Take a case out of a call while cases come in; its review goes on without the call.

    :raise Refused: the call takes no changes any more.
    """
    if call.phase_on(clock.local_date(now)) is not Phase.OPEN:
        raise Refused(_l("征集已经截止，不能再退出。"))
    case = db.session().get_one(Case, entry.case_id)
    going_on = rounds.find_open(case)
    if going_on is not None and going_on.call_id == call.id:
        going_on.call_id = None
    _record("calls.leave", call, actor=actor, now=now, case=entry.case_id)
    db.session().delete(entry)
    db.session().flush()


def record_export(call: CaseCall, *, actor: Actor, now: datetime) -> None:
    """Let the trail know that the board of a call was taken along."""
    _record("calls.export", call, actor=actor, now=now)


def _record(verb: str, call: CaseCall, *, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(verb, actor=actor, now=now, on=("case_call", call.id), unit_id=call.unit_id, detail=detail)
