"""A round: created, solved, changed, sent, closed.

Small rounds are solved at once. Larger ones wait for the job, which reads, solves and writes in separate units of work,
so that nobody waits for its lock; what changed meanwhile is solved anew.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from lms.core import audit, clock, db
from lms.core.db import Database
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.limited import ChildFailed
from lms.core.sql import within
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.mentors import needs
from lms.mentors import queries as mentors
from lms.mentors.access import REACH
from lms.mentors.models import Mentor, MentorState
from lms.mentors.needs import Reason
from lms.pairing import proposing, solving, taking_back, telling
from lms.pairing.models import (
    ChangeKind,
    PairingRound,
    Proposal,
    ProposalState,
    RoundChange,
    RoundMentee,
    RoundMentor,
    RoundState,
    Solving,
)
from lms.people.models import Person
from lms.units.models import Unit

#: Mentees that are solved for while the administrator waits.
AT_ONCE = 400


def create(
    unit: Unit,
    *,
    reasons: Sequence[Reason],
    topic: str,
    abilities: Sequence[Ability],
    starts_on: date,
    ends_on: date,
    actor: Actor,
    now: datetime,
) -> PairingRound:
    """Take in everybody of a unit who needs a mentor for one of `reasons` and has none, and every mentor who may help.

    :param topic: with it, people who have a mentor are taken in, too: one may have several, each for their topic.
    :raise Refused: the dates are upside down; nobody needs one; there is no mentor.
    """
    if ends_on <= starts_on:
        raise Refused(_l("结束日期必须晚于开始日期。"), "ends_on")
    today = clock.local_date(now)
    found = needs.find_needs(unit, rule=mentors.rule_at(unit.path, today), on=today, wanted=reasons)
    found = [need for need in found if _concerns(need, abilities)]
    served = proposing.list_served([need.person_id for need in found], topic)
    found = [need for need in found if need.person_id not in served]
    helpers = list_helpers(unit, today)
    if not found:
        raise Refused(_l("按所选的条件，没有需要导师而还没有的人。"))
    if not helpers:
        raise Refused(_l("还没有能帮带这个单位的导师，请先邀请导师。"))
    round_ = PairingRound(
        unit_id=unit.id, topic=topic, abilities=[ability.value for ability in abilities], starts_on=starts_on,
        ends_on=ends_on, state=RoundState.DRAFT, solving=Solving.QUEUED, progress=0, revision=1, solved_revision=0,
        value=0, fault="", created_at=now, created_by_id=actor.person_id,
    )  # fmt: skip
    db.session().add(round_)
    db.session().flush()
    _enter(round_, found, helpers)
    _record("pairing.create_round", round_, actor=actor, now=now, mentees=len(found), mentors=len(helpers))
    if len(found) <= AT_ONCE:
        solve_now(round_, actor=actor, now=now)
    return round_


def _concerns(need: needs.Need, abilities: Sequence[Ability]) -> bool:
    return not abilities or bool(set(need.abilities) & set(abilities))


def _enter(round_: PairingRound, found: Sequence[needs.Need], helpers: Sequence[int]) -> None:
    mentees = [
        {
            "round_id": round_.id,
            "person_id": need.person_id,
            "unit_id": need.unit_id,
            "reasons": [reason.value for reason in need.reasons],
            "abilities": [ability.value for ability in need.abilities],
            "others": [],
            "possible": 0,
        }
        for need in found
    ]
    for batch in proposing.in_batches(mentees):
        db.session().execute(insert(RoundMentee), batch)
    for some in proposing.in_batches({"round_id": round_.id, "mentor_id": mentor_id} for mentor_id in helpers):
        db.session().execute(insert(RoundMentor), some)


def list_helpers(unit: Unit, on: date) -> list[int]:
    """Active mentors whose reach holds the unit or a part of it; workers who moved away help no more."""
    above = [*unit.ancestor_ids, unit.id]
    here = REACH.id.in_(above) | within(REACH.path, [unit.path])
    rows = select(Mentor.id).join(REACH, REACH.id == Mentor.reach_id).where(Mentor.state == MentorState.ACTIVE, here)
    rows = rows.where(~mentors.has_moved(on))
    return list(db.session().scalars(rows.order_by(Mentor.id)))


def solve_now(round_: PairingRound, *, actor: Actor, now: datetime) -> None:
    """Solve in this unit of work.

    :raise Refused: it is too large, or the server too busy.
    """
    task = proposing.read_task(round_, clock.local_date(now))
    solution = _solve(task)
    _store(round_, task, solution, actor=actor, now=now)


def _solve(task: proposing.Task) -> solving.Solution:
    try:
        return solving.solve(task.problem, fixed=task.fixed)
    except ChildFailed as error:
        raise Refused(_l("这次没有算成，请稍后再试；一直不行请告诉运维人员。")) from error


def _store(
    round_: PairingRound, task: proposing.Task, solution: solving.Solution, *, actor: Actor, now: datetime
) -> None:
    proposing.store(round_, task, solution, actor=actor, now=now)
    round_.solving, round_.progress, round_.fault = Solving.DONE, 100, ""
    _record("pairing.solve", round_, actor=actor, now=now, pairs=len(solution.pairs), value=solution.value)


def change(
    round_: PairingRound,
    kind: ChangeKind,
    *,
    mentee: Person | None = None,
    mentor: Mentor | None = None,
    actor: Actor,
    now: datetime,
) -> RoundChange:
    """Fix or forbid a pair, or take somebody out; the rest is solved anew around it.

    :raise Refused: the round is closed, or the pair to fix is not possible: the sentence says why.
    """
    lock(round_)
    _refuse_closed(round_)
    if kind is ChangeKind.FIX:
        assert mentee is not None
        assert mentor is not None
        _refuse_impossible(round_, mentee, mentor, now=now)
    row = RoundChange(
        round_id=round_.id,
        kind=kind,
        mentee_id=mentee.id if mentee else None,
        mentor_id=mentor.id if mentor else None,
        made_at=now,
        made_by_id=actor.person_id,
    )
    _undo_contrary(row, actor=actor, now=now)
    db.session().add(row)
    db.session().flush()
    _record("pairing.change_round", round_, actor=actor, now=now, kind=kind.value)
    again(round_, actor=actor, now=now)
    return row


def undo(row: RoundChange, round_: PairingRound, *, actor: Actor, now: datetime) -> None:
    """Take a change back; the rest is solved anew.

    :raise Refused: the round is closed.
    """
    lock(round_)
    _refuse_closed(round_)
    row.undone_at, row.undone_by_id = now, actor.person_id
    db.session().flush()
    _record("pairing.undo_change", round_, actor=actor, now=now, kind=row.kind.value)
    again(round_, actor=actor, now=now)


def again(round_: PairingRound, *, actor: Actor, now: datetime) -> None:
    """Solve anew, with mentors who came since: at once, or by the job."""
    lock(round_)
    _refuse_closed(round_)
    known = set(db.session().scalars(select(RoundMentor.mentor_id).where(RoundMentor.round_id == round_.id)))
    helpers = list_helpers(db.session().get_one(Unit, round_.unit_id), clock.local_date(now))
    _enter(round_, [], [one for one in helpers if one not in known])
    queue(round_)
    if count_mentees(round_) <= AT_ONCE:
        solve_now(round_, actor=actor, now=now)


def queue(round_: PairingRound) -> None:
    """What was solved no longer holds: it waits for the job, or for somebody who does not. The row is locked."""
    round_.revision += 1
    round_.solving, round_.progress, round_.fault = Solving.QUEUED, 0, ""
    db.session().flush()


def _undo_contrary(row: RoundChange, *, actor: Actor, now: datetime) -> None:
    """A pair that is fixed is no longer forbidden, and the other way round; a mentee is fixed to one mentor."""
    same = (
        RoundChange.round_id == row.round_id,
        RoundChange.undone_at.is_(None),
        RoundChange.mentee_id == row.mentee_id,
    )
    contrary = select(RoundChange).where(*same, RoundChange.kind.in_([ChangeKind.FIX, ChangeKind.FORBID]))
    for other in db.session().scalars(contrary):
        pair_again = other.mentor_id == row.mentor_id
        if (row.kind is ChangeKind.FIX and (pair_again or other.kind is ChangeKind.FIX)) or (
            row.kind is ChangeKind.FORBID and pair_again
        ):
            other.undone_at, other.undone_by_id = now, actor.person_id


def _refuse_impossible(round_: PairingRound, mentee: Person, mentor: Mentor, *, now: datetime) -> None:
    from_mentor = proposing.find_fault(round_, mentee, mentor, clock.local_date(now))
    if from_mentor is not None:
        raise Refused(from_mentor, "mentor")


def send(round_: PairingRound, *, actor: Actor, now: datetime) -> int:
    """Send out what is proposed and was not sent yet; gives how many.

    :raise Refused: the round is closed or not solved, or there is nothing to send.
    """
    lock(round_)
    _refuse_closed(round_)
    if round_.solving is not Solving.DONE or round_.solved_revision != round_.revision:
        raise Refused(_l("方案还没有算好，请稍后再发。"))
    drafts = select(Proposal).where(Proposal.round_id == round_.id, Proposal.state == ProposalState.DRAFT)
    proposals = db.session().scalars(drafts.order_by(Proposal.id)).all()
    if not proposals:
        raise Refused(_l("没有要发出的建议。"))
    _refuse_pending(proposals)
    for proposal in proposals:
        proposal.state, proposal.state_at = ProposalState.SENT, now
    round_.state = RoundState.SENT
    db.session().flush()
    telling.tell_proposed(proposals, actor=actor, now=now)
    _record("pairing.send_round", round_, actor=actor, now=now, pairs=len(proposals))
    return len(proposals)


def _refuse_pending(proposals: Sequence[Proposal]) -> None:
    """One and the same pair is not asked twice at a time."""
    pairs = {(proposal.mentor_id, proposal.mentee_id) for proposal in proposals}
    for batch in proposing.in_batches(sorted(mentee_id for _mentor, mentee_id in pairs)):
        sent = select(Proposal.mentor_id, Proposal.mentee_id).where(
            Proposal.state == ProposalState.SENT, Proposal.mentee_id.in_(batch)
        )
        if pairs & {(row[0], row[1]) for row in db.session().execute(sent)}:
            raise Refused(_l("其中有的建议已在别处发出、正等待答复。请重新计算后再发。"))


def close(round_: PairingRound, *, actor: Actor, now: datetime) -> None:
    """End a round: what was not answered is replaced by nothing, and the two are told; what began goes on.

    :raise Refused: it is closed already.
    """
    lock(round_)
    _refuse_closed(round_)
    taking_back.take_back(round_, but=frozenset(), actor=actor, now=now)
    drafts = Proposal.round_id == round_.id, Proposal.state == ProposalState.DRAFT
    db.session().execute(update(Proposal).where(*drafts).values(state=ProposalState.REPLACED, state_at=now))
    round_.state = RoundState.CLOSED
    _record("pairing.close_round", round_, actor=actor, now=now)


def lock(round_: PairingRound) -> None:
    """The round as it is now, held until the unit of work ends."""
    db.session().flush()
    db.session().refresh(round_, ["state", "solving", "revision", "solved_revision"], with_for_update=True)


def count_mentees(round_: PairingRound) -> int:
    rows = select(func.count()).select_from(RoundMentee).where(RoundMentee.round_id == round_.id)
    return db.session().scalar(rows) or 0


def _refuse_closed(round_: PairingRound) -> None:
    if round_.state is RoundState.CLOSED:
        raise Refused(_l("这个方案已经结束。"))


# The job


def list_queued(database: Database) -> list[int]:
    """Rounds that wait for the job."""
    with db.unit_of_work(database, write=False) as opened:
        waiting = select(PairingRound.id).where(PairingRound.solving == Solving.QUEUED)
        return list(opened.scalars(waiting.where(PairingRound.state != RoundState.CLOSED).order_by(PairingRound.id)))


def run(database: Database, round_id: int, *, actor: Actor) -> bool:
    """Solve a round in steps; gives whether it was solved. It may be run again at any time."""
    if not _mark(database, round_id, Solving.RUNNING, 10):
        return False
    try:
        with db.unit_of_work(database, write=False) as opened:
            task = proposing.read_task(opened.get_one(PairingRound, round_id), clock.today())
        _mark(database, round_id, Solving.RUNNING, 40)
        solution = _solve(task)
        _mark(database, round_id, Solving.RUNNING, 80)
    except Refused as refusal:
        _mark(database, round_id, Solving.FAILED, 0, fault=str(refusal.message))
        return False
    with db.unit_of_work(database) as opened:
        round_ = opened.get_one(PairingRound, round_id)
        lock(round_)
        if round_.revision != task.revision or round_.state is RoundState.CLOSED:
            return False  # changed meanwhile: it is queued again
        _store(round_, task, solution, actor=actor, now=clock.now())
    return True


def _mark(database: Database, round_id: int, state: Solving, progress: int, *, fault: str = "") -> bool:
    """Say how far it is, in a unit of work of its own so that the page sees it."""
    with db.unit_of_work(database) as opened:
        round_ = opened.get(PairingRound, round_id)
        if round_ is None or round_.state is RoundState.CLOSED:
            return False
        lock(round_)
        if state is Solving.RUNNING and progress > 10 and round_.solving is not Solving.RUNNING:
            return True  # changed meanwhile: what is queued stays queued
        round_.solving, round_.progress, round_.fault = state, progress, fault
    return True


def _record(verb: str, round_: PairingRound, *, actor: Actor, now: datetime, **detail: object) -> None:
    on = ("pairing_round", round_.id)
    audit.record(verb, actor=actor, now=now, on=on, unit_id=round_.unit_id, detail=detail)
