"""The card of the home page: the newest unread notices."""

from flask import g

from lms.core.web import Actor
from lms.notices import queries
from lms.notices.queries import ShownNotice

MOST = 3


def read(actor: Actor) -> list[ShownNotice] | None:
    """At most three; None where there is nothing new. The count in the bar above need not ask again."""
    newest, g.unread_notices = queries.newest_unread(actor, MOST)
    return newest or None
