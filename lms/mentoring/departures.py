"""导师变动: a mentor who paused, left, or holds no post in the unit any more; the unit decides on each pair.

Nothing happens by itself: until somebody decides, the pair goes on, and history stays in any case. `is_undecided` is
the one place that says which pairs wait.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import Page, keyset
from lms.core.sql import within
from lms.core.web import Actor
from lms.mentoring import actions, steps
from lms.mentoring.access import is_mine, names
from lms.mentoring.kinds import OPEN, Cause, Choice, State
from lms.mentoring.models import Pairing, PairingDecision
from lms.mentors import queries as mentors
from lms.mentors.models import Mentor, MentorState
from lms.people.models import Appointment
from lms.units.models import Unit


def is_undecided(today: date) -> ColumnElement[bool]:
    """Open pairs whose mentor paused, left or moved, and of which nobody has decided since; on Pairing."""
    left = and_(Mentor.state != MentorState.ACTIVE, ~_decided_of_state().exists())
    moved = and_(Mentor.state == MentorState.ACTIVE, mentors.has_moved(today), ~_decided_of_move(today).exists())
    waits = select(Mentor.id).where(Mentor.id == Pairing.mentor_id, or_(left, moved)).correlate(Pairing)
    return and_(Pairing.state.in_(OPEN), waits.exists())


def _decided_of_state() -> Select[int]:
    return (
        select(PairingDecision.id)
        .where(PairingDecision.pairing_id == Pairing.id, PairingDecision.decided_at >= Mentor.state_at)
        .correlate(Pairing, Mentor)
    )


def _decided_of_move(today: date) -> Select[int]:
    """Decided of a move, and no post has ended since."""
    later = (
        select(Appointment.id)
        .where(Appointment.person_id == Mentor.person_id, Appointment.ends_on < today)
        .where(Appointment.ends_on > PairingDecision.decided_on)
        .correlate(Mentor, PairingDecision)
    )
    return (
        select(PairingDecision.id)
        .where(PairingDecision.pairing_id == Pairing.id, PairingDecision.cause == Cause.MOVED, ~later.exists())
        .correlate(Pairing, Mentor)
    )


def cause_of(mentor: Mentor) -> Cause:
    """What has become of the mentor of a pair that waits."""
    if mentor.state is MentorState.PAUSED:
        return Cause.PAUSED
    return Cause.MOVED if mentor.state is MentorState.ACTIVE else Cause.ENDED


def waits(pairing: Pairing, *, now: datetime) -> bool:
    """Whether the unit has to decide on this pair."""
    statement = select(Pairing.id).where(Pairing.id == pairing.id, is_undecided(clock.local_date(now)))
    return db.session().scalar(statement) is not None


def _for(actor: Actor) -> ColumnElement[bool]:
    """Pairs that wait for the actor: of units that they administer, and not their own."""
    units = select(Unit.id).where(Unit.id == Pairing.unit_id, within(Unit.path, actor.paths("admin")))
    return and_(is_undecided(clock.today()), units.correlate(Pairing).exists(), ~is_mine(actor))


def count_departures(actor: Actor) -> int:
    return db.session().scalar(select(func.count()).select_from(Pairing).where(_for(actor))) or 0


def list_departures(actor: Actor, *, cursor: str | None = None) -> Page[Pairing]:
    """The pairs that wait for the actor's decision, the oldest first."""
    page = keyset(select(Pairing.id).where(_for(actor)), Pairing.id, cursor=cursor)
    statement = select(Pairing).where(Pairing.id.in_([row[0] for row in page.items])).options(*names())
    return Page(db.session().scalars(statement.order_by(Pairing.id)).all(), page.next_cursor, page.size)


def decide(
    pairing: Pairing, choice: Choice, *, reason: str, heir: Mentor | None, actor: Actor, now: datetime
) -> PairingDecision:
    """What becomes of a pair whose mentor left.

    :param heir: the mentor to whom it is handed over.
    :raise Refused: nothing is to be decided, no heir was named, or the term itself refuses.
    """
    steps.lock(pairing)
    if not waits(pairing, now=now):
        raise Refused(_l("这一对刚才已经安排好了。"))
    cause, today = cause_of(pairing.mentor), clock.local_date(now)
    if choice is Choice.HAND_OVER:
        if heir is None:
            raise Refused(_l("请选择接手的导师。"), "mentor")
        actions.hand_over(pairing, heir, starts_on=today, ends_on=pairing.ends_on, reason=reason, actor=actor, now=now)
    elif choice is Choice.PAUSE and pairing.state is State.ACTIVE:
        actions.pause(pairing, reason=reason, actor=actor, now=now)
    elif choice is Choice.PAUSE and pairing.state is not State.PAUSED:
        raise Refused(_l("结对卡还没有签署，不能暂停；可以照旧、交接或结束。"), "choice")
    elif choice is Choice.END:
        actions.end_early(pairing, reason=reason, actor=actor, now=now)
    row = PairingDecision(
        pairing_id=pairing.id, cause=cause, choice=choice, reason=reason, decided_on=today, decided_at=now,
        decided_by_id=actor.person_id,
    )  # fmt: skip
    db.session().add(row)
    on, unit_id, detail = ("pairing", pairing.id), pairing.unit_id, {"choice": choice.value}
    audit.record(
        "pairing.decide", actor=actor, now=now, on=on, unit_id=unit_id, person_id=pairing.mentee_id, detail=detail
    )
    return row
