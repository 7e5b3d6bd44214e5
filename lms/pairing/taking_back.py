"""Proposals of a round that were sent and no longer stand: it was solved anew, or closed."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy import select

from lms.core import db
from lms.core.web import Actor
from lms.pairing import telling
from lms.pairing.fit import Pair
from lms.pairing.models import PairingRound, Proposal, ProposalState


def take_back(round_: PairingRound, *, but: Set[Pair], actor: Actor, now: datetime) -> Set[Pair]:
    """Replace what was sent and nobody has settled, and tell the two of each; gives the pairs of `but` that stand."""
    sent = select(Proposal).where(Proposal.round_id == round_.id, Proposal.state == ProposalState.SENT)
    standing, gone = set[Pair](), list[Proposal]()
    for proposal in db.session().scalars(sent.with_for_update().execution_options(populate_existing=True)):
        if (proposal.mentee_id, proposal.mentor_id) in but:
            standing.add((proposal.mentee_id, proposal.mentor_id))
        else:
            proposal.state, proposal.state_at = ProposalState.REPLACED, now
            gone.append(proposal)
    telling.tell_withdrawn(gone, actor=actor, now=now)
    return standing
