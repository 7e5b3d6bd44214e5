"""Pages: a worker reads what is owed and how to get there; an administrator adopts, exempts, within reach."""

from __future__ import annotations

import io

import pytest

from lms.core import db
from lms.courses import actions as courses
from lms.courses.folder import read_course
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.policies import actions, policy_toml
from lms.policies.models import Exemption, Policy
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.courses.folders import write_course
from tests.policies.test_files import PACK
from tests.policies.test_keeping import NOW, award, today

__all__ = ["today"]

LEAVE = {"kind": "leave", "from_on": "2026-06-01", "until_on": "2027-02-01", "reason": "产假", "decided_by": "街道"}


@pytest.fixture
def policy(app, cast, today):
    """The county has adopted what the Opinion asks."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        county = db.session().get_one(Unit, cast.county)
        text = policy_toml.read_pack(policy_toml.OPINION)
        return actions.adopt(text, unit=county, actor=SYSTEM, now=NOW)[0].id


def text_of(response) -> str:
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def test_a_worker_reads_at_home_what_is_owed_and_the_shortest_way(app, as_, cast, policy, tmp_path, query_count):
    client = as_(cast.sun)
    before = text_of(client.get("/"))
    assert "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日" in before
    assert "眼下没有能计入的课程" in before
    load_county_course(app, cast, tmp_path)

    with query_count() as statements:
        home = text_of(client.get("/"))
    assert "最近的办法：学完" in home
    assert "最近的办法：学完" in text_of(client.get("/record"))
    assert sum("standings" in one for one in statements) == 1
    assert sum("course_revisions" in one for one in statements) == 1
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        award(cast.sun)
    assert "眼下的培训要求都已完成。" in text_of(client.get("/"))
    assert "书记培训班" in text_of(client.get("/policies/mine"))


def load_county_course(app, cast, root) -> None:
    source = write_course(root, tier="county")
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        course = read_course(source).course
        assert course is not None
        county = db.session().get_one(Unit, cast.county)
        courses.load_folder(course, organizer=county, actor=SYSTEM, now=NOW)


def test_somebody_without_duties_reads_nothing_of_them(as_, cast, policy):
    assert "培训要求</h2>" not in text_of(as_(cast.wen).get("/"))
    assert "还没有适用的培训要求" in text_of(as_(cast.wen).get("/policies/mine"))


def test_an_administrator_adopts_a_pack_and_reads_what_it_says(as_, cast, today, trail):
    client = as_(cast.chen)
    form = {"pack": "opinion-2024", "unit": str(cast.county), "from_day": "2026-01-01"}

    assert client.post("/policies/adopt", data=form).status_code == 303
    index = text_of(client.get("/policies/"))
    assert "《意见》规定的培训频次" in index and "版本 1，从 2026年1月1日起" in index
    assert "参加县级以上培训 1 次" in text_of(client.get("/policies/1"))
    assert [row.verb for row in trail()] == ["policies.adopt"]


def test_a_file_with_faults_is_refused_with_lines_and_adopts_nothing(as_, cast, today, trail):
    data = {"pack": "file", "unit": str(cast.county), "from_day": ""}
    wrong = io.BytesIO(PACK.replace("years = 3", "years = 0").encode())
    answer = as_(cast.chen).post("/policies/adopt", data={**data, "file": (wrong, "own.toml")})

    assert answer.status_code == 422
    assert "第 42 行：" in answer.get_data(as_text=True) and "周期不能是零年" in answer.get_data(as_text=True)
    nothing = as_(cast.chen).post("/policies/adopt", data=data)
    assert nothing.status_code == 422 and "请选择文件。" in nothing.get_data(as_text=True)
    assert not trail()


def test_an_administrator_exempts_somebody_and_ends_it(as_, cast, policy, look, trail):
    client, sun = as_(cast.bo), f"/people/{cast.sun}"

    assert client.post(f"{sun}/exemptions", data=LEAVE).status_code == 303
    assert "本周期免训" in text_of(client.get(f"{sun}/duties"))
    assert "产假" in text_of(as_(cast.sun).get("/policies/mine"))
    end = client.post("/exemptions/1/end", data={"last_day": "2026-06-10", "reason": "提前返岗"})
    assert end.status_code == 303 and str(look(Exemption, 1).ended_on) == "2026-06-10"
    assert "免训到 2026年6月10日" in text_of(client.get(f"{sun}/duties"))
    assert [row.verb for row in trail()][-2:] == ["policies.grant_exemption", "policies.end_exemption"]


def test_a_policy_is_ended_by_its_unit(as_, cast, policy, look):
    assert as_(cast.chen).post(f"/policies/{policy}/end", data={"last_day": "2026-12-31"}).status_code == 303
    assert str(look(Policy, policy).valid_to) == "2026-12-31"


CHANGING = ["/policies/adopt", "/policies/{policy}/end", "/people/{sun}/exemptions", "/exemptions/{exemption}/end"]


@pytest.fixture
def paths(as_, cast, policy):
    as_(cast.bo).post(f"/people/{cast.sun}/exemptions", data=LEAVE)
    return [path.format(policy=policy, sun=cast.sun, exemption=1) for path in CHANGING]


def test_the_administrator_of_another_county_finds_none_of_it(as_, cast, paths):
    answers = [as_(cast.mallory).post(path, data={}).status_code for path in paths]

    assert answers == [422, 404, 404, 404]
    choice = as_(cast.mallory).post("/policies/adopt", data={"pack": "full-example", "unit": str(cast.county)})
    assert choice.status_code == 422


def test_a_worker_and_a_trainer_may_change_none_of_it(as_, cast, paths):
    for person in (cast.alice, cast.tina):
        assert {as_(person).post(path, data={}).status_code for path in paths} == {403}


def test_another_method_is_refused(as_, cast, paths):
    assert {as_(cast.chen).put(path).status_code for path in paths} == {405}


def test_somebody_of_the_street_cannot_end_what_the_county_adopted(as_, cast, policy):
    assert as_(cast.bo).post(f"/policies/{policy}/end", data={"last_day": "2026-12-31"}).status_code == 403


def test_nobody_is_asked_for_an_exemption_of_their_own(app, as_, cast, policy):
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        bo, street = db.session().get_one(Person, cast.bo), db.session().get_one(Unit, cast.guangming)
        people.appoint(bo, unit=street, post=PostClass.FULL_TIME_STAFF, starts_on=NOW.date(), actor=SYSTEM, now=NOW)

    assert as_(cast.bo).post(f"/people/{cast.bo}/exemptions", data=LEAVE).status_code == 403
    assert "登记免训" not in text_of(as_(cast.bo).get(f"/people/{cast.bo}/duties"))


def test_everything_is_said_in_english_too(as_, cast, policy):
    client = as_(cast.sun)
    client.post("/language", data={"locale": "en"})
    english = {"Accept-Language": "en"}

    page = text_of(client.get("/policies/mine", headers=english))

    assert "2026: Training (county or above) required: 1, done: 0, due by 31 Dec 2026." in page
