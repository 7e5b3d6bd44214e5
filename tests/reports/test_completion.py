"""The completion board: unit by unit, each number a link to the people behind it."""

from datetime import date

import pytest

from lms.hours import actions as hours
from tests.cast import SYSTEM, Cast
from tests.reports.facts import NOW, appoint, enroll, finish, leave, offer, work_in
from tests.reports.pages import headings_of, names_behind, table_of

BOARD = "/reports/completion"


def texts(cells):
    return [cell.text for cell in cells]


@pytest.fixture
def county(facts, cast: Cast):
    """Alice finished a course this year; Sun began it; Dai works in the county itself; Gu in the sibling street."""
    with facts():
        course = offer("接待与走访")
        finish(cast.alice, course)
        enroll(cast.sun, course)
        work_in(cast.county, "戴直属")
        work_in(cast.shuian, "顾水岸")
    return course


def test_the_board_lists_the_units_below_and_their_sum(as_, cast: Cast, county):
    rows = table_of(as_(cast.chen), f"{BOARD}?unit={cast.county}")

    assert texts(rows["和平街道"]) == ["和平街道", "2", "1", "1", "50%", "2.00"]
    assert texts(rows["滨河街道"]) == ["滨河街道", "1", "0", "1", "0%", "0.00"]
    assert texts(rows["直接在本单位任职"]) == ["直接在本单位任职", "1", "0", "1", "0%", "0.00"]
    assert texts(rows["合计"]) == ["合计", "4", "1", "3", "25%", "2.00"]


def test_units_stand_in_administrative_order(as_, cast: Cast, county):
    page = as_(cast.chen).get(BOARD).get_data(as_text=True)

    assert headings_of(page) == ["和平街道", "滨河街道", "直接在本单位任职", "合计"]


def test_each_number_leads_to_its_people(as_, cast: Cast, county):
    chen = as_(cast.chen)
    rows = table_of(chen, f"{BOARD}?unit={cast.county}")

    for cells in rows.values():
        for cell in cells[1:4]:
            assert len(names_behind(chen, cell.href)) == int(cell.text)
    assert names_behind(chen, rows["和平街道"][2].href) == ["艾丽丝"]
    assert names_behind(chen, rows["直接在本单位任职"][3].href) == ["戴直属"]


def test_one_drills_down_from_the_province_to_names(as_, cast: Cast, county):
    pan = as_(cast.pan)
    address = BOARD
    for name in ("安和市", "清河区", "和平街道", "光明社区"):
        address = table_of(pan, address)[name][0].href

    assert sorted(names_behind(pan, address)) == sorted(["艾丽丝", "孙书记"])


def test_a_course_may_be_chosen(as_, cast: Cast, county, facts):
    with facts():
        other = offer("另一门课")

    rows = table_of(as_(cast.chen), f"{BOARD}?course={other}")

    assert texts(rows["合计"])[1:4] == ["4", "0", "4"]


def test_a_person_with_two_posts_counts_once_where_the_primary_one_is(as_, cast: Cast, county, facts):
    with facts():
        appoint(cast.alice, cast.shuian, since=date(2026, 1, 1))
        appoint(cast.alice, cast.other_community, since=date(2026, 1, 1))

    rows = table_of(as_(cast.chen), BOARD)
    there = as_(cast.mallory).get(f"{BOARD}?unit={cast.other_county}").get_data(as_text=True)

    assert (rows["和平街道"][1].text, rows["滨河街道"][1].text, rows["合计"][1].text) == ("2", "1", "4")
    assert "应学 1 人" in there


def test_a_past_year_counts_the_people_of_its_last_day(as_, cast: Cast, county, facts):
    with facts():
        leave(cast.sun, last_day=date(2026, 2, 1))
        work_in(cast.guangming, "新来的", since=date(2026, 3, 1))

    chen = as_(cast.chen)

    assert table_of(chen, f"{BOARD}?year=2025")["和平街道"][1].text == "2"
    assert table_of(chen, BOARD)["和平街道"][1].text == "2"
    assert "新来的" in names_behind(chen, f"/reports/people?unit={cast.street}")
    assert "孙书记" in names_behind(chen, f"/reports/people?unit={cast.street}&year=2025")


def test_when_a_primary_post_ends_the_other_one_counts_from_then_on(as_, cast: Cast, facts):
    with facts():
        moving = work_in(cast.xinhua, "两处任职", since=date(2024, 1, 1))
        appoint(moving, cast.shuian, since=date(2024, 6, 1))
        offer("课")
        leave(moving, last_day=date(2026, 5, 1), unit_id=cast.xinhua)

    chen = as_(cast.chen)

    assert "两处任职" in names_behind(chen, f"/reports/people?unit={cast.xinhua}&year=2025")
    assert "两处任职" not in names_behind(chen, f"/reports/people?unit={cast.shuian}&year=2025")
    assert "两处任职" in names_behind(chen, f"/reports/people?unit={cast.shuian}")


def test_a_reversed_course_is_not_finished(as_, cast: Cast, facts):
    with facts():
        entry = finish(cast.alice, offer("接待与走访"))
        hours.reverse(entry, reason="登记错误", actor=SYSTEM, now=NOW)

    rows = table_of(as_(cast.chen), BOARD)

    assert texts(rows["合计"])[1:] == ["2", "0", "2", "0%", "0.00"]


def test_courses_are_counted_one_by_one(as_, cast: Cast, county):
    chen = as_(cast.chen)
    row = table_of(chen, f"/reports/courses?unit={cast.county}")["接待与走访"]

    assert texts(row) == ["接待与走访", "街道全员", "4", "2", "1", "3", "25%"]
    for cell in row[2:6]:
        assert len(names_behind(chen, cell.href)) == int(cell.text)


def test_only_courses_offered_to_the_unit_are_listed(as_, cast: Cast, facts):
    with facts():
        offer("清河的课", organizer=cast.county)
        offer("街道的课", organizer=cast.street)
        elsewhere = offer("临江的课", organizer=cast.other_county)

    chen = as_(cast.chen)

    assert list(table_of(chen, "/reports/courses")) == ["清河的课"]
    assert set(table_of(chen, f"/reports/courses?unit={cast.street}")) == {"清河的课", "街道的课"}
    assert chen.get(f"{BOARD}?course={elsewhere}").status_code == 404


def test_a_trainer_sees_courses_in_numbers_without_names(as_, cast: Cast, county):
    tina = as_(cast.tina)
    row = table_of(tina, "/reports/courses")["接待与走访"]

    assert texts(row) == ["接待与走访", "街道全员", "4", "2", "1", "3", "25%"]
    assert not any(cell.href for cell in row)
    assert tina.get(BOARD).location == "/reports/courses"
    assert tina.get(f"/reports/courses?unit={cast.other_county}").status_code == 404


def test_years_are_compared_side_by_side(as_, cast: Cast, county, facts):
    with facts():
        finish(cast.sun, county, on=date(2025, 5, 1))

    chen = as_(cast.chen)
    rows = table_of(chen, "/reports/years")

    assert texts(rows["2026"])[1:4] == ["4", "1", "3"]
    assert texts(rows["2025"])[1:4] == ["4", "1", "3"]
    assert list(rows) == ["2026", "2025"]
    for cells in rows.values():
        for cell in cells[1:4]:
            assert len(names_behind(chen, cell.href)) == int(cell.text)


@pytest.mark.parametrize("page", ["completion", "courses", "years", "people"])
def test_another_county_gets_404_and_no_numbers(as_, cast: Cast, county, page):
    for unit in (cast.county, cast.street, cast.guangming, cast.city, 999_999):
        answer = as_(cast.mallory).get(f"/reports/{page}?unit={unit}")

        assert answer.status_code == 404
        assert "清河" not in answer.get_data(as_text=True)


def test_a_sibling_street_is_out_of_reach(as_, cast: Cast, county):
    assert as_(cast.rui).get(f"{BOARD}?unit={cast.street}").status_code == 404
    assert as_(cast.bo).get(f"{BOARD}?unit={cast.county}").status_code == 404


@pytest.mark.parametrize("page", ["completion", "courses", "years", "people", "audit"])
def test_a_worker_may_not_come(as_, cast: Cast, page):
    assert as_(cast.alice).get(f"/reports/{page}").status_code == 403


@pytest.mark.parametrize("page", ["years", "people", "audit"])
def test_a_trainer_gets_no_list_of_people(as_, cast: Cast, page):
    assert as_(cast.tina).get(f"/reports/{page}").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["unit=x", "unit=-1", "unit=99999999999999999999", "year=1", "year=2027", "year=2026&year=2025", "course=x",
     "state=worst", "direct=2", "cursor=x", "cursor=WzEsIDJd", "cursor=WyIxIiwgIjIiXQ"],
)  # fmt: skip
def test_bad_questions_get_400(as_, cast: Cast, query):
    assert as_(cast.chen).get(f"/reports/people?{query}").status_code == 400


def test_a_board_is_not_written_to(as_, cast: Cast):
    assert as_(cast.chen).post(BOARD).status_code == 405


@pytest.mark.parametrize(("page", "most"), [("completion", 8), ("courses", 9), ("years", 7), ("people", 9)])
def test_statements_do_not_grow_with_the_rows(as_, cast: Cast, county, facts, query_count, page, most):
    chen = as_(cast.chen)
    chen.get(f"/reports/{page}")
    with query_count() as few:
        chen.get(f"/reports/{page}")
    with facts():
        for number in range(40):
            finish(work_in(cast.xinhua, f"增员{number}"), county)
    with query_count() as many:
        chen.get(f"/reports/{page}")

    assert len(many) == len(few)
    assert len([statement for statement in many if statement != "BEGIN"]) == most, "\n".join(many)
