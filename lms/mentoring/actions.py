"""The life of a pair: begin, pause, resume, end, complete, hand over. Each is a step, an audit row, and a notice.

No reason stands in the audit trail: a reason may be what one of the two told the unit alone.
"""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import crediting, evaluations, steps, telling, terms
from lms.mentoring.kinds import OPEN, Side, Stage, State
from lms.mentoring.models import Pairing
from lms.mentors import hard_rules
from lms.mentors import queries as mentors
from lms.mentors.actions import end_request
from lms.mentors.models import Mentor
from lms.people.models import Person
from lms.units.models import Unit

ALREADY = _l("两人已有一期没有结束的结对，请先结束那一期。")


def begin(
    *,
    mentor: Mentor,
    mentee: Person,
    unit: Unit,
    starts_on: date,
    ends_on: date,
    topic: str = "",
    previous: Pairing | None = None,
    actor: Actor,
    now: datetime,
) -> Pairing:
    """Begin a term that both have accepted. The mentor's row is locked: of two who take the last place at once, one
    is refused.

    :param unit: the one that looks after the pair.
    :param previous: the term that this one continues or takes over.
    :raise Refused: the dates are upside down or over; the hard rules forbid the two; they are a pair already; the
        mentor has no place left.
    """
    _refuse_dates(starts_on, ends_on, now=now)
    _lock_and_refuse(mentor, mentee, now=now)
    pairing = Pairing(
        mentor_id=mentor.id,
        mentee_id=mentee.id,
        unit_id=unit.id,
        topic=topic,
        starts_on=starts_on,
        ends_on=ends_on,
        half_way_on=terms.half_way(starts_on, ends_on),
        state=State.ACCEPTED,
        state_at=now,
        previous_id=previous.id if previous else None,
    )
    try:
        with db.session().begin_nested():
            db.session().add(pairing)
    except IntegrityError as error:  # the index knows, should the lock not have held
        raise Refused(ALREADY) from error
    steps.take(pairing, State.ACCEPTED, actor=actor, now=now)
    request = mentors.find_request_of(mentee.id)
    if request is not None:
        end_request(request, actor=actor, now=now)
    source = ("pairing", str(pairing.id))
    telling.tell_two(pairing, telling.BEGUN, "both", source=source, actor=actor, now=now)
    return pairing


def pause(pairing: Pairing, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let the pair rest; it keeps its place.

    :raise Refused: it is not active, or no reason was given.
    """
    steps.require_reason(reason)
    steps.lock(pairing)
    if pairing.state is not State.ACTIVE:
        raise Refused(_l("只有帮带中的结对可以暂停。"))
    steps.take_and_tell(pairing, State.PAUSED, reason=reason, actor=actor, now=now)


def resume(pairing: Pairing, *, actor: Actor, now: datetime) -> None:
    """:raise Refused: it does not rest."""
    steps.lock(pairing)
    if pairing.state is not State.PAUSED:
        raise Refused(_l("这一对没有暂停。"))
    steps.take_and_tell(pairing, State.ACTIVE, actor=actor, now=now)


def end_early(pairing: Pairing, *, reason: str, actor: Actor, now: datetime) -> None:
    """End a term before its time, as its unit decides; nothing is earned by it, and both are told.

    :raise Refused: it has ended, or no reason was given.
    """
    steps.require_reason(reason)
    steps.lock(pairing)
    steps.refuse_ended(pairing)
    steps.take_and_tell(pairing, State.ENDED_EARLY, reason=reason, actor=actor, now=now)


def end_quietly(pairing: Pairing, *, reason: str, actor: Actor, now: datetime) -> None:
    """One of the two ends a term: who and why is told to the unit's administrators alone.

    :raise Refused: it has ended, or no reason was given.
    """
    steps.require_reason(reason)
    steps.lock(pairing)
    steps.refuse_ended(pairing)
    taken = steps.take(pairing, State.ENDED_EARLY, reason=reason, quietly=True, actor=actor, now=now)
    the_two = set(telling.names_of_the_other(pairing))
    unit = db.session().get_one(Unit, pairing.unit_id)
    told = {person_id: "" for person_id in mentors.list_administrators(unit) if person_id not in the_two}
    source = ("pairing_step", str(taken.id))
    telling.tell_each(told, pairing, telling.ENDED_QUIETLY, "unit", source=source, actor=actor, now=now)


def complete(pairing: Pairing, *, actor: Actor, now: datetime) -> None:
    """Complete a term: both earn hours for the meetings that were confirmed, once.

    :raise Refused: it is not active, its last month has not begun, or one side has not evaluated it.
    """
    steps.lock(pairing)
    if pairing.state is not State.ACTIVE:
        raise Refused(_l("只有帮带中的结对可以结业。"))
    if not terms.may_complete(clock.local_date(now), pairing.ends_on):
        raise Refused(_l("还没有到期：期满前 30 天起可以结业。"))
    if evaluations.sides_that_wrote(pairing, Stage.FINAL) != set(Side):
        raise Refused(_l("双方都写好期满评价以后才能结业。"))
    steps.take_and_tell(pairing, State.COMPLETED, actor=actor, now=now)
    crediting.award_term(pairing, actor=actor, now=now)


def hand_over(
    pairing: Pairing,
    mentor: Mentor,
    *,
    starts_on: date,
    ends_on: date,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Pairing:
    """The next term of a mentee: with another mentor, or with the same one after a term that has ended.

    A term that is still open ends early by it, and the history stays with both.

    :raise Refused: as `begin`; an open term without a reason.
    """
    if pairing.state.is_open:
        end_early(pairing, reason=reason, actor=actor, now=now)
    mentee, unit = db.session().get_one(Person, pairing.mentee_id), db.session().get_one(Unit, pairing.unit_id)
    return begin(
        mentor=mentor,
        mentee=mentee,
        unit=unit,
        topic=pairing.topic,
        starts_on=starts_on,
        ends_on=ends_on,
        previous=pairing,
        actor=actor,
        now=now,
    )


def _lock_and_refuse(mentor: Mentor, mentee: Person, *, now: datetime) -> None:
    """Hold the mentor's row, and ask the rules of what stands there now."""
    db.session().flush()
    db.session().refresh(mentor, ["state", "capacity", "reach_id", "unit_id"], with_for_update=True)
    reach = db.session().get_one(Unit, mentor.reach_id)
    rule = mentors.rule_at(db.session().get_one(Unit, mentor.unit_id).path, clock.local_date(now))
    hard_rules.refuse_forbidden(mentor, mentee, reach_path=reach.path, rule=rule, on=clock.local_date(now))
    _refuse_second(mentor, mentee)
    _refuse_beyond(mentor, mentors.capacity_of(mentor, rule))


def _refuse_dates(starts_on: date, ends_on: date, *, now: datetime) -> None:
    if ends_on <= starts_on:
        raise Refused(_l("结束日期必须晚于开始日期。"), "ends_on")
    if ends_on < clock.local_date(now):
        raise Refused(_l("结束日期已经过去。"), "ends_on")
    if ends_on - starts_on > terms.LONGEST:
        raise Refused(_l("一期最长五年。"), "ends_on")


def _refuse_second(mentor: Mentor, mentee: Person) -> None:
    same = (Pairing.mentor_id == mentor.id, Pairing.mentee_id == mentee.id, Pairing.state.in_(OPEN))
    if db.session().scalar(select(Pairing.id).where(*same).limit(1)) is not None:
        raise Refused(ALREADY)


def _refuse_beyond(mentor: Mentor, capacity: int) -> None:
    here = (Pairing.mentor_id == mentor.id, Pairing.state.in_(OPEN))
    taken = db.session().scalar(select(func.count()).select_from(Pairing).where(*here)) or 0
    if taken >= capacity:
        raise Refused(_l("这位导师已带 %(taken)s 人，名额已满。", taken=taken))
