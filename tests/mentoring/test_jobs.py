"""What happens from time to time: a silent pair is told first, and once; terms that are over complete themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core import clock, db
from lms.hours.models import HourEntry
from lms.mentoring import jobs, meetings, telling, unit_queries
from lms.mentoring.kinds import Method, Side, State
from lms.mentoring.meetings import Note
from lms.mentoring.models import Pairing
from lms.mentoring.unit_queries import Look
from lms.notices.models import Notice
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.mentoring.pairs import NOW, evaluate
from tests.mentoring.test_life import confirmed

DAY = timedelta(days=1)


@pytest.fixture
def on(app: Flask) -> Callable[[int], list[tuple[str, int]]]:
    """`on(61)`: run the jobs so many days after the pair began; gives (why, person) of what was told by it."""

    def run(days: int) -> list[tuple[str, int]]:
        database = app.extensions["database"]
        with app.test_request_context(), clock.frozen(NOW + days * DAY):
            jobs.run(database, SYSTEM)
            with db.unit_of_work(database, write=False) as work:
                told = select(Notice.kind, Notice.person_id).where(Notice.created_at == clock.now())
                return sorted((kind, person_id) for kind, person_id in work.execute(told))

    return run


def both(cast: Cast, kind: str) -> list[tuple[str, int]]:
    return sorted((kind, person_id) for person_id in (cast.alice, cast.tina))


def test_a_silent_pair_is_told_first_and_once(app: Flask, cast: Cast, pair: int, on: Any):
    assert on(59) == []
    assert on(61) == both(cast, telling.SILENT.name)
    assert on(61) == both(cast, telling.SILENT.name), "these are the ones from before: nothing new"
    assert on(63) == []
    assert on(124) == [], "the same silence is not nagged about"
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        street = work.get_one(Unit, cast.street)
        seen = [unit_queries.read_board(street, now=NOW + days * DAY).total.silent for days in (61, 75)]
    assert seen == [0, 1], "the unit reads of it two weeks after the pair was told"


def test_a_confirmed_meeting_breaks_the_silence_and_an_unconfirmed_one_does_not(
    app: Flask, cast: Cast, pair: int, on: Any
):
    with app.test_request_context(), clock.frozen(NOW + 40 * DAY), db.unit_of_work(app.extensions["database"]) as work:
        pairing, today = work.get_one(Pairing, pair), clock.today()
        note = Note(today, 30, Method.OBSERVATION, "看现场", "", "lonely")
        meetings.note(pairing, Side.MENTOR, note, actor=actor_of(cast.tina), now=clock.now())
    assert on(61) == both(cast, telling.SILENT.name)
    with app.test_request_context(), clock.frozen(NOW + 62 * DAY), db.unit_of_work(app.extensions["database"]) as work:
        confirmed(work.get_one(Pairing, pair), cast, held_on=clock.today(), now=clock.now())
    assert on(120) == []
    assert on(130) == both(cast, telling.SILENT.name), "another silence"


def test_both_are_told_when_an_evaluation_is_due(cast: Cast, pair: int, on: Any):
    on(100)  # their silence has been said

    assert on(190) == both(cast, telling.TO_DO.name)
    assert on(191) == []
    assert on(340) == both(cast, telling.TO_DO.name)


def test_a_term_that_is_over_and_evaluated_completes_itself(app: Flask, cast: Cast, pair: int, on: Any):
    with app.test_request_context(), clock.frozen(NOW + 350 * DAY), db.unit_of_work(app.extensions["database"]) as work:
        pairing = work.get_one(Pairing, pair)
        confirmed(pairing, cast)
        for side, person_id in ((Side.MENTOR, cast.tina), (Side.MENTEE, cast.alice)):
            evaluate(pairing, side, actor=actor_of(person_id), now=clock.now())
    on(360)
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        assert work.get_one(Pairing, pair).state is State.ACTIVE
    on(366)
    on(366)
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        assert work.get_one(Pairing, pair).state is State.COMPLETED
        entries = work.scalars(select(HourEntry)).all()
    assert {(entry.person_id, entry.occurred_on) for entry in entries} == {
        (person_id, clock.local_date(NOW + 364 * DAY)) for person_id in (cast.alice, cast.tina)
    }


def test_what_the_unit_lists(app: Flask, cast: Cast, pair: int):
    with (
        app.test_request_context(),
        clock.frozen(NOW),
        db.unit_of_work(app.extensions["database"], write=False) as work,
    ):
        county = work.get_one(Unit, cast.county)
        shown = {look: len(unit_queries.list_pairs(SYSTEM, county, look, cursor=None, now=NOW).items) for look in Look}
        board = unit_queries.read_board(county, now=NOW)
    assert shown == {look: int(look is Look.OPEN) for look in Look}
    assert (board.total.mentored, board.total.mentors, board.total.with_room) == (1, 1, 1)
    assert [(unit.name, counts.mentored) for unit, counts in board.rows if unit] == [("和平街道", 1), ("滨河街道", 0)]
