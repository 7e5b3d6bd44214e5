"""The structure of the workforce: counted as everywhere, small groups withheld, exported with a trace."""

from __future__ import annotations

from datetime import date

import pytest

from lms.core import db, spreadsheets
from lms.hours.kinds import Ability
from lms.people import actions as people
from lms.people.models import Gender
from lms.people.posts import PostClass
from lms.reports import headcount as reports_headcount
from lms.reports.queries import tally
from lms.units.models import Unit
from lms.workforce import queries, wordings
from lms.workforce.dimensions import Dimension, categories_of, category_of
from tests.cast import BEGINNING, SYSTEM, Cast
from tests.hours.test_ledger import award

DAY = date(2026, 3, 2)
FACTS = (
    ("1990-05", "大学本科", "社会工作师", "九级"), ("1998-01", "全日制大专", "助理社工师", "9级"),
    ("1975-11", "研究生", "无", "7"), ("1968-03", "高中", "", ""), ("2001-09", "本科（学士）", "初级", "9"),
    (None, None, None, None),
)  # fmt: skip


@pytest.fixture
def crowd(app, cast: Cast) -> None:
    """Thirty-six people in 新华社区, six in 水岸社区, one in the street itself."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        for number in range(43):
            unit = cast.xinhua if number < 36 else cast.shuian if number < 42 else cast.street
            born, education, certificate, grade = FACTS[number % len(FACTS)]
            person = people.create_person(
                name=f"人员{number}", origin="tests", phone=f"199111{number:05}", actor=SYSTEM, now=BEGINNING
            )
            person.birth_month, person.education, person.certificate = born, education, certificate
            person.gender = Gender.FEMALE if number % 2 else Gender.MALE
            person.joined_on = date(2015, 6, 1) if number % 3 else None
            at = db.session().get_one(Unit, unit)
            post = people.appoint(
                person, unit=at, post=PostClass.GRID_WORKER, starts_on=date(2025, 2, 1), actor=SYSTEM, now=BEGINNING
            )
            post.grade = grade
            if number < 7:
                award(person.id, abilities=[Ability.MEDIATION, Ability.MASS_WORK][: 1 + number % 2])


def board(app, unit_id: int, dimension: Dimension, day: date = DAY) -> queries.Board:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        return queries.board(opened.get_one(Unit, unit_id), day, dimension)


def cells(made: queries.Board) -> dict[str, int | None]:
    return {str(label): cell for (_key, label), cell in zip(made.categories, made.cells, strict=True)}


def test_the_people_are_those_of_every_other_number(app, cast: Cast, crowd) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        for unit_id in (cast.street, cast.county, cast.province):
            unit = opened.get_one(Unit, unit_id)
            for day in (DAY, date(2025, 1, 20)):
                counted = opened.execute(tally(unit, day.year, day, None)).one()[0]
                for dimension in Dimension:
                    made = queries.board(unit, day, dimension)
                    assert made.total == counted
                    assert sum(line.total for line in made.lines) == counted or not made.lines
        assert reports_headcount.day_of(2025, DAY) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("written", "grade"),
    [("十二级", "12"), ("二十", "20"), ("三级", "3"), ("03", "3"), ("专技岗", "专技"), ("", "unknown")],
)
def test_grades_are_numbers_where_they_are(written, grade):
    assert category_of(Dimension.GRADE)(written) == grade


def test_a_grade_in_words_stays_as_it_is_written():
    shown = categories_of(Dimension.GRADE, ["专技", "9", "unknown"])
    assert [str(label) for _key, label in shown] == ["9 级", "专技", "未登记"]


def test_structure_by_words_that_rosters_use(app, cast: Cast, crowd) -> None:
    xinhua = cast.xinhua
    assert cells(board(app, xinhua, Dimension.GENDER)) == {"男": 18, "女": 18}
    schooling = cells(board(app, xinhua, Dimension.SCHOOLING))
    assert (schooling["大学本科"], schooling["大学专科"], schooling["研究生"], schooling["未登记"]) == (12, 6, 6, 6)
    assert cells(board(app, xinhua, Dimension.CERTIFICATE)) == {
        "高级社会工作师": 0, "社会工作师": 6, "助理社会工作师": 12, "未取得": 6, "未登记": 12,
    }  # fmt: skip
    assert cells(board(app, xinhua, Dimension.SERVICE))["10 年以上"] == 24
    assert cells(board(app, xinhua, Dimension.AGE))["不满 30 岁"] == 12
    assert cells(board(app, xinhua, Dimension.GRADE)) == {"7 级": 6, "9 级": 18, "未登记": 12}


def test_small_groups_are_withheld_on_the_page_and_in_the_workbook(app, as_, cast: Cast, crowd, trail) -> None:
    made = board(app, cast.shuian, Dimension.SCHOOLING)
    assert set(made.cells) <= {None, 0}
    page = as_(cast.bo).get(f"/workforce/?unit={cast.street}&by=schooling").text
    assert "不列出" in page
    assert "少于 5 人的组不列出" in page
    tiny = as_(cast.bo).get(f"/workforce/?unit={cast.guangming}").text
    assert "不足 5 人，不分列" in tiny
    with as_(cast.bo).post(f"/workforce/export?unit={cast.street}") as answer:
        book = spreadsheets.read(answer.data, "a.xlsx")
    assert len(book.sheets) == len(Dimension)
    numbers = [cell for sheet in book.sheets for row in sheet.rows[1:] for cell in row[2:] if isinstance(cell, float)]
    assert not [one for one in numbers if 0 < one < 5]
    assert "workforce.export" in [row.verb for row in trail()]


def test_abilities_are_those_trained_within_three_years(app, cast: Cast, crowd) -> None:
    made = cells(board(app, cast.xinhua, Dimension.ABILITY))
    assert made["矛盾调解"] == 7
    assert made["群众工作"] is None  # three people
    assert made["信息技术应用"] == 0
    later = board(app, cast.xinhua, Dimension.ABILITY, day=date(2029, 4, 1))
    assert set(later.cells) == {0}


def test_the_statements_do_not_grow_with_the_people(app, as_, cast: Cast, crowd, query_count) -> None:
    chen = as_(cast.chen)
    for dimension in Dimension:
        with query_count() as statements:
            assert chen.get(f"/workforce/?unit={cast.county}&by={dimension.value}").status_code == 200
        assert len(statements) <= 10


def test_reach_roles_methods_and_addresses(as_, cast: Cast) -> None:
    assert as_(cast.mallory).get(f"/workforce/?unit={cast.street}").status_code == 404
    assert as_(cast.mallory).post(f"/workforce/export?unit={cast.street}").status_code == 404
    assert as_(cast.tina).get("/workforce/").status_code == 403
    assert as_(cast.tina).post("/workforce/export").status_code == 403
    assert as_(cast.bo).get("/workforce/export").status_code == 405
    for query in ("day=2026-13-01", "day=9999-01-01", "day=x", "by=height", "unit=0", "day=1999-01-01"):
        assert as_(cast.bo).get(f"/workforce/?{query}").status_code == 400


def test_every_wording_cites_its_source():
    for name in ("schooling", "certificate"):
        assert wordings.read(name).source
    schooling, certificate = wordings.read("schooling"), wordings.read("certificate")
    said = {
        "大专": "college",
        "全日制本科": "bachelor",
        "在职研究生": "postgraduate",
        "大学专科": "college",
        "私塾": "other",
    }
    assert {text: schooling.class_of(text) for text in said} == said
    said = {
        "助理社会工作师": "assistant",
        "社会工作师（中级）": "social_worker",
        "高级社工师": "senior",
        "无": "none",
        "": "unknown",
    }
    assert {text: certificate.class_of(text) for text in said} == said
