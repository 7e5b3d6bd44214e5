"""Whatever the facts are: children sum to the parent, every number is the length of its list, the roll-up is proved."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.coverage import duties, inquiry, names, queries, rebuilding
from lms.coverage.inquiry import Inquiry
from lms.coverage.kinds import Trait
from lms.coverage.models import CoverageCount
from lms.coverage.names import Group, Selection
from lms.hours import actions as hours
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.people.posts import PostClass
from lms.policies.models import Exemption, Standing
from lms.policies.states import state_on
from lms.units import actions as units
from lms.units.models import Level, Unit
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.coverage.facts import (
    BLOCK,
    NOW,
    ROLLING,
    TODAY,
    YEARLY,
    adopt,
    appoint,
    leave,
    refresh,
    train,
    work_in,
)

DAYS = (TODAY, date(2025, 12, 31), date(2026, 4, 30), date(2026, 5, 17))


def scatter(dice: random.Random, cast: Cast) -> list[int]:
    """A random tree below the county, people with one to three posts, leave, trainings on random days."""
    places = list(cast.units.values())
    for number in range(dice.randrange(2, 6)):
        parent = db.session().get_one(Unit, dice.choice([cast.street, cast.riverside, cast.other_street]))
        unit = units.add(parent=parent, level=Level.COMMUNITY, name=f"新设{number}", code=None, actor=SYSTEM, now=NOW)
        places.append(unit.id)
    people = []
    for number in range(20):
        since = date(2024, 1, 1) + timedelta(dice.randrange(900))
        first, *others = dice.sample(places, dice.randrange(1, 4))
        person = work_in(first, f"人{number}", since=since, post=dice.choice(list(PostClass)))
        people.append(person)
        for place in others:
            appoint(person, place, since=since + timedelta(dice.randrange(100)), post=dice.choice(list(PostClass)))
        if dice.random() < 0.3:
            leave(person, last_day=date(2026, 8, 1) + timedelta(dice.randrange(300)))
        for _ in range(dice.randrange(0, 4)):
            learn(dice, person)
        if dice.random() < 0.2:
            start = date(2025, 1, 1) + timedelta(dice.randrange(600))
            db.session().add(
                Exemption(
                    person_id=person,
                    kind="leave",
                    from_on=start,
                    until_on=start + timedelta(dice.randrange(300)),
                    reason="产假",
                    decided_by="街道",
                    granted_at=NOW,
                )
            )
    return people


def learn(dice: random.Random, person: int) -> None:
    entry = train(
        person, date(2024, 6, 1) + timedelta(dice.randrange(900)) if dice.random() < 0.9 else TODAY,
        title=f"课{dice.randrange(9)}", tier=dice.choice(list(Tier)), training_type=dice.choice(list(TrainingType)),
        ability=dice.choice(list(Ability)),
    )  # fmt: skip
    if dice.random() < 0.15:
        hours.reverse(entry, reason="登记错误", actor=SYSTEM, now=NOW)


def questions(cast: Cast, unit_id: int) -> list[Inquiry]:
    """Every requirement and cycle, on each of the days."""
    pan, asked = actor_of(cast.pan), []
    for duty in duties.list_duties(db.session().get_one(Unit, unit_id), TODAY):
        for period in duty.periods(TODAY) if not duty.personal else duty.periods(TODAY)[:1]:
            for day in DAYS:
                if period.start <= day:
                    asked.append(
                        inquiry.ask(
                            pan, unit_id=unit_id, duty=duty.code, cycle=period.start.isoformat(), day=day.isoformat()
                        )
                    )
    return asked


def listed(asked: Inquiry, **selection: Any) -> int:
    return names.count_people(Selection(asked, **selection))


def prove() -> None:
    assert {name: proof.wrong for name, proof in rebuilding.verify().items()} == {
        "coverage_counts": 0,
        "coverage_traits": 0,
    }


@pytest.mark.parametrize("seed", range(2))
def test_children_sum_to_the_parent_and_numbers_are_lists(work, cast: Cast, seed):
    dice = random.Random(seed)
    scatter(dice, cast)
    adopt(cast.province, YEARLY, BLOCK, ROLLING)
    adopt(cast.county, YEARLY, name="own")
    refresh()
    for unit_id in (cast.province, cast.county, cast.street):
        for asked in questions(cast, unit_id):
            board = queries.by_unit(asked)
            assert board.total == sum((row.numbers for row in board.rows), queries.NOBODY)
            for group in Group:
                people = sum(getattr(board.total, state.value) for state in group.states)
                assert listed(asked, group=group) == people
            for row in board.rows:
                below = asked if row.unit is None else inquiry.ask(
                    asked.actor, unit_id=row.unit.id, duty=asked.asked.duty.code,
                    cycle=asked.asked.cycle_start.isoformat(), day=asked.day.isoformat(),
                )  # fmt: skip
                assert listed(below, direct=row.unit is None) == row.numbers.people
                assert listed(below, direct=row.unit is None, group=Group.MET) == row.numbers.met
            assert sum((numbers for _post, numbers in queries.by_post(asked)), queries.NOBODY) == board.total
    for asked in questions(cast, cast.city):
        if asked.day == TODAY or not asked.asked.duty.personal:
            for what in queries.by_trait(asked):
                assert listed(asked, trait=(what.trait, what.value)) == what.people


def test_each_person_is_counted_once_in_a_cycle(work, cast: Cast):
    scatter(random.Random(7), cast)
    adopt(cast.province, YEARLY)
    refresh()
    counted = Counter(db.session().execute(select(Standing.person_id, Standing.cycle_start)).all())
    assert set(counted.values()) == {1}
    for asked in questions(cast, cast.province):
        rows = db.session().scalars(select(Standing).where(asked.asked.holds(Standing, asked.day))).all()
        assert queries.by_unit(asked).total.met == sum(state_on(row, asked.day) == "met" for row in rows)


@pytest.mark.parametrize("seed", range(2))
def test_the_roll_up_follows_every_change_and_can_be_built_anew(work, cast: Cast, seed):
    dice = random.Random(seed)
    adopt(cast.province, YEARLY, BLOCK, ROLLING)
    people = scatter(dice, cast)
    refresh()
    prove()
    for _ in range(3):
        for person in dice.sample(people, 6):
            learn(dice, person)
        appoint(work_in(cast.xinhua, "新人"), cast.shuian, since=date(2026, 3, 1))
        refresh()
        prove()
    before = figures(cast)
    rebuilding.compact()
    prove()
    assert figures(cast) == before
    rebuilding.rebuild()
    prove()
    assert figures(cast) == before


def figures(cast: Cast) -> list[object]:
    return [
        (asked.unit.id, asked.asked.duty.code, asked.day, queries.by_unit(asked).total, queries.by_trait(asked))
        for asked in questions(cast, cast.city)
    ]


def test_a_proof_finds_what_was_tampered_with(work, cast: Cast):
    adopt(cast.province, YEARLY)
    refresh()
    db.session().delete(db.session().scalars(select(CoverageCount).limit(1)).one())
    db.session().flush()

    assert rebuilding.verify()["coverage_counts"].wrong == 1
    assert clock.today() == TODAY
    assert Trait.TIER.values[0] == "province"
