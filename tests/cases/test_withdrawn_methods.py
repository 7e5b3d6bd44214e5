"""A method is withdrawn with a reason, which is said wherever the method is named, and put back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.cases import methods
from lms.cases.models import Method, MethodWithdrawal
from lms.core import db
from lms.courses import actions as courses
from lms.courses.folder import read_course
from lms.notices.models import Notice
from lms.units.models import Unit
from tests.cases.made import NOW, make_case
from tests.cases.scene import METHOD
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.courses.folders import write_course
from tests.drafts.made import make_draft

READ = "/cases/methods/loudao-yishi"
REASON = "第二步和新的规定不合。"


@pytest.fixture
def method(app, cast) -> int:
    """The county's method, which Tina wrote, with a public case that shows it."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
        county = opened.get_one(Unit, cast.county)
        made = methods.create_method(slug="loudao-yishi", unit=county, now=NOW)
        methods.add_version(made, METHOD, actor=actor_of(cast.tina), now=NOW)
        make_case(unit=county, slug="dianti", methods=("loudao-yishi",))
        return made.id


@pytest.fixture
def withdrawn(as_, cast, method) -> int:
    assert as_(cast.chen).post(f"{READ}/withdrawal", data={"reason": REASON}).status_code == 303
    return method


def test_it_takes_a_reason_and_is_told_and_recorded(app, as_, cast, method, trail, look):
    chen = as_(cast.chen)
    page = chen.get(f"{READ}/withdrawal").text
    assert "有 1 篇案例写到它" in page
    assert chen.post(f"{READ}/withdrawal", data={"reason": " "}).status_code == 422

    assert chen.post(f"{READ}/withdrawal", data={"reason": REASON}).status_code == 303

    assert [row.verb for row in trail() if "method" in row.verb][-1] == "cases.withdraw_method"
    row = look(MethodWithdrawal, 1)
    assert (row.reason, row.withdrawn_by_id, row.restored_at) == (REASON, cast.chen, None)
    again = chen.post(f"{READ}/withdrawal", data={"reason": REASON})
    assert again.status_code == 422 and "已经撤回" in again.text
    assert chen.get(f"{READ}/withdrawal").location.endswith(READ)
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        told = opened.scalars(select(Notice.person_id).where(Notice.kind == "cases.method_withdrawn")).all()
    assert told == [cast.tina]


def test_others_read_why_and_nothing_of_it(as_, cast, withdrawn):
    for path in (READ, f"{READ}?version=1"):
        answer = as_(cast.alice).get(path)
        assert answer.status_code == 410
        assert REASON in answer.text and "楼道议事法" in answer.text
        assert METHOD.idea not in answer.text and "摸底" not in answer.text
    inside = as_(cast.tina).get(READ)
    assert inside.status_code == 200
    assert REASON in inside.text and "摸底" in inside.text and "陈清河" in inside.text


def test_it_says_so_where_it_is_named(as_, cast, withdrawn):
    alice = as_(cast.alice)

    case = alice.get("/cases/dianti").text
    assert "楼道议事法 <span" in case and "已撤回" in case and METHOD.idea not in case
    found = alice.get("/cases/", query_string={"q": "议事"}).text
    assert "已撤回" in found and METHOD.idea not in found
    assert READ not in alice.get("/cases/", query_string={"q": "摸底"}).text  # a word of its steps
    assert READ not in alice.get("/cases/methods").text
    assert "已撤回" in as_(cast.tina).get("/cases/methods").text


def test_a_lesson_that_teaches_the_case_says_so(app, as_, cast, withdrawn, tmp_path):
    folder = write_course(tmp_path)
    lesson = min(folder.glob("01-*.md"))
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\n```case dianti@1\n- 先找谁？\n```\n", encoding="utf-8")
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
        source = read_course(folder).course
        assert source is not None
        loaded = courses.load_folder(source, organizer=opened.get_one(Unit, cast.street), actor=SYSTEM, now=NOW)
        course = loaded.course.id
    alice = as_(cast.alice)
    alice.post(f"/courses/{course}/enroll")

    assert "工作法“楼道议事法”已经撤回" in alice.get(f"/courses/{course}/lessons/1").text


def test_new_cases_cannot_choose_it_and_those_that_did_are_reminded(app, as_, cast, withdrawn):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        fresh, old = make_draft(cast).id, make_draft(cast, methods=["loudao-yishi"]).id
    alice = as_(cast.alice)

    assert "楼道议事法" not in alice.get(f"/drafts/{fresh}").text
    assert "楼道议事法（已撤回）" in alice.get(f"/drafts/{old}").text
    assert "“楼道议事法”已经撤回" in alice.get(f"/drafts/{old}/check").text
    choosing = {"device": "a", "based_on": "0", "whole": "1", "methods": ["loudao-yishi"]}
    assert alice.post(f"/drafts/{fresh}/text", data=choosing).status_code == 422
    assert alice.post(f"/drafts/{old}/text", data=choosing).status_code == 200


def test_it_is_put_back(as_, cast, withdrawn, trail):
    tina = as_(cast.tina)

    assert tina.post(f"{READ}/restoration").status_code == 303

    assert trail()[-1].verb == "cases.restore_method"
    assert METHOD.idea in as_(cast.alice).get(READ).text
    assert "已撤回" not in as_(cast.alice).get("/cases/dianti").text
    page = tina.get(READ).text
    assert REASON in page and "田娜" in page  # that it was, stays known to those who run it
    assert REASON not in as_(cast.alice).get(READ).text
    assert tina.post(f"{READ}/restoration").status_code == 422


def test_a_new_version_does_not_put_it_back(app, as_, cast, withdrawn):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
        methods.add_version(opened.get_one(Method, withdrawn), METHOD, actor=SYSTEM, now=NOW)

    assert as_(cast.alice).get(READ).status_code == 410


@pytest.mark.parametrize("path", ["withdrawal", "restoration"])
def test_it_is_the_business_of_those_who_run_its_unit(as_, cast, method, path):
    data = {"reason": REASON}
    assert as_(cast.mallory).post(f"{READ}/{path}", data=data).status_code == 404
    assert as_(cast.bo).post(f"{READ}/{path}", data=data).status_code == 404
    assert as_(cast.alice).post(f"{READ}/{path}", data=data).status_code == 403
    assert as_(cast.chen).put(f"{READ}/{path}", data=data).status_code == 405
    assert as_(cast.alice).get(READ).status_code == 200
