"""The worker's sentence on the home page: what is owed, by when, what counts, and the shortest way there."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.web import Actor
from lms.policies import duties
from lms.policies.duties import Duty
from lms.policies.kinds import State
from lms.policies.offers import Offer, shortest_way


@dataclass(frozen=True)
class Owed:
    """A duty that is open, and what would meet it."""

    duty: Duty
    way: Sequence[Offer]


@dataclass(frozen=True)
class Sentences:
    """What the card shows: open duties with a way each; of the others, those that were met or waived, in one line."""

    owed: Sequence[Owed]
    settled: Sequence[Duty]


def read(actor: Actor) -> Sentences | None:
    """None for somebody without duties."""
    if actor.person_id is None or not actor.homes:
        return None
    current = duties.list_current(actor.person_id)
    if not current:
        return None
    owed = [Owed(duty, _way(actor, duty)) for duty in current if duty.is_open]
    settled = [duty for duty in current if duty.state in (State.MET, State.WAIVED)]
    return Sentences(owed, settled)


def _way(actor: Actor, duty: Duty) -> Sequence[Offer]:
    return shortest_way(actor, duty.requirement.counts, duty.missing_hours)
