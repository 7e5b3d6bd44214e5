"""The list of those who are late, and its one action: all of the people asked for, or nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.courses.models import Enrollment
from lms.notices.models import Notice
from lms.notices.queries import show
from tests.cast import Cast
from tests.coverage.facts import NOW, YEARLY, adopt, train, work_in
from tests.reports.facts import offer
from tests.reports.pages import names_behind, table_of

REMIND, PUT_INTO = "/coverage/overdue/remind", "/coverage/overdue/courses"


@pytest.fixture
def late(facts, cast: Cast):
    """Nobody but Alice was trained in 2026; Gu works in the sibling street."""
    with facts():
        adopt(cast.county)
        adopt(cast.county, {**YEARLY, "key": "other", "title": "另一项要求"}, name="other")
        train(cast.alice, date(2026, 5, 6))
        named = {"gu": work_in(cast.shuian, "顾水岸"), "he": work_in(cast.xinhua, "何新华")}
        named["course"] = offer("接待与走访")
        named["elsewhere"] = offer("临江的课", organizer=cast.other_county)
    return named


def told(app, person_id: int) -> list[Notice]:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        return list(opened.scalars(select(Notice).where(Notice.person_id == person_id).order_by(Notice.id)))


def test_the_list_says_who_can_act(as_, cast: Cast, late):
    rows = table_of(as_(cast.chen), "/coverage/overdue")

    assert [cell.text for cell in rows["和平街道"]] == ["和平街道", "0", "2", "薄和平"]
    assert rows["何新华"][-1].text == "和平街道管理员薄和平；清河区组织培训"
    assert "艾丽丝" not in rows


def test_those_with_a_nearer_administrator_can_be_left_out(as_, cast: Cast, late, facts):
    with facts():
        work_in(cast.county, "戴直属")

    assert "戴直属" in names_behind(as_(cast.chen), "/coverage/overdue?mine=1")
    assert "何新华" not in names_behind(as_(cast.chen), "/coverage/overdue?mine=1")
    assert "何新华" in names_behind(as_(cast.bo), "/coverage/overdue?mine=1")


def test_people_are_told_once_a_week_all_that_they_owe(app, as_, cast: Cast, late, trail):
    chen = as_(cast.chen)
    answer = chen.post(REMIND, data={"person": [late["he"], cast.sun]})

    assert answer.status_code == 303
    (notice,) = told(app, late["he"])
    assert notice.params["what"] == "每年培训一次（2026-12-31）、另一项要求（2026-12-31）"
    with app.test_request_context():
        assert show(notice, unread=True).why == (
            "因为清河区的管理员陈清河查看未完成名单时提醒了您；同一个人一周最多提醒一次"
        )
    assert trail()[-1].verb == "coverage.remind"
    chen.post(REMIND, data={"all": "1"})
    assert len(told(app, late["he"])) == 1
    assert len(told(app, late["gu"])) == 1
    with clock.frozen(NOW + timedelta(days=6)):
        as_(cast.bo).post(REMIND, data={"person": [late["he"]]})
    assert len(told(app, late["he"])) == 1
    with clock.frozen(NOW + timedelta(days=8)):
        as_(cast.bo).post(REMIND, data={"person": [late["he"]]})
    assert len(told(app, late["he"])) == 2


def test_who_was_trained_meanwhile_is_left_alone(app, as_, cast: Cast, late):
    answer = as_(cast.chen).post(REMIND, data={"person": [cast.alice, late["he"]]}, follow_redirects=True)

    assert "已提醒 1 人。另有 1 人" in answer.get_data(as_text=True)
    assert not told(app, cast.alice)


def test_people_are_put_into_a_course_and_told(app, as_, cast: Cast, late, trail):
    form = {"person": [late["he"], cast.sun], "course": late["course"]}
    answer = as_(cast.bo).post(PUT_INTO, data=form, follow_redirects=True)

    assert "已把 2 人加入《接待与走访》" in answer.get_data(as_text=True)
    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        assert set(opened.scalars(select(Enrollment.person_id))) == {late["he"], cast.sun}
    assert [notice.kind for notice in told(app, cast.sun)] == ["coverage.put_into"]
    assert "courses.enroll_people" in [row.verb for row in trail()]
    assert "另有 2 人" in as_(cast.bo).post(PUT_INTO, data=form, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize("address", [REMIND, PUT_INTO])
def test_one_foreign_person_among_them_and_nothing_is_done(app, as_, cast: Cast, late, address):
    for foreign in (late["gu"], cast.wen, 999_999):
        form = {"person": [late["he"], foreign], "course": late["course"]}
        assert as_(cast.bo).post(address, data=form).status_code == 404
    assert not told(app, late["he"])
    assert as_(cast.bo).post(f"{address}?unit={cast.county}", data={"person": [late["he"]]}).status_code == 404
    assert as_(cast.mallory).post(f"{address}?unit={cast.street}", data={"person": [late["he"]]}).status_code == 404
    assert as_(cast.tina).post(address, data={"person": [late["he"]]}).status_code == 403
    assert as_(cast.alice).post(address, data={"person": [late["he"]]}).status_code == 403
    assert as_(cast.bo).get(address).status_code == 405
    assert as_(cast.bo).post(address, data={"person": ["x"], "course": late["course"]}).status_code == 400


def test_a_course_of_another_county_is_not_offered_and_nobody_chosen_is_said(as_, cast: Cast, late):
    form = {"person": [late["he"]], "course": late["elsewhere"]}

    assert as_(cast.bo).post(PUT_INTO, data=form).status_code == 404
    assert as_(cast.bo).post(REMIND, data={}).status_code == 422
