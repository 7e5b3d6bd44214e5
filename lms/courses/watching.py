"""How much of a video may count as watched. Pure: times are whole milliseconds, nothing is read or written here.

A page that plays a video carries a signed ticket (who, which lesson, issued when) and reports which parts were played.
Whoever makes such reports by hand can claim anything, so that a claim is believed only as far as it could be true:
nobody plays faster than twice the speed. Each report may credit at most twice the time since the ticket's report before
it (or since its issue), and time that was used up by one ticket of a person is not there for another one: two pages at
once share one clock. All that time is the server's.

Used-up time is taken from the earliest part that a report could mean. Every later report reaches to a later moment, so
that the earliest part is the one that others can least use: whoever watched out of reach of the signal catches up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

Span = tuple[int, int]
"""From, to: milliseconds of a video, or of the server's clock since 1970."""
Spans = tuple[Span, ...]

PACE = 2
"""The fastest that a video can be played here."""
SHARE = 90
"""Percent of a video's distinct seconds that make it watched: credits and a last pause need not be sat through."""
TICKET_LIFE = 14 * 24 * 3600 * 1000
"""A course that was taken along may wait two weeks for a signal."""
TICKETS = 6
"""Pages of one lesson that are told apart at once."""
SPANS = 200
"""Parts of one video that are kept; who jumps about more than this loses the shortest ones."""
WALL_SPANS = 24
"""Stretches of used-up time that are kept for a person; beyond, the smallest pauses between them count as used, too."""
OVERSHOOT = 2000
"""A browser's idea of a video's length may differ this much from the file's."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the signed token of a page says."""

    person_id: int
    lesson_id: int
    issued_at: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What is kept of one person and one video."""

    watched: Spans = ()
    #: ticket -> the highest sequence accepted, and when
    tickets: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    #: when the newest of the forgotten tickets last reported
    forgotten_at: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """What stands after a report."""

    progress: Progress
    spent: Spans
    credited: int


def accept(
    progress: Progress, spent: Spans, ticket: Ticket, *, sequence: int, claimed: Iterable[Span], now: int
) -> Accepted | None:
    """Credit what a report may credit; None where it was heard before, or its ticket is too old or not yet issued.

    :param spent: the person's used-up time, whatever the lesson.
    :param sequence: counts the reports of a ticket; only a higher one is new.
    """
    if not ticket.issued_at <= now <= ticket.issued_at + TICKET_LIFE:
        return None
    last_sequence, last_at = progress.tickets.get(ticket.nonce, (0, progress.forgotten_at))
    if sequence <= last_sequence:
        return None
    fresh = without(merged(claimed), progress.watched)
    free = without(((max(ticket.issued_at, last_at), now),), spent)
    granted = earliest(fresh, PACE * length_of(free))
    credited = length_of(granted)
    used = earliest(free, -(-credited // PACE))
    watched = _longest(merged((*progress.watched, *granted)))
    tickets, forgotten_at = _remember(progress, ticket.nonce, sequence, now)
    return Accepted(Progress(watched, tickets, forgotten_at), spent_since(merged((*spent, *used)), now), credited)


def is_watched(watched: Spans, length: int) -> bool:
    """Whether enough of a video of `length` was played."""
    return length > 0 and length_of(watched) * 100 >= SHARE * length


def reading_claim(length: int) -> Spans:
    """What reading a transcript to its end stands for: the share that has to be watched, from the beginning."""
    return ((0, -(-SHARE * length // 100)),)


def within_length(claimed: Iterable[Span], length: int) -> Spans | None:
    """The claim cut to the video; None where it is none: backwards, before the beginning or well beyond the end."""
    spans = tuple(claimed)
    if any(not 0 <= start <= end <= length + OVERSHOOT for start, end in spans):
        return None
    return merged((start, min(end, length)) for start, end in spans)


def merged(spans: Iterable[Span]) -> Spans:
    """The same stretches in order, those that touch made one, empty ones left out."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def without(spans: Spans, taken: Spans) -> Spans:
    """What of `spans` lies in none of `taken`; both merged."""
    left: list[Span] = []
    for start, end in spans:
        for taken_start, taken_end in taken:
            if taken_end <= start:
                continue
            if taken_start >= end:
                break
            left.append((start, taken_start))
            start = max(start, taken_end)
        left.append((start, end))
    return merged(left)


def length_of(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def earliest(spans: Spans, amount: int) -> Spans:
    """The first `amount` milliseconds of `spans`."""
    taken: list[Span] = []
    for start, end in spans:
        if amount <= 0:
            break
        taken.append((start, min(end, start + amount)))
        amount -= end - start
    return tuple(taken)


def spent_since(spent: Spans, now: int) -> Spans:
    """Used-up time that a live ticket could still mean, in few stretches: the smallest pauses count as used."""
    recent = merged((max(start, now - TICKET_LIFE), end) for start, end in spent)
    excess = len(recent) - WALL_SPANS
    if excess <= 0:
        return recent
    pauses = sorted((later[0] - earlier[1], earlier[1], later[0]) for earlier, later in pairwise(recent))
    return merged((*recent, *((start, end) for _, start, end in pauses[:excess])))


def _longest(watched: Spans) -> Spans:
    if len(watched) <= SPANS:
        return watched
    return merged(sorted(watched, key=lambda span: span[0] - span[1])[:SPANS])


def _remember(progress: Progress, nonce: str, sequence: int, now: int) -> tuple[dict[str, tuple[int, int]], int]:
    """The tickets with this report; a forgotten one may only claim what came after its neighbors were forgotten."""
    tickets = {**progress.tickets, nonce: (sequence, now)}
    forgotten_at = progress.forgotten_at
    while len(tickets) > TICKETS:
        oldest = min((key for key in tickets if key != nonce), key=lambda key: tickets[key][1])
        forgotten_at = max(forgotten_at, tickets.pop(oldest)[1])
    return tickets, forgotten_at
