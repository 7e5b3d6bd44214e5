"""The card of the home page: proposals that wait for the reader, and what the reader's units have to decide."""

from dataclasses import dataclass

from lms.core.web import Actor
from lms.mentoring.departures import count_departures
from lms.mentors import queries as mentors
from lms.pairing import queries


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
    proposals, invitations = queries.waiting_for(actor.person_id)
    waiting = Waiting(
        proposals=proposals,
        invited=bool(invitations),
        applications=mentors.count_waiting(actor) if administers else 0,
        departures=count_departures(actor) if administers else 0,
    )
    something = waiting.proposals or waiting.invited or waiting.applications or waiting.departures
    return waiting if something else None
