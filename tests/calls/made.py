"""Calls and cases under review, as tests need them: Alice wrote; 和平街道, 清河区, 安和市 and 省中省 review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lms.calls import actions, deciding, rounds, score_sheet
from lms.calls.models import CaseCall, CaseReview
from lms.cases import actions as cases
from lms.cases.kinds import Section, State, Theme
from lms.cases.models import Case, CaseStep
from lms.core import clock, db
from lms.core.web import Actor
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.cases.made import make_case
from tests.cast import BEGINNING, SYSTEM, Cast

EVEN = {"originality": 7, "effect": 7, "transferability": 7, "rigor": 7}


def make_draft(cast: Cast, *, author_id: int = 0, **changes: Any) -> Case:
    """A draft of 光明社区 that Alice wrote, or somebody else there."""
    unit = db.session().get_one(Unit, cast.guangming)
    return make_case(unit=unit, author_id=author_id or cast.alice, published=False, **changes)


def submitted(cast: Cast, **changes: Any) -> CaseReview:
    """Alice's case before 和平街道."""
    case = make_draft(cast, **changes)
    cases.take_step(case, State.SUBMITTED, actor=SYSTEM, now=clock.now())
    return open_round(case)


def open_round(case: Case) -> CaseReview:
    found = rounds.find_open(case)
    assert found is not None
    return found


def carried_to(cast: Cast, unit_id: int, **changes: Any) -> CaseReview:
    """Alice's case before a unit further up, accepted and recommended by those below it."""
    review = submitted(cast, **changes)
    while review.unit_id != unit_id:
        deciding.accept(review, reason="", actor=SYSTEM, now=clock.now())
        review = deciding.recommend(review, actor=SYSTEM, now=clock.now())
    return review


def make_call(cast: Cast, unit_id: int, *, actor: Actor = SYSTEM, **changes: Any) -> CaseCall:
    today = clock.today()
    wanted = actions.Wanted(
        title="邻里矛盾化解案例征集",
        about="征集把矛盾解决在楼道里的做法。",
        themes=[Theme.DISPUTES],
        hints={Section.PROCESS: "写清先后做了什么。"},
        weights=score_sheet.rules().weights,
        **{"opens_on": today, "closes_on": today + timedelta(30), "ends_on": today + timedelta(90), **changes},
    )
    return actions.open_call(wanted, unit=db.session().get_one(Unit, unit_id), actor=actor, now=clock.now())


def make_person(unit_id: int, name: str, post: PostClass = PostClass.OTHER) -> Person:
    person = people.create_person(name=name, origin="tests", phone=None, actor=SYSTEM, now=BEGINNING)
    unit = db.session().get_one(Unit, unit_id)
    people.appoint(person, unit=unit, post=post, starts_on=BEGINNING.date(), actor=SYSTEM, now=BEGINNING)
    return person


def states_of(case: Case) -> list[str]:
    """The state after each step, with the level where it has one."""
    found = db.session().execute(_steps(case))
    return [f"{row.state.value} {row.level.value}" if row.level else row.state.value for row in found]


def _steps(case: Case) -> Any:
    return select(CaseStep.state, CaseStep.level).where(CaseStep.case_id == case.id).order_by(CaseStep.id)
