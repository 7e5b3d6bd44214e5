"""Ten thousand people: read, planned and loaded in the time somebody waits for a page."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import func, select

from lms.core import clock, spreadsheets
from lms.core.web import system_actor
from lms.people.models import Person
from lms.roster import actions
from lms.units.models import Unit
from tests.cast import Cast
from tests.roster.books import HEADER, others, person

PEOPLE = 10_000
SECONDS = 5.0  # of this process on an idle machine, as measured by its own processor time


def test_ten_thousand_people_load_within_five_seconds(work: Any, cast: Cast) -> None:
    actor, now = system_actor("tests"), clock.now()
    rows = [[str(cell) for cell in row] for row in [person(), *others(PEOPLE - 1)]]
    data = spreadsheets.write_csv([HEADER, *rows])
    county = work.get_one(Unit, cast.county)
    begun = time.process_time()
    load, checked = actions.check(county, data, "a.csv", actor=actor, now=now)
    assert checked.sound == PEOPLE, checked.findings[:3]
    actions.carry_out(load, accept_sound=False, confirm_endings=False, actor=actor, now=now)
    spent = time.process_time() - begun
    assert work.scalar(select(func.count()).where(Person.origin == "roster")) == PEOPLE
    assert spent < SECONDS
    load, checked = actions.check(county, data, "a.csv", actor=actor, now=now)
    assert checked.plan.is_empty
