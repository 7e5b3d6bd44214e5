"""What the page of a pair shows, to one of the two and to an administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.core.web import Actor
from lms.mentoring import access, cards, departures, evaluations, meetings, next_steps, queries, talks
from lms.mentoring.access import Seat
from lms.mentoring.cards import Card
from lms.mentoring.kinds import Cause, State
from lms.mentoring.models import Evaluation, Meeting, PairingStep, PlanStep
from lms.mentoring.next_steps import Facts, Next
from lms.mentoring.talks import Talk


@dataclass(frozen=True)
class PairPage:
    """A pair. `talks` is empty for everybody but the two; `plan` has words for them alone."""

    seat: Seat
    facts: Facts
    next: Next | None
    card: Card
    plan: Sequence[PlanStep]
    meetings: Sequence[Meeting]
    talks: Mapping[int, Talk]
    evaluations: Sequence[Evaluation]
    steps: Sequence[PairingStep]
    #: what the unit is asked to decide about, where the reader runs the pair
    cause: Cause | None
    #: whether the reader may know who ended it quietly, and why
    reads_quiet: bool

    @property
    def done(self) -> int:
        return sum(step.done_at is not None for step in self.plan)

    @property
    def may_evaluate(self) -> bool:
        side, due = self.seat.side, self.facts.due
        return side is not None and due is not None and (due, side) not in self.facts.evaluated

    @property
    def may_sign(self) -> bool:
        pairing = self.seat.pairing
        return pairing.state.is_open and self.card.text is not None and self.seat.side not in self.card.signatures

    @property
    def may_note(self) -> bool:
        return self.seat.side is not None and self.seat.pairing.state is State.ACTIVE


def read(actor: Actor, seat: Seat, *, now: datetime) -> PairPage:
    """Everything on the page of a pair."""
    pairing = seat.pairing
    facts = next_steps.read_facts([pairing], now=now)[pairing.id]
    steps = queries.list_steps(pairing)
    quiet = any(step.is_quiet for step in steps)
    return PairPage(
        seat=seat,
        facts=facts,
        next=next_steps.next_for(seat.side, pairing, facts) if seat.side and pairing.state.is_open else None,
        card=cards.read(pairing),
        plan=cards.list_plan(pairing),
        meetings=meetings.list_meetings(pairing),
        talks=talks.read_all(seat),
        evaluations=evaluations.list_evaluations([pairing.id]),
        steps=steps,
        cause=departures.cause_of(pairing.mentor) if seat.runs and departures.waits(pairing, now=now) else None,
        reads_quiet=quiet and access.may_read_quiet(actor, seat),
    )
