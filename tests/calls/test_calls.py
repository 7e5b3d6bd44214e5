"""Calls: open to those below, entered by authors and units, with places that hold."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from lms.calls import actions, deciding, experts, queries, score_sheet
from lms.calls.kinds import Outcome
from lms.calls.models import CaseCall, CaseReview
from lms.cases.kinds import Section, State
from lms.cases.models import Case
from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.core.errors import Refused
from lms.drafts import actions as drafts
from lms.drafts import destinations, starting
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.calls.made import EVEN, carried_to, make_call, make_draft, make_person, open_round, submitted
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.drafts.made import make_draft as write_up


def test_the_shipped_weights_are_a_whole_and_a_mean_is_weighted() -> None:
    weights = score_sheet.rules().weights
    assert score_sheet.is_whole(weights)
    assert score_sheet.weighted(EVEN, weights) == 7
    assert score_sheet.mean([EVEN, EVEN | {"rigor": 11}], {**weights, "rigor": 50, "effect": 0, "originality": 20}) == 8
    assert score_sheet.mean([], weights) is None


def test_sending_a_draft_in_submits_it_and_the_round_belongs_to_the_call(work, cast: Cast) -> None:
    call, case = make_call(cast, cast.city), make_draft(cast)
    actions.enter(call, case, actor=actor_of(cast.alice), now=clock.now())
    assert case.state is State.SUBMITTED
    assert (open_round(case).call_id, open_round(case).unit_id) == (call.id, cast.street)
    with pytest.raises(Refused, match="已经参加"):
        actions.enter(call, case, actor=actor_of(cast.alice), now=clock.now())


def test_a_case_under_review_goes_on_as_a_part_of_the_call(work, cast: Cast) -> None:
    review, call = submitted(cast), make_call(cast, cast.city)
    actions.enter(call, review.case, actor=actor_of(cast.bo), now=clock.now())
    assert review.call_id == call.id
    [entry] = queries.list_entries(actor_of(cast.alice), call, mine=True)
    assert entry.slug == review.case.slug


def test_a_draft_is_handed_in_to_a_call_that_concerns_it(work, cast: Cast) -> None:
    city, other = make_call(cast, cast.city), make_call(cast, cast.other_county)
    draft, alice = write_up(cast), actor_of(cast.alice)
    assert [place.key for place in destinations.list_for(alice, draft.case)] == ["unit", f"call:{city.id}"]
    sure: dict[str, Any] = {"consent": True, "anonymized": True, "actor": alice, "now": clock.now()}
    with pytest.raises(Refused, match="交到哪里"):
        drafts.submit(draft, destination=f"call:{other.id}", **sure)
    drafts.submit(draft, destination=f"call:{city.id}", **sure)
    assert open_round(draft.case).call_id == city.id
    assert [str(place.hint) for place in destinations.list_for(alice, draft.case)][1:] == ["已经参加，接着由各级评审。"]


def test_a_call_takes_cases_on_its_days_only(work, cast: Cast) -> None:
    case, today = make_draft(cast), clock.today()
    later = make_call(cast, cast.city, opens_on=today + timedelta(1))
    with pytest.raises(Refused, match="不收案例"):
        actions.enter(later, case, actor=SYSTEM, now=clock.now())
    with clock.frozen(clock.now() + timedelta(31)), pytest.raises(Refused, match="不收案例"):
        actions.enter(later, case, actor=SYSTEM, now=clock.now())
    with pytest.raises(Refused, match="先后"):
        make_call(cast, cast.city, ends_on=today)
    with pytest.raises(Refused, match="100"):
        actions.open_call(half_weighted(), unit=db.session().get_one(Unit, cast.city), actor=SYSTEM, now=clock.now())


def half_weighted() -> actions.Wanted:
    today = clock.today()
    return actions.Wanted("题", "要求", [], {}, {"originality": 1}, today, today, today)


def said_otherwise(call: CaseCall, **changes: Any) -> actions.Wanted:
    hints = {Section(name): hint for name, hint in call.hints.items()}
    days = {"opens_on": call.opens_on, "closes_on": call.closes_on, "ends_on": call.ends_on}
    as_it_is = actions.Wanted(call.title, call.about, call.about_themes, hints, dict(call.weights), **days)
    return replace(as_it_is, **changes)


def test_a_call_is_changed_and_the_trail_says_what(work, cast: Cast) -> None:
    call, dong, later = make_call(cast, cast.city), actor_of(cast.dong), clock.today() + timedelta(40)
    wanted = said_otherwise(call, title="楼道里的办法", themes=[], hints={Section.RESULTS: "写数字。"}, closes_on=later)
    actions.change_call(call, wanted, actor=dong, now=clock.now())
    actions.change_call(call, said_otherwise(call), actor=dong, now=clock.now())
    assert (call.title, call.themes, call.hints, call.closes_on) == ("楼道里的办法", [], {"results": "写数字。"}, later)
    [row] = db.session().scalars(select(AuditRow).where(AuditRow.verb == "calls.change"))
    assert row.detail["changed"] == ["title", "themes", "hints", "closes_on"]
    assert row.detail["after"] == {"closes_on": later.isoformat()}


def test_days_that_have_begun_stay(work, cast: Cast) -> None:
    call, today = make_call(cast, cast.city), clock.today()
    refused: tuple[tuple[dict[str, Any], str], ...] = (
        ({"opens_on": today + timedelta(1)}, "已经开始"),
        ({"closes_on": today - timedelta(1), "opens_on": today - timedelta(1)}, "已经开始"),
        ({"closes_on": today - timedelta(1)}, "先后"),
        ({"ends_on": today}, "先后"),
    )
    for changes, why in refused:
        with pytest.raises(Refused, match=why):
            actions.change_call(call, said_otherwise(call, **changes), actor=SYSTEM, now=clock.now())
    with clock.frozen(clock.now() + timedelta(40)):
        past = said_otherwise(call, closes_on=today + timedelta(35))
        with pytest.raises(Refused, match="截止的日子已经过去"):
            actions.change_call(call, past, actor=SYSTEM, now=clock.now())
        actions.change_call(call, said_otherwise(call, title="截止以后"), actor=SYSTEM, now=clock.now())
    assert call.title == "截止以后"


def test_themes_and_weights_stay_once_a_case_was_sent_in(work, cast: Cast) -> None:
    call, even = make_call(cast, cast.city), dict.fromkeys(EVEN, 25)
    actions.change_call(call, said_otherwise(call, weights=even), actor=SYSTEM, now=clock.now())
    case = make_draft(cast)
    actions.enter(call, case, actor=SYSTEM, now=clock.now())
    assert open_round(case).weights == even
    other: list[dict[str, Any]] = [{"themes": []}, {"weights": {**even, "rigor": 0, "effect": 50}}]
    for changes in other:
        with pytest.raises(Refused, match="不能再改"):
            actions.change_call(call, said_otherwise(call, **changes), actor=SYSTEM, now=clock.now())


def test_the_page_of_changing_shows_what_stands_and_keeps_what_is_frozen(app, as_, cast: Cast, look) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call = make_call(cast, cast.city)
        actions.enter(call, make_draft(cast), actor=SYSTEM, now=clock.now())
        call_id, weights, today = call.id, dict(call.weights), call.opens_on
    address, dong = f"/calls/{call_id}/change", as_(cast.dong)
    page = dong.get(address).get_data(as_text=True)
    assert "写清先后做了什么。" in page and 'name="rigor"' not in page and 'name="themes"' not in page
    given: dict[str, Any] = {"title": "新名称", "about": "要求", "opens_on": today, "closes_on": today + timedelta(5)}
    given["hint_process"] = ""
    assert dong.post(address, data={**given, "ends_on": today}).status_code == 422
    assert dong.post(address, data={**given, "ends_on": today + timedelta(9), "rigor": "100"}).status_code == 303
    now = look(CaseCall, call_id)
    assert (now.title, now.themes, now.weights, now.hints) == ("新名称", ["disputes"], weights, {})
    assert as_(cast.chen).get(address).status_code == 403


def test_places_hold(work, cast: Cast) -> None:
    call, now = make_call(cast, cast.city), clock.now()
    actions.set_quotas(call, {cast.county: 1, cast.other_county: None}, actor=actor_of(cast.dong), now=now)
    reviews = []
    for slug in ("yi", "er"):
        case = make_draft(cast, slug=slug)
        actions.enter(call, case, actor=SYSTEM, now=now)
        deciding.accept(open_round(case), reason="", actor=SYSTEM, now=now)
        [street] = [one for one in db.session().query(CaseReview) if one.case_id == case.id]
        reviews.append(deciding.recommend(street, actor=SYSTEM, now=now))
    for review in reviews:
        deciding.accept(review, reason="", actor=SYSTEM, now=now)
    deciding.recommend(reviews[0], actor=actor_of(cast.chen), now=now)
    with pytest.raises(Refused, match="1 个推荐名额"):
        deciding.recommend(reviews[1], actor=actor_of(cast.chen), now=now)
    [share] = [one for one in queries.list_shares(actor_of(cast.dong), call) if one.unit.id == cast.county]
    assert (share.entries, share.recommended, share.most) == (2, 1, 1)


def test_a_foreign_unit_among_the_quotas_refuses_them_all(app, as_, cast: Cast, trail) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call_id = make_call(cast, cast.county).id
    chen, address = as_(cast.chen), f"/calls/{call_id}/quotas"
    before = len(trail())
    for foreign in (cast.other_street, cast.guangming, 10**15):
        assert chen.post(address, data={f"unit-{cast.street}": 2, f"unit-{foreign}": 5}).status_code == 404
    assert [row.verb for row in trail()[before:]] == ["access.denied"] * 3
    assert chen.post(address, data={f"unit-{cast.street}": 2}).status_code == 303


def test_a_quota_is_set_for_units_right_below_only(work, cast: Cast) -> None:
    call = make_call(cast, cast.city)
    actions.set_quotas(call, {cast.county: 3, cast.street: 1}, actor=SYSTEM, now=clock.now())
    assert queries.quotas_of(call) == {cast.county: 3}


def test_the_board_is_in_order_of_the_score_for_those_who_called_and_tells_others_none(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call, now = make_call(cast, cast.city), clock.now()
        expert = make_person(cast.province, "省里专家")
        for slug, points in (("di", 3), ("gao", 9)):
            review = carried_to(cast, cast.city, slug=slug, title=f"案例{slug}")
            actions.enter(call, review.case, actor=SYSTEM, now=now)
            seat = experts.assign(review, db.session().get_one(Person, expert.id), actor=SYSTEM, now=now)
            given = dict.fromkeys(EVEN, points)
            experts.score(review, seat, points=given, remark="好", actor=actor_of(expert.id), now=now)
        address = f"/calls/{call.id}"
    page = as_(cast.dong).get(f"{address}/board").get_data(as_text=True)
    assert re.findall(r"案例(di|gao)|(\d\.00)<", page) == [("gao", ""), ("", "9.00"), ("di", ""), ("", "3.00")]
    lower = as_(cast.chen).get(f"{address}/board").get_data(as_text=True)
    assert re.findall(r"案例(di|gao)", lower) == ["di", "gao"] and "9.00" not in lower
    assert "案例gao" not in as_(cast.mallory).get(f"{address}/board").get_data(as_text=True)
    book = openpyxl.load_workbook(io.BytesIO(as_(cast.dong).post(f"{address}/export").data))
    assert [row[0].value for row in list(book["案例"])[1:]] == ["案例gao", "案例di"]
    other = openpyxl.load_workbook(io.BytesIO(as_(cast.mallory).post(f"{address}/export").data))
    assert len(list(other["案例"])) == 1


def test_no_new_version_is_handed_in_while_somebody_judges_the_case(app, as_, cast: Cast, look) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        review = carried_to(cast, cast.county, slug="zaiping")
        draft = starting.start_from_case(review.case, actor=actor_of(cast.alice), now=clock.now())
        address, case_id, review_id = f"/drafts/{draft.id}", review.case_id, review.id
    alice, sure = as_(cast.alice), {"destination": "unit", "consent": "1", "anonymized": "1"}
    page = alice.get(f"{address}/check").get_data(as_text=True)
    assert "这篇案例正由清河区评审" in page and "先在“评审进度”里撤回" in page and f"{address}/submission" not in page
    assert "清河区正在初审" in alice.get("/cases/zaiping").get_data(as_text=True)
    assert alice.post(f"{address}/submission", data=sure).status_code == 422
    assert (look(CaseReview, review_id).outcome, look(Case, case_id).latest_number) == (None, 1)
    alice.post("/reviews/cases/zaiping/withdrawal", data={"reason": "补充数据"})
    assert alice.post(f"{address}/submission", data=sure).status_code == 303
    assert look(Case, case_id).state is State.SUBMITTED


def test_the_home_page_counts_what_waits_and_asks_once_for_everybody(app, as_, cast: Cast, query_count) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        review = carried_to(cast, cast.county, slug="yi")
        submitted(cast, slug="er")
        scoring = f"/reviews/{review.id}/score"
        for person_id in (cast.dong, cast.wen):  # he administers the city; she is a plain worker elsewhere
            experts.assign(review, db.session().get_one(Person, person_id), actor=SYSTEM, now=clock.now())

    def says(person_id: int) -> tuple[list[str], int]:
        with query_count() as statements:
            page = as_(person_id).get("/").get_data(as_text=True)
        asked = sum("case_reviews" in one for one in statements)
        return re.findall(r"(\d 篇案例等[^<]*)", page), asked

    assert says(cast.bo) == says(cast.chen) == (["1 篇案例等本单位决定"], 2)
    assert says(cast.dong) == (["1 篇案例等您打分"], 2)
    assert says(cast.mallory) == ([], 2)
    assert says(cast.alice) == ([], 1)
    wen = as_(cast.wen)
    with query_count() as statements:
        home = wen.get("/").get_data(as_text=True)
    assert "1 篇案例等您打分" in home and "/reviews/#to-score" in home
    assert len(statements) <= 9, statements  # the eight of the home page, and BEGIN on SQLite
    wen.post(scoring, data={**EVEN, "remark": "可以推广。"})
    assert says(cast.wen)[0] == []


CANARY = "金丝雀楼道账目"


def test_a_case_and_what_is_said_of_it_are_seen_by_its_own_people_alone(app, as_, cast: Cast) -> None:
    """Drafts, comments on passages, remarks and reasons: on every page of calls, reviews and cases."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call, now = make_call(cast, cast.city), clock.now()
        expert = make_person(cast.riverside, "滨河专家")
        review = carried_to(cast, cast.county, title=CANARY, slug="jinsique")
        actions.enter(call, review.case, actor=SYSTEM, now=now)
        seat = experts.assign(review, expert, actor=SYSTEM, now=now)
        second = experts.assign(review, make_person(cast.other_street, "外区专家"), actor=SYSTEM, now=now)
        experts.score(review, seat, points=EVEN, remark=f"{CANARY}评语", actor=actor_of(expert.id), now=now)
        pages = [
            *("/calls/", f"/calls/{call.id}", f"/calls/{call.id}/board", "/reviews/", f"/reviews/{review.id}"),
            *(f"/reviews/{review.id}/score", "/reviews/cases/jinsique", "/cases/jinsique", "/cases/?q=金丝雀"),
            *("/cases/jinsique/history", "/", "/notices/"),
        ]
        asked = second.person_id, expert.id

    def sees(person_id: int, text: str = CANARY) -> set[str]:
        found = {page: as_(person_id).get(page).get_data(as_text=True).replace("<mark>", "") for page in pages}
        return {page for page, words in found.items() if text in words.replace("</mark>", "")}

    for outsider in (cast.wen, cast.mallory, cast.rui, cast.sun):
        assert sees(outsider) == set(), outsider
    remark = f"{CANARY}评语"
    assert sees(cast.alice) and not sees(cast.alice, remark), "an author reads no remark before the round has ended"
    assert not sees(cast.chen, remark), "nor does the unit before all are in"
    assert sees(asked[0]) and not sees(asked[0], remark), "nor another expert"
    assert sees(asked[1], remark) == {f"/reviews/{review_id_of(pages)}/score"}


def review_id_of(pages: list[str]) -> str:
    return next(page for page in pages if page.endswith("/score")).split("/")[2]


def test_authors_read_remarks_without_names(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        expert, now = make_person(cast.riverside, "滨河专家"), clock.now()
        review = carried_to(cast, cast.county, slug="jinsique")
        seat = experts.assign(review, expert, actor=SYSTEM, now=now)
        experts.score(review, seat, points=EVEN, remark="数据很实在", actor=actor_of(expert.id), now=now)
        deciding.accept(review, reason="同意", actor=SYSTEM, now=now)
        address = f"/reviews/{review.id}"
    page = as_(cast.alice).get("/reviews/cases/jinsique").get_data(as_text=True)
    assert "数据很实在" in page and "专家 1" in page and "滨河专家" not in page
    assert "滨河专家" in as_(cast.chen).get(address).get_data(as_text=True)
    assert as_(cast.alice).get(address).status_code == 404


def test_a_refused_decision_keeps_what_was_typed_and_says_who_was_first(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        address = f"/reviews/{submitted(cast, slug='yici').id}"
    assert as_(cast.bo).post(f"{address}/decision", data={"decision": "recommend", "reason": ""}).status_code == 303
    late = as_(cast.chen).post(f"{address}/decision", data={"decision": "return", "reason": "缺数据"})
    assert late.status_code == 422
    assert "已经由薄和平处理：采纳" in late.get_data(as_text=True)


def test_an_author_takes_a_case_back_while_it_is_judged(app, as_, cast: Cast, look) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        review = submitted(cast, slug="chehui")
        case_id, review_id = review.case_id, review.id
    alice = as_(cast.alice)
    assert "撤回，不再评审" in alice.get("/reviews/cases/chehui").get_data(as_text=True)
    assert alice.post("/reviews/cases/chehui/withdrawal", data={"reason": ""}).status_code == 422
    assert alice.post("/reviews/cases/chehui/withdrawal", data={"reason": "数据有误"}).status_code == 303
    assert look(Case, case_id).state is State.WITHDRAWN
    assert look(CaseReview, review_id).outcome is Outcome.LAPSED
    assert alice.post("/reviews/cases/chehui/withdrawal", data={"reason": "再一次"}).status_code == 422


def test_who_must_stay_out_sees_the_case_and_nothing_of_the_round(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        case = make_draft(cast, slug="huibi")
        actions.enter(make_call(cast, cast.street), case, actor=SYSTEM, now=clock.now())
        review = open_round(case)
        make_bo_a_colleague(cast)
        address = f"/reviews/{review.id}"
    page = as_(cast.bo).get(address).get_data(as_text=True)
    assert "这一篇请您回避" in page and "保存决定" not in page
    refused = as_(cast.bo).post(f"{address}/decision", data={"decision": "accept"})
    assert refused.status_code == 422 and "需要回避" in refused.get_data(as_text=True)


def make_bo_a_colleague(cast: Cast) -> None:
    bo = db.session().get_one(Person, cast.bo)
    unit = db.session().get_one(Unit, cast.guangming)
    people.appoint(bo, unit=unit, post=PostClass.OTHER, starts_on=clock.today(), actor=SYSTEM, now=clock.now())
