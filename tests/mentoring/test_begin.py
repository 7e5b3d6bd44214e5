"""Beginning a term: the hard rules, each with its sentence, also when two take the last place at once."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.core import db
from lms.core.errors import Refused
from lms.mentoring import queries
from lms.mentoring.kinds import State
from lms.mentoring.models import Pairing, PairingStep
from lms.mentors.models import Mentor, MentorState
from lms.notices.models import Notice
from tests.cast import Cast
from tests.mentoring.pairs import TODAY, begin, make_mentor, make_worker


@pytest.fixture
def tina(work: Any, cast: Cast) -> Mentor:
    return make_mentor(cast.tina, unit_id=cast.county, reach_id=cast.county, capacity=2)


def test_it_is_a_row_with_its_first_step_and_both_are_told(work: Any, cast: Cast, tina: Mentor, trail: Any):
    pairing = begin(tina, cast.alice, cast.street, topic="调解")

    step = work.scalars(select(PairingStep)).one()
    assert (pairing.state, step.state, step.taken_at) == (State.ACCEPTED, State.ACCEPTED, pairing.state_at)
    assert set(work.scalars(select(Notice.person_id))) == {cast.alice, cast.tina}
    assert queries.load_of([tina.id, 999]) == {tina.id: 1, 999: 0}
    assert queries.list_mentored([cast.alice, cast.sun]) == {cast.alice}


def test_two_open_terms_of_the_same_two_are_refused(work: Any, cast: Cast, tina: Mentor):
    begin(tina, cast.alice, cast.street)

    with pytest.raises(Refused, match="没有结束的结对"):
        begin(tina, cast.alice, cast.street, topic="另一个专题")


def test_a_mentee_may_have_several_mentors(work: Any, cast: Cast, tina: Mentor):
    other = make_mentor(make_worker("沈老师", cast.xinhua).id, unit_id=cast.county, reach_id=cast.county)
    begin(tina, cast.alice, cast.street, topic="调解")
    begin(other, cast.alice, cast.street, topic="应急")

    assert queries.load_of([tina.id, other.id]) == {tina.id: 1, other.id: 1}


def test_nobody_is_their_own_mentor(work: Any, cast: Cast):
    alice = make_mentor(cast.alice, unit_id=cast.street, reach_id=cast.street)

    with pytest.raises(Refused, match="自己"):
        begin(alice, cast.alice, cast.street)


def test_outside_the_reach_is_refused(work: Any, cast: Cast, tina: Mentor):
    with pytest.raises(Refused, match="范围"):
        begin(tina, cast.wen, cast.other_street)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "why"),
    [
        (TODAY, TODAY, "晚于"),
        (TODAY, date(2026, 1, 1), "晚于"),
        (date(2025, 1, 1), date(2026, 1, 1), "已经过去"),
        (TODAY, date(2056, 1, 1), "五年"),
    ],
)
def test_dates_that_make_no_term_are_refused(work: Any, cast: Cast, tina: Mentor, starts_on, ends_on, why):
    with pytest.raises(Refused, match=why):
        begin(tina, cast.alice, cast.street, starts_on=starts_on, ends_on=ends_on)


def test_a_mentor_who_is_not_in_office_takes_nobody(work: Any, cast: Cast, tina: Mentor):
    tina.state = MentorState.PAUSED

    with pytest.raises(Refused, match="不在任"):
        begin(tina, cast.alice, cast.street)


def test_the_last_place_is_taken_once(app: Flask, cast: Cast):
    """Four accept at once, on threads of their own; one place is left."""
    database = app.extensions["database"]
    with app.test_request_context(), db.unit_of_work(database):
        mentor_id = make_mentor(cast.tina, unit_id=cast.county, reach_id=cast.county, capacity=1).id
        mentees = [make_worker(f"新人{number}", cast.guangming).id for number in range(4)]
    gate, got = threading.Barrier(4, timeout=20), []

    def accept(person_id: int) -> None:
        try:
            with app.app_context():
                gate.wait()
                with db.unit_of_work(database) as work:
                    begin(work.get_one(Mentor, mentor_id), person_id, cast.street)
            got.append("begun")
        except Refused as refusal:
            got.append(str(refusal.message))

    threads = [threading.Thread(target=accept, args=(person_id,)) for person_id in mentees]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(text[:5] for text in got) == ["begun", "这位导师已", "这位导师已", "这位导师已"]
    with app.app_context(), db.unit_of_work(database, write=False) as work:
        assert work.scalar(select(func.count()).select_from(Pairing)) == 1
