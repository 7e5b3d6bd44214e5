"""The card and the plan: write, sign, tick. Two signatures on one revision make the pair active."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.hours import queries as hours
from lms.hours.kinds import Ability
from lms.mentoring import naming, steps, telling
from lms.mentoring.access import list_goals
from lms.mentoring.kinds import Side, State
from lms.mentoring.models import CardGoal, CardSignature, Pairing, PairingCard, PlanStep
from lms.mentoring.naming import Names

MOST_PLAN_STEPS = 30


@dataclass(frozen=True)
class Card:
    """The card as it stands: what it says, and who has signed that."""

    text: PairingCard | None
    goals: Sequence[CardGoal]
    signatures: Mapping[Side, CardSignature]

    @property
    def stands(self) -> bool:
        return len(self.signatures) == len(Side)

    @property
    def revision(self) -> int:
        return self.text.revision if self.text else 0


def read(pairing: Pairing) -> Card:
    """The card with the signatures of its newest revision."""
    text = db.session().get(PairingCard, pairing.id)
    revision = text.revision if text else 0
    signed = select(CardSignature).where(CardSignature.pairing_id == pairing.id, CardSignature.revision == revision)
    return Card(text, list_goals(pairing), {row.side: row for row in db.session().scalars(signed)})


@dataclass(frozen=True)
class Paper:
    """A card as it is printed."""

    pairing: Pairing
    card: Card
    #: unit and post of each side: as signed, else of today
    positions: Mapping[Side, str]
    names: Names


def papers(actor: Actor, pairs: Sequence[Pairing]) -> list[Paper]:
    """Cards to print, of pairs that the reader may see."""
    names = naming.read(actor, pairs)
    return [
        Paper(pairing, card, _positions(pairing, card), names[pairing.id])
        for pairing in pairs
        for card in [read(pairing)]
    ]


def _positions(pairing: Pairing, card: Card) -> dict[Side, str]:
    people = {Side.MENTOR: pairing.mentor.person_id, Side.MENTEE: pairing.mentee_id}
    signed = {side: signature.position for side, signature in card.signatures.items()}
    today = clock.today()
    return {
        side: signed[side] if side in signed else position_of(person_id, today) for side, person_id in people.items()
    }


def write(
    pairing: Pairing,
    *,
    goals: Mapping[Ability, str],
    mentor_does: str,
    mentee_does: str,
    actor: Actor,
    now: datetime,
) -> PairingCard:
    """Write the card, or write it anew: what was signed before is signed no more.

    :raise Refused: both have signed it; it has no goal; the pair has ended.
    """
    steps.lock(pairing)
    steps.refuse_ended(pairing)
    if read(pairing).stands:
        raise Refused(_l("双方都已签署，结对卡不再修改。新的打算可以写进计划，或者写进下一期。"))
    if not goals:
        raise Refused(_l("请至少写一个目标。"))
    card = db.session().get(PairingCard, pairing.id) or PairingCard(pairing_id=pairing.id, revision=0)
    card.mentor_does, card.mentee_does = mentor_does, mentee_does
    card.revision, card.written_at, card.written_by_id = card.revision + 1, now, actor.person_id
    db.session().add(card)
    db.session().execute(delete(CardGoal).where(CardGoal.pairing_id == pairing.id))
    db.session().add_all(CardGoal(pairing_id=pairing.id, ability=ability, aim=aim) for ability, aim in goals.items())
    db.session().flush()
    steps.record("mentoring.write_card", pairing, actor=actor, now=now, revision=str(card.revision))
    source = ("pairing_card", f"{pairing.id}/{card.revision}")
    telling.tell_two(pairing, telling.TO_DO, "sign", source=source, actor=actor, now=now)
    return card


def sign(pairing: Pairing, side: Side, *, revision: int, actor: Actor, now: datetime) -> None:
    """Sign what was read. The second signature makes the pair active.

    :param revision: the one that the page showed.
    :raise Refused: there is no card yet, it was changed since, this side signed it before, or the pair has ended.
    """
    steps.lock(pairing)
    steps.refuse_ended(pairing)
    card = read(pairing)
    if card.text is None:
        raise Refused(_l("结对卡还没有写好，写好以后再签署。"))
    if card.revision != revision:
        raise Refused(_l("结对卡刚才有修改，请看过新的内容再签署。"))
    if side in card.signatures:
        raise Refused(_l("您已经签署。"))
    signature = CardSignature(
        pairing_id=pairing.id,
        side=side,
        revision=revision,
        position=position_of(actor.person_id or 0, clock.local_date(now)),
        signed_at=now,
        signed_by_id=actor.person_id,
    )
    db.session().add(signature)
    steps.record("mentoring.sign", pairing, actor=actor, now=now, side=side.value, revision=str(revision))
    if side.other in card.signatures and pairing.state is State.ACCEPTED:
        steps.take_and_tell(pairing, State.ACTIVE, actor=actor, now=now)


def position_of(person_id: int, on: date) -> str:
    """Unit and post of a person on a day, in words, as they stand on the card."""
    place = hours.find_position(person_id, on)
    return " ".join(filter(None, (place.unit_name, str(place.post.label) if place.post else "")))


def list_plan(pairing: Pairing) -> Sequence[PlanStep]:
    statement = select(PlanStep).where(PlanStep.pairing_id == pairing.id).order_by(PlanStep.id)
    return db.session().scalars(statement).all()


def add_plan_step(pairing: Pairing, *, words: str, actor: Actor, now: datetime) -> PlanStep:
    """Add a small step; either of the two may.

    :raise Refused: the pair has ended, or the plan is long enough.
    """
    steps.lock(pairing)
    steps.refuse_ended(pairing)
    if len(list_plan(pairing)) >= MOST_PLAN_STEPS:
        raise Refused(_l("计划最多 %(most)s 步。", most=MOST_PLAN_STEPS), "words")
    added = PlanStep(pairing_id=pairing.id, words=words, added_at=now, added_by_id=actor.person_id)
    db.session().add(added)
    db.session().flush()
    steps.record("mentoring.plan", pairing, actor=actor, now=now)
    return added


def tick_plan_step(pairing: Pairing, step: PlanStep, *, done: bool, actor: Actor, now: datetime) -> None:
    """Say that a step is done, or that it is not.

    :raise Refused: the pair has ended.
    """
    steps.refuse_ended(pairing)
    step.done_at, step.done_by_id = (now, actor.person_id) if done else (None, None)
    steps.record("mentoring.tick", pairing, actor=actor, now=now, done="yes" if done else "no")
