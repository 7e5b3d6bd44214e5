"""The card of the home page: how many cases wait for the reader's review.

For those with a role only: whoever was asked as an expert without one learns it from their notices, which stand on the
same page, so that the home page of a community worker costs nothing more.
"""

from __future__ import annotations

from lms.calls import access, queries
from lms.core.web import Actor


def read(actor: Actor) -> int | None:
    """None where nothing waits."""
    return (queries.count_waiting(actor) or None) if actor.has(*access.RUNNING) else None
