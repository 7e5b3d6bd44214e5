"""How much one address, or one person, may send: enough for whoever has something to say. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

#: (how many, within how long): a stranger's address may be a whole office; a person is one.
BY_ADDRESS = ((6, timedelta(hours=1)), (30, timedelta(days=1)))
BY_PERSON = ((5, timedelta(hours=1)), (15, timedelta(days=1)))
LONGEST = timedelta(days=1)

Rule = Sequence[tuple[int, timedelta]]


def may_send(sent: Sequence[datetime], rule: Rule, *, now: datetime) -> bool:
    """Whether there is room for one more after what was sent at these moments."""
    return all(sum(at > now - span for at in sent) < most for most, span in rule)
