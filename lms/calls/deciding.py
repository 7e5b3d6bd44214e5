"""What the unit that judges may do with a case: comment, return, accept, decline, recommend, publish."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from lms.calls import access, conflicts, rounds, score_sheet, telling
from lms.calls.kinds import LABEL, Outcome
from lms.calls.models import CallQuota, CaseCall, CaseReview, ReviewComment
from lms.calls.passages import Passage
from lms.cases import actions as cases
from lms.cases.authors import list_credited
from lms.cases.kinds import State
from lms.cases.models import Case, CaseLabel, CaseVersion
from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.hours.actions import award
from lms.hours.kinds import Ability, HourKind
from lms.units.models import Unit


def comment(review: CaseReview, passage: Passage, *, text: str, actor: Actor, now: datetime) -> ReviewComment:
    """Say what to change at a passage; authors read it when the round ends.

    :raise Refused: the round has ended, or the actor may not review the case.
    """
    conflicts.refuse_conflict(rounds.lock_open(review), actor.person_id)
    written = ReviewComment(
        review_id=review.id,
        section=passage.section,
        passage=passage.number,
        quote=passage.quote,
        text=text,
        written_at=now,
        written_by_id=actor.person_id,
    )
    db.session().add(written)
    db.session().flush()
    rounds.record("calls.comment", review, actor=actor, now=now, comment=written.id)
    return written


def remove_comment(review: CaseReview, written: ReviewComment, *, actor: Actor, now: datetime) -> None:
    """Take a comment back that no author has read yet.

    :raise Refused: the round has ended, or the actor may not review the case.
    """
    conflicts.refuse_conflict(rounds.lock_open(review), actor.person_id)
    rounds.record("calls.remove_comment", review, actor=actor, now=now, comment=written.id)
    db.session().delete(written)


def return_case(review: CaseReview, *, reason: str, actor: Actor, now: datetime) -> None:
    """Give a case back to its authors, with the comments.

    :raise Refused: no reason and no comment; the round has ended; or the actor may not review the case.
    """
    case = rounds.lock_open(review)
    written = select(ReviewComment.id).where(ReviewComment.review_id == review.id).limit(1)
    if not reason and db.session().scalar(written) is None:
        raise Refused(_l("请写明要改什么，或者先在段落上写批注。"), "reason")
    _settle(review, case, Outcome.RETURNED, reason, actor=actor, now=now)
    unit = db.session().get_one(Unit, review.unit_id)
    cases.take_step(case, State.RETURNED, level=review.level, unit=unit, reason=reason, actor=actor, now=now)


def accept(review: CaseReview, *, reason: str, actor: Actor, now: datetime) -> None:
    """Accept a case at this level. Its label stands on its own from now on.

    :raise Refused: experts have not scored yet; the round has ended; or the actor may not review the case.
    """
    case = rounds.lock_open(review)
    _refuse_unscored(review)
    _settle(review, case, Outcome.ACCEPTED, reason, actor=actor, now=now)
    unit = db.session().get_one(Unit, review.unit_id)
    cases.take_step(case, State.ACCEPTED, level=review.level, unit=unit, reason=reason, actor=actor, now=now)
    name = LABEL % unit.name
    given = (CaseLabel.case_id == case.id, CaseLabel.unit_id == unit.id, CaseLabel.name == name)
    if db.session().scalar(select(CaseLabel.id).where(*given, CaseLabel.revoked_at.is_(None))) is None:
        version = db.session().get_one(CaseVersion, review.version_id)
        cases.award_label(case, version, unit=unit, name=name, actor=actor, now=now)


def decline(review: CaseReview, *, reason: str, actor: Actor, now: datetime) -> None:
    """Do not take a case up at this level. What a level below accepted stays accepted there.

    :raise Refused: no reason; experts have not scored yet; the round has ended; or the actor may not review the case.
    """
    case = rounds.lock_open(review)
    if not reason:
        raise Refused(_l("请写明不采纳的原因，作者会看到。"), "reason")
    _refuse_unscored(review)
    _settle(review, case, Outcome.DECLINED, reason, actor=actor, now=now)
    below, unit = _accepted_below(review), db.session().get_one(Unit, review.unit_id)
    state = State.ACCEPTED if below else State.RETURNED
    level = below.level if below else review.level
    cases.take_step(case, state, level=level, unit=unit, reason=reason, actor=actor, now=now)


def recommend(review: CaseReview, *, actor: Actor, now: datetime) -> CaseReview:
    """Lay a case that was accepted here before the unit above.

    :raise Refused: it cannot be recommended from here now, or the unit's places in the call are all taken.
    """
    case = rounds.lock(review)
    conflicts.refuse_conflict(case, actor.person_id)
    _refuse_stale(review, case)
    unit = db.session().get_one(Unit, review.unit_id)
    if review.recommended_at is not None or rounds.find_open(case) is not None:
        raise Refused(_l("这篇案例已经推荐，或者正在别处评审。"))
    if unit.parent_id is None:
        raise Refused(_l("上面没有更高的单位了。"))
    call = rounds.find_call(case, unit)
    if call is not None and call.unit_id != unit.id:
        _take_place(call, unit)
        review.call_id = call.id
    review.recommended_at, review.recommended_by_id = now, actor.person_id
    cases.take_step(case, State.RECOMMENDED, level=review.level, unit=unit, actor=actor, now=now)
    rounds.record("calls.recommend", review, actor=actor, now=now)
    telling.tell_authors(review, "recommended", actor=actor, now=now)
    return rounds.open_round(case, db.session().get_one(Unit, unit.parent_id), actor=actor, now=now)


def publish(review: CaseReview, *, actor: Actor, now: datetime) -> None:
    """Let everyone read what was accepted here; each author earns the hours of this level, once for the case.

    :raise Refused: another version was written since, it is public already, or the actor may not review the case.
    """
    case = rounds.lock(review)
    conflicts.refuse_conflict(case, actor.person_id)
    _refuse_stale(review, case)
    if case.published_number == case.latest_number:
        raise Refused(_l("这一版已经发布了。"))
    unit = db.session().get_one(Unit, review.unit_id)
    cases.publish(case, level=review.level, unit=unit, actor=actor, now=now)
    _award_hours(review, case, actor=actor, now=now)
    rounds.record("calls.publish", review, actor=actor, now=now)
    telling.tell_authors(review, "published", actor=actor, now=now)


def may_publish(review: CaseReview, case: Case) -> bool:
    """Whether this round entitles its unit to publish what the case says now."""
    newest = rounds.newest_version(case)
    return _stands(review, newest) and case.published_number != case.latest_number


def may_recommend(review: CaseReview, case: Case) -> bool:
    """Whether the unit may lay the case before the one above."""
    free = review.recommended_at is None and rounds.find_open(case) is None
    return free and review.unit.parent_id is not None and _stands(review, rounds.newest_version(case))


def places_of(call: CaseCall, unit: Unit) -> tuple[int, int | None]:
    """How many cases a unit has recommended within a call, and how many it may; None: as many as it likes."""
    used = select(func.count(func.distinct(CaseReview.case_id))).where(
        CaseReview.call_id == call.id, CaseReview.unit_id == unit.id, CaseReview.recommended_at.is_not(None)
    )
    quota = db.session().get(CallQuota, (call.id, unit.id))
    return db.session().scalar(used) or 0, quota.most if quota else None


def _take_place(call: CaseCall, unit: Unit) -> None:
    """:raise Refused: the unit has recommended as many as it may. Two at once wait for each other here."""
    db.session().execute(select(CaseCall.id).where(CaseCall.id == call.id).with_for_update())
    used, most = places_of(call, unit)
    if most is not None and used >= most:
        raise Refused(
            _l(
                "%(unit)s在“%(call)s”里有 %(most)s 个推荐名额，已经用完。",
                unit=unit.name,
                call=call.title,
                most=most,
            )
        )


def _stands(review: CaseReview, newest: CaseVersion) -> bool:
    return review.outcome is Outcome.ACCEPTED and review.version_id == newest.id


def _refuse_stale(review: CaseReview, case: Case) -> None:
    if not _stands(review, rounds.newest_version(case)) or case.state in access.GONE:
        raise Refused(_l("这一轮没有采纳案例现在的内容：它改过了，或者已经撤回。"))


def _settle(review: CaseReview, case: Case, outcome: Outcome, reason: str, *, actor: Actor, now: datetime) -> None:
    conflicts.refuse_conflict(case, actor.person_id)
    review.outcome, review.reason = outcome, reason
    review.decided_at, review.decided_by_id = now, actor.person_id
    db.session().flush()
    rounds.record("calls.decide", review, actor=actor, now=now, outcome=outcome.value)
    telling.tell_authors(review, outcome.value, actor=actor, now=now)


def _refuse_unscored(review: CaseReview) -> None:
    missing = [expert for expert in access.standing(review) if expert.score is None]
    if missing:
        raise Refused(_l("还有 %(count)s 位专家没有打分，交齐以后再决定。", count=len(missing)))


def _accepted_below(review: CaseReview) -> CaseReview | None:
    """The highest round that accepted this version before."""
    statement = (
        select(CaseReview)
        .where(CaseReview.version_id == review.version_id, CaseReview.outcome == Outcome.ACCEPTED)
        .order_by(CaseReview.id.desc())
        .limit(1)
    )
    return db.session().scalars(statement).first()


def _award_hours(review: CaseReview, case: Case, *, actor: Actor, now: datetime) -> None:
    """Each person whom the version names earns the whole of it, whoever is named first; who stepped back, nothing."""
    hours = score_sheet.rules().hours.get(review.level)
    if not hours:
        return
    version = rounds.newest_version(case)
    for person_id in list_credited(version):
        award(
            person_id=person_id,
            hours=hours,
            occurred_on=clock.local_date(now),
            kind=HourKind.CASE,
            title=version.title,
            source=("case", str(case.id)),
            tier=None,  # no tier of training organized it: it must not meet a duty that asks for one
            training_type=None,
            abilities=[Ability(value) for value in version.abilities],
            organizer_id=review.unit_id,
            actor=actor,
            now=now,
        )
