"""Boards of large units: what the job counted once a day is what a count on the spot says, for each unit by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.people import actions as people
from lms.people.posts import PostClass
from lms.units.models import Unit
from lms.workforce import queries, storing
from lms.workforce.dimensions import Dimension
from lms.workforce.models import StoredBoard
from tests.cast import BEGINNING, SYSTEM, Cast
from tests.reports.pages import table_of
from tests.workforce.test_pages import crowd

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)

__all__ = ["crowd"]


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Ten people are many; the clock stands still."""
    monkeypatch.setattr(storing, "LARGE", 10)
    with clock.frozen(NOW):
        yield


def run(app, later: timedelta = timedelta()) -> str | None:
    with app.test_request_context(), clock.frozen(NOW + later):
        said = storing.count_large(app.extensions["database"], SYSTEM)
        return None if said is None else str(said)


def stored(app) -> dict[int, set[date]]:
    with db.unit_of_work(app.extensions["database"], write=False) as opened:
        found: dict[int, set[date]] = {}
        for row in opened.scalars(select(StoredBoard)):
            found.setdefault(row.unit_id, set()).add(row.day)
        return found


def hire(app, unit_id: int) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as opened:
        person = people.create_person(name="新来的", origin="tests", actor=SYSTEM, now=BEGINNING)
        unit = opened.get_one(Unit, unit_id)
        since = date(2025, 2, 1)
        people.appoint(person, unit=unit, post=PostClass.GRID_WORKER, starts_on=since, actor=SYSTEM, now=BEGINNING)


def test_what_is_stored_is_what_would_be_counted(app, cast: Cast, crowd) -> None:
    assert "5" in (run(app) or "")
    assert set(stored(app)) == {cast.province, cast.city, cast.county, cast.street, cast.xinhua}
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        for unit in opened.scalars(select(Unit)):
            for dimension in Dimension:
                shown, live = storing.read(unit, DAY, dimension), queries.board(unit, DAY, dimension)
                assert (shown.counted_at is not None) == (unit.id in stored(app))
                assert [str(label) for _key, label in shown.board.categories] == [
                    str(label) for _key, label in live.categories
                ]
                assert (shown.board.total, list(shown.board.cells)) == (live.total, list(live.cells))
                assert [(line.unit and line.unit.id, line.total, list(line.cells)) for line in shown.board.lines] == [
                    (line.unit and line.unit.id, line.total, list(line.cells)) for line in live.lines
                ]


def test_it_is_counted_once_a_day_and_the_page_says_when(app, as_, cast: Cast, crowd) -> None:
    chen, page = as_(cast.chen), f"/workforce/?unit={cast.county}"
    assert run(app) is not None
    assert run(app) is None
    hire(app, cast.xinhua)

    shown = chen.get(page).get_data(as_text=True)
    assert "人数较多的单位每天统计一次，这是 2026年3月2日 12:00 统计的" in shown
    before = table_of(chen, page)["合计"][1].text
    assert run(app, timedelta(days=1)) is not None
    assert stored(app)[cast.county] == {DAY + timedelta(days=1)}
    with clock.frozen(NOW + timedelta(days=1)):
        assert int(table_of(chen, page)["合计"][1].text) == int(before) + 1
        assert "每天统计一次" not in chen.get(f"{page}&day=2026-03-02").get_data(as_text=True)
        assert "are counted once a day" in chen.get(page, headers={"Accept-Language": "en"}).get_data(as_text=True)
    with clock.frozen(NOW + timedelta(days=30)):  # the job has not run for weeks
        assert "每天统计一次" not in chen.get(page).get_data(as_text=True)


def test_a_unit_that_is_large_no_more_is_counted_on_the_spot(app, cast: Cast, crowd, monkeypatch) -> None:
    run(app)
    monkeypatch.setattr(storing, "LARGE", 10_000)
    assert run(app, timedelta(days=1)) is None
    assert stored(app) == {}


def test_a_stored_board_counts_nobody(app, as_, cast: Cast, crowd, query_count) -> None:
    run(app)
    chen = as_(cast.chen)
    chen.get("/workforce/")
    with query_count() as statements:
        assert chen.get(f"/workforce/?unit={cast.county}&by=ability").status_code == 200
    assert not [one for one in statements if "hour_entries" in one or "GROUP BY" in one]
    assert len(statements) <= 9
