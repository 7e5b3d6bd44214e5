"""Rounds of review: begun when a case is submitted or recommended, ended once, by whoever decides first.

Whoever decides locks the case, then the round, then (where there is one) the call: always in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from lms.calls import score_sheet, telling
from lms.calls.kinds import Outcome
from lms.calls.models import CallEntry, CaseCall, CaseReview
from lms.cases.kinds import State
from lms.cases.models import Case, CaseStep, CaseVersion
from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.models import Person
from lms.units.models import Level, Unit


def on_case_stepped(_sender: object, *, case: Case, step: CaseStep, actor: Actor, now: datetime) -> None:
    """A case was submitted: its first round begins. It was taken back: what was going on ends."""
    if step.state is State.SUBMITTED:
        unit = first_unit(case)
        if unit is not None:
            open_round(case, unit, actor=actor, now=now)
    elif step.state in (State.WITHDRAWN, State.SUPERSEDED):
        lapse(case, actor=actor, now=now)


def on_version_added(_sender: object, *, case: Case, actor: Actor, now: datetime, **_more: object) -> None:
    """A case was changed: nobody goes on judging what it said before."""
    lapse(case, actor=actor, now=now)


def first_unit(case: Case) -> Unit | None:
    """Where a submitted case is judged first: at the lowest level that accepted what it said before; else at the
    street of a community, or at the unit itself. None for a case of the site, which nobody judges.
    """
    accepted = (
        select(Unit)
        .join(CaseReview, CaseReview.unit_id == Unit.id)
        .where(CaseReview.case_id == case.id, CaseReview.outcome == Outcome.ACCEPTED, Unit.valid_to.is_(None))
        .order_by(func.length(Unit.path).desc(), Unit.id)
        .limit(1)
    )
    lowest = db.session().scalars(accepted).first()
    if lowest is not None or case.unit_id is None:
        return lowest
    unit = db.session().get_one(Unit, case.unit_id)
    if unit.level is Level.COMMUNITY and unit.parent_id is not None:
        return db.session().get_one(Unit, unit.parent_id)
    return unit


def open_round(case: Case, unit: Unit, *, actor: Actor, now: datetime) -> CaseReview:
    """Lay the newest version of a case before a unit."""
    call = find_call(case, unit)
    version = newest_version(case)
    review = CaseReview(
        case_id=case.id,
        version_id=version.id,
        unit_id=unit.id,
        level=unit.level,
        call_id=call.id if call else None,
        weights=dict(call.weights if call else score_sheet.rules().weights),
        opened_at=now,
        opened_by_id=actor.person_id,
    )
    db.session().add(review)
    db.session().flush()
    record("calls.open_round", review, actor=actor, now=now, unit=unit.name)
    telling.tell_judges(review, telling.WAITING, actor=actor, now=now)
    return review


def lapse(case: Case, *, actor: Actor, now: datetime) -> None:
    """End the open round of a case without an outcome."""
    review = find_open(case)
    if review is not None:
        review.outcome, review.decided_at, review.decided_by_id = Outcome.LAPSED, now, actor.person_id
        db.session().flush()
        record("calls.lapse", review, actor=actor, now=now)


def lock_open(review: CaseReview) -> Case:
    """Take a round in hand, to end it or to bring it on.

    :raise Refused: somebody else ended it in the meantime: who, and how.
    """
    case = lock(review)
    if review.outcome is not None:
        who = db.session().get(Person, review.decided_by_id) if review.decided_by_id else None
        raise Refused(
            _l(
                "这一轮已经由%(name)s处理：%(outcome)s。您这次没有保存。",
                name=who.name if who else _l("系统"),
                outcome=review.outcome.label,
            )
        )
    return case


def lock(review: CaseReview) -> Case:
    """Let nobody else change the case or the round until this unit of work ends."""
    case = db.session().get_one(Case, review.case_id)
    lock_case(case)
    changing = ["outcome", "reason", "decided_at", "decided_by_id", "recommended_at", "call_id"]
    db.session().refresh(review, changing, with_for_update=True)
    return case


def lock_case(case: Case) -> None:
    """Let nobody else bring the case on; only its own columns are read anew, for a join cannot be locked."""
    changing = ["state", "level", "latest_number", "published_number", "published_at"]
    db.session().refresh(case, changing, with_for_update=True)


def find_open(case: Case) -> CaseReview | None:
    """The round that goes on, if one does."""
    return (
        db.session()
        .scalars(select(CaseReview).where(CaseReview.case_id == case.id, CaseReview.outcome.is_(None)))
        .one_or_none()
    )


def list_rounds(case: Case) -> Sequence[CaseReview]:
    """Every round of a case, newest first."""
    statement = select(CaseReview).where(CaseReview.case_id == case.id).order_by(CaseReview.id.desc())
    return db.session().scalars(statement).all()


def newest_version(case: Case) -> CaseVersion:
    here = (CaseVersion.case_id == case.id, CaseVersion.number == case.latest_number)
    return db.session().scalars(select(CaseVersion).where(*here)).one()


def find_call(case: Case, unit: Unit) -> CaseCall | None:
    """The call within which a unit judges a case: the newest that it takes part in, opened by the unit or above."""
    statement = (
        select(CaseCall)
        .join(CallEntry, CallEntry.call_id == CaseCall.id)
        .where(CallEntry.case_id == case.id, CaseCall.ends_on >= clock.today())
        .where(CaseCall.unit_id.in_([*unit.ancestor_ids, unit.id]))
        .order_by(CallEntry.id.desc())
        .limit(1)
    )
    return db.session().scalars(statement).first()


def record(verb: str, review: CaseReview, *, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(
        verb,
        actor=actor,
        now=now,
        on=("case_review", review.id),
        unit_id=review.unit_id,
        detail={"case": review.case_id, **detail},
    )
