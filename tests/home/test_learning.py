"""What the home page says to go on with."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from lms.core import clock, db
from lms.courses import actions as courses
from lms.courses.folder import read_course
from lms.policies import actions as policies
from lms.policies import policy_toml
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.courses.folders import change, write_course

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def on_offer(app, cast, tmp_path) -> dict[str, int]:
    """A course of the street and one of the county, by tier."""
    found = {}
    for tier, title in (("street", "街道的课"), ("county", "县里的课")):
        folder = write_course(tmp_path, tier=tier)
        change(folder, "course.toml", "接待与走访", title)
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            source = read_course(folder).course
            assert source is not None
            unit = db.session().get_one(Unit, cast.units[tier])
            found[tier] = courses.load_folder(source, organizer=unit, actor=SYSTEM, now=NOW).course.id
    return found


def task_of(client) -> str:
    sentence = re.search(r'hero-task__sentence" id="next">(.*?)</h2>', client.get("/").text)
    assert sentence is not None
    return sentence[1]


def test_what_meets_an_open_duty_goes_before_what_was_begun(app, as_, cast, on_offer, query_count) -> None:
    sun = as_(cast.sun)
    assert sun.post(f"/courses/{on_offer['street']}/enroll").status_code == 303
    assert "街道的课" in task_of(sun)
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        county = db.session().get_one(Unit, cast.county)
        policies.adopt(policy_toml.read_pack(policy_toml.OPINION), unit=county, actor=SYSTEM, now=NOW)

    assert "县里的课" in task_of(sun)
    with query_count() as statements:
        page = sun.get("/").text
    assert "街道的课" in page.split("正在学的课程")[1]
    assert sum("standings" in one for one in statements) == 1
    assert len(statements) <= 9, statements  # the eight of the home page, and BEGIN on SQLite
