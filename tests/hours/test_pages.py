"""The ledger on the pages: one's own record, a person's ledger, an entry, its reversal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.hours import actions, queries
from lms.hours.kinds import Ability, HourKind, Tier, TrainingType
from lms.people.models import Appointment
from tests.cast import SYSTEM, Cast

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def entry(app, cast: Cast) -> int:
    """2.5 hours of Alice's, earned in 2026; and two in 2025."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        given: dict[str, Any] = {
            "person_id": cast.alice, "kind": HourKind.COURSE, "tier": Tier.STREET, "abilities": [Ability.MEDIATION],
            "training_type": TrainingType.INDUCTION, "organizer_id": cast.street, "actor": SYSTEM, "now": NOW,
        }  # fmt: skip
        actions.award(
            hours=Decimal(2), occurred_on=date(2025, 12, 31), title="旧课", source=("course", "1:2025"), **given
        )
        return actions.award(
            hours=Decimal("2.50"),
            occurred_on=date(2026, 3, 2),
            title="<b>调解</b>",
            source=("course", "2:2026"),
            **given,
        ).id


def test_ones_own_record_shows_every_year_or_one(as_, cast: Cast, entry) -> None:
    page = as_(cast.alice).get("/record").text
    assert "&lt;b&gt;调解" in page
    assert "旧课" in page
    assert "旧课" not in as_(cast.alice).get("/record?year=2026").text


@pytest.mark.parametrize("year", ["1", "99999", "-1", "二", "2026&year=2025"])
def test_a_year_that_is_none_is_400(as_, cast: Cast, year) -> None:
    assert as_(cast.alice).get(f"/record?year={year}").status_code == 400


def test_a_record_without_entries_says_what_to_do(as_, cast: Cast) -> None:
    assert "还没有学时记录" in as_(cast.wen).get("/record").text


def test_a_ledger_is_shown_to_those_above_alone(as_, cast: Cast, entry) -> None:
    for name in ("bo", "chen", "dong", "pan"):
        assert "2.50" in as_(getattr(cast, name)).get(f"/people/{cast.alice}/hours").text
    assert as_(cast.mallory).get(f"/people/{cast.alice}/hours").status_code == 404
    assert as_(cast.rui).get(f"/people/{cast.alice}/hours").status_code == 404


def test_an_entry_tells_its_source_rule_and_recorder_in_chinese(as_, cast: Cast, entry) -> None:
    page = as_(cast.alice).get(f"/hours/{entry}").text
    for said in ("光明社区 · 网格员", "和平街道", "按课程标明的学时", "网络课程 2:2026", "初任培训", "系统"):
        assert said in page
    assert "course" not in page.split("<main")[1].split("</main>")[0].replace("/courses", "")


def test_an_entry_is_reversed_once_and_stays_readable(as_, app, cast: Cast, trail, entry) -> None:
    client = as_(cast.bo)
    answer = client.post(f"/hours/{entry}/reversal", data={"reason": "登记错误"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "已冲销" in page
    assert "登记错误" in page
    assert "登记错误" in as_(cast.alice).get(f"/hours/{entry}").text
    again = client.post(f"/hours/{entry}/reversal", data={"reason": "再来一次"})
    assert (again.status_code, "这条记录已经冲销" in again.text, "再来一次" in again.text) == (422, True, True)
    assert [row.verb for row in trail()].count("hours.reverse") == 1
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        assert queries.balance_of(cast.alice, 2026) == 0
        assert queries.balance_of(cast.alice, 2025) == 2


@pytest.mark.parametrize("reason", ["", "   ", "长" * 401])
def test_a_reversal_without_a_reason_is_refused(as_, cast: Cast, trail, entry, reason) -> None:
    answer = as_(cast.bo).post(f"/hours/{entry}/reversal", data={"reason": reason})
    assert answer.status_code == 422
    assert reason.strip() in answer.text
    assert "hours.reverse" not in [row.verb for row in trail()]


def test_the_old_unit_sees_the_entry_without_a_link_that_leads_nowhere(as_, app, cast: Cast, entry) -> None:
    """Alice has moved to the other county: her ledger went along, what she earned here stays to be seen."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        for post in session.scalars(select(Appointment).where(Appointment.person_id == cast.alice)):
            post.unit_id = cast.other_community
    assert as_(cast.bo).get(f"/people/{cast.alice}/hours").status_code == 404
    page = as_(cast.bo).get(f"/hours/{entry}")
    assert page.status_code == 200
    assert f"/people/{cast.alice}/hours" not in page.text
    assert f"/people/{cast.alice}/hours" in as_(cast.dong).get(f"/hours/{entry}").text
    assert "/certificate" not in page.text  # a paper says where its person works today
    assert as_(cast.bo).post(f"/hours/{entry}/certificate").status_code == 403
    assert as_(cast.dong).post(f"/hours/{entry}/certificate").status_code == 303


def test_nobody_reverses_their_own(as_, app, cast: Cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        own = actions.award(
            person_id=cast.chen, hours=Decimal(1), occurred_on=date(2026, 3, 2), kind=HourKind.CLASS, title="班",
            source=("class", "1"), tier=None, training_type=None, abilities=[], organizer_id=None, actor=SYSTEM,
            now=NOW,
        ).id  # fmt: skip
    assert as_(cast.chen).get(f"/hours/{own}").status_code == 200
    assert as_(cast.chen).post(f"/hours/{own}/reversal", data={"reason": "我要"}).status_code == 403
    assert as_(cast.dong).get(f"/hours/{own}").status_code == 200
