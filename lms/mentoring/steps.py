"""What the actions of a pair share: the lock, the step with its audit row, and who is told."""

from datetime import datetime

from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import telling
from lms.mentoring.kinds import State
from lms.mentoring.models import Pairing, PairingStep

VERBS = {
    State.ACCEPTED: "mentoring.begin",
    State.ACTIVE: "mentoring.activate",
    State.PAUSED: "mentoring.suspend",
    State.COMPLETED: "mentoring.finish",
    State.ENDED_EARLY: "mentoring.end_early",
}


def lock(pairing: Pairing) -> None:
    """Let nobody else change the pair until this unit of work ends, and read it as it is now."""
    db.session().flush()
    db.session().refresh(pairing, ["state", "state_at"], with_for_update=True)


def take(
    pairing: Pairing, state: State, *, reason: str = "", quietly: bool = False, actor: Actor, now: datetime
) -> PairingStep:
    """Take a step: the row, and its line in the trail, which never holds the reason."""
    pairing.state, pairing.state_at = state, now
    taken = PairingStep(
        pairing_id=pairing.id,
        state=state,
        reason=reason.strip(),
        is_quiet=quietly,
        taken_at=now,
        taken_by_id=actor.person_id,
    )
    db.session().add(taken)
    db.session().flush()
    record(VERBS[state], pairing, actor=actor, now=now)
    return taken


def take_and_tell(pairing: Pairing, state: State, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """A step that both may know of."""
    taken = take(pairing, state, reason=reason, actor=actor, now=now)
    source = ("pairing_step", str(taken.id))
    telling.tell_two(pairing, telling.CHANGED, state.value, source=source, actor=actor, now=now)


def record(verb: str, pairing: Pairing, *, actor: Actor, now: datetime, **detail: str) -> None:
    """A line in the trail, read by the administrators of the unit that looks after the pair."""
    on = ("pairing", pairing.id)
    unit_id, person_id = pairing.unit_id, pairing.mentee_id
    audit.record(verb, actor=actor, now=now, on=on, unit_id=unit_id, person_id=person_id, detail=detail)


def refuse_ended(pairing: Pairing) -> None:
    if not pairing.state.is_open:
        raise Refused(_l("这一期已经结束。"))


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_l("请写明原因。"), "reason")
