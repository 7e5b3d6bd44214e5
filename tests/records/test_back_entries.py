"""补录 from entry to decision: by one person, decided by another; what is wrong is said and not stored."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from lms.core import db
from lms.hours.models import HourEntry
from lms.notices.models import Notice
from lms.people.models import Appointment
from lms.records.models import BackEntry, BackEntryDecision
from tests.cast import Cast
from tests.records.trainings import alice, form

NEW = "/back-entries/new"
OWN = "/record/back-entries/new"


def rows(app, kind):
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
        return list(opened.scalars(select(kind).order_by(kind.id)))


def told(app, person_id: int) -> list[str]:
    return [one.kind for one in rows(app, Notice) if one.person_id == person_id]


@pytest.fixture
def entered(as_, cast: Cast) -> str:
    """Bo entered it; its address."""
    answer = as_(cast.bo).post(NEW, data=alice())
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_one_enters_another_approves_and_the_hours_stand(app, as_, cast: Cast, entered: str, trail) -> None:
    assert as_(cast.chen).post(f"{entered}/approval", data={"note": "已核对证书"}).status_code == 303

    (hours,) = rows(app, HourEntry)
    assert (hours.person_id, hours.hours, hours.kind, hours.occurred_on) == (
        cast.alice, Decimal(18), "import", date(2025, 6, 12)
    )  # fmt: skip
    assert (hours.source_kind, hours.tier, hours.abilities) == (
        "back_entry",
        "province",
        ["mediation", "acting_by_law"],
    )
    assert hours.evidence == "省委党校：结业证书 2025-0117"
    assert hours.recorded_by_id == cast.chen
    assert told(app, cast.chen) == ["records.waiting"]
    assert told(app, cast.alice) == told(app, cast.bo) == ["records.approved"]
    verbs = [row.verb for row in trail()]
    assert {"records.enter", "records.approve", "hours.award"} <= set(verbs)
    page = as_(cast.alice).get(entered).text
    assert "已批准" in page
    assert "已核对证书" in page


def test_a_worker_proposes_and_an_administrator_decides(app, as_, cast: Cast) -> None:
    proof = (io.BytesIO(b"%PDF-1.4 a certificate"), "证书.pdf")
    answer = as_(cast.alice).post(OWN, data=form(file=proof))
    assert answer.status_code == 303, answer.text
    assert told(app, cast.bo) == ["records.waiting"]

    with as_(cast.bo).get(f"{answer.location}/evidence") as proof:
        assert proof.data.startswith(b"%PDF")
    assert as_(cast.mallory).get(f"{answer.location}/evidence").status_code == 404
    assert as_(cast.bo).post(f"{answer.location}/rejection", data={"no-reason": ""}).status_code == 422
    assert as_(cast.bo).post(f"{answer.location}/rejection", data={"no-reason": "证书编号不符"}).status_code == 303
    assert told(app, cast.alice) == ["records.rejected"]
    assert not rows(app, HourEntry)
    assert as_(cast.chen).post(f"{answer.location}/approval").status_code == 422
    assert [one.verdict for one in rows(app, BackEntryDecision)] == ["rejected"]


def test_nobody_decides_on_what_they_entered_or_on_themselves(as_, cast: Cast, app, entered: str) -> None:
    assert as_(cast.bo).post(f"{entered}/approval").status_code == 403
    own = as_(cast.chen).post(OWN, data=form())
    assert own.status_code == 422  # Chen held no post then: there is nothing to credit
    mine = as_(cast.alice).post(OWN, data=form(title="法律知识轮训", evidence="证书 9")).location
    assert as_(cast.alice).post(f"{mine}/approval").status_code == 403
    assert as_(cast.bo).post(NEW, data=form(name="薄和平", key="19900000011")).status_code == 422
    assert not rows(app, HourEntry)


def test_what_may_repeat_is_shown_and_must_be_compared(app, as_, cast: Cast, entered: str) -> None:
    again = as_(cast.alice).post(OWN, data=form(title="社区矛盾调解实务培训班", evidence="证书 8")).location
    assert "可能与已有记录重复" in as_(cast.chen).get(again).text
    refused = as_(cast.chen).post(f"{again}/approval")
    assert refused.status_code == 422
    assert "确认不是同一次培训" in refused.text
    assert as_(cast.chen).post(f"{again}/approval", data={"distinct": "y"}).status_code == 303
    assert len(rows(app, HourEntry)) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_on": "2024-12-02", "occurred_on": "2024-12-02", "days": "1"}, "还没有任职"),
        ({"starts_on": "2099-01-01", "occurred_on": "2099-01-02"}, "晚于今天"),
        ({"hours": "24.5"}, "最多 24.00 学时"),
        ({"days": "4"}, "培训天数多于"),
        ({"title": ""}, "请填写培训名称"),
        ({"tier": "moon"}, ""),
        ({"abilities": ["flying"]}, ""),
        ({"key": "19900000003"}, "没有找到这个人"),
        ({"hours": "NaN"}, ""),
        ({"hours": "1E+1000"}, "学时过多"),
        ({"days": "0.7"}, "0.5 的倍数"),
        ({"days": "NaN"}, ""),
    ],
)
def test_what_is_wrong_is_explained_and_not_stored(app, as_, cast: Cast, changed, said) -> None:
    answer = as_(cast.bo).post(NEW, data={**alice(), **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert not rows(app, BackEntry)


def test_twice_is_refused_waiting_or_credited(app, as_, cast: Cast, entered: str) -> None:
    assert "正在等待审批" in as_(cast.chen).post(NEW, data=alice()).text
    as_(cast.chen).post(f"{entered}/approval")
    answer = as_(cast.chen).post(NEW, data=alice(hours="12"))
    assert answer.status_code == 422
    assert "在学时台账里" in answer.text
    assert len(rows(app, BackEntry)) == 1


def test_the_old_unit_is_not_told_what_its_former_people_learned_since(app, as_, cast: Cast, entered: str) -> None:
    """Alice has moved to the other county, where a similar training was entered."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        for post in session.scalars(select(Appointment).where(Appointment.person_id == cast.alice)):
            post.unit_id = cast.other_community
    later = alice(title="社区矛盾调解实务培训班", evidence="证书 8")
    assert as_(cast.mallory).post(NEW, data=later).status_code == 303
    assert "社区矛盾调解实务培训班" in as_(cast.mallory).get(entered).text
    page = as_(cast.chen).get(entered)
    assert page.status_code == 200
    assert "社区矛盾调解实务培训班" not in page.text


def test_who_entered_it_takes_it_back_with_a_reason(app, as_, cast: Cast, entered: str) -> None:
    assert as_(cast.alice).post(f"{entered}/withdrawal", data={"back-reason": "x"}).status_code == 403
    assert as_(cast.bo).post(f"{entered}/withdrawal", data={"back-reason": "人员登记错误"}).status_code == 303
    assert told(app, cast.alice) == ["records.withdrawn"]
    assert as_(cast.chen).post(f"{entered}/approval").status_code == 422
    assert as_(cast.bo).post(NEW, data=alice()).status_code == 303  # what was taken back may be entered again


def test_a_trainer_enters_and_sees_nothing_else(as_, cast: Cast) -> None:
    tina = as_(cast.tina)
    mine = tina.post(NEW, data=alice()).location
    assert tina.get(mine).status_code == 200
    assert "审批</h2>" not in tina.get(mine).text
    other = as_(cast.bo).post(NEW, data=alice(title="法律知识轮训", evidence="证书 9")).location
    assert tina.get(other).status_code == 404
    assert tina.post(f"{mine}/approval").status_code == 403


@pytest.mark.parametrize("way", ["approval", "rejection", "withdrawal"])
def test_out_of_reach_wrong_role_wrong_method(as_, cast: Cast, entered: str, way: str) -> None:
    assert as_(cast.mallory).post(f"{entered}/{way}").status_code == 404
    assert as_(cast.alice).post(f"{entered}/{way}").status_code == 403
    assert as_(cast.chen).get(f"{entered}/{way}").status_code == 405


def test_entering_out_of_reach_wrong_role_wrong_method(as_, cast: Cast) -> None:
    address = f"/people/{cast.alice}/back-entries/new"
    assert as_(cast.bo).post(address, data=form()).status_code == 303
    assert as_(cast.mallory).post(address, data=form()).status_code == 404
    assert as_(cast.mallory).post(NEW, data=alice()).status_code == 422
    assert as_(cast.sun).post(NEW, data=alice()).status_code == 403
    assert as_(cast.tina).post(address, data=form()).status_code == 403
    for path in (NEW, OWN, address):
        assert as_(cast.bo).put(path).status_code == 405


def test_the_list_costs_the_same_for_many(as_, cast: Cast, query_count) -> None:
    bo, counts = as_(cast.bo), []
    for number in range(3):
        first = f"2025-0{number + 1}-1"
        days = {"starts_on": f"{first}0", "occurred_on": f"{first}1", "days": "2", "hours": "8"}
        bo.post(NEW, data=alice(title=f"第{number}期培训", evidence=f"证书 {number}", **days))
        with query_count() as statements:
            page = bo.get("/back-entries").text
        counts.append(len(statements))
    assert len(re.findall('/back-entries/[0-9]+"', page)) == 3
    assert counts[0] == counts[-1]
