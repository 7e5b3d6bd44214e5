"""导师变动: a mentor who paused, left, or holds no post in the unit any more; the unit decides on each pair.

Nothing happens by itself: until somebody decides, the pair goes on, and history stays in any case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor, one_or_404
from lms.mentoring import access as mentoring_access
from lms.mentoring import actions as terms
from lms.mentoring.kinds import OPEN, State
from lms.mentoring.models import Pairing
from lms.mentors import queries as mentors
from lms.mentors.hard_rules import Side, read_sides
from lms.mentors.models import Background, Mentor, MentorState
from lms.pairing.models import PairingDecision
from lms.people.models import Appointment


class Choice(StrEnum):
    """What becomes of a pair."""

    KEEP = "keep"
    HAND_OVER = "hand_over"
    PAUSE = "pause"
    END = "end"

    @property
    def label(self) -> LazyString:
        return CHOICE_LABELS[self]


CHOICE_LABELS = {
    Choice.KEEP: _l("照旧继续"),
    Choice.HAND_OVER: _l("交给另一位导师"),
    Choice.PAUSE: _l("暂停"),
    Choice.END: _l("结束这一对"),
}

WHY = {
    "paused": _l("导师暂停"),
    "ended": _l("导师卸任"),
    "moved": _l("导师已不在本单位任职"),
}


@dataclass(frozen=True)
class Departure:
    """A pair of which something must be decided, and why."""

    pairing: Pairing
    code: str

    @property
    def why(self) -> LazyString:
        return WHY[self.code]


def list_departures(actor: Actor) -> list[Departure]:
    """Open pairs of the actor's units whose mentor paused, left or moved, and of which nobody has decided since."""
    mine = mentoring_access.seen_by_unit(actor.paths("admin"))
    statement = (
        select(Pairing)
        .join(Mentor, Mentor.id == Pairing.mentor_id)
        .where(Pairing.state.in_(OPEN), mine, or_(Mentor.state != MentorState.ACTIVE, mentors.has_moved(clock.today())))
        .options(
            joinedload(Pairing.mentor).options(joinedload(Mentor.person), joinedload(Mentor.unit)),
            joinedload(Pairing.mentee),
            joinedload(Pairing.unit),
        )
    )
    pairings = db.session().scalars(statement.order_by(Pairing.id)).all()
    return _of(pairings, clock.today())


def get_departure(actor: Actor, pairing_id: int) -> Departure:
    """:raise Denied: no such pair of the actor's units."""
    found = [departure for departure in list_departures(actor) if departure.pairing.id == pairing_id]
    return found[0] if found else Departure(_get_pairing(actor, pairing_id), "")


def _get_pairing(actor: Actor, pairing_id: int) -> Pairing:
    seen = mentoring_access.seen_by_unit(actor.paths("admin"))
    return one_or_404(select(Pairing).where(Pairing.id == pairing_id, seen))


def _of(pairings: Sequence[Pairing], on: date) -> list[Departure]:
    sides = read_sides({pairing.mentor.person_id for pairing in pairings}, on)
    gone = [(pairing, _why(pairing.mentor, sides[pairing.mentor.person_id])) for pairing in pairings]
    gone = [(pairing, code) for pairing, code in gone if code]
    moved_on = _last_days([pairing.mentor.person_id for pairing, _code in gone])
    decided = _latest_decisions([pairing.id for pairing, _code in gone])
    return [
        Departure(pairing, code)
        for pairing, code in gone
        if not _is_decided(decided.get(pairing.id), pairing.mentor, code, moved_on)
    ]


def _why(mentor: Mentor, side: Side) -> str:
    if mentor.state is MentorState.PAUSED:
        return "paused"
    if mentor.state is not MentorState.ACTIVE:
        return "ended"
    here = any(path.startswith(mentor.unit.path) for path in side.paths)
    return "moved" if mentor.background is Background.WORKER and not here else ""


def _is_decided(at: datetime | None, mentor: Mentor, code: str, moved_on: dict[int, date]) -> bool:
    if at is None:
        return False
    if code == "moved":
        last = moved_on.get(mentor.person_id)
        return last is None or clock.local_date(at) >= last
    return at >= mentor.state_at


def _last_days(person_ids: Sequence[int]) -> dict[int, date]:
    """The last day of the latest post that ended."""
    ended = select(Appointment.person_id, Appointment.ends_on).where(
        Appointment.person_id.in_(person_ids), Appointment.ends_on.is_not(None)
    )
    rows = db.session().execute(ended.order_by(Appointment.ends_on))
    return {person_id: last for person_id, last in rows if last is not None}


def _latest_decisions(pairing_ids: Sequence[int]) -> dict[int, datetime]:
    rows = select(PairingDecision.pairing_id, PairingDecision.decided_at)
    mine = rows.where(PairingDecision.pairing_id.in_(pairing_ids)).order_by(PairingDecision.id)
    return {row[0]: row[1] for row in db.session().execute(mine)}


def decide(
    departure: Departure, choice: Choice, *, reason: str, heir: Mentor | None, actor: Actor, now: datetime
) -> PairingDecision:
    """What becomes of a pair whose mentor left.

    :param heir: the mentor to whom it is handed over.
    :raise Refused: nothing is to be decided, no heir was named, or the term itself refuses.
    """
    pairing = departure.pairing
    if not departure.code:
        raise Refused(_l("这一对刚才已经安排好了。"))
    if choice is Choice.HAND_OVER:
        if heir is None:
            raise Refused(_l("请选择接手的导师。"), "mentor")
        today = clock.local_date(now)
        terms.hand_over(pairing, heir, starts_on=today, ends_on=pairing.ends_on, reason=reason, actor=actor, now=now)
    elif choice is Choice.PAUSE and pairing.state is State.ACTIVE:
        terms.pause(pairing, reason=reason, actor=actor, now=now)
    elif choice is Choice.PAUSE and pairing.state is not State.PAUSED:
        raise Refused(_l("结对卡还没有签署，不能暂停；可以照旧、交接或结束。"), "choice")
    elif choice is Choice.END:
        terms.end_early(pairing, reason=reason, actor=actor, now=now)
    row = PairingDecision(
        pairing_id=pairing.id, choice=choice.value, reason=reason, decided_at=now, decided_by_id=actor.person_id
    )
    db.session().add(row)
    on, detail = ("pairing", pairing.id), {"choice": choice.value}
    audit.record(
        "pairing.decide",
        actor=actor,
        now=now,
        on=on,
        unit_id=pairing.unit_id,
        person_id=pairing.mentee_id,
        detail=detail,
    )
    return row
