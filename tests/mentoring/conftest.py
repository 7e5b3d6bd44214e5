"""`pair`: Tina mentors Alice since yesterday's year; their card is signed. `at`: the clock stands at NOW."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from lms.core import clock, db
from lms.mentoring.models import Pairing
from tests.cast import Cast
from tests.mentoring.pairs import NOW, activate, begin, make_mentor


@pytest.fixture
def at() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def active(at: None, work: Any, cast: Cast) -> Pairing:
    """For tests of actions: an active pair in the open unit of work."""
    mentor = make_mentor(cast.tina, unit_id=cast.county, reach_id=cast.county)
    pairing = begin(mentor, cast.alice, cast.street)
    activate(pairing, mentor_id=cast.tina, mentee_id=cast.alice)
    return pairing


@pytest.fixture
def pair(at: None, app: Flask, cast: Cast) -> int:
    """For tests of pages: an active pair, stored."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        mentor = make_mentor(cast.tina, unit_id=cast.county, reach_id=cast.county)
        pairing = begin(mentor, cast.alice, cast.street)
        activate(pairing, mentor_id=cast.tina, mentee_id=cast.alice)
        return pairing.id
