"""Remarks beside the text that came after them; a call's hints beside the text that is written for it."""

from __future__ import annotations

import pytest

from lms.calls import actions, conflicts, deciding, experts
from lms.calls.passages import find_passage
from lms.cases.kinds import Section, State
from lms.core import clock, db
from lms.drafts import actions as drafts
from lms.drafts import fields, starting
from lms.drafts.models import CaseDraft
from tests.calls.made import EVEN, carried_to, make_call, make_draft, make_person, open_round, submitted
from tests.cases.made import LIFT, make_case
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of


@pytest.fixture
def returned(app, cast: Cast) -> int:
    """The draft of a case of Alice's that the street returned, with a remark on each of two passages."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        review, now = submitted(cast, slug="tuihui"), clock.now()
        for anchor, text in (("process-1", "标题太泛。"), ("process-2", "先后不清楚。"), ("results-1", "补光怎么算？")):
            passage = find_passage(review.case, review.version, anchor)
            assert passage is not None
            deciding.comment(review, passage, text=text, actor=SYSTEM, now=now)
        deciding.return_case(review, reason="请补数据", actor=SYSTEM, now=now)
        return starting.start_from_case(review.case, actor=actor_of(cast.alice), now=now).id


def test_whoever_writes_on_reads_each_remark_at_its_section_and_what_was_done(app, as_, cast: Cast, returned) -> None:
    alice = as_(cast.alice)
    first = alice.get(f"/drafts/{returned}").text
    assert "请补数据" in first and "/reviews/cases/tuihui" in first
    process = first.partition('id="process"')[0].rpartition('for="process"')[2]
    assert "先后不清楚。" in process and "补光怎么算？" not in process
    assert first.count("原文还没有改") == 3 and "原文已经改了" not in first

    alice.post(f"/drafts/{returned}/text", data={"device": "a", "based_on": "0", "results": "补偿按采光时数算。"})

    page = alice.get(f"/drafts/{returned}").text
    assert 'name="note"' in alice.get(f"/drafts/{returned}/check").text
    assert page.count("原文还没有改") == 2 and page.count("原文已经改了") == 1


def test_whoever_judges_again_sees_what_was_asked_and_what_was_changed(app, as_, cast: Cast, returned) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        draft, now = db.session().get_one(CaseDraft, returned), clock.now()
        fields.write(draft, {"results": "补偿按采光时数算。"})
        drafts.submit(
            draft,
            destination="unit",
            consent=True,
            anonymized=True,
            note="补上了采光时数。",
            actor=actor_of(cast.alice),
            now=now,
        )
        assert draft.case.state is State.SUBMITTED
        review = open_round(draft.case)
        expert = make_person(cast.riverside, "滨河专家")
        experts.assign(review, expert, actor=SYSTEM, now=now)
        address, expert_id = f"/reviews/{review.id}", expert.id

    page = as_(cast.bo).get(address).text

    assert "补上了采光时数。" in page
    assert "补光怎么算？" in page and page.count("原文没有改") == 2 and page.count("原文已经改了") == 1
    assert "补光怎么算？" not in as_(expert_id).get(address).text, "an expert judges what stands there now"


def test_whoever_judges_sees_what_it_was_taken_from_and_only_what_they_may_read(app, as_, cast: Cast) -> None:
    long = {section: f"{section.value}：" + "挨户问清担心什么，再请物业把账算给大家看。" * 3 for section in Section}
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        make_case(slug="yuanwen", sections=long)
        make_case(slug="yinmi", sections=long, published=False)
        review = submitted(cast, slug="chaolai", sections=long)
        seat = experts.assign(review, make_person(cast.riverside, "滨河专家"), actor=SYSTEM, now=clock.now())
        address, expert_id = f"/reviews/{review.id}", seat.person_id

    for page in (as_(cast.bo).get(address).text, as_(expert_id).get(f"{address}/score").text):
        assert "/cases/yuanwen" in page and "几乎一样" in page and "yinmi" not in page


def test_a_case_written_for_a_call_shows_its_hints_and_goes_there(app, as_, cast: Cast, look) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call, other = make_call(cast, cast.county).id, make_call(cast, cast.other_county).id
    alice = as_(cast.alice)
    assert f"/drafts/new?for=call:{call}" in alice.get(f"/calls/{call}").text
    assert f'value="call:{call}"' in alice.get(f"/drafts/new?for=call:{call}").text

    begun = alice.post("/drafts/new", data={"unit": cast.guangming, "then": "blank", "destination": f"call:{call}"})
    draft = int(begun.location.rpartition("/")[2])

    page = alice.get(f"/drafts/{draft}").text
    assert "写清先后做了什么。" in page.partition('id="process"')[0].rpartition('for="process"')[2]
    chosen = alice.get(f"/drafts/{draft}/check").text.partition(f'value="call:{call}"')
    assert "checked" in chosen[0].rpartition("<input")[2] + chosen[2].partition(">")[0]
    for wrong in (f"call:{other}", "call:999"):
        begun = alice.post("/drafts/new", data={"unit": cast.guangming, "then": "blank", "destination": wrong})
        assert look(CaseDraft, int(begun.location.rpartition("/")[2])).destination == ""
    refused = alice.post("/drafts/new", data={"unit": cast.guangming, "then": "blank", "destination": "<b>"})
    assert refused.status_code == 422


def test_a_case_that_was_returned_stays_in_its_call(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call, now = make_call(cast, cast.county), clock.now()
        review = submitted(cast, slug="zaijiao")
        actions.enter(call, review.case, actor=SYSTEM, now=now)
        deciding.return_case(review, reason="请补数据", actor=SYSTEM, now=now)
        draft = starting.start_from_case(review.case, actor=actor_of(cast.alice), now=now)
        address, place = f"/drafts/{draft.id}", f"call:{call.id}"
    alice = as_(cast.alice)
    assert "已经参加，接着由各级评审。" in alice.get(f"{address}/check").text

    said = {"destination": place, "consent": "1", "anonymized": "1", "note": "补了数据"}
    assert alice.post(f"{address}/submission", data=said).status_code == 303

    with app.test_request_context(), db.unit_of_work(app.extensions["database"], write=False):
        case = db.session().get_one(CaseDraft, int(address.rpartition("/")[2])).case
        assert f"call:{open_round(case).call_id}" == place


def test_whoever_must_stay_out_reads_no_score_on_the_board(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        call, now = make_call(cast, cast.county), clock.now()
        case = make_draft(cast, author_id=cast.chen, slug="ziji")
        actions.enter(call, case, actor=SYSTEM, now=now)
        street = open_round(case)
        deciding.accept(street, reason="", actor=SYSTEM, now=now)
        review = deciding.recommend(street, actor=SYSTEM, now=now)
        expert = make_person(cast.riverside, "滨河专家")
        seat = experts.assign(review, expert, actor=SYSTEM, now=now)
        experts.score(review, seat, points=EVEN, remark="好", actor=actor_of(expert.id), now=now)
        address = f"/calls/{call.id}/board"

    assert "7.00" in as_(cast.dong).get(address).text
    board = as_(cast.chen).get(address).text
    assert LIFT.title in board and "7.00" not in board


def test_who_is_barred_is_one_rule_asked_both_ways(work, cast: Cast) -> None:
    cases = [carried_to(cast, cast.county).case, submitted(cast, author_id=cast.tina).case]
    everybody = [cast.alice, cast.sun, cast.wen, cast.bo, cast.chen, cast.dong, cast.tina, cast.mallory]
    ids = [case.id for case in cases]

    for person in everybody:
        barred = {case.id for case in cases if conflicts.find_conflict(case, person) is not None}
        assert conflicts.list_barred(person, ids) == barred
