"""The pages, as the two and the unit go through them."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from flask import Flask

from lms.core import db
from lms.mentoring.models import Pairing
from lms.mentors.models import Mentor
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.cases.made import make_case
from tests.cast import SYSTEM, Cast
from tests.mentoring.pairs import NOW, begin, make_mentor, make_worker

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


def test_the_unit_notes_a_lecture_itself(app: Flask, as_: Any, cast: Cast, pair: int):
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
    assert "怎样开居民会" in as_(cast.tina).get("/mentoring").text
    assert "已确认" in bo.get(f"/mentoring/unit/lectures?unit={cast.county}&year={day[:4]}").text


def test_a_person_s_page_names_nobody_beyond_the_reader_s_reach(app: Flask, as_: Any, cast: Cast, pair: int):
    """Rui administers 沈老师, who mentors Alice of another street; and Alice, since she trains there, too."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        other = make_worker("沈老师", cast.shuian)
        begin(make_mentor(other.id, unit_id=cast.riverside, reach_id=cast.county), cast.alice, cast.street)
        mentor_id = other.id
    rui, page = as_(cast.rui), f"/people/{mentor_id}"
    assert "沈老师 帮带 （其他单位的帮带对象）" in rui.get(page).text
    assert "艾丽丝" not in rui.get(page).text and "a mentee of another unit" in in_english(rui, page)
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as work:
        alice, riverside = work.get_one(Person, cast.alice), work.get_one(Unit, cast.riverside)
        people.grant(alice, role=Role.TRAINER, unit=riverside, actor=SYSTEM, now=NOW)
    page = f"/people/{cast.alice}"
    shown = rui.get(page).text
    assert "（其他单位的导师） 帮带 艾丽丝" in shown and "沈老师 帮带 艾丽丝" in shown
    assert "田娜" not in shown and f"/mentoring/{pair}" not in shown
    assert "a mentor from another unit" in in_english(rui, page)

    assert f'<a href="/mentoring/{pair}">田娜 帮带 艾丽丝</a>' in as_(cast.bo).get(page).text


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
    posts = [rule.rule for rule in endpoints if rule.endpoint.startswith("mentoring.") and "POST" in rule.methods]
    assert len(posts) >= 8
    for path in posts:
        form = {**MEETING, "words": "旁听一次调解", "revision": "1", "reason": "工作调整"}
        answer = tina.post(path.replace("<id:pairing_id>", str(pair)), data=form)
        assert answer.status_code in {403, 422}, path
