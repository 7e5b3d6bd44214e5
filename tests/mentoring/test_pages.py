"""The pages, as the two and the unit go through them."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import openpyxl
import pytest
from flask import Flask

from lms.core import db
from lms.mentoring.models import Pairing
from lms.mentors.models import Mentor
from lms.units.models import Unit
from tests.cases.made import make_case
from tests.cast import Cast
from tests.mentoring.pairs import begin, make_mentor, make_worker

MEETING = {"held_on": "2026-03-02", "minutes": "60", "method": "home_visits", "about": "陪着走了三户", "token": "one"}


def test_a_meeting_is_noted_and_confirmed_with_one_tap(as_: Any, cast: Cast, pair: int):
    tina, alice = as_(cast.tina), as_(cast.alice)
    assert tina.post(f"/mentoring/{pair}/meetings/new", data=MEETING).status_code == 303
    page = alice.get("/").text
    assert "对方记了 1 次见面" in page
    page = alice.get(f"/mentoring/{pair}").text
    assert "陪着走了三户" in page
    confirm = re.search(rf'action="(/mentoring/{pair}/meetings/\d+/confirmation)"', page)
    assert confirm and alice.post(confirm[1]).status_code == 303

    assert "双方确认" in tina.get(f"/mentoring/{pair}").text
    bo = as_(cast.bo).get(f"/mentoring/{pair}").text
    assert "入户走访" in bo and "陪着走了三户" not in bo


def test_a_refused_meeting_keeps_what_was_typed(as_: Any, cast: Cast, pair: int):
    answer = as_(cast.tina).post(f"/mentoring/{pair}/meetings/new", data={**MEETING, "held_on": "2026-03-03"})

    assert answer.status_code == 422
    assert "见面的日期还没有到" in answer.text and "陪着走了三户" in answer.text


def test_another_mentor_of_the_same_mentee_reads_no_talk(app: Flask, as_: Any, cast: Cast, pair: int):
    tina = as_(cast.tina)
    tina.post(f"/mentoring/{pair}/meetings/new", data=MEETING)
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        other = make_worker("沈老师", cast.xinhua)
        begin(make_mentor(other.id, unit_id=cast.street, reach_id=cast.county), cast.alice, cast.street)
    page = as_(other.id).get(f"/mentoring/growth/{cast.alice}")

    assert page.status_code == 200 and "陪着走了三户" not in page.text
    assert as_(other.id).get(f"/mentoring/{pair}").status_code == 404


def test_the_card_names_both_with_unit_and_post_and_the_day(as_: Any, cast: Cast, pair: int):
    page = as_(cast.bo).get(f"/mentoring/{pair}/card/print").text

    for words in ("艾丽丝", "光明社区 网格员", "田娜", "能独立主持一次调解", "和平街道", "2026"):
        assert words in page


def test_the_register_as_a_workbook(as_: Any, cast: Cast, pair: int):
    answer = as_(cast.bo).post("/mentoring/unit/register/export")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].values)

    assert len(rows) == 2
    assert rows[1][:4] == ("田娜", "讲师", "艾丽丝", "光明社区 网格员")


def test_a_quiet_ending_names_nobody_to_the_other_side(as_: Any, cast: Cast, pair: int):
    as_(cast.alice).post(f"/mentoring/{pair}/end", data={"reason": "谈不到一起"})

    assert "谈不到一起" in as_(cast.bo).get(f"/mentoring/{pair}").text
    for person_id in (cast.tina, cast.chen):
        page = as_(person_id).get(f"/mentoring/{pair}").text
        assert "提前结束" in page and "谈不到一起" not in page
    steps = as_(cast.tina).get(f"/mentoring/{pair}").text.partition('id="steps"')[2]
    assert "艾丽丝" not in steps


def test_pages_cost_the_same_whatever_the_unit_has(app: Flask, as_: Any, cast: Cast, pair: int, query_count: Any):
    bo = as_(cast.bo)

    def statements(address: str) -> int:
        with query_count() as seen:
            assert bo.get(address).status_code == 200
        return len(seen)

    def add(mentor_id: int, number: int) -> None:
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as work:
            begin(work.get_one(Mentor, mentor_id), make_worker(f"新人{number}", cast.xinhua).id, cast.street)

    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        other = make_mentor(make_worker("沈老师", cast.xinhua).id, unit_id=cast.street, reach_id=cast.county).id
    add(other, 1)
    pages = ("/mentoring/unit", "/mentoring/unit/pairs", "/mentoring/unit/register")
    before = [statements(page) for page in pages]
    add(other, 2)
    add(other, 3)
    assert [statements(page) for page in pages] == before


def test_whoever_has_no_pair_is_shown_the_way(as_: Any, cast: Cast, at: None):
    page = as_(cast.wen).get("/mentoring")

    assert "您现在没有结对" in page.text


def test_the_growth_file_holds_the_cases_that_the_reader_may_read(app: Flask, as_: Any, cast: Cast, pair: int):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as work:
        street = work.get_one(Unit, cast.street)
        make_case(unit=street, author_id=cast.alice, slug="fabu")
        make_case(unit=street, author_id=cast.alice, slug="caogao", published=False)
        other = make_worker("沈老师", cast.xinhua).id
        begin(make_mentor(other, unit_id=cast.street, reach_id=cast.county), cast.alice, cast.street)
    own, mentors = (as_(person_id).get(f"/mentoring/growth/{cast.alice}").text for person_id in (cast.alice, other))

    assert 'href="/cases/fabu"' in own and 'href="/cases/caogao"' in own
    assert 'href="/cases/fabu"' in mentors and 'href="/cases/caogao"' not in mentors


def test_a_lecture_that_the_unit_notes_waits_for_a_second_person(app: Flask, as_: Any, cast: Cast, pair: int):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as work:
        mentor_id = work.get_one(Pairing, pair).mentor_id
    page, day = f"/mentoring/unit/lectures/new?unit={cast.county}", "2026-03-02"
    form = {"mentor": mentor_id, "held_on": day, "title": "怎样开居民会", "audience": "新入职人员"}
    assert as_(cast.mallory).get(page).status_code == 404
    assert as_(cast.tina).post(page, data=form).status_code == 403
    bo = as_(cast.chen)
    assert bo.put(page).status_code == 405
    assert bo.post(page, data={**form, "held_on": "2099-01-01"}).status_code == 422
    assert bo.post(page, data=form).status_code == 303
    assert "这次授课已经记过" in bo.post(page, data=form).text
    listed, tina = f"/mentoring/unit/lectures?unit={cast.county}&year={day[:4]}", as_(cast.tina)
    confirmation = re.search(r"/mentoring/lectures/\d+/confirmation", tina.get("/mentoring").text)
    waiting = bo.get(listed).text
    assert confirmation and confirmation[0] not in waiting
    assert "等导师或别的管理员确认" in waiting
    assert "请确认" in tina.get("/notices").text
    assert bo.post(confirmation[0]).status_code == 403
    assert as_(cast.alice).post(confirmation[0]).status_code == 404
    assert "怎样开居民会" not in tina.get("/record").text
    assert tina.post(confirmation[0]).headers["Location"].endswith("/mentoring")
    assert "怎样开居民会" in tina.get("/record").text
    assert "已确认" in bo.get(listed).text


@pytest.fixture
def across(app: Flask, cast: Cast, pair: int) -> dict[str, int]:
    """沈老师 of Rui's street mentors Alice of Bo's, looked after by the mentor's street (`theirs`); and another of Bo's
    workers for Bo's own street (`ours`)."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        other, he = make_worker("沈老师", cast.shuian), make_worker("何新华", cast.xinhua)
        mentor = make_mentor(other.id, unit_id=cast.riverside, reach_id=cast.county)
        theirs, ours = begin(mentor, cast.alice, cast.riverside), begin(mentor, he.id, cast.street)
        return {"theirs": theirs.id, "ours": ours.id, "mentor": other.id, "he": he.id}


def test_a_partner_beyond_ones_reach_is_told_by_unit_and_post(as_: Any, cast: Cast, across: dict[str, int]) -> None:
    """Bo may open the pair, since Alice is his; the mentor is another street's, which looks after the pair."""
    bo, post = as_(cast.bo), "水岸社区 网格员"
    pages = [
        f"/mentoring/{across['theirs']}", f"/people/{cast.alice}", f"/people/{cast.alice}/file",
        f"/mentoring/growth/{cast.alice}", f"/mentoring/{across['theirs']}/card/print",
    ]  # fmt: skip
    for page in pages:
        assert "沈老师" not in bo.get(page).text, page
        assert post in bo.get(page).text or "print" in page, page
        assert "沈老师" in as_(cast.chen).get(page).text, page
    for page in (f"/people/{across['mentor']}", f"/people/{across['mentor']}/file"):
        shown = as_(cast.rui).get(page).text
        assert "何新华" not in shown and "新华社区 网格员" in shown and "艾丽丝" in shown
    for page in ("/record/file", f"/mentoring/{across['theirs']}"):
        assert "沈老师" in as_(cast.alice).get(page).text


def test_lists_prints_and_workbooks_follow_the_same_rule(as_: Any, cast: Cast, across: dict[str, int]) -> None:
    bo = as_(cast.bo)
    for page in ("/mentoring/unit/pairs", "/mentoring/unit/register", "/mentoring/unit/cards"):
        text = bo.get(page).text
        assert "田娜" in text  # the pair that Bo's own street looks after
        assert text.count("沈老师") == 1 and "艾丽丝" in text and "何新华" in text, page
    rows = exported(bo, "/mentoring/unit/register/export")
    assert sorted((row[0], row[2]) for row in rows[1:]) == sorted(
        [("—", "艾丽丝"), ("沈老师", "何新华"), ("田娜", "艾丽丝")]
    )
    assert [row[1] for row in rows[1:] if row[0] == "—"] == ["水岸社区 网格员"]
    for form, person, hidden in (("json", cast.alice, "沈老师"), ("json", across["he"], "nobody")):
        with bo.post(f"/people/{person}/file.{form}") as answer:
            pairs = json.loads(answer.data)["sections"]["mentoring"]
        assert hidden not in {row["mentor"] for row in pairs}
    assert {row["mentor"] for row in pairs} == {"沈老师"}
    book = str(exported(bo, f"/people/{cast.alice}/file.xlsx"))
    assert "沈老师" not in book and "水岸社区 网格员" in book
    assert "沈老师" in as_(cast.alice).get("/record/file.json").text


def exported(client: Any, page: str) -> list[tuple[Any, ...]]:
    with client.post(page) as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


def test_the_rule_speaks_english_too(as_: Any, cast: Cast, across: dict[str, int]) -> None:
    rui = as_(cast.rui)
    shown = in_english(rui, f"/people/{across['mentor']}")
    assert "沈老师 and (新华社区 网格员)" in shown  # the post as the roster words it


def in_english(client: Any, page: str) -> str:
    return client.get(page, headers={"Accept-Language": "en"}).text


def test_after_the_end_the_mentor_changes_nothing_and_the_mentee_s_file_is_closed(
    app: Flask, as_: Any, cast: Cast, pair: int
):
    tina = as_(cast.tina)
    assert tina.get(f"/mentoring/growth/{cast.alice}").status_code == 200
    assert tina.post(f"/mentoring/{pair}/end", data={"reason": "工作调整"}).status_code == 303

    assert tina.get(f"/mentoring/growth/{cast.alice}").status_code == 404
    endpoints = [rule for rule in app.url_map.iter_rules() if rule.arguments == {"pairing_id"}]
    posts = [
        rule.rule for rule in endpoints if rule.endpoint.startswith("mentoring.") and "POST" in (rule.methods or ())
    ]
    assert len(posts) >= 8
    for path in posts:
        form = {**MEETING, "words": "旁听一次调解", "revision": "1", "reason": "工作调整"}
        answer = tina.post(path.replace("<id:pairing_id>", str(pair)), data=form)
        assert answer.status_code in {403, 422}, path
