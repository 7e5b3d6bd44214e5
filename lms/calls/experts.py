"""Experts of a round: asked, released, and scoring by themselves until all are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError

from lms.calls import access, conflicts, rounds, score_sheet, telling
from lms.calls.kinds import Conflict
from lms.calls.models import CallReviewer, CaseReview, ReviewExpert, ReviewScore
from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.sql import contains_words
from lms.core.web import Actor
from lms.people import access as people
from lms.people.models import Grant, Person
from lms.people.posts import Role

MOST = 9
FOUND = 20


@dataclass(frozen=True)
class Result:
    """What the experts of a round said, as far as the reader may know it."""

    asked: int
    given: int
    #: empty until all are in
    sheets: Sequence[ReviewExpert] = ()
    mean: float | None = None

    @property
    def is_all_in(self) -> bool:
        return self.asked > 0 and self.given == self.asked


def result_of(review: CaseReview) -> Result:
    """What is known of the scores: how many are in, and, once all are, what they say."""
    seats = access.standing(review)
    given = [seat for seat in seats if seat.score is not None]
    if not seats or len(given) < len(seats):
        return Result(len(seats), len(given))
    points = [seat.score.points for seat in given if seat.score]
    return Result(len(seats), len(given), given, score_sheet.mean(points, review.weights))


def assign(review: CaseReview, person: Person, *, actor: Actor, now: datetime) -> ReviewExpert:
    """Ask somebody to score; from now on they may read the case.

    :raise Refused: they may not review it, are asked already, or the round has ended or has experts enough.
    """
    case = rounds.lock_open(review)
    conflicts.refuse_conflict(case, actor.person_id)
    conflicts.refuse_conflict(case, person.id, "person")
    seats = access.standing(review)
    if len(seats) >= MOST:
        raise Refused(_l("最多请 %(most)s 位专家。", most=MOST), "person")
    if seats and all(seat.score is not None for seat in seats):
        raise Refused(_l("专家打分已经交齐，不能再加人。"), "person")
    expert = ReviewExpert(review_id=review.id, person_id=person.id, assigned_at=now, assigned_by_id=actor.person_id)
    try:
        with db.session().begin_nested():
            db.session().add(expert)
    except IntegrityError as error:
        raise Refused(_l("%(name)s 已经在专家名单里。", name=person.name), "person") from error
    rounds.record("calls.assign", review, actor=actor, now=now, person=person.id)
    telling.tell_expert(review, person.id, expert.id, actor=actor, now=now)
    return expert


def release(review: CaseReview, expert: ReviewExpert, *, actor: Actor, now: datetime) -> None:
    """Take an expert off the round again.

    :raise Refused: they have scored already, or the round has ended.
    """
    conflicts.refuse_conflict(rounds.lock_open(review), actor.person_id)
    db.session().refresh(expert, ["score"])
    if expert.score is not None:
        raise Refused(_l("这位专家已经打分，不能再撤下。"))
    expert.released_at, expert.released_by_id = now, actor.person_id
    db.session().flush()
    rounds.record("calls.release", review, actor=actor, now=now, person=expert.person_id)
    _tell_if_all_in(review, actor=actor, now=now)


def score(
    review: CaseReview,
    expert: ReviewExpert,
    *,
    points: Mapping[str, int],
    remark: str,
    actor: Actor,
    now: datetime,
) -> ReviewScore:
    """Hand one's score sheet in; it is final, for the others' may be seen from then on.

    :raise Refused: it was handed in before, the round has ended, or the actor has come to be too near the authors.
    """
    conflicts.refuse_conflict(rounds.lock_open(review), actor.person_id)
    db.session().refresh(expert, ["score", "released_at"])
    if expert.released_at is not None or expert.score is not None:
        raise Refused(_l("您已经交过分数，或者不再是这一轮的专家。"))
    given = ReviewScore(expert_id=expert.id, points=dict(points), remark=remark, scored_at=now)
    db.session().add(given)
    db.session().flush()
    db.session().refresh(expert, ["score"])
    rounds.record("calls.score", review, actor=actor, now=now)
    _tell_if_all_in(review, actor=actor, now=now)
    return given


def _tell_if_all_in(review: CaseReview, *, actor: Actor, now: datetime) -> None:
    if result_of(review).is_all_in:
        telling.tell_judges(review, telling.ALL_IN, actor=actor, now=now)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked, or who must not be."""

    person_id: int
    name: str
    about: str
    conflict: Conflict | None


def list_candidates(actor: Actor, review: CaseReview, words: str) -> Sequence[Candidate]:
    """The pool of the call first; then whoever of the actor's people is meant by `words`, trainers by themselves."""
    taken = {seat.person_id for seat in access.standing(review)}
    pool = _pool(review)
    found = [person for person in [*pool, *_search(actor, words)] if person.id not in taken]
    unique = list({person.id: person for person in found}.values())
    barred = conflicts.find_conflicts(review.case, [person.id for person in unique])
    in_pool = {person.id for person in pool}
    return [
        Candidate(person.id, person.name, str(_l("征集专家库")) if person.id in in_pool else "", barred.get(person.id))
        for person in unique
    ]


def get_candidate(actor: Actor, review: CaseReview, person_id: int) -> Person:
    """:raise Refused: nobody whom the actor could ask."""
    statement = select(Person).where(Person.id == person_id, may_be_asked_by(actor, review))
    found = db.session().scalars(statement).first()
    if found is None:
        raise Refused(_l("名单里没有这个人，请重新查找。"), "person")
    return found


def may_be_asked_by(actor: Actor, review: CaseReview) -> ColumnElement[bool]:
    """Whom the actor may ask: the people whom they administer, and the pool of the call."""
    pool = select(CallReviewer.person_id).where(CallReviewer.call_id == (review.call_id or 0))
    return or_(people.administered_by(actor), Person.id.in_(pool))


def _pool(review: CaseReview) -> Sequence[Person]:
    if review.call_id is None:
        return []
    statement = select(Person).join(CallReviewer, CallReviewer.person_id == Person.id)
    return db.session().scalars(statement.where(CallReviewer.call_id == review.call_id).order_by(Person.name)).all()


def _search(actor: Actor, words: str) -> Sequence[Person]:
    """By name where one is asked for; else those who train in the actor's units."""
    statement = select(Person).where(people.administered_by(actor))
    if words:
        statement = statement.where(contains_words(words, Person.name))
    else:
        trainers = select(Grant.person_id).where(Grant.role == Role.TRAINER, people.in_force())
        statement = statement.where(Person.id.in_(trainers))
    return db.session().scalars(statement.order_by(Person.name, Person.id).limit(FOUND)).all()
