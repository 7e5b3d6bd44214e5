"""Lists taken away: short ones at once, long ones by the job; fetched by whoever asked, as long as they may."""

from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.coverage import exporting, jobs, sheets
from lms.coverage.models import CoverageExport
from lms.notices.models import Notice
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.coverage.facts import NOW, adopt, train, work_in
from tests.reports.pages import sheet_of


@pytest.fixture
def people_of_the_county(facts, cast: Cast):
    with facts():
        adopt(cast.county)
        train(cast.alice)
        for number in range(7):
            work_in(cast.xinhua, f"=1+{number}")


def exports(app) -> list[CoverageExport]:
    with db.unit_of_work(app.extensions["database"], write=False) as opened:
        return list(opened.scalars(select(CoverageExport)))


def test_a_short_list_comes_at_once(as_, cast: Cast, people_of_the_county, trail):
    sheet = sheet_of(as_(cast.chen), "/coverage/people/export?group=should")

    assert len(sheet) == 1 + 9
    assert "=1+3" in [row[0] for row in sheet]
    assert trail()[-1].verb == "coverage.export"


def test_a_long_list_is_written_by_the_job(app, as_, cast: Cast, people_of_the_county, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(exporting, "BATCH", 2)
    chen, database = as_(cast.chen), app.extensions["database"]
    for _ in range(2):
        assert chen.post("/coverage/people/export?group=due").location == "/coverage/exports"
    (export,) = exports(app)
    assert chen.get(f"/coverage/exports/{export.id}/file").status_code == 404
    with app.app_context():
        for _ in range(2):
            jobs.write_lists(database, SYSTEM)
        with db.unit_of_work(database, write=False) as opened:
            assert [one.kind for one in opened.scalars(select(Notice))] == ["coverage.ready"]
    assert f"/coverage/exports/{export.id}/file" in chen.get("/coverage/exports").get_data(as_text=True)
    with chen.get(f"/coverage/exports/{export.id}/file") as answer:
        book = openpyxl.load_workbook(BytesIO(answer.data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert len(rows) == 1 + 8
    assert rows[0][0] == "姓名"
    for other in (cast.dong, cast.mallory):
        assert as_(other).get(f"/coverage/exports/{export.id}/file").status_code == 404
    assert as_(cast.alice).get(f"/coverage/exports/{export.id}/file").status_code == 403
    with app.app_context(), clock.frozen(NOW + exporting.KEPT * 2):
        jobs.write_lists(database, SYSTEM)
    assert exports(app)[0].state == "gone"
    assert not exporting_path(app, export.id).exists()


def test_who_lost_the_unit_gets_nothing(app, as_, cast: Cast, people_of_the_county, monkeypatch, facts):
    monkeypatch.setattr(sheets, "MOST_AT_ONCE", 3)
    as_(cast.chen).post("/coverage/people/export")
    with facts() as opened:
        chen, county = opened.get_one(Person, cast.chen), opened.get_one(Unit, cast.county)
        people.revoke(chen, role=Role.ADMIN, unit=county, actor=SYSTEM, now=NOW)
    with app.app_context():
        jobs.write_lists(app.extensions["database"], SYSTEM)

    assert exports(app)[0].state == "failed"


def exporting_path(app, export_id: int):
    with app.app_context():
        return exporting.path_of(export_id)
