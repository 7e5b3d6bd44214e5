"""Who sees which round and proposal.

A round belongs to its unit's administrators and those above. A proposal that was sent is also its two people's; what
one side gave as a reason for declining is the unit's and the other side's.
"""

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.mentoring.kinds import Side
from lms.mentors.models import Mentor
from lms.pairing.models import PairingRound, Proposal, ProposalState, RoundChange
from lms.people import access as people
from lms.people.models import Person
from lms.units import access as units
from lms.units.models import Unit


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """Rounds and proposals of units that the actor administers; on either joined with its Unit."""
    return within(Unit.path, ("",) if actor.has("system") else actor.paths("admin"))


def get_round(actor: Actor, round_id: int) -> PairingRound:
    """:raise Denied: no such round of a unit that the actor administers."""
    statement = select(PairingRound).join(Unit, Unit.id == PairingRound.unit_id)
    statement = statement.where(PairingRound.id == round_id, managed_by(actor))
    return one_or_404(statement.options(joinedload(PairingRound.unit)))


def get_change(round_: PairingRound, change_id: int) -> RoundChange:
    """:raise Denied: no such change of the round that still holds."""
    mine = RoundChange.id == change_id, RoundChange.round_id == round_.id, RoundChange.undone_at.is_(None)
    return one_or_404(select(RoundChange).where(*mine))


def get_unit(actor: Actor, unit_id: int) -> Unit:
    """:raise Denied: no such unit that the actor administers."""
    return one_or_404(select(Unit).where(Unit.id == unit_id, units.administered_by(actor)))


def is_for(actor: Actor) -> ColumnElement[bool]:
    """Proposals that were sent to the actor, as mentor or mentee; on Proposal joined with Mentor."""
    either = or_(Proposal.mentee_id == actor.person_id, Mentor.person_id == actor.person_id)
    return either & (Proposal.state != ProposalState.DRAFT)


def get_own(actor: Actor, proposal_id: int) -> tuple[Proposal, Side]:
    """A proposal for the actor, and on which side they are.

    :raise Denied: there is none.
    """
    proposal = one_or_404(_loaded().where(Proposal.id == proposal_id, is_for(actor)))
    return proposal, Side.MENTEE if proposal.mentee_id == actor.person_id else Side.MENTOR


def get_managed(actor: Actor, proposal_id: int) -> Proposal:
    """:raise Denied: no such proposal of a unit that the actor administers."""
    statement = _loaded().join(Unit, Unit.id == Proposal.unit_id)
    return one_or_404(statement.where(Proposal.id == proposal_id, managed_by(actor)))


def get_mentee(actor: Actor, person_id: int) -> Person:
    """:raise Denied: no such person among those whom the actor administers."""
    return people.get_administered(actor, person_id)


def _loaded() -> Select[Proposal]:
    statement = select(Proposal).join(Mentor, Mentor.id == Proposal.mentor_id)
    return statement.options(*with_names())


def with_names() -> tuple[ExecutableOption, ...]:
    """What a page says of a proposal besides the row itself."""
    return (
        joinedload(Proposal.mentor).options(
            joinedload(Mentor.person), joinedload(Mentor.unit), joinedload(Mentor.reach)
        ),
        joinedload(Proposal.mentee),
        joinedload(Proposal.unit),
        joinedload(Proposal.replies),
    )
