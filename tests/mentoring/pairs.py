"""Pairs for tests: Tina, a lecturer without a post, mentors Alice for 和平街道; Bo looks after them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from lms.core import db
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.mentoring import actions, cards, evaluations
from lms.mentoring.access import list_goals
from lms.mentoring.kinds import Progress, Side
from lms.mentoring.models import Evaluation, Pairing
from lms.mentors.models import Background, Mentor, MentorState
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.conftest import actor_of

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
TERM = {"starts_on": TODAY, "ends_on": date(2027, 3, 1)}
GOALS = {Ability.MEDIATION: "能独立主持一次调解", Ability.MASS_WORK: "走访不怯场"}


def make_mentor(person_id: int, *, unit_id: int, reach_id: int, capacity: int | None = None) -> Mentor:
    """A mentor in office."""
    mentor = Mentor(
        person_id=person_id,
        unit_id=unit_id,
        reach_id=reach_id,
        background=Background.LECTURER,
        abilities=[Ability.MEDIATION.value],
        capacity=capacity,
        state=MentorState.ACTIVE,
        state_at=NOW,
    )
    db.session().add(mentor)
    db.session().flush()
    return mentor


def make_worker(name: str, unit_id: int, *, phone: str | None = None) -> Person:
    """One more grid worker."""
    person = people.create_person(name=name, origin="tests", phone=phone, actor=SYSTEM, now=NOW)
    unit = db.session().get_one(Unit, unit_id)
    people.appoint(person, unit=unit, post=PostClass.GRID_WORKER, starts_on=date(2025, 1, 6), actor=SYSTEM, now=NOW)
    db.session().flush()
    return person


def begin(mentor: Mentor, mentee_id: int, unit_id: int, **values: Any) -> Pairing:
    mentee, unit = db.session().get_one(Person, mentee_id), db.session().get_one(Unit, unit_id)
    given = {**TERM, "actor": SYSTEM, "now": NOW, **values}
    return actions.begin(mentor=mentor, mentee=mentee, unit=unit, **given)


def activate(pairing: Pairing, *, mentor_id: int, mentee_id: int, now: datetime = NOW) -> None:
    """A card with two goals, signed by both."""
    cards.write(pairing, goals=GOALS, mentor_does="每月带教一次", mentee_does="每周写一条体会", actor=SYSTEM, now=now)
    for side, person_id in ((Side.MENTEE, mentee_id), (Side.MENTOR, mentor_id)):
        cards.sign(pairing, side, revision=1, actor=actor_of(person_id), now=now)


def evaluate(pairing: Pairing, side: Side, *, actor: Actor, now: datetime = NOW, words: str = "") -> Evaluation:
    """Every goal is on its way."""
    marks = {goal.id: Progress.ON_THE_WAY for goal in list_goals(pairing)}
    return evaluations.evaluate(pairing, side, marks=marks, words=words, actor=actor, now=now)
