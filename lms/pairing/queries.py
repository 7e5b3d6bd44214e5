"""Reading rounds and proposals for pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock, db
from lms.core.forms import SelectChoice
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.mentoring.kinds import Side
from lms.mentoring.queries import list_mentored, load_of
from lms.mentors import access as mentors_access
from lms.mentors import needs
from lms.mentors import queries as mentors
from lms.mentors.access import REACH
from lms.mentors.models import Mentor, MentorState
from lms.mentors.needs import Need, Reason
from lms.mentors.queries import MentorRow
from lms.pairing import access, proposing
from lms.pairing.models import (
    PairingRound,
    PairingWish,
    Proposal,
    ProposalReply,
    ProposalState,
    RoundChange,
    RoundMentee,
    RoundMentor,
    RoundState,
)
from lms.people.models import Person
from lms.people.queries import count_open_posts
from lms.units.models import Level, Unit

#: Rows of a list that is computed as a whole.
SIZE = 50
MOST_CHOICES = 500


@dataclass(frozen=True)
class NeedRow:
    """Somebody who needs a mentor, and whether they have one."""

    need: Need
    has_mentor: bool


def list_needs(unit: Unit, *, reason: str, offset: int) -> tuple[Page[NeedRow], int] | None:
    """Who needs a mentor in a unit, by unit and name; and how many have none yet.

    None where gaps are asked for of more people than are read at once.
    """
    today = clock.today()
    wanted = (Reason(reason),) if reason else needs.USUAL
    if Reason.GAP in wanted and count_open_posts(unit) > needs.MOST_WITH_GAPS:
        return None
    found = needs.find_needs(unit, rule=mentors.rule_at(unit.path, today), on=today, wanted=wanted)
    served = list_mentored(need.person_id for need in found)
    rows = [NeedRow(need, need.person_id in served) for need in found]
    rows.sort(key=lambda row: row.has_mentor)
    some = rows[offset : offset + SIZE]
    more = str(offset + SIZE) if offset + SIZE < len(rows) else None
    return Page(some, more, SIZE), len(rows) - len(served)


def unit_choices(actor: Actor) -> list[SelectChoice]:
    """Open units that the actor administers, cities to streets: for them it is asked who needs a mentor."""
    levels = [Level.CITY, Level.COUNTY, Level.STREET]
    open_units = select(Unit.id, Unit.name).where(Unit.valid_to.is_(None), Unit.level.in_(levels))
    mine = open_units.where(access.managed_by(actor)).order_by(Unit.place).limit(MOST_CHOICES)
    return [SelectChoice(str(row.id), row.name) for row in db.session().execute(mine)]


def first_unit(actor: Actor) -> Unit | None:
    """The unit that a list begins with: the highest that one may ask about."""
    levels = [Level.CITY, Level.COUNTY, Level.STREET]
    mine = select(Unit).where(Unit.level.in_(levels), Unit.valid_to.is_(None), access.managed_by(actor))
    return db.session().scalars(mine.order_by(Unit.place).limit(1)).first()


@dataclass(frozen=True)
class RoundRow:
    """A round in a list."""

    round: PairingRound
    mentees: int
    accepted: int
    waiting: int


def list_rounds(actor: Actor, *, cursor: str | None = None) -> Page[RoundRow]:
    """Rounds of the actor's units, the latest first."""
    statement = (
        select(PairingRound, PairingRound.id)
        .join(Unit, Unit.id == PairingRound.unit_id)
        .where(access.managed_by(actor))
        .options(joinedload(PairingRound.unit))
    )
    page = keyset(statement, PairingRound.id, cursor=cursor, descending=True)
    rounds = [row[0] for row in page.items]
    ids = [round_.id for round_ in rounds]
    sizes = select(RoundMentee.round_id, func.count()).where(RoundMentee.round_id.in_(ids))
    mentees = {row[0]: row[1] for row in db.session().execute(sizes.group_by(RoundMentee.round_id))}
    states = select(Proposal.round_id, Proposal.state, func.count()).where(Proposal.round_id.in_(ids))
    counted = {
        (row[0], row[1]): row[2] for row in db.session().execute(states.group_by(Proposal.round_id, Proposal.state))
    }
    rows = [
        RoundRow(
            round_,
            mentees.get(round_.id, 0),
            counted.get((round_.id, ProposalState.ACCEPTED), 0),
            counted.get((round_.id, ProposalState.SENT), 0),
        )
        for round_ in rounds
    ]
    return Page(rows, page.next_cursor, page.size)


def count_states(round_: PairingRound) -> dict[ProposalState, int]:
    rows = select(Proposal.state, func.count()).where(Proposal.round_id == round_.id).group_by(Proposal.state)
    return dict.fromkeys(ProposalState, 0) | {row[0]: row[1] for row in db.session().execute(rows)}


def list_changes(round_: PairingRound) -> Sequence[RoundChange]:
    """What holds, the latest first."""
    holds = RoundChange.round_id == round_.id, RoundChange.undone_at.is_(None)
    names = joinedload(RoundChange.mentee), joinedload(RoundChange.mentor).joinedload(Mentor.person)
    return db.session().scalars(select(RoundChange).where(*holds).options(*names).order_by(RoundChange.id.desc())).all()


def mentor_choices(round_: PairingRound) -> list[SelectChoice]:
    """The mentors of a round, for choosing one by hand."""
    rows = (
        select(Mentor.id, Person.name)
        .join(Person, Person.id == Mentor.person_id)
        .join(RoundMentor, RoundMentor.mentor_id == Mentor.id)
        .where(RoundMentor.round_id == round_.id, Mentor.state == MentorState.ACTIVE)
        .order_by(Person.name, Mentor.id)
        .limit(MOST_CHOICES * 4)
    )
    found = db.session().execute(rows).all()
    free = places_of([row[0] for row in found])
    return [SelectChoice(str(row[0]), f"{row[1]}（{free[row[0]]}）") for row in found]


def places_of(mentor_ids: Sequence[int]) -> dict[int, int]:
    """How many mentees more each of these mentors takes today, counting what waits for an answer."""
    found: dict[int, int] = {}
    today = clock.today()
    for batch in proposing.in_batches(mentor_ids):
        rows = (
            db.session()
            .execute(select(Mentor, Unit.path).join(Unit, Unit.id == Mentor.unit_id).where(Mentor.id.in_(batch)))
            .all()
        )
        rules = mentors.rules_at((row[1] for row in rows), today)
        loads, waiting = load_of(batch), proposing.pending_elsewhere(batch, None)
        for mentor, path in rows:
            has = loads[mentor.id] + waiting.get(mentor.id, 0)
            found[mentor.id] = max(0, mentors.capacity_of(mentor, rules[path]) - has)
    return found


@dataclass(frozen=True)
class PlaceRow:
    """A mentor with the places that are left."""

    mentor: MentorRow
    load: int
    free: int


def list_places(actor: Actor, *, cursor: str | None = None) -> Page[PlaceRow]:
    """Active mentors whom the actor sees as an administrator, with free places."""
    page = mentors.list_mentors(actor, state=MentorState.ACTIVE.value, cursor=cursor)
    ids = [row.id for row in page.items]
    loads, free = load_of(ids), places_of(ids)
    return Page([PlaceRow(row, loads[row.id], free[row.id]) for row in page.items], page.next_cursor, page.size)


def list_own(actor: Actor) -> list[tuple[Proposal, Side]]:
    """Proposals for the actor, those that wait for their answer first, then the latest."""
    statement = select(Proposal).join(Mentor, Mentor.id == Proposal.mentor_id).where(access.is_for(actor))
    found = (
        db.session().scalars(statement.options(*access.with_names()).order_by(Proposal.id.desc()).limit(50)).unique()
    )
    rows = [(one, Side.MENTEE if one.mentee_id == actor.person_id else Side.MENTOR) for one in found]
    return sorted(rows, key=lambda row: not waits_for(row[0], row[1]))


def waits_for(proposal: Proposal, side: Side) -> bool:
    """Whether a side has yet to answer."""
    return proposal.state is ProposalState.SENT and all(reply.side is not side for reply in proposal.replies)


def proposals_waiting_for(person: BindParameter[int]) -> Select[int]:
    """How many proposals wait for a person's answer."""
    sides = (
        and_(Proposal.mentee_id == person, ~_answered(Side.MENTEE)),
        and_(Proposal.mentor_id.in_(select(Mentor.id).where(Mentor.person_id == person)), ~_answered(Side.MENTOR)),
    )
    return select(func.count()).select_from(Proposal).where(Proposal.state == ProposalState.SENT, or_(*sides))


def invitations_waiting_for(person: BindParameter[int]) -> Select[int]:
    """How many invitations to be a mentor wait for a person's answer."""
    invited = select(func.count()).select_from(Mentor)
    return invited.where(Mentor.person_id == person, Mentor.state == MentorState.INVITED)


def _answered(side: Side) -> ColumnElement[bool]:
    reply = select(ProposalReply.id).where(ProposalReply.proposal_id == Proposal.id, ProposalReply.side == side)
    return reply.correlate(Proposal).exists()


def offered_choices(actor: Actor) -> list[SelectChoice]:
    """Active mentors who may help the actor, for wishes."""
    rows = (
        select(Mentor.id, Person.name)
        .join(Person, Person.id == Mentor.person_id)
        .join(REACH, REACH.id == Mentor.reach_id)
        .where(mentors_access.offered_to(actor), Mentor.person_id != actor.person_id)
        .order_by(Person.name, Mentor.id)
        .limit(MOST_CHOICES)
    )
    return [SelectChoice(str(row[0]), row[1]) for row in db.session().execute(rows)]


def mentee_choices(mentor: Mentor) -> list[SelectChoice]:
    """People of the rounds that are open and have this mentor in them, as far as the mentor reaches."""
    rows = (
        select(Person.id, Person.name, Unit.name.label("unit_name"))
        .join(RoundMentee, RoundMentee.person_id == Person.id)
        .join(Unit, Unit.id == RoundMentee.unit_id)
        .join(PairingRound, PairingRound.id == RoundMentee.round_id)
        .join(RoundMentor, RoundMentor.round_id == PairingRound.id)
        .where(RoundMentor.mentor_id == mentor.id, PairingRound.state != RoundState.CLOSED)
        .where(Unit.path.startswith(mentor.reach.path), Person.id != mentor.person_id)
        .distinct()
        .order_by(Unit.name, Person.name, Person.id)
        .limit(MOST_CHOICES)
    )
    return [SelectChoice(str(row[0]), f"{row[2]} {row[1]}") for row in db.session().execute(rows)]


def list_wishes(side: Side, own_id: int) -> dict[int, int]:
    """rank -> whom."""
    mine = PairingWish.mentee_id if side is Side.MENTEE else PairingWish.mentor_id
    rows = db.session().scalars(select(PairingWish).where(PairingWish.side == side, mine == own_id))
    return {row.rank: row.mentor_id if side is Side.MENTEE else row.mentee_id for row in rows}


def helper_choices(actor: Actor) -> list[SelectChoice]:
    """Active mentors whom an administrator may pair with somebody, with the places that are left."""
    rows = (
        select(Mentor.id, Person.name)
        .join(Person, Person.id == Mentor.person_id)
        .join(Unit, Unit.id == Mentor.unit_id)
        .join(REACH, REACH.id == Mentor.reach_id)
        .where(Mentor.state == MentorState.ACTIVE)
        .where(or_(mentors_access.managed_by(actor), mentors_access.offered_to(actor)))
        .where(~mentors.has_moved(clock.today()))
        .order_by(Person.name, Mentor.id)
        .limit(MOST_CHOICES)
    )
    found = db.session().execute(rows).all()
    free = places_of([row[0] for row in found])
    return [SelectChoice(str(row[0]), f"{row[1]}（{free[row[0]]}）") for row in found]


def list_waiting_by_hand(actor: Actor) -> Sequence[Proposal]:
    """Proposals beside rounds that wait for an answer, the latest first."""
    statement = (
        select(Proposal)
        .join(Unit, Unit.id == Proposal.unit_id)
        .where(Proposal.round_id.is_(None), Proposal.state == ProposalState.SENT, access.managed_by(actor))
        .options(*access.with_names())
        .order_by(Proposal.id.desc())
        .limit(SIZE)
    )
    return db.session().scalars(statement).unique().all()
