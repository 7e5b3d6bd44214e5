"""When an attempt closes. Only the server's clock counts; nothing that a page sends is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from lms.quizzes.models import Attempt

GRACE = timedelta(seconds=30)
"""An answer given in the last second may need this long to arrive over a weak signal."""


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Tell whether the time of an attempt is up, the grace included."""
    return attempt.deadline_at is not None and now > attempt.deadline_at + GRACE


def is_open(attempt: Attempt, now: datetime) -> bool:
    """Tell whether answers are still taken."""
    return attempt.submitted_at is None and not is_over(attempt, now)


def seconds_left(attempt: Attempt, now: datetime) -> int | None:
    """Return the whole seconds until the deadline, never negative; None where there is none."""
    if attempt.deadline_at is None:
        return None
    return max(0, int((attempt.deadline_at - now).total_seconds()))
