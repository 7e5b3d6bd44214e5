"""The card of the home page: the newest unread notices."""

from lms.core.web import Actor
from lms.notices import queries
from lms.notices.queries import ShownNotice

MOST = 3


def read(actor: Actor) -> list[ShownNotice] | None:
    """At most three; None where there is nothing new."""
    return queries.newest_unread(actor, MOST) or None
