"""Dates of a term, and what is next: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.mentoring import terms
from lms.mentoring.kinds import Side, Stage, State
from lms.mentoring.models import Pairing
from lms.mentoring.next_steps import Facts, next_for

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(DAYS, st.integers(1, 60))
@settings(max_examples=60)
def test_a_term_of_months_ends_the_day_before_it_would_begin_anew(day: date, months: int):
    last = terms.add_months(day, months)

    after = last + timedelta(days=1)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day == min(day.day, after.day) or after.day < day.day


def test_twelve_months():
    assert terms.add_months(date(2026, 3, 2), 12) == date(2027, 3, 1)
    assert terms.add_months(date(2024, 2, 29), 12) == date(2025, 2, 27)


@given(DAYS, st.integers(1, 2000), st.integers(-100, 3000))
@settings(max_examples=60)
def test_stages_come_in_order(start: date, length: int, offset: int):
    end = start + timedelta(days=length)
    day, half = start + timedelta(days=offset), terms.half_way(start, end)
    stage = terms.stage_on(day, half_way_on=half, ends_on=end)

    assert start <= half <= end
    assert (stage is Stage.FINAL) == terms.may_complete(day, end)
    assert stage is not None or day < half


@pytest.mark.parametrize(
    ("state", "facts", "endpoint"),
    [
        (State.ACCEPTED, Facts(), "mentoring.card"),
        (State.ACCEPTED, Facts(revision=1), "mentoring.show"),
        (State.ACCEPTED, Facts(revision=1, signed=frozenset({Side.MENTEE})), ""),
        (State.ACTIVE, Facts(), "mentoring.meet"),
        (State.ACTIVE, Facts(confirmed=2, last_met=date(2026, 3, 1)), "mentoring.meet"),
        (State.ACTIVE, Facts(unconfirmed={Side.MENTOR: 1}), "mentoring.show"),
        (State.ACTIVE, Facts(due=Stage.FINAL), "mentoring.evaluate"),
        (State.ACTIVE, Facts(due=Stage.FINAL, evaluated=frozenset({(Stage.FINAL, Side.MENTEE)})), "mentoring.meet"),
        (State.PAUSED, Facts(), ""),
    ],
)
def test_what_is_next_for_the_mentee(state: State, facts: Facts, endpoint: str):
    assert next_for(Side.MENTEE, Pairing(state=state), facts).endpoint == endpoint
