"""The card of the home page: proposals that wait for the reader, and what the reader's units have to decide."""

from dataclasses import dataclass

from lms.core import waiting
from lms.core.web import Actor
from lms.mentoring.departures import count_departures
from lms.mentors import queries as mentors

PROPOSALS, INVITATIONS = "pairing.proposals", "pairing.invitations"


@dataclass(frozen=True)
class Waiting:
    """How many things wait: proposals to answer, an invitation, applications to decide, pairs without their mentor."""

    proposals: int
    invited: bool
    applications: int
    departures: int


def read(actor: Actor) -> Waiting | None:
    """None where nothing waits."""
    administers = actor.has("admin")
    found = waiting.read(actor)
    here = Waiting(
        proposals=found[PROPOSALS],
        invited=bool(found[INVITATIONS]),
        applications=mentors.count_waiting(actor) if administers else 0,
        departures=count_departures(actor) if administers else 0,
    )
    something = here.proposals or here.invited or here.applications or here.departures
    return here if something else None
