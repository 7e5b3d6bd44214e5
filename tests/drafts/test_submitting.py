"""Before a case is handed in: what is missing, what may identify a resident, what is alike; then it is a version."""

from __future__ import annotations

import pytest

from lms.cases.kinds import State
from lms.cases.models import Case, CaseVersion
from lms.core import db
from lms.core.errors import Refused
from lms.drafts import destinations
from lms.drafts.destinations import Destination
from lms.drafts.events import case_submitted
from lms.people.identity import check_digit
from tests.cases.made import LIFT, make_case
from tests.drafts.made import WHOLE

NUMBER = "99010119850104023" + check_digit("99010119850104023")
BOTH = {"destination": "unit", "consent": "1", "anonymized": "1"}


def test_it_says_what_is_missing_and_leads_there(as_, cast, make):
    draft = make(title="", began="去年", discussion="", process="![图](files/p-gone.jpg)")
    alice = as_(cast.alice)

    page = alice.get(f"/drafts/{draft}/check").text

    for field in ("title", "began", "discussion", "process"):
        assert f"/drafts/{draft}#{field}" in page
    assert f"/drafts/{draft}#summary" not in page
    assert alice.post(f"/drafts/{draft}/submission", data=BOTH).status_code == 422


def test_one_press_masks_a_finding_wherever_it_stands(as_, cast, make, now_says, trail):
    draft = make(process=f"居民李桂芳，72岁，{NUMBER}。", results="李桂芳很满意，电话13812345678。")
    alice = as_(cast.alice)
    page = alice.get(f"/drafts/{draft}/check").text
    assert page.count('name="key"') == 3 and "改为 李某" in page
    key = page.partition("改为 李某")[0].rpartition('name="key" value="')[2][:16]

    assert alice.post(f"/drafts/{draft}/masking", data={"key": key}).status_code == 303

    assert now_says(draft).process == f"居民李某，72岁，{NUMBER}。"
    assert now_says(draft).results.startswith("李某很满意")
    assert alice.post(f"/drafts/{draft}/submission", data=BOTH).status_code == 422  # the number is still there
    alice.post(f"/drafts/{draft}/masking")
    assert NUMBER not in now_says(draft).process
    assert "1××××××××××" in now_says(draft).results
    assert trail()[-1].verb == "drafts.mask" and NUMBER not in str(trail()[-1].detail)


def test_handing_in_makes_a_version_and_closes_the_draft(as_, cast, draft, look, trail, now_says):
    alice = as_(cast.alice)

    answer = alice.post(f"/drafts/{draft}/submission", data=BOTH)

    assert answer.status_code == 303
    case, version = look(Case, now_says(draft).case_id), look(CaseVersion, 1)
    assert case.state is State.SUBMITTED and case.published_number is None
    assert version.title == WHOLE["title"] and version.consent and version.anonymized
    assert version.authors == ["艾丽丝"]
    assert [row.verb for row in trail()][-1] == "drafts.submit"
    assert alice.get(answer.location).status_code == 200
    locked = alice.post(f"/drafts/{draft}/text", data={"device": "a", "based_on": "0", "title": "改"})
    assert locked.status_code == 422
    assert alice.post(f"/drafts/{draft}/submission", data=BOTH).status_code == 422


def test_both_confirmations_and_a_known_destination_are_needed(as_, cast, draft, now_says, look):
    alice = as_(cast.alice)

    for wrong in ({**BOTH, "consent": ""}, {**BOTH, "anonymized": ""}, {**BOTH, "destination": "call:1"}):
        assert alice.post(f"/drafts/{draft}/submission", data=wrong).status_code == 422

    assert look(Case, now_says(draft).case_id).latest_number == 0


def test_a_place_hears_of_it_and_may_refuse(as_, cast, draft, app, now_says, look):
    heard = []

    def receive(_sender, *, case, version, destination, actor, now):
        heard.append((case.id, version.number, destination))
        if len(heard) == 1:
            raise Refused("名额已经用完。")

    destinations.register("tests", lambda _actor, _case: [Destination("tests:1", "全区征集")])
    case_submitted.connect(receive)
    alice = as_(cast.alice)
    try:
        refused = alice.post(f"/drafts/{draft}/submission", data={**BOTH, "destination": "tests:1"})
        assert refused.status_code == 422 and "名额已经用完" in refused.text
        assert look(Case, now_says(draft).case_id).state is State.DRAFT
        assert alice.post(f"/drafts/{draft}/submission", data={**BOTH, "destination": "tests:1"}).status_code == 303
    finally:
        destinations.register("tests", lambda _actor, _case: [])
    assert heard[-1][1:] == (1, "tests:1")


def test_a_case_that_says_the_same_is_shown_and_only_where_it_may_be_read(as_, cast, app, make):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        make_case(slug="open")
        make_case(slug="hidden", published=False)
    draft = make(**{section.value: text for section, text in LIFT.sections.items()})

    page = as_(cast.alice).get(f"/drafts/{draft}/check").text

    assert "/cases/open" in page and "几乎一样" in page
    assert "/cases/hidden" not in page


def test_a_version_that_stands_is_written_on(as_, cast, app, now_says):
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        make_case(slug="mine", author_id=cast.alice)
    alice = as_(cast.alice)

    first, second = (alice.post("/drafts/of/mine").location for _time in range(2))

    assert first == second
    draft = now_says(int(first.rpartition("/")[2]))
    assert draft.background == "六层老楼没有电梯，五楼的老人一周下一次楼。"
    assert as_(cast.mallory).post("/drafts/of/mine").status_code == 403
    assert as_(cast.mallory).post("/drafts/of/nothing").status_code == 404
    assert alice.get("/drafts/of/mine").status_code == 405


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "[a](javascript:alert(1))",
    "![a](data:text/html;base64,PHN2Zz4=)", "\u202e反", "{{7*7}}{% x %}", "[^1]: " + "[" * 300, "|" * 400, "> " * 200,
    "\U000e0001\ufeff", "%s%n%(x)s", "' OR 1=1 --", "\ud7ff\u200b", "- " * 300, "```\n<b>", '!!! note "<b>"',
]  # fmt: skip


LENGTHS = {
    "title": 30,
    "summary": 180,
    "background": 400,
    "process": 400,
    "results": 400,
    "discussion": 400,
    "region": 30,
    "place": 30,
    "evidence": 180,
}


@pytest.mark.parametrize("shift", range(0, len(HOSTILE), 3))
def test_hostile_text_is_text_everywhere(as_, cast, draft, shift):
    alice = as_(cast.alice)
    rotated = HOSTILE[shift:] + HOSTILE[:shift]
    said = {name: text[:most] for (name, most), text in zip(LENGTHS.items(), rotated, strict=False)}

    saved = alice.post(f"/drafts/{draft}/text", data={"device": "a", "based_on": "0", **said})

    assert saved.status_code == 200
    for page in ("", "/preview", "/check"):
        shown = alice.get(f"/drafts/{draft}{page}")
        assert shown.status_code == 200
        for active in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript', 'src="data:text', "49{"):
            assert active not in shown.text
    assert alice.post(f"/drafts/{draft}/submission", data=BOTH).status_code in (303, 422)
