"""The card of the home page: cases that wait for the reader's score, for the decision of their units, for their name.

What waits for a person is one of the counts that the whole page asks at once: a community worker who was asked as an
expert finds it there, and for all the others it costs no statement. Only those with a role may have to decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.calls import access, queries
from lms.core import waiting
from lms.core.web import Actor
from lms.drafts.queries import TO_ANSWER

TO_SCORE = "calls.to_score"


@dataclass(frozen=True)
class Waiting:
    """How many cases wait: for my score, for a decision of my units, for my answer on being named as an author."""

    to_score: int
    to_decide: int
    to_answer: int


def read(actor: Actor) -> Waiting | None:
    """None where nothing waits."""
    found = waiting.read(actor)
    decides = queries.count_to_decide(actor) if actor.has(*access.RUNNING) else 0
    here = Waiting(found[TO_SCORE], decides, found[TO_ANSWER])
    return here if here.to_score or here.to_decide or here.to_answer else None
