"""The people behind a number: by name, page after page, and nobody whom the reader may not see."""

from datetime import date

from tests.cast import Cast
from tests.reports.facts import appoint, enroll, finish, leave, offer, work_in
from tests.reports.pages import names_behind, table_of

PEOPLE = "/reports/people"


def test_a_row_says_post_hours_and_courses(as_, cast: Cast, facts):
    with facts():
        finish(cast.alice, offer("接待与走访"))
        finish(cast.alice, offer("矛盾调解"))

    chen = as_(cast.chen)
    row = table_of(chen, f"{PEOPLE}?state=finished")["艾丽丝"]

    assert [cell.text for cell in row] == [
        "艾丽丝", "光明社区", "网格员", "199****0001", "4.00", "接待与走访、矛盾调解", "已完成",
    ]  # fmt: skip
    assert chen.get(row[0].href).status_code == 200
    assert chen.get(row[4].href).status_code == 200


def test_the_list_goes_on_page_after_page(as_, cast: Cast, facts):
    with facts():
        for number in range(70):
            work_in(cast.shuian, f"同名{number % 3}")

    names = names_behind(as_(cast.chen), f"{PEOPLE}?unit={cast.riverside}")

    assert len(names) == 70
    assert names == sorted(names)


def test_states_divide_the_people(as_, cast: Cast, facts):
    with facts():
        course, other = offer("接待与走访"), offer("矛盾调解")
        finish(cast.alice, course)
        enroll(cast.sun, other)

    chen = as_(cast.chen)

    assert names_behind(chen, f"{PEOPLE}?state=unfinished") == ["孙书记"]
    assert set(names_behind(chen, f"{PEOPLE}?state=begun")) == {"艾丽丝", "孙书记"}
    assert names_behind(chen, f"{PEOPLE}?state=finished&course={other}") == []
    assert set(names_behind(chen, f"{PEOPLE}?state=unfinished&course={other}")) == {"艾丽丝", "孙书记"}


def test_a_finish_of_another_year_does_not_count(as_, cast: Cast, facts):
    with facts():
        finish(cast.alice, offer("接待与走访"), on=date(2025, 12, 31))

    chen = as_(cast.chen)

    assert names_behind(chen, f"{PEOPLE}?state=finished") == []
    assert names_behind(chen, f"{PEOPLE}?state=finished&year=2025") == ["艾丽丝"]


def test_who_has_moved_away_keeps_the_numbers_of_the_past_and_loses_the_name(as_, cast: Cast, facts):
    with facts():
        leave(cast.alice, last_day=date(2026, 3, 1))
        appoint(cast.alice, cast.other_community, since=date(2026, 3, 2))

    chen, mallory = as_(cast.chen), as_(cast.mallory)
    before = chen.get(f"{PEOPLE}?year=2025").get_data(as_text=True)

    assert "共" not in before
    assert sorted(names_behind(chen, f"{PEOPLE}?year=2025")) == sorted(["已调离人员", "孙书记"])
    assert "艾丽丝" not in before
    assert "199****0001" not in before
    assert "艾丽丝" in names_behind(mallory, PEOPLE)
    assert "艾丽丝" not in names_behind(mallory, f"{PEOPLE}?year=2025")


def test_a_hidden_name_is_not_in_the_cursor_either(as_, cast: Cast, facts):
    with facts():
        for number in range(40):
            gone = work_in(cast.shuian, f"离开{number:02}")
            leave(gone, last_day=date(2026, 3, 1))
            appoint(gone, cast.other_community, since=date(2026, 3, 2))

    names = names_behind(as_(cast.chen), f"{PEOPLE}?unit={cast.shuian}&year=2025")

    assert names == ["已调离人员"] * 40


def test_an_unknown_post_title_shows_the_class(as_, cast: Cast):
    assert table_of(as_(cast.chen), PEOPLE)["孙书记"][2].text == "社区党组织书记"
