"""What is next in a pair, in one sentence and with one place to do it: for the home page and the pair's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select

from lms.core import clock, db
from lms.core.i18n import LazyString, show_date
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import evaluations
from lms.mentoring.access import Seat, is_of, names, seat_of
from lms.mentoring.kinds import OPEN, Side, Stage, State
from lms.mentoring.models import CardSignature, Evaluation, Meeting, MeetingConfirmation, Pairing, PairingCard


@dataclass(frozen=True)
class Facts:
    """What is known of a pair without its talks."""

    revision: int = 0
    signed: frozenset[Side] = frozenset()
    #: notes of each side that the other has not confirmed
    unconfirmed: Mapping[Side, int] = field(default_factory=dict)
    confirmed: int = 0
    last_met: date | None = None
    evaluated: frozenset[tuple[Stage, Side]] = frozenset()
    due: Stage | None = None

    @property
    def is_evaluated(self) -> bool:
        """Both have said at the end how it went."""
        return all((Stage.FINAL, side) in self.evaluated for side in Side)


@dataclass(frozen=True)
class Next:
    """A sentence, and where to go; no endpoint: there is nothing to do but wait."""

    sentence: LazyString
    endpoint: str = ""
    action: LazyString | str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Standing:
    """A pair as one of the two finds it."""

    seat: Seat
    facts: Facts
    next: Next


@dataclass(frozen=True)
class _Day:
    """A date that is worded when somebody reads it."""

    day: date

    def __str__(self) -> str:
        return show_date(self.day)


def next_for(side: Side, pairing: Pairing, facts: Facts) -> Next:
    """The one thing that comes next for this side. Pure."""
    if pairing.state is State.PAUSED:
        return Next(_l("已暂停。恢复以后再见面、再记录。"))
    waiting = facts.unconfirmed.get(side.other, 0)
    if waiting:
        sentence = _l("对方记了 %(count)s 次见面，等您确认。", count=waiting)
        return Next(sentence, "mentoring.show", _l("去确认"), urgent=True)
    if pairing.state is State.ACCEPTED:
        return _next_of_card(side, facts)
    if facts.due is not None and (facts.due, side) not in facts.evaluated:
        sentence = _l("到了写%(stage)s的时候，对着目标选几项就好。", stage=facts.due.label)
        return Next(sentence, "mentoring.evaluate", _l("写评价"), urgent=True)
    if facts.last_met is None:
        return Next(_l("还没有记过见面。见过一次，一分钟记下来。"), "mentoring.meet", _l("记一次见面"))
    sentence = _l(
        "上次见面是 %(day)s，双方确认过 %(count)s 次。", day=facts.last_met.isoformat(), count=facts.confirmed
    )
    return Next(sentence, "mentoring.meet", _l("记一次见面"))


def _next_of_card(side: Side, facts: Facts) -> Next:
    if not facts.revision:
        return Next(_l("先一起写好结对卡：定几个目标，双方各做什么。"), "mentoring.card", _l("写结对卡"), urgent=True)
    if side not in facts.signed:
        return Next(_l("结对卡已经写好，请看过以后签署。"), "mentoring.show", _l("查看并签署"), urgent=True)
    return Next(_l("您已签署结对卡，等对方签署。"))


def list_standings(actor: Actor, *, now: datetime) -> Sequence[Standing]:
    """The open pairs of the actor, each with what is next; one statement where there is none."""
    ids = db.rows(_open_pairs(), {"person_id": actor.person_id}).scalars().all()
    if not ids:  # most people, on the page that they open most
        return []
    pairs = (
        db.session().scalars(select(Pairing).where(Pairing.id.in_(ids)).options(*names()).order_by(Pairing.id)).all()
    )
    facts = read_facts(pairs, now=now)
    seats = [seat_of(actor, pairing) for pairing in pairs]
    return [
        Standing(seat, facts[seat.pairing.id], next_for(seat.side, seat.pairing, facts[seat.pairing.id]))
        for seat in seats
        if seat.side is not None
    ]


@cache
def _open_pairs() -> Select[int]:
    return select(Pairing.id).where(is_of(bindparam("person_id")), Pairing.state.in_(OPEN))


def read_facts(pairs: Sequence[Pairing], *, now: datetime) -> dict[int, Facts]:
    """What is known of these pairs, in four statements."""
    ids = [pairing.id for pairing in pairs]
    if not ids:
        return {}
    cards, signed = _cards(ids), _signed(ids)
    noted, evaluated = _noted(ids), _evaluated(ids)
    found = {}
    for pairing in pairs:
        revision = cards.get(pairing.id, 0)
        own = noted.get(pairing.id, {})
        found[pairing.id] = Facts(
            revision=revision,
            signed=frozenset(signed.get((pairing.id, revision), ())),
            unconfirmed={side: count for (side, confirmed), (count, _last) in own.items() if not confirmed},
            confirmed=sum(count for (_side, confirmed), (count, _last) in own.items() if confirmed),
            last_met=max((last for (_side, confirmed), (_count, last) in own.items() if confirmed), default=None),
            evaluated=frozenset(evaluated.get(pairing.id, ())),
            due=evaluations.due_stage(pairing, now=now),
        )
    return found


def _cards(ids: Sequence[int]) -> dict[int, int]:
    statement = select(PairingCard.pairing_id, PairingCard.revision).where(PairingCard.pairing_id.in_(ids))
    return {row[0]: row[1] for row in db.session().execute(statement)}


def _signed(ids: Sequence[int]) -> dict[tuple[int, int], list[Side]]:
    found: dict[tuple[int, int], list[Side]] = {}
    statement = select(CardSignature.pairing_id, CardSignature.revision, CardSignature.side)
    for pairing_id, revision, side in db.session().execute(statement.where(CardSignature.pairing_id.in_(ids))):
        found.setdefault((pairing_id, revision), []).append(side)
    return found


def _noted(ids: Sequence[int]) -> dict[int, dict[tuple[Side, bool], tuple[int, date]]]:
    """For each pair: how many meetings each side noted that were confirmed, or not, and the day of the last."""
    confirmed = MeetingConfirmation.meeting_id.is_not(None)
    statement = (
        select(Meeting.pairing_id, Meeting.side, confirmed, func.count(), func.max(Meeting.held_on))
        .outerjoin(MeetingConfirmation, MeetingConfirmation.meeting_id == Meeting.id)
        .where(Meeting.pairing_id.in_(ids), ~Meeting.withdrawal.has())
        .group_by(Meeting.pairing_id, Meeting.side, confirmed)
    )
    found: dict[int, dict[tuple[Side, bool], tuple[int, date]]] = {}
    for pairing_id, side, was_confirmed, count, last in db.session().execute(statement):
        found.setdefault(pairing_id, {})[side, bool(was_confirmed)] = (count, last)
    return found


def _evaluated(ids: Sequence[int]) -> dict[int, list[tuple[Stage, Side]]]:
    found: dict[int, list[tuple[Stage, Side]]] = {}
    statement = select(Evaluation.pairing_id, Evaluation.stage, Evaluation.side)
    for pairing_id, stage, side in db.session().execute(statement.where(Evaluation.pairing_id.in_(ids))):
        found.setdefault(pairing_id, []).append((stage, side))
    return found


def card_of_home(actor: Actor) -> Sequence[Standing] | None:
    """The home page's card; None for whoever has no open pair."""
    return list_standings(actor, now=clock.now()) or None
