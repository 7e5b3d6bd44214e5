"""Whatever the facts are: every number is the length of its list, rows sum to the total, and scope holds."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.core import db
from lms.people.access import administered_by
from lms.people.models import Person
from lms.reports import names, queries
from lms.reports.access import list_offered
from lms.reports.inquiry import Inquiry
from lms.reports.names import Selection, State
from lms.units.models import Unit
from tests.cast import Cast
from tests.conftest import actor_of
from tests.reports.facts import TODAY, appoint, enroll, finish, leave, offer, work_in

PLACES = ("county", "street", "guangming", "xinhua", "riverside", "shuian", "other_street", "other_community")


def scatter(dice: random.Random, cast: Cast) -> list[int]:
    """People with one to three posts, some over, in both counties; courses begun, finished and reversed."""
    courses = [
        offer(f"课{number}", organizer=unit) for number, unit in enumerate((None, cast.county, cast.other_county))
    ]
    for number in range(25):
        first, *others = dice.sample(PLACES, dice.randrange(1, 4))
        since = date(2024, 1, 1) + timedelta(dice.randrange(700))
        person_id = work_in(cast.units[first], f"人{number}", since=since)
        if dice.random() < 0.3:
            leave(person_id, last_day=date(2026, 1, 1) + timedelta(dice.randrange(320)))
        for place in others:
            appoint(person_id, cast.units[place], since=date(2024, 6, 1) + timedelta(dice.randrange(880)))
            if dice.random() < 0.2:
                leave(person_id, last_day=date(2026, 11, 1) + timedelta(dice.randrange(60)), unit_id=cast.units[place])
        for course in courses:
            if dice.random() < 0.4:
                finish(person_id, course, on=date(dice.choice((2025, 2026)), 5, 1))
            elif dice.random() < 0.3:
                enroll(person_id, course)
    return courses


def ask(actor_id: int, unit_id: int, year: int, course: int | None) -> Inquiry:
    unit = db.session().get_one(Unit, unit_id)
    offered = list_offered(unit)
    chosen = next((known for known in offered if known.id == course), None)
    return Inquiry(actor_of(actor_id), unit, year, TODAY, offered, chosen, names=True)


def count(inquiry: Inquiry, state: State, *, direct: bool = False) -> int:
    """Counted by the length of the whole list, not by the count that stands above it."""
    return len(list(names.iter_people(Selection(inquiry, state, direct))))


@pytest.mark.parametrize("seed", range(2))
def test_numbers_agree_with_lists_and_with_each_other(work, cast: Cast, seed):
    courses = scatter(random.Random(seed), cast)
    for unit_id in cast.units.values():
        for year, course in ((2026, None), (2025, None), (2026, courses[0]), (2026, courses[1])):
            inquiry = ask(cast.pan, unit_id, year, course)
            board = queries.by_unit(inquiry)
            total = board.total
            assert count(inquiry, State.ALL) == total.people
            assert count(inquiry, State.FINISHED) == total.finished
            assert count(inquiry, State.UNFINISHED) == total.unfinished
            for row in board.rows:
                below = inquiry if row.unit is None else ask(cast.pan, row.unit.id, year, inquiry.course_id)
                assert count(below, State.ALL, direct=row.unit is None) == row.numbers.people
                assert count(below, State.FINISHED, direct=row.unit is None) == row.numbers.finished
            for line in queries.by_course(inquiry):
                one = ask(cast.pan, unit_id, year, line.course.id)
                assert count(one, State.BEGUN) == line.begun
                assert count(one, State.FINISHED) == line.finished
                assert line.people == total.people


@pytest.mark.parametrize("seed", range(2))
def test_nobody_counts_twice_and_no_one_outside_is_named(work, cast: Cast, seed):
    scatter(random.Random(seed), cast)
    for year in (2025, 2026):
        everyone = [row.id for row in names.iter_people(Selection(ask(cast.pan, cast.province, year, None), State.ALL))]
        assert len(everyone) == len(set(everyone))
        for actor_id, unit_id in ((cast.mallory, cast.other_county), (cast.bo, cast.street)):
            inquiry = ask(actor_id, unit_id, year, None)
            reach = set(db.session().scalars(select(Person.id).where(administered_by(inquiry.actor))))
            for row in names.iter_people(Selection(inquiry, State.ALL)):
                assert (row.name is not None) == (row.id in reach)
                assert row.name is not None or row.phone is None
