"""Answers given in time that arrive late, because there was no signal in the last minutes. Pure.

A page carries a signed token that says when the server made it. With an answer its script sends how long after that it
was given, by a clock that nobody can set (`performance.now()`). What a page says alone is never believed: it has to fit
what the server knows, and the allowance is short. Somebody who cuts the signal on purpose gains at most that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

ALLOWANCE = timedelta(minutes=15)
"""How long after the deadline an answer may arrive that was given before it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a page says of an answer: the attempt and the moment of its signed token, and how long after that it was."""

    attempt_id: int
    issued_at: datetime
    elapsed: timedelta


@dataclass(frozen=True, slots=True)
class Known:
    """What the server knows of an attempt. ``last_at``: the moment of the newest answer that it took."""

    attempt_id: int
    started_at: datetime
    deadline_at: datetime | None
    is_submitted: bool
    last_at: datetime | None


def moment_of(claim: Claim, known: Known, now: datetime) -> datetime | None:
    """When a late answer was given, never before the one taken last; None where that cannot be: it is too late."""
    if known.is_submitted or known.deadline_at is None or claim.attempt_id != known.attempt_id:
        return None
    if now > known.deadline_at + ALLOWANCE or not known.started_at <= claim.issued_at <= now:
        return None
    latest = min(now, known.deadline_at)
    if claim.issued_at + claim.elapsed > latest:
        return None
    # A queue may have been cut in the middle: its first answers count from when they arrived, the rest after them.
    given_at = max(claim.issued_at + claim.elapsed, known.last_at or known.started_at)
    return given_at if given_at <= latest else None
