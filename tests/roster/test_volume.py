"""Ten thousand people are read, planned and loaded in batches: their number costs rows, not statements."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from lms.core import clock, spreadsheets
from lms.core.web import system_actor
from lms.people.models import Person
from lms.roster import actions
from lms.units.models import Unit
from tests.cast import Cast
from tests.roster.books import HEADER, others, person

PEOPLE = 10_000
#: Batches of some hundred rows for each table; one statement a person would be ten thousand and more.
MOST_STATEMENTS = 300


@pytest.mark.one_database
def test_ten_thousand_people_load_in_batches(work: Any, cast: Cast, query_count: Any) -> None:
    actor, now = system_actor("tests"), clock.now()
    rows = [[str(cell) for cell in row] for row in [person(), *others(PEOPLE - 1)]]
    data = spreadsheets.write_csv([HEADER, *rows])
    county = work.get_one(Unit, cast.county)
    with query_count() as statements:
        load, checked = actions.check(county, data, "a.csv", actor=actor, now=now)
        assert checked.sound == PEOPLE, checked.findings[:3]
        actions.carry_out(load, accept_sound=False, confirm_endings=False, actor=actor, now=now)
    assert len(statements) < MOST_STATEMENTS
    assert work.scalar(select(func.count()).where(Person.origin == "roster")) == PEOPLE
    load, checked = actions.check(county, data, "a.csv", actor=actor, now=now)
    assert checked.plan.is_empty
