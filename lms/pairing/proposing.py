"""From a round to the problem that is solved, and from the solution back to proposals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, insert, or_, select, update

from lms.core import db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring.kinds import OPEN, Side, State
from lms.mentoring.models import Pairing
from lms.mentoring.queries import list_mentored, load_of
from lms.mentors import access as mentors_access
from lms.mentors import hard_rules
from lms.mentors import queries as mentors
from lms.mentors.hard_rules import LEADING
from lms.mentors.models import Background, Mentor, MentorState
from lms.mentors.needs import Reason
from lms.mentors.rules import Rule
from lms.pairing import fit, reasons, taking_back
from lms.pairing.fit import Pair, Problem, Tie
from lms.pairing.models import (
    ChangeKind,
    Origin,
    PairingRound,
    PairingWish,
    Proposal,
    ProposalState,
    RoundChange,
    RoundMentee,
    RoundMentor,
)
from lms.pairing.solving import Solution
from lms.people.models import Appointment, Person
from lms.units.models import Level, Unit
from lms.units.paths import ids_in, ids_on, tops_of

BATCH = 4000
#: The levels of a place, from wide to narrow.
PLACE = (Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)

T = TypeVar("T")


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


@dataclass(frozen=True)
class Task:
    """What there is to solve for a revision of a round."""

    round_id: int
    revision: int
    problem: Problem
    fixed: tuple[Pair, ...]


@dataclass(frozen=True)
class _Changes:
    fixed: frozenset[Pair]
    forbidden: frozenset[Pair]
    mentees: frozenset[int]
    mentors: frozenset[int]


def read_task(round_: PairingRound, on: date) -> Task:
    """Everybody of a round who is still to be paired, and what must stay as it is."""
    changes = _read_changes(round_.id)
    states = _proposals_of(round_.id)
    pending = {pair for pair, state in states.items() if state is ProposalState.SENT} - changes.forbidden
    accepted = {mentee_id for (mentee_id, _mentor), state in states.items() if state is ProposalState.ACCEPTED}
    entries = {row.person_id: row for row in _mentees_of(round_.id) if row.person_id not in accepted | changes.mentees}
    waiting = _waiting_elsewhere(entries, round_.id)
    served = list_served(entries, round_.topic) | (set() if round_.topic else {pair[0] for pair in waiting})
    entries = {person_id: row for person_id, row in entries.items() if person_id not in served}
    profiles = [mentor for mentor in _mentors_of(round_.id) if mentor.id not in changes.mentors]
    people = _People(entries, profiles, on)
    elsewhere = pending_elsewhere([mentor.id for mentor in profiles], round_.id)
    columns = tuple(people.column(mentor, elsewhere) for mentor in profiles)
    rows = tuple(people.row(entry, round_.abilities) for entry in entries.values())
    declined = {pair for pair, state in states.items() if state is ProposalState.DECLINED}
    ties, open_pairs = _read_ties(entries, [mentor.id for mentor in profiles])
    forbidden = people.forbidden() | changes.forbidden | declined | open_pairs | waiting
    problem = Problem(rows, columns, ties, frozenset(forbidden))
    return Task(round_.id, round_.revision, problem, _still_fixed(problem, [*sorted(changes.fixed), *sorted(pending)]))


def _still_fixed(problem: Problem, wanted: Sequence[Pair]) -> tuple[Pair, ...]:
    """Of the pairs that are to stay, those that the rules and places still allow, the first for each mentee."""
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    mentors = {mentor.id: mentor for mentor in problem.mentors}
    places = {mentor.id: mentor.places for mentor in problem.mentors}
    kept: dict[int, int] = {}
    for mentee_id, mentor_id in wanted:
        if mentee_id in kept or mentee_id not in mentees or places.get(mentor_id, 0) < 1:
            continue
        if fit.may_pair(mentees[mentee_id], mentors[mentor_id], problem.forbidden):
            kept[mentee_id] = mentor_id
            places[mentor_id] -= 1
    return tuple(sorted(kept.items()))


class _People:
    """The two sides of a round as the solver sees them, read in a handful of statements."""

    def __init__(self, entries: dict[int, RoundMentee], profiles: Sequence[Mentor], on: date) -> None:
        everybody = [*entries, *(mentor.person_id for mentor in profiles)]
        self.entries, self.profiles = entries, profiles
        self.sides = hard_rules.read_sides(everybody, on)
        self.households = hard_rules.read_ties(everybody)
        homes = {mentor.id: mentor.unit for mentor in profiles}
        paths = {path for side in self.sides.values() for path in side.paths} | {unit.path for unit in homes.values()}
        self.places = _places_of(paths)
        self.loads = load_of(homes)
        self.held = _posts_held([mentor.person_id for mentor in profiles])
        rules = mentors.rules_at((unit.path for unit in homes.values()), on)
        self.rules: dict[int, Rule] = {mentor_id: rules[unit.path] for mentor_id, unit in homes.items()}

    def row(self, entry: RoundMentee, only: Sequence[str]) -> fit.Mentee:
        side = self.sides[entry.person_id]
        path, post = side.posts[0] if side.posts else ("", None)
        wanted = [ability for ability in entry.abilities if not only or ability in only] or list(only)
        return fit.Mentee(
            id=entry.person_id,
            needs=reasons.mask_of(wanted),
            post=reasons.post_number(post),
            new_leader=Reason.NEW_LEADER in entry.reasons,
            place=self.places.get(path, (0, 0, 0, 0)),
            units=tuple(sorted(ids_on(side.paths))),
        )

    def column(self, mentor: Mentor, elsewhere: dict[int, int]) -> fit.Mentor:
        side, held = self.sides[mentor.person_id], self.held[mentor.person_id]
        load = self.loads[mentor.id] + elsewhere.get(mentor.id, 0)
        return fit.Mentor(
            id=mentor.id,
            offers=reasons.mask_of(mentor.abilities),
            posts=sum(1 << reasons.post_number(post) for post in held),
            has_led=mentor.background is Background.RETIRED or bool(held & set(LEADING)),
            place=self.places.get(side.paths[0] if side.paths else mentor.unit.path, (0, 0, 0, 0)),
            reach=mentor.reach_id,
            places=max(0, mentors.capacity_of(mentor, self.rules[mentor.id]) - load),
            load=load,
        )

    def forbidden(self) -> set[Pair]:
        """Oneself, one's household, one's superior where the rule says so."""
        below: dict[str, list[int]] = defaultdict(list)
        for person_id in self.entries:
            for top in {top for path in self.sides[person_id].paths for top in tops_of(path)}:
                below[top].append(person_id)
        found: set[Pair] = set()
        for mentor in self.profiles:
            side = self.sides[mentor.person_id]
            if mentor.person_id in self.entries:
                found.add((mentor.person_id, mentor.id))
            if self.rules[mentor.id].forbid_superior:
                led = {person for path, post in side.posts if post in LEADING for person in below[path]}
                found |= {(p, mentor.id) for p in led if hard_rules.is_superior(side, self.sides[p])}
        by_person = {mentor.person_id: mentor.id for mentor in self.profiles}
        for one, other in self.households:
            found |= {
                (a, by_person[b]) for a, b in ((one, other), (other, one)) if a in self.entries and b in by_person
            }
        return found


def _places_of(paths: Iterable[str]) -> dict[str, fit.Place]:
    """City, county, street and community of each path; 0 where there is none."""
    ids = sorted(ids_on(paths))
    levels: dict[int, Level] = {}
    for batch in in_batches(ids):
        rows = db.session().execute(select(Unit.id, Unit.level).where(Unit.id.in_(batch)))
        levels |= {row[0]: row[1] for row in rows}
    found = {}
    for path in paths:
        at = {levels[unit_id]: unit_id for unit_id in ids_in(path)}
        city, county, street, community = (at.get(level, 0) for level in PLACE)
        found[path] = (city, county, street, community)
    return found


def _posts_held(person_ids: Sequence[int]) -> dict[int, set[Any]]:
    """Every post class that each of them holds or held."""
    found: dict[int, set[Any]] = {person_id: set() for person_id in person_ids}
    for batch in in_batches(person_ids):
        posts = select(Appointment.person_id, Appointment.post).where(Appointment.person_id.in_(batch)).distinct()
        for person_id, post in db.session().execute(posts):
            found[person_id].add(post)
    return found


def _mentees_of(round_id: int) -> Sequence[RoundMentee]:
    rows = select(RoundMentee).where(RoundMentee.round_id == round_id).order_by(RoundMentee.person_id)
    return db.session().scalars(rows).all()


def _mentors_of(round_id: int) -> Sequence[Mentor]:
    rows = (
        select(Mentor)
        .join(RoundMentor, RoundMentor.mentor_id == Mentor.id)
        .where(RoundMentor.round_id == round_id, Mentor.state == MentorState.ACTIVE)
        .options(*mentors_access.with_names())
        .order_by(Mentor.id)
    )
    return db.session().scalars(rows.execution_options(populate_existing=True)).all()


def _proposals_of(round_id: int) -> dict[Pair, ProposalState]:
    """The latest word on each pair of a round."""
    rows = select(Proposal.mentee_id, Proposal.mentor_id, Proposal.state).where(Proposal.round_id == round_id)
    return {(row[0], row[1]): row[2] for row in db.session().execute(rows.order_by(Proposal.id))}


def _read_changes(round_id: int) -> _Changes:
    rows = select(RoundChange).where(RoundChange.round_id == round_id, RoundChange.undone_at.is_(None))
    found: dict[ChangeKind, set[Any]] = {kind: set() for kind in ChangeKind}
    for change in db.session().scalars(rows):
        one = {ChangeKind.WITHOUT_MENTEE: change.mentee_id, ChangeKind.WITHOUT_MENTOR: change.mentor_id}
        found[change.kind].add(one.get(change.kind, (change.mentee_id, change.mentor_id)))
    return _Changes(
        frozenset(found[ChangeKind.FIX]),
        frozenset(found[ChangeKind.FORBID]),
        frozenset(found[ChangeKind.WITHOUT_MENTEE]),
        frozenset(found[ChangeKind.WITHOUT_MENTOR]),
    )


def list_served(person_ids: Iterable[int], topic: str) -> set[int]:
    """Those of these people who have a mentor today; with a topic, one for that topic."""
    wanted = list(person_ids)
    if not topic:
        return list_mentored(wanted)
    found: set[int] = set()
    for batch in in_batches(wanted):
        same = Pairing.mentee_id.in_(batch), Pairing.topic == topic, Pairing.state.in_(OPEN)
        found |= set(db.session().scalars(select(Pairing.mentee_id).where(*same)))
    return found


def _waiting_elsewhere(person_ids: Iterable[int], round_id: int) -> set[Pair]:
    """Pairs of these mentees that were proposed outside of the round and wait for an answer."""
    found: set[Pair] = set()
    elsewhere = or_(Proposal.round_id.is_(None), Proposal.round_id != round_id)
    for batch in in_batches(person_ids):
        rows = select(Proposal.mentee_id, Proposal.mentor_id).where(Proposal.state == ProposalState.SENT, elsewhere)
        found |= {(row[0], row[1]) for row in db.session().execute(rows.where(Proposal.mentee_id.in_(batch)))}
    return found


def pending_elsewhere(mentor_ids: Sequence[int], round_id: int | None) -> dict[int, int]:
    """How many proposals outside of a round wait for an answer: each may take one of the mentor's places."""
    found: dict[int, int] = defaultdict(int)
    for batch in in_batches(mentor_ids):
        rows = select(Proposal.mentor_id).where(Proposal.mentor_id.in_(batch), Proposal.state == ProposalState.SENT)
        if round_id is not None:
            rows = rows.where(or_(Proposal.round_id.is_(None), Proposal.round_id != round_id))
        for mentor_id in db.session().scalars(rows):
            found[mentor_id] += 1
    return found


def _read_ties(mentee_ids: Iterable[int], mentor_ids: Sequence[int]) -> tuple[dict[Pair, Tie], set[Pair]]:
    """Wishes and earlier pairs; and the pairs that are open today."""
    known, parts = set(mentor_ids), defaultdict[Pair, dict[str, int]](dict)
    open_pairs: set[Pair] = set()
    for batch in in_batches(mentee_ids):
        wishes = select(PairingWish).where(PairingWish.mentee_id.in_(batch))
        for wish in db.session().scalars(wishes):
            side = "mentee_wish" if wish.side is Side.MENTEE else "mentor_wish"
            parts[wish.mentee_id, wish.mentor_id][side] = wish.rank
        terms = select(Pairing.mentee_id, Pairing.mentor_id, Pairing.state).where(Pairing.mentee_id.in_(batch))
        for mentee_id, mentor_id, state in db.session().execute(terms):
            if state in OPEN:
                open_pairs.add((mentee_id, mentor_id))
            else:
                worse = 2 if state is State.ENDED_EARLY else 1
                tie = parts[mentee_id, mentor_id]
                tie["earlier"] = max(worse, tie.get("earlier", 0))
    return {pair: Tie(**tie) for pair, tie in parts.items() if pair[1] in known}, open_pairs


def store(round_: PairingRound, task: Task, solution: Solution, *, actor: Actor, now: datetime) -> None:
    """Put a solution in the place of the drafts before it; what was sent and is no longer proposed is replaced."""
    session = db.session()
    session.execute(delete(Proposal).where(Proposal.round_id == round_.id, Proposal.state == ProposalState.DRAFT))
    standing = taking_back.take_back(round_, but=set(solution.pairs), actor=actor, now=now)
    drafts = _drafts(round_, task.problem, [pair for pair in solution.pairs if pair not in standing], now)
    for batch in in_batches(drafts):
        session.execute(insert(Proposal), batch)
    _store_others(round_.id, solution)
    round_.value, round_.solved_revision = solution.value, task.revision


def _drafts(round_: PairingRound, problem: Problem, pairs: Sequence[Pair], now: datetime) -> list[dict[str, Any]]:
    mentees = {mentee.id: mentee for mentee in problem.mentees}
    columns = {mentor.id: mentor for mentor in problem.mentors}
    common = {
        "round_id": round_.id,
        "origin": Origin.ROUND,
        "topic": round_.topic,
        "starts_on": round_.starts_on,
        "ends_on": round_.ends_on,
        "state": ProposalState.DRAFT,
        "state_at": now,
        "note": "",
        "proposed_by_id": round_.created_by_id,
    }
    return [
        {
            **common,
            "mentee_id": mentee_id,
            "mentor_id": mentor_id,
            "unit_id": mentees[mentee_id].place[2] or round_.unit_id,
            "fit": fit.score(mentees[mentee_id], columns[mentor_id], problem.ties.get((mentee_id, mentor_id))).total,
            "facts": reasons.facts_of(mentees[mentee_id], columns[mentor_id], problem.ties.get((mentee_id, mentor_id))),
        }
        for mentee_id, mentor_id in pairs
    ]


def _store_others(round_id: int, solution: Solution) -> None:
    """The second-best choices beside each mentee."""
    for batch in in_batches(solution.others.items()):
        rows = [
            {
                "round_id": round_id,
                "person_id": mentee_id,
                "others": list(others),
                "possible": solution.possible[mentee_id],
            }
            for mentee_id, others in batch
        ]
        db.session().execute(update(RoundMentee), rows)


def find_fault(round_: PairingRound, mentee: Person, mentor: Mentor, on: date) -> LazyString | None:
    """Why two people of a round cannot be fixed to one another, in a sentence."""
    fault = hard_fault(mentee, mentor, on)
    if fault is not None:
        return fault
    fixed = select(RoundChange.mentee_id).where(
        RoundChange.round_id == round_.id, RoundChange.kind == ChangeKind.FIX, RoundChange.undone_at.is_(None)
    )
    taken = set(db.session().scalars(fixed.where(RoundChange.mentor_id == mentor.id)))
    sent = Proposal.round_id == round_.id, Proposal.mentor_id == mentor.id, Proposal.state == ProposalState.SENT
    taken |= set(db.session().scalars(select(Proposal.mentee_id).where(*sent)))
    return _beyond(mentor, len(taken - {mentee.id}), round_.id, on)


def hard_fault(mentee: Person, mentor: Mentor, on: date) -> LazyString | None:
    """Why two people may not be proposed to one another, in a sentence."""
    if mentor.state is not MentorState.ACTIVE:
        return _l("这位导师目前不在任，不能结对。")
    sides = hard_rules.read_sides([mentor.person_id, mentee.id], on)
    reach, rule = db.session().get_one(Unit, mentor.reach_id), _rule_of(mentor, on)
    ties = hard_rules.read_ties([mentor.person_id, mentee.id])
    both = sides[mentor.person_id], sides[mentee.id]
    fault = hard_rules.find_fault(*both, reach_path=reach.path, ties=ties, rule=rule)
    if fault is not None:
        return fault
    same = Pairing.mentor_id == mentor.id, Pairing.mentee_id == mentee.id, Pairing.state.in_(OPEN)
    if db.session().scalar(select(Pairing.id).where(*same).limit(1)) is not None:
        return _l("两人已有一期没有结束的结对。")
    return None


def _rule_of(mentor: Mentor, on: date) -> Rule:
    return mentors.rule_at(db.session().get_one(Unit, mentor.unit_id).path, on)


def _beyond(mentor: Mentor, taken: int, round_id: int | None, on: date) -> LazyString | None:
    most = mentors.capacity_of(mentor, _rule_of(mentor, on))
    has = load_of([mentor.id])[mentor.id] + pending_elsewhere([mentor.id], round_id).get(mentor.id, 0) + taken
    return _l("这位导师最多带 %(most)s 人，名额已满。", most=most) if has >= most else None


def no_place(mentor: Mentor, on: date) -> LazyString | None:
    """Why a mentor cannot take one more today, counting what waits for an answer."""
    return _beyond(mentor, 0, None, on)
