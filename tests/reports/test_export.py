"""Exports: exactly what is on the screen, text kept as text, and a row in the audit trail."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select

from lms.core.audit import AuditRow
from lms.reports import sheets
from tests.cast import Cast
from tests.reports.facts import finish, offer, work_in
from tests.reports.pages import names_behind, rows_of, sheet_of, table_of

PAGES = ["completion", "courses", "years"]


@pytest.fixture
def course(facts, cast: Cast):
    with facts():
        known = offer("接待与走访")
        finish(cast.alice, known)
        work_in(cast.county, "=1+1")
    return known


@pytest.mark.parametrize("page", PAGES)
def test_a_board_is_exported_as_it_is_shown(as_, cast: Cast, course, page):
    chen = as_(cast.chen)
    shown = table_of(chen, f"/reports/{page}?unit={cast.county}")
    sheet = sheet_of(chen, f"/reports/{page}/export?unit={cast.county}")

    written = [[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in sheet[1:]]
    hours = -1 if page != "courses" else None
    for row, cells in zip(written, shown.values(), strict=True):
        texts = [cell.text for cell in cells]
        assert row[:hours] == texts[:hours]
        assert hours is None or float(row[-1]) == float(texts[-1])


def test_the_list_is_exported_whole_with_masked_numbers_and_text_kept_as_text(as_, cast: Cast, course, facts):
    with facts():
        for number in range(35):
            work_in(cast.xinhua, f"很多人{number:02}")
    chen = as_(cast.chen)

    sheet = sheet_of(chen, f"/reports/people/export?unit={cast.county}")

    assert [row[0] for row in sheet[1:]] == names_behind(chen, f"/reports/people?unit={cast.county}")
    assert len(sheet) == 39
    assert "=1+1" in [row[0] for row in sheet]
    alice = next(row for row in sheet if row[0] == "艾丽丝")
    assert alice == ["艾丽丝", "光明社区", "网格员", "199****0001", 2, "接待与走访", "已完成"]


def test_the_state_of_the_list_is_the_state_of_the_export(as_, cast: Cast, course):
    sheet = sheet_of(as_(cast.chen), f"/reports/people/export?unit={cast.street}&state=finished&course={course}")

    assert [row[0] for row in sheet[1:]] == ["艾丽丝"]


def test_an_export_leaves_a_row_in_the_audit_trail(as_, cast: Cast, course, facts):
    chen = as_(cast.chen)
    for page in [*PAGES, "people"]:
        chen.post(f"/reports/{page}/export?unit={cast.street}")

    with facts() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.verb == "reports.export").order_by(AuditRow.id)).all()
        assert [(row.object_id, row.unit_id, row.actor_person_id) for row in rows] == [
            (page, cast.street, cast.chen) for page in [*PAGES, "people"]
        ]


def test_the_file_is_named_after_the_unit(as_, cast: Cast, course):
    answer = as_(cast.chen).post(f"/reports/completion/export?unit={cast.street}")

    assert unquote(answer.headers["Content-Disposition"]).endswith("按单位-和平街道-2026.xlsx")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("page", [*PAGES, "people"])
def test_another_county_exports_nothing(as_, cast: Cast, course, facts, page):
    answer = as_(cast.mallory).post(f"/reports/{page}/export?unit={cast.street}")

    assert answer.status_code == 404
    assert "和平" not in answer.get_data(as_text=True)
    with facts() as session:
        assert session.scalar(select(AuditRow.id).where(AuditRow.verb == "reports.export")) is None


@pytest.mark.parametrize("page", [*PAGES, "people"])
def test_a_worker_exports_nothing_and_no_one_by_get(as_, cast: Cast, page):
    assert as_(cast.alice).post(f"/reports/{page}/export").status_code == 403
    assert as_(cast.chen).get(f"/reports/{page}/export").status_code == 405


@pytest.mark.parametrize(("page", "status"), [("completion", 403), ("years", 403), ("people", 403), ("courses", 200)])
def test_a_trainer_exports_courses_only(as_, cast: Cast, course, page, status):
    assert as_(cast.tina).post(f"/reports/{page}/export").status_code == status


def test_a_list_that_is_too_long_is_refused_in_words(as_, cast: Cast, course, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_PEOPLE", 2)

    answer = as_(cast.chen).post("/reports/people/export")

    assert answer.status_code == 422
    assert "一次最多导出 2 人" in answer.get_data(as_text=True)


def test_an_export_costs_few_statements(as_, cast: Cast, course, query_count):
    chen = as_(cast.chen)
    with query_count() as statements:
        chen.post("/reports/people/export")

    assert len([statement for statement in statements if not statement.startswith("BEGIN")]) == 8


def test_the_page_posts_its_own_question(as_, cast: Cast, course):
    page = as_(cast.chen).get(f"/reports/people?state=finished&course={course}").get_data(as_text=True)

    assert rows_of(page)
    assert f"/reports/people/export?unit={cast.county}&amp;course={course}&amp;state=finished" in page
