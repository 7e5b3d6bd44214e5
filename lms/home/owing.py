"""What the reader owes, read once a request: the card that says it and the card of the next step both look at it."""

from flask import g

from lms.core.web import Actor
from lms.policies import cards
from lms.policies.cards import Sentences


def read(actor: Actor) -> Sentences | None:
    """None for somebody without duties."""
    key = f"owed_by_{actor.person_id}"
    if key not in g:
        setattr(g, key, cards.read(actor))
    owed: Sentences | None = g.get(key)
    return owed


def ways(actor: Actor) -> list[str]:
    """The addresses of what would meet the reader's open duties, the most urgent duty's first."""
    owed = read(actor)
    return [offer.url for one in owed.owed for offer in one.way] if owed else []
