"""Accept and decline; propose by hand; ask a mentor; wishes.

What both sides accept begins a term, in the same unit of work: `mentoring.actions.begin` locks the mentor and refuses
what is beyond capacity, so that of two who take the last place at one moment one is told that it is gone.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import actions as terms
from lms.mentoring.kinds import Side
from lms.mentors import actions as mentors
from lms.mentors.models import Mentor
from lms.mentors.queries import find_request_of
from lms.pairing import proposing, rounds, telling
from lms.pairing.models import Origin, PairingRound, PairingWish, Proposal, ProposalReply, ProposalState
from lms.people.models import Person
from lms.units.models import Unit

#: Why a proposal that is no longer open cannot be answered.
OVER: dict[ProposalState, LazyString] = {
    ProposalState.DRAFT: _l("这条建议还没有发出。"),
    ProposalState.ACCEPTED: _l("双方都已同意，结对已经开始。"),
    ProposalState.DECLINED: _l("这条建议已经被谢绝。"),
    ProposalState.REPLACED: _l("这条建议已被新的安排替换，不能再答复。"),
}


def reply(
    proposal: Proposal,
    side: Side,
    *,
    accepts: bool,
    reason: str = "",
    on_behalf: bool = False,
    actor: Actor,
    now: datetime,
) -> ProposalReply:
    """What one side says. The second yes begins the term; a no ends the proposal, and it is arranged anew.

    :param on_behalf: the unit notes what somebody said who cannot answer here.
    :raise Refused: the proposal is no longer open, that side has answered, a no without a reason, no place is left.
    """
    if not accepts and not reason.strip():
        raise Refused(_l("谢绝请写明原因。"), "reason")
    round_ = None if accepts else _locked_round(proposal)
    _lock(proposal)
    if proposal.state is not ProposalState.SENT:
        raise Refused(OVER[proposal.state])
    said = ProposalReply(
        proposal_id=proposal.id, side=side, accepts=accepts, reason=reason, on_behalf=on_behalf, replied_at=now,
        replied_by_id=actor.person_id,
    )  # fmt: skip
    try:
        with db.session().begin_nested():
            db.session().add(said)
    except IntegrityError as error:
        raise Refused(_l("您已经答复过了，正在等对方答复。")) from error
    _record(
        "pairing.accept" if accepts else "pairing.decline",
        proposal,
        actor=actor,
        now=now,
        side=side,
        on_behalf=on_behalf,
    )
    if not accepts:
        proposal.state, proposal.state_at = ProposalState.DECLINED, now
        if round_ is not None:
            rounds.queue(round_)
        telling.tell_declined(proposal, side, actor=actor, now=now)
    elif _other_accepted(proposal, side):
        _begin(proposal, actor=actor, now=now)
    return said


def _locked_round(proposal: Proposal) -> PairingRound | None:
    """The round, held before the proposal: whoever sends or solves holds both in that order."""
    if proposal.round_id is None:
        return None
    round_ = db.session().get_one(PairingRound, proposal.round_id)
    rounds.lock(round_)
    return round_


def _lock(proposal: Proposal) -> None:
    """The state as it is now, the row held until the unit of work ends."""
    db.session().flush()
    db.session().refresh(proposal, ["state"], with_for_update=True)


def _other_accepted(proposal: Proposal, side: Side) -> bool:
    other = ProposalReply.proposal_id == proposal.id, ProposalReply.side == side.other, ProposalReply.accepts
    return db.session().scalar(select(ProposalReply.id).where(*other)) is not None


def _begin(proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Both have accepted: the term begins today if its first day has passed meanwhile."""
    session = db.session()
    pairing = terms.begin(
        mentor=session.get_one(Mentor, proposal.mentor_id),
        mentee=session.get_one(Person, proposal.mentee_id),
        unit=session.get_one(Unit, proposal.unit_id),
        topic=proposal.topic,
        starts_on=max(proposal.starts_on, clock.local_date(now)),
        ends_on=proposal.ends_on,
        actor=actor,
        now=now,
    )
    proposal.pairing_id, proposal.state, proposal.state_at = pairing.id, ProposalState.ACCEPTED, now
    request = find_request_of(proposal.mentee_id)
    if request is not None:
        mentors.end_request(request, actor=actor, now=now)


def propose(
    mentor: Mentor,
    mentee: Person,
    *,
    unit: Unit,
    topic: str = "",
    starts_on: date,
    ends_on: date,
    note: str = "",
    agreed: bool = False,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """A pair by hand: both are asked, or the unit notes that both have agreed and the term begins.

    :param mentor: loaded with unit and reach.
    :raise Refused: the dates are upside down, the hard rules forbid the two, no place is left, they are asked already.
    """
    proposal = _new(mentor, mentee, Origin.HAND, unit, topic, starts_on, ends_on, note, actor=actor, now=now)
    _record("pairing.propose", proposal, actor=actor, now=now, agreed=agreed)
    if agreed:
        for side in Side:
            reply(proposal, side, accepts=True, on_behalf=True, actor=actor, now=now)
    else:
        telling.tell_proposed([proposal], actor=actor, now=now)
    return proposal


def ask(
    mentor: Mentor,
    mentee: Person,
    *,
    unit: Unit,
    starts_on: date,
    ends_on: date,
    note: str,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """A mentee asks a mentor of their own choice, who answers.

    :raise Refused: as for `propose`.
    """
    proposal = _new(mentor, mentee, Origin.ASKED, unit, "", starts_on, ends_on, note, actor=actor, now=now)
    _record("pairing.ask", proposal, actor=actor, now=now)
    reply(proposal, Side.MENTEE, accepts=True, actor=actor, now=now)
    telling.tell_proposed([proposal], sides=[Side.MENTOR], actor=actor, now=now)
    return proposal


def _new(
    mentor: Mentor, mentee: Person, origin: Origin, unit: Unit, topic: str, starts_on: date, ends_on: date, note: str,
    *, actor: Actor, now: datetime,
) -> Proposal:  # fmt: skip
    if ends_on <= starts_on:
        raise Refused(_l("结束日期必须晚于开始日期。"), "ends_on")
    today = clock.local_date(now)
    fault = proposing.hard_fault(mentee, mentor, today) or proposing.no_place(mentor, today)
    if fault is not None:
        raise Refused(fault, "mentor")
    proposal = Proposal(
        round_id=None, origin=origin, mentor_id=mentor.id, mentee_id=mentee.id, unit_id=unit.id, topic=topic,
        starts_on=starts_on, ends_on=ends_on, fit=0, facts={}, note=note, state=ProposalState.SENT, state_at=now,
        proposed_by_id=actor.person_id,
    )  # fmt: skip
    try:
        with db.session().begin_nested():
            db.session().add(proposal)
    except IntegrityError as error:
        raise Refused(_l("两人之间已有一条建议正等待答复。"), "mentor") from error
    return proposal


def withdraw(proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Take a proposal back before both have answered, and tell the two.

    :raise Refused: it is no longer open.
    """
    _lock(proposal)
    if proposal.state is not ProposalState.SENT:
        raise Refused(OVER[proposal.state])
    proposal.state, proposal.state_at = ProposalState.REPLACED, now
    _record("pairing.withdraw", proposal, actor=actor, now=now)
    telling.tell_withdrawn([proposal], actor=actor, now=now)


def wish(side: Side, own_id: int, ranks: Sequence[tuple[int, int]], *, actor: Actor, now: datetime) -> None:
    """Say whom one would like, first to third; what was said before is forgotten.

    :param own_id: the mentee's person or the mentor's profile.
    :param ranks: the others (profiles for a mentee, persons for a mentor) with their ranks.
    :raise Refused: somebody is named twice.
    """
    if len({other_id for other_id, _rank in ranks}) != len(ranks):
        raise Refused(_l("同一个人只能填在一个志愿里。"))
    mine = PairingWish.mentee_id if side is Side.MENTEE else PairingWish.mentor_id
    _lock_own(side, own_id)
    db.session().execute(delete(PairingWish).where(PairingWish.side == side, mine == own_id))
    for other_id, rank in sorted(ranks):
        mentor_id, mentee_id = (other_id, own_id) if side is Side.MENTEE else (own_id, other_id)
        row = PairingWish(side=side, mentor_id=mentor_id, mentee_id=mentee_id, rank=rank, wished_at=now)
        db.session().add(row)
    on = ("person", actor.person_id)
    audit.record("pairing.wish", actor=actor, now=now, on=on, person_id=actor.person_id, detail={"wishes": len(ranks)})


def _lock_own(side: Side, own_id: int) -> None:
    """Two who save at once take their turn: the later one forgets what the earlier one has said."""
    own = Person.id if side is Side.MENTEE else Mentor.id
    db.session().execute(select(own).where(own == own_id).with_for_update(key_share=True))


def _record(verb: str, proposal: Proposal, *, actor: Actor, now: datetime, **detail: object) -> None:
    """Not why: a reason is for the other side and the unit."""
    on, unit_id = ("pairing_proposal", proposal.id), proposal.unit_id
    audit.record(verb, actor=actor, now=now, on=on, unit_id=unit_id, person_id=proposal.mentee_id, detail=detail)
