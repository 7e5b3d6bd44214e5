"""Reads for the pages: calls, what was sent in to them, and what waits for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.calls import access, conflicts, experts, score_sheet
from lms.calls.kinds import Outcome
from lms.calls.models import CallEntry, CallQuota, CallReviewer, CaseCall, CaseReview, ReviewExpert, ReviewScore
from lms.cases.access import written_by
from lms.cases.kinds import State
from lms.cases.models import Case, CaseLabel, CaseVersion
from lms.core import db
from lms.core.forms import SelectChoice
from lms.core.paging import Page, keyset
from lms.core.sql import in_slots, path_slots
from lms.core.web import Actor
from lms.people.access import administered_by
from lms.people.models import Person
from lms.units.models import Unit
from lms.units.queries import list_children

MOST = 2000


def list_calls(actor: Actor, *, cursor: str | None = None) -> Page[CaseCall]:
    """Calls that concern the actor, newest first."""
    statement = select(CaseCall).where(access.calls_readable_by(actor)).options(joinedload(CaseCall.unit))
    page = keyset(statement, CaseCall.id, cursor=cursor, descending=True)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def own_choices(actor: Actor, call: CaseCall) -> list[SelectChoice]:
    """Cases that the actor may send in and that take no part yet, by title."""
    entered = select(CallEntry.id).where(CallEntry.case_id == Case.id, CallEntry.call_id == call.id)
    statement = (
        select(Case.slug, CaseVersion.title, Case.state)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == Case.latest_number))
        .where(access.may_enter(actor, call), ~entered.exists())
        .order_by(CaseVersion.title, Case.id)
        .limit(MOST)
    )
    rows = db.session().execute(statement)
    return [SelectChoice(row.slug, f"{row.title}（{row.state.label}）") for row in rows]


def has_entries(call: CaseCall) -> bool:
    """Whether a case takes part."""
    return db.session().scalar(select(CallEntry.id).where(CallEntry.call_id == call.id).limit(1)) is not None


@dataclass(frozen=True)
class Entry:
    """A case in a call, as far as the reader oversees it."""

    id: int
    slug: str
    title: str
    unit: str
    unit_path: str
    state: Any
    labels: tuple[str, ...]
    authors: tuple[str, ...]
    #: the weighted mean before the unit that calls, once all its experts are in; for those who called only
    mean: float | None
    #: the round before the unit that calls
    review_id: int | None


def list_entries(actor: Actor, call: CaseCall, *, mine: bool = False) -> Sequence[Entry]:
    """What was sent in, of the units that the actor runs: by score for those who called.

    :param mine: only what the actor wrote or sent in, and may still read.
    """
    seen = access.entries_readable_by(actor)
    if mine:
        sent = and_(CallEntry.entered_by_id == actor.person_id, seen)
        seen = or_(written_by(actor), sent)
    statement = (
        select(CallEntry.id, Case, CaseVersion.title, CaseVersion.authors, Unit.name, Unit.path)
        .join(Case, Case.id == CallEntry.case_id)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == Case.latest_number))
        .join(Unit, Unit.id == Case.unit_id)
        .where(CallEntry.call_id == call.id, seen)
        .order_by(Unit.place, CallEntry.id)
        .limit(MOST)
    )
    rows = db.session().execute(statement).all()
    ids = [row.Case.id for row in rows]
    labels, means = _labels(ids), _means_for(actor, call, ids) if access.may_organize(actor, call) and not mine else {}
    found = [
        Entry(
            row.id,
            row.Case.slug,
            row.title,
            row.name,
            row.path,
            row.Case.state,
            tuple(labels.get(row.Case.id, ())),
            tuple(row.authors),
            *means.get(row.Case.id, (None, None)),
        )
        for row in rows
    ]
    return sorted(found, key=lambda entry: (-(entry.mean or 0), entry.unit_path, entry.id)) if means else found


def _labels(case_ids: Sequence[int]) -> dict[int, list[str]]:
    standing = (CaseLabel.case_id.in_(case_ids), CaseLabel.revoked_at.is_(None))
    found: dict[int, list[str]] = {}
    statement = select(CaseLabel.case_id, CaseLabel.name).where(*standing).order_by(CaseLabel.id)
    for case_id, name in db.session().execute(statement):
        found.setdefault(case_id, []).append(name)
    return found


def _means_for(actor: Actor, call: CaseCall, case_ids: Sequence[int]) -> dict[int, tuple[float | None, int]]:
    """The means, but for cases that the actor must stay out of: whoever wrote one hears of it when it is decided."""
    barred = conflicts.list_barred(actor.person_id, case_ids)
    means = _means(call, case_ids)
    return {case_id: (None if case_id in barred else mean, review_id) for case_id, (mean, review_id) in means.items()}


def _means(call: CaseCall, case_ids: Sequence[int]) -> dict[int, tuple[float | None, int]]:
    """By case: the mean of its newest round before the unit that calls, where all its experts are in."""
    statement = (
        select(CaseReview, ReviewExpert.id, ReviewScore.points)
        .outerjoin(ReviewExpert, and_(ReviewExpert.review_id == CaseReview.id, ReviewExpert.released_at.is_(None)))
        .outerjoin(ReviewScore, ReviewScore.expert_id == ReviewExpert.id)
        .where(CaseReview.call_id == call.id, CaseReview.unit_id == call.unit_id, CaseReview.case_id.in_(case_ids))
        .where(or_(CaseReview.outcome.is_(None), CaseReview.outcome != Outcome.LAPSED))
        .order_by(CaseReview.id)
    )
    sheets: dict[int, tuple[CaseReview, list[Any]]] = {}
    for review, expert_id, points in db.session().execute(statement):
        if review.case_id not in sheets or sheets[review.case_id][0].id != review.id:
            sheets[review.case_id] = (review, [])
        if expert_id is not None:
            sheets[review.case_id][1].append(points)
    return {
        case_id: (None if None in points else score_sheet.mean(points, review.weights), review.id)
        for case_id, (review, points) in sheets.items()
    }


@dataclass(frozen=True)
class Share:
    """What a unit right below did within a call."""

    unit: Unit
    entries: int
    recommended: int
    most: int | None


def list_shares(actor: Actor, call: CaseCall) -> Sequence[Share]:
    """The units right below that the actor runs or that lie above their units, in their own order: no ranking."""
    paths = actor.paths(*access.RUNNING)
    found = [
        unit
        for unit in list_children(call.unit)
        if actor.has("system") or any(unit.path.startswith(path) or path.startswith(unit.path) for path in paths)
    ]
    entries, recommended, most = _entries_by_path(actor, call), _recommended(call), quotas_of(call)
    return [
        Share(
            unit,
            sum(count for path, count in entries.items() if path.startswith(unit.path)),
            recommended.get(unit.id, 0),
            most.get(unit.id),
        )
        for unit in found
    ]


def _entries_by_path(actor: Actor, call: CaseCall) -> dict[str, int]:
    statement = (
        select(Unit.path, func.count())
        .select_from(CallEntry)
        .join(Case, Case.id == CallEntry.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(CallEntry.call_id == call.id, access.entries_readable_by(actor))
        .group_by(Unit.path)
    )
    return {row[0]: row[1] for row in db.session().execute(statement)}


def _recommended(call: CaseCall) -> dict[int, int]:
    statement = (
        select(CaseReview.unit_id, func.count(func.distinct(CaseReview.case_id)))
        .where(CaseReview.call_id == call.id, CaseReview.recommended_at.is_not(None))
        .group_by(CaseReview.unit_id)
    )
    return {row[0]: row[1] for row in db.session().execute(statement)}


def quotas_of(call: CaseCall) -> dict[int, int]:
    statement = select(CallQuota.unit_id, CallQuota.most).where(CallQuota.call_id == call.id)
    return {row.unit_id: row.most for row in db.session().execute(statement)}


def list_reviewers(call: CaseCall) -> Sequence[CallReviewer]:
    """The pool of experts, in the order in which they came."""
    statement = select(CallReviewer).where(CallReviewer.call_id == call.id)
    return db.session().scalars(statement.options(joinedload(CallReviewer.person)).order_by(CallReviewer.id)).all()


def find_people(actor: Actor, words: str) -> list[SelectChoice]:
    """People whom the actor administers, by name."""
    if not words:
        return []
    named = Person.name.contains(words, autoescape=True)
    statement = select(Person.id, Person.name).where(administered_by(actor), named).order_by(Person.name, Person.id)
    return [SelectChoice(str(row.id), row.name) for row in db.session().execute(statement.limit(experts.FOUND))]


# What waits for the reader


@dataclass(frozen=True)
class Waiting:
    """A round in the reader's queue."""

    review: CaseReview
    title: str
    unit: str
    asked: int
    given: int


def list_to_score(actor: Actor) -> Sequence[Waiting]:
    """Rounds in which the actor has still to hand a score sheet in, oldest first."""
    done = select(ReviewScore.expert_id)
    mine = (ReviewExpert.person_id == (actor.person_id or 0), ReviewExpert.released_at.is_(None))
    open_seats = select(ReviewExpert.review_id).where(*mine, ReviewExpert.id.not_in(done))
    return _waiting(and_(CaseReview.outcome.is_(None), CaseReview.id.in_(open_seats)))


def list_to_decide(actor: Actor) -> Sequence[Waiting]:
    """Open rounds of the very units for which the actor was given a role, oldest first."""
    own = select(Unit.id).where(Unit.path.in_(actor.paths(*access.RUNNING)))
    return _waiting(and_(CaseReview.outcome.is_(None), CaseReview.unit_id.in_(own)))


def to_score_by(person: BindParameter[int]) -> Select[int]:
    """How many rounds wait for a person's score sheet."""
    given = select(ReviewScore.expert_id).where(ReviewScore.expert_id == ReviewExpert.id).correlate(ReviewExpert)
    mine = (ReviewExpert.person_id == person, ReviewExpert.released_at.is_(None), ~given.exists())
    statement = select(func.count()).select_from(ReviewExpert)
    return statement.join(CaseReview, CaseReview.id == ReviewExpert.review_id).where(
        *mine, CaseReview.outcome.is_(None)
    )


def count_to_decide(actor: Actor) -> int:
    """Rounds that the actor's own units have to decide: one statement, for the home page."""
    paths = actor.paths(*access.RUNNING)
    found: int = db.rows(_to_decide(len(paths)), in_slots("path", paths)).scalar_one()
    return found


@cache
def _to_decide(paths: int) -> Select[int]:
    own = select(Unit.id).where(Unit.path.in_(path_slots("path", paths)))
    return select(func.count()).select_from(CaseReview).where(CaseReview.outcome.is_(None), CaseReview.unit_id.in_(own))


def list_below(actor: Actor) -> Sequence[Waiting]:
    """Open rounds of units further down: for those who look after them."""
    paths = actor.paths(*access.RUNNING)
    own = select(Unit.id).where(Unit.path.in_(paths))
    return _waiting(and_(CaseReview.outcome.is_(None), access.decided_by(actor), CaseReview.unit_id.not_in(own)))


def list_decided(actor: Actor) -> Sequence[Waiting]:
    """What the actor's own units accepted and neither recommended nor published yet: the newest version only."""
    own = select(Unit.id).where(Unit.path.in_(actor.paths(*access.RUNNING)))
    later = aliased(CaseReview)
    newer = select(later.id).where(later.case_id == CaseReview.case_id, later.id > CaseReview.id)
    return _waiting(
        and_(
            CaseReview.outcome == Outcome.ACCEPTED,
            CaseReview.unit_id.in_(own),
            CaseReview.recommended_at.is_(None),
            ~newer.exists(),
            Case.state == State.ACCEPTED,
        )
    )


def _waiting(condition: Any) -> Sequence[Waiting]:
    asked = select(func.count()).where(ReviewExpert.review_id == CaseReview.id, ReviewExpert.released_at.is_(None))
    given = asked.where(ReviewExpert.id.in_(select(ReviewScore.expert_id)))
    statement = (
        select(CaseReview, CaseVersion.title, Unit.name, asked.scalar_subquery(), given.scalar_subquery())
        .join(CaseVersion, CaseVersion.id == CaseReview.version_id)
        .join(Case, Case.id == CaseReview.case_id)
        .outerjoin(Unit, Unit.id == Case.unit_id)
        .where(condition)
        .options(joinedload(CaseReview.unit))
        .order_by(CaseReview.id)
        .limit(200)
    )
    return [Waiting(*row) for row in db.session().execute(statement)]
