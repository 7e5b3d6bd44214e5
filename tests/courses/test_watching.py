"""What a video report may credit: never what could not have been played, and always what honestly was."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.courses import watching
from lms.courses.watching import Accepted, Progress, Span, Spans, Ticket, accept, length_of, merged, without

SECOND = 1000
MINUTE = 60 * SECOND
BEGIN = 1_700_000_000_000

spans = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)).map(lambda pair: (min(pair), max(pair))))


def points(some: Spans) -> set[int]:
    return {point for start, end in some for point in range(start, end)}


@given(spans, spans)
def test_stretches_are_sets_of_moments(one: list[Span], other: list[Span]) -> None:
    first, second = merged(one), merged(other)
    assert points(first) == points(tuple(one))
    assert points(without(first, second)) == points(first) - points(second)
    assert length_of(first) == len(points(first))
    assert all(earlier[1] < later[0] for earlier, later in pairwise(first))


@given(spans, st.integers(0, 700))
def test_the_earliest_part_is_as_long_as_asked(some: list[Span], amount: int) -> None:
    whole = merged(some)
    taken = watching.earliest(whole, amount)
    assert points(taken) == set(sorted(points(whole))[:amount])


@dataclass
class Desk:
    """The server's memory of one person, over several lessons."""

    progress: dict[int, Progress] = field(default_factory=dict)
    spent: Spans = ()

    def hear(self, ticket: Ticket, sequence: int, claimed: Spans, now: int) -> Accepted | None:
        before = self.progress.get(ticket.lesson_id, Progress())
        accepted = accept(before, self.spent, ticket, sequence=sequence, claimed=claimed, now=now)
        if accepted is not None:
            self.progress[ticket.lesson_id], self.spent = accepted.progress, accepted.spent
        return accepted

    def watched(self, lesson: int = 1) -> int:
        return length_of(self.progress.get(lesson, Progress()).watched)


@dataclass(frozen=True)
class Forged:
    """One hand-made report: by which of the tickets, how long after the one before, claiming what."""

    ticket: int
    pause: int
    sequence: int
    claimed: Spans


forgeries = st.builds(
    Forged,
    st.integers(0, 9),
    st.integers(0, 90 * SECOND),
    st.integers(1, 8),
    st.lists(
        st.tuples(st.integers(0, MINUTE * 20), st.integers(0, MINUTE * 20)).map(lambda pair: (min(pair), max(pair))),
        max_size=4,
    ).map(tuple),
)
issues = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 5 * MINUTE)).map(lambda pair: pair), min_size=10, max_size=10
)


@settings(max_examples=300)
@given(issues, st.lists(forgeries, max_size=40))
def test_no_reports_credit_more_than_twice_the_time_that_passed(
    given_tickets: list[tuple[int, int]], reports: list[Forged]
) -> None:
    tickets = [Ticket(1, lesson, BEGIN + late, str(i)) for i, (lesson, late) in enumerate(given_tickets)]
    desk, now, total = Desk(), BEGIN, 0
    lives: list[Span] = []
    last = {ticket.nonce: ticket.issued_at for ticket in tickets}
    for report in reports:
        now += report.pause
        ticket = tickets[report.ticket]
        accepted = desk.hear(ticket, report.sequence, report.claimed, now)
        if accepted is None:
            continue
        assert accepted.credited <= watching.PACE * (now - last[ticket.nonce])
        last[ticket.nonce] = now
        lives.append((ticket.issued_at, now))
        total += accepted.credited
        assert total <= watching.PACE * length_of(merged(lives))
    assert sum(map(desk.watched, (1, 2, 3))) <= total


@given(st.lists(st.tuples(st.integers(0, MINUTE), st.integers(0, MINUTE)), min_size=1, max_size=6), st.randoms())
def test_repeating_and_reordering_gains_nothing(claims: list[Span], random: object) -> None:
    """At one moment, whatever is sent in whatever order and however often, the sum is that of one report."""
    ticket, now = Ticket(1, 1, BEGIN, "a"), BEGIN + 10 * SECOND
    desk = Desk()
    claimed = [(min(claim), max(claim)) for claim in claims]
    numbered = [*enumerate(claimed, 1)] * 3
    random.shuffle(numbered)  # type: ignore[attr-defined]
    for sequence, claim in numbered:
        desk.hear(ticket, sequence, (claim,), now)
    assert desk.watched() <= min(20 * SECOND, length_of(merged(claimed)))


@settings(max_examples=150)
@given(
    st.integers(20, 900),
    st.sampled_from([0.75, 1.0, 1.25, 1.5, 2.0]),
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 20), st.booleans()), max_size=60),
)
def test_honest_watching_always_finishes(length: int, speed: float, steps: list[tuple[int, int, bool]]) -> None:
    """Played to the end at any speed, with reports lost and late: a last one, when the signal is back, settles it."""
    ticket, desk = Ticket(1, 1, BEGIN, "a"), Desk()
    now, place, sequence, arrived = BEGIN, 0, 0, BEGIN
    whole = length * SECOND
    for seconds, delay, lost in steps:
        now += seconds * SECOND
        place = min(whole, int(place + seconds * SECOND * speed))
        sequence += 1
        if not lost:
            arrived = max(arrived, now + delay * SECOND)
            desk.hear(ticket, sequence, ((0, place),), arrived)
    now += max(0, int((whole - place) / speed)) + SECOND
    for attempt in range(1, 4):  # the page goes on reporting what is not credited yet, some seconds apart
        desk.hear(ticket, sequence + attempt, ((0, whole),), max(now, arrived) + attempt * 30 * SECOND)
    assert watching.is_watched(desk.progress[1].watched, whole)


def test_a_phone_out_of_reach_catches_up_beside_another_device() -> None:
    """Ten minutes in a lift shaft with the first lesson; at home the second is watched, and reported, before them."""
    desk, phone, home = Desk(), Ticket(1, 1, BEGIN, "phone"), Ticket(1, 2, BEGIN + 12 * MINUTE, "home")
    for sequence in range(1, 17):
        desk.hear(home, sequence, ((0, sequence * 30 * SECOND),), BEGIN + 12 * MINUTE + sequence * 30 * SECOND)
    desk.hear(phone, 1, ((0, 10 * MINUTE),), BEGIN + 21 * MINUTE)
    assert desk.watched(1) == 10 * MINUTE
    assert desk.watched(2) == 8 * MINUTE


def test_two_pages_share_one_clock() -> None:
    desk = Desk()
    for name, lesson in (("a", 1), ("b", 1), ("c", 2), ("d", 3)):
        desk.hear(Ticket(1, lesson, BEGIN, name), 1, ((0, 10 * MINUTE),), BEGIN + MINUTE)
    assert sum(map(desk.watched, (1, 2, 3))) == 2 * MINUTE


def test_many_pages_make_no_page_new_again() -> None:
    desk = Desk()
    for number in range(40):
        desk.hear(Ticket(1, 1, BEGIN, str(number)), 1, (), BEGIN + MINUTE)
    desk.hear(Ticket(1, 1, BEGIN, "0"), 1, ((0, 10 * MINUTE),), BEGIN + MINUTE + SECOND)
    assert desk.watched() <= 2 * SECOND


def test_a_ticket_lives_two_weeks_and_begins_with_its_issue() -> None:
    ticket = Ticket(1, 1, BEGIN, "a")
    assert Desk().hear(ticket, 1, ((0, SECOND),), BEGIN - 1) is None
    assert Desk().hear(ticket, 1, ((0, SECOND),), BEGIN + watching.TICKET_LIFE + 1) is None
    assert Desk().hear(ticket, 1, ((0, SECOND),), BEGIN + watching.TICKET_LIFE) is not None


def test_what_is_kept_stays_small() -> None:
    desk, ticket = Desk(), Ticket(1, 1, BEGIN, "a")
    for sequence in range(1, 1500):
        claim = (sequence * 2 * SECOND, sequence * 2 * SECOND + SECOND)
        desk.hear(ticket, sequence, (claim,), BEGIN + sequence * 10 * SECOND)
    assert len(desk.progress[1].watched) <= watching.SPANS
    assert len(desk.spent) <= watching.WALL_SPANS
    assert len(desk.progress[1].tickets) <= watching.TICKETS


def test_a_claim_must_lie_in_the_video() -> None:
    assert watching.within_length([(0, 61_000)], MINUTE) == ((0, MINUTE),)
    assert watching.within_length([(0, 63_000)], MINUTE) is None
    assert watching.within_length([(-1, 5)], MINUTE) is None
    assert watching.within_length([(9, 5)], MINUTE) is None
