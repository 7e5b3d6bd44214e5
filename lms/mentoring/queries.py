"""Reading pairs for the two, and how many mentees a mentor has. No talk is read here: see talks.py."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lms.core import db
from lms.core.web import Actor
from lms.mentoring.access import Seat, is_mine, names, seat_of
from lms.mentoring.kinds import OPEN
from lms.mentoring.models import Pairing, PairingStep

BATCH = 5000


def load_of(mentor_ids: Iterable[int]) -> dict[int, int]:
    """How many open pairs each of these mentors has: those that are accepted, active or paused take a place."""
    wanted = sorted(set(mentor_ids))
    load = dict.fromkeys(wanted, 0)
    for start in range(0, len(wanted), BATCH):
        statement = (
            select(Pairing.mentor_id, func.count())
            .where(Pairing.mentor_id.in_(wanted[start : start + BATCH]), Pairing.state.in_(OPEN))
            .group_by(Pairing.mentor_id)
        )
        load.update({row[0]: row[1] for row in db.session().execute(statement)})
    return load


def list_mentored(person_ids: Iterable[int]) -> set[int]:
    """Those of these people who have a mentor today."""
    wanted, found = sorted(set(person_ids)), set[int]()
    for start in range(0, len(wanted), BATCH):
        some = Pairing.mentee_id.in_(wanted[start : start + BATCH])
        found |= set(db.session().scalars(select(Pairing.mentee_id).where(some, Pairing.state.in_(OPEN))))
    return found


def list_own(actor: Actor, *, ended: bool) -> Sequence[Seat]:
    """The actor's pairs, open or ended, the latest first."""
    state = Pairing.state.not_in(OPEN) if ended else Pairing.state.in_(OPEN)
    statement = select(Pairing).where(is_mine(actor), state).options(*names()).order_by(Pairing.id.desc())
    return [seat_of(actor, pairing) for pairing in db.session().scalars(statement)]


def list_steps(pairing: Pairing) -> Sequence[PairingStep]:
    """What became of a pair, in order."""
    statement = select(PairingStep).where(PairingStep.pairing_id == pairing.id).order_by(PairingStep.id)
    return db.session().scalars(statement.options(joinedload(PairingStep.taken_by))).all()
