"""Reading the mentees of a round, each with what is proposed and what else could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from lms.core import db
from lms.core.errors import Denied
from lms.core.paging import Page, keyset
from lms.core.web import one_or_404
from lms.hours.kinds import Ability
from lms.mentors.models import Mentor
from lms.mentors.needs import Reason
from lms.pairing import access
from lms.pairing.models import ChangeKind, PairingRound, Proposal, ProposalState, RoundChange, RoundMentee
from lms.people.models import Person
from lms.units.models import Unit


@dataclass(frozen=True)
class Line:
    """A mentee of a round with what is proposed, and what else could be."""

    person_id: int
    name: str
    unit_name: str
    reasons: Sequence[Reason]
    abilities: Sequence[Ability]
    proposal: Proposal | None
    is_fixed: bool
    others: Sequence[tuple[int, str]]
    possible: int
    declined: Sequence[Proposal]


def list_lines(round_: PairingRound, *, cursor: str | None = None, only_open: bool = False) -> Page[Line]:
    """The mentees of a round, by unit and name.

    :param only_open: without those to whom a proposal was sent or who have accepted one.
    """
    out = select(RoundChange.mentee_id).where(
        RoundChange.round_id == round_.id,
        RoundChange.kind == ChangeKind.WITHOUT_MENTEE,
        RoundChange.undone_at.is_(None),
    )
    statement = _entries(round_).where(RoundMentee.person_id.not_in(out))
    if only_open:
        done = (ProposalState.ACCEPTED, ProposalState.SENT)
        served = select(Proposal.mentee_id).where(Proposal.round_id == round_.id, Proposal.state.in_(done))
        statement = statement.where(RoundMentee.person_id.not_in(served))
    page = keyset(statement, Unit.place, Person.name, Person.id, cursor=cursor, size=100)
    return Page(_lines(round_, page.items), page.next_cursor, page.size)


def get_line(round_: PairingRound, person_id: int) -> Line:
    """:raise Denied: nobody of the round."""
    found: Sequence[Any] = db.session().execute(_entries(round_).where(RoundMentee.person_id == person_id)).all()
    if not found:
        raise Denied()
    return _lines(round_, found)[0]


def get_mentee(round_: PairingRound, person_id: int) -> Person:
    """:raise Denied: nobody of the round."""
    here = select(RoundMentee.person_id).where(RoundMentee.round_id == round_.id)
    return one_or_404(select(Person).where(Person.id == person_id, Person.id.in_(here)))


def _entries(round_: PairingRound) -> Select[*tuple[Any, ...]]:
    return (
        select(RoundMentee, Person.name, Unit.name.label("unit_name"), Unit.path, Person.id)
        .join(Person, Person.id == RoundMentee.person_id)
        .join(Unit, Unit.id == RoundMentee.unit_id)
        .where(RoundMentee.round_id == round_.id)
    )


def _lines(round_: PairingRound, rows: Sequence[Any]) -> list[Line]:
    entries: list[tuple[RoundMentee, str, str]] = [(row[0], row[1], row[2]) for row in rows]
    current, declined = _proposals(round_.id, [entry.person_id for entry, _name, _unit in entries])
    fixed = _fixed(round_.id)
    names = mentor_names({mentor_id for entry, _name, _unit in entries for mentor_id in entry.others})
    return [
        Line(
            person_id=entry.person_id,
            name=name,
            unit_name=unit_name,
            reasons=[Reason(value) for value in entry.reasons],
            abilities=[Ability(value) for value in entry.abilities],
            proposal=(proposal := current.get(entry.person_id)),
            is_fixed=proposal is not None and (entry.person_id, proposal.mentor_id) in fixed,
            others=[(mentor_id, names[mentor_id]) for mentor_id in entry.others if mentor_id in names],
            possible=entry.possible,
            declined=declined.get(entry.person_id, []),
        )
        for entry, name, unit_name in entries
    ]


def _proposals(round_id: int, ids: Sequence[int]) -> tuple[dict[int, Proposal], dict[int, list[Proposal]]]:
    """What stands for each mentee; and what was declined."""
    states = [state for state in ProposalState if state is not ProposalState.REPLACED]
    statement = select(Proposal).where(Proposal.round_id == round_id, Proposal.mentee_id.in_(ids))
    statement = statement.where(Proposal.state.in_(states)).options(*access.with_names()).order_by(Proposal.id)
    current: dict[int, Proposal] = {}
    declined: dict[int, list[Proposal]] = {}
    for proposal in db.session().scalars(statement).unique():
        if proposal.state is ProposalState.DECLINED:
            declined.setdefault(proposal.mentee_id, []).append(proposal)
        else:
            current[proposal.mentee_id] = proposal
    return current, declined


def _fixed(round_id: int) -> set[tuple[int | None, int | None]]:
    holds = RoundChange.round_id == round_id, RoundChange.kind == ChangeKind.FIX, RoundChange.undone_at.is_(None)
    rows = select(RoundChange.mentee_id, RoundChange.mentor_id).where(*holds)
    return {(row[0], row[1]) for row in db.session().execute(rows)}


def mentor_names(mentor_ids: set[int]) -> dict[int, str]:
    rows = select(Mentor.id, Person.name).join(Person, Person.id == Mentor.person_id).where(Mentor.id.in_(mentor_ids))
    return {row[0]: row[1] for row in db.session().execute(rows)}
