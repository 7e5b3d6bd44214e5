"""Closed years: what was stated stays, what came later is a difference, stating anew keeps the old figure."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.coverage import figures, jobs
from lms.coverage.models import YearClosing
from lms.coverage.queries import NOBODY, Numbers
from lms.policies.models import Standing
from tests.cast import SYSTEM, Cast
from tests.coverage.facts import NOW, adopt, train, work_in
from tests.coverage.test_sums import prove
from tests.reports.pages import table_of

PAGE, CLOSE, RESTATE = "/coverage/closings", "/coverage/closings/close", "/coverage/closings/restate"
LAST_YEAR = "cycle=2025-01-01"


@pytest.fixture
def year(facts, cast: Cast):
    """2025, of which Alice's training is known, and Gu's is not yet."""
    with facts():
        adopt(cast.county)
        train(cast.alice, date(2025, 5, 6))
        return work_in(cast.shuian, "顾水岸")


def closed_row(client, unit: int, name: str = "结账数 现行") -> list[str]:
    """(应训, 已训) as stated."""
    return [cell.text for cell in table_of(client, f"{PAGE}?unit={unit}&{LAST_YEAR}")[name][2:4]]


def test_a_closed_year_keeps_its_figures(as_, cast: Cast, year, facts, trail):
    chen = as_(cast.chen)
    assert chen.post(f"{CLOSE}?{LAST_YEAR}").status_code == 303
    assert trail()[-1].verb == "coverage.close"
    with facts():
        train(year, date(2025, 12, 31))

    rows = table_of(chen, f"{PAGE}?{LAST_YEAR}")
    assert [cell.text for cell in rows["结账数 现行"][2:4]] == ["3", "1"]
    assert [cell.text for cell in rows["现在"][2:5]] == ["3", "2", "1"]
    assert [cell.text for cell in rows["现在与现行数的差异"][2:4]] == ["0", "+1"]
    assert [cell.text for cell in rows["滨河街道"][1:]] == ["1", "1", "0", "1", "+1"]
    assert "结账时已训 1 人，现在是 2 人。" in chen.get(f"/coverage/?{LAST_YEAR}").get_data(as_text=True)
    assert chen.post(f"{CLOSE}?{LAST_YEAR}").status_code == 422


def test_a_street_states_anew_and_the_county_moves_along(as_, cast: Cast, year, facts, trail):
    chen, rui = as_(cast.chen), as_(cast.rui)
    chen.post(f"{CLOSE}?{LAST_YEAR}")
    assert rui.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "没有变化"}).status_code == 422
    with facts():
        train(year, date(2025, 12, 31))
        train(cast.sun, date(2025, 12, 30))
    assert rui.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": " "}).status_code == 422
    assert rui.post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "12 月的班次补录"}).status_code == 303

    assert trail()[-1].verb == "coverage.restate"
    rows = table_of(chen, f"{PAGE}?{LAST_YEAR}")
    assert [cell.text for cell in rows["结账数"][2:4]] == ["3", "1"]
    assert [cell.text for cell in rows["第 1 次更正 现行"][2:4]] == ["3", "2"]
    assert "滨河街道，芮滨河：12 月的班次补录" in rows["第 1 次更正 现行"][1].text
    assert [cell.text for cell in rows["现在与现行数的差异"][2:4]] == ["0", "+1"]
    assert closed_row(rui, cast.riverside, "第 1 次更正 现行") == ["1", "1"]
    assert closed_row(as_(cast.bo), cast.street) == ["2", "1"]


def test_what_a_street_closed_earlier_stands_in_the_county_figure(as_, cast: Cast, year, facts):
    rui, chen = as_(cast.rui), as_(cast.chen)
    assert rui.post(f"{CLOSE}?{LAST_YEAR}").status_code == 303
    with facts():
        train(year, date(2025, 12, 31))
    chen.post(f"{CLOSE}?{LAST_YEAR}")

    assert closed_row(chen, cast.county) == ["3", "1"]
    assert closed_row(rui, cast.riverside) == ["1", "0"]


def test_scope_of_closing(as_, cast: Cast, year):
    for address, form in ((CLOSE, {}), (RESTATE, {"reason": "x"})):
        assert as_(cast.rui).post(f"{address}?unit={cast.street}&{LAST_YEAR}", data=form).status_code == 404
        assert as_(cast.mallory).post(f"{address}?unit={cast.county}&{LAST_YEAR}", data=form).status_code == 404
        assert as_(cast.tina).post(f"{address}?{LAST_YEAR}", data=form).status_code == 403
        assert as_(cast.alice).post(f"{address}?{LAST_YEAR}", data=form).status_code == 403
        assert as_(cast.chen).get(address).status_code == 405
    assert as_(cast.chen).post(CLOSE).status_code == 422
    assert as_(cast.chen).post(f"{RESTATE}?{LAST_YEAR}", data={"reason": "x"}).status_code == 422


def test_the_job_closes_what_nobody_closed_once_and_changes_no_standing(app, cast: Cast, year):
    def standings() -> list[tuple[object, ...]]:
        with db.unit_of_work(app.extensions["database"], write=False) as opened:
            return [tuple(row) for row in opened.execute(select(*Standing.__table__.columns))]

    before = standings()
    with app.test_request_context():
        for late in (timedelta(), timedelta(), timedelta(days=1), timedelta(days=900)):
            with clock.frozen(NOW + late):
                jobs.close_years(app.extensions["database"], SYSTEM)
        with db.unit_of_work(app.extensions["database"], write=False) as opened:
            closed = [(row.cycle_start.year, row.number, row.closed_by) for row in opened.scalars(select(YearClosing))]
            prove()
    assert closed[0] == (2025, 1, "tests")
    assert [number for _year, number, _by in closed] == [1] * len(closed)
    assert len({year for year, _number, _by in closed}) == len(closed)
    assert standings() == before


def test_figures_of_parents_are_the_sum_of_the_names_below():
    stood = figures.of_units({"1.": NOBODY, "1.2.": Numbers(met=1), "1.2.4.": Numbers(due=2)}, {"1.": 1, "1.2.": 2})
    assert stood == {1: Numbers(met=1, due=2), 2: Numbers(met=1, due=2)}
    stated = {2: Numbers(due=1)}
    moved = {2: Numbers(met=1), 5: Numbers(met=1)}
    assert figures.closing(stood, moved, stated) == {1: stood[1], 2: Numbers(met=1, due=1)}
    assert figures.restating(moved, stated) == {2: Numbers(met=1, due=1), 5: Numbers(met=1)}
    assert figures.places_above(["1.2.4.", "1.3."]) == {"1.", "1.2.", "1.2.4.", "1.3."}
