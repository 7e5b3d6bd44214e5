"""The learning file: all of one's own, the training part of those one administers; page, workbook and JSON agree."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from lms.core import db, spreadsheets
from lms.hours import actions as hours
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.hours.models import HourEntry
from lms.people import actions as people
from lms.people.posts import PostClass
from lms.policies import actions as policies
from lms.policies import keeping, policy_toml
from lms.records import grid
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW, award
from tests.records.trainings import alice, form


@pytest.fixture
def earned(app, cast: Cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        award(cast.alice)
        wrong = award(cast.alice, source=("class", "wrong"))
        hours.reverse(wrong, reason="登记错误", actor=SYSTEM, now=NOW)


def test_ones_own_file_holds_everything(app, as_, cast: Cast, earned) -> None:
    me = as_(cast.alice)
    me.post("/record/back-entries/new", data=form())
    page = me.get("/record/file").text
    for words in (
        "登记错误",
        "结业证书 2025-0117",
        "199****0001",
        "光明社区",
        "测验成绩",
        "登录记录",
        "还没有受过培训的能力",
    ):
        assert words in page
    assert "19900000001" not in page
    with me.get("/record/file.json") as answer:
        kept = json.loads(answer.data)["sections"]
    assert [one["state"] for one in kept["hours"]] == ["已冲销", "有效"]
    assert kept["back_entries"][0]["state"] == "待审批"
    assert kept["sign_ins"]
    assert "19900000001" not in json.dumps(kept, ensure_ascii=False)
    with me.get("/record/file.xlsx") as answer:
        book = spreadsheets.read(answer.data, "a.xlsx")
    assert len(book.sheets) == len(kept)


def test_an_administrator_sees_the_training_part_and_leaves_a_trace(as_, cast: Cast, earned, trail) -> None:
    bo = as_(cast.bo)
    page = bo.get(f"/people/{cast.alice}/file").text
    assert "登记错误" in page
    for words in ('<h2 id="part-quizzes"', '<h2 id="part-notices"', '<h2 id="part-sign_ins"'):
        assert words not in page
    with bo.post(f"/people/{cast.alice}/file.json") as answer:
        kept = json.loads(answer.data)["sections"]
    assert not {"quizzes", "notices", "sign_ins", "reveals"} & set(kept)
    (row,) = [row for row in trail() if row.verb == "records.export_file"]
    assert (row.actor_person_id, row.person_id) == (cast.bo, cast.alice)


def test_out_of_reach_wrong_role_wrong_method(as_, cast: Cast) -> None:
    address = f"/people/{cast.alice}/file"
    assert as_(cast.mallory).get(address).status_code == 404
    assert as_(cast.mallory).post(f"{address}.xlsx").status_code == 404
    assert as_(cast.tina).post(f"{address}.xlsx").status_code == 403
    assert as_(cast.bo).get(f"{address}.xlsx").status_code == 405


def entry(*abilities: Ability, year: int = 2026, kind: TrainingType | None = TrainingType.SPECIAL) -> HourEntry:
    return HourEntry(abilities=[one.value for one in abilities], occurred_on=date(year, 5, 1), training_type=kind)


def test_the_grid_counts_by_coordinates_and_names_the_gaps():
    drawn = grid.draw(
        [entry(Ability.MEDIATION, Ability.MASS_WORK), entry(Ability.MEDIATION, year=2024, kind=None)], this_year=2026
    )
    line = next(one for one in drawn.lines if one.ability is Ability.MEDIATION)
    assert (list(line.by_type), list(line.by_year), line.total) == ([0, 0, 1, 0], [0, 0, 1, 0, 1], 2)
    assert Ability.MEDIATION not in drawn.gaps
    assert len(drawn.gaps) == 6


def test_the_appraisal_says_which_trainings_and_no_hours(as_, cast: Cast, earned, trail, query_count) -> None:
    bo = as_(cast.bo)
    with query_count() as statements:
        page = bo.get(f"/appraisal?unit={cast.street}&year=2026").text
    assert "艾丽丝" in page
    assert "孙书记" in page
    assert "2.25" not in page
    assert len(statements) <= 12
    with bo.post(f"/appraisal/export?unit={cast.street}&year=2026") as answer:
        table = spreadsheets.read(answer.data, "a.xlsx").sheets[0].rows
    assert [row[0] for row in table] == ["姓名", "孙书记", "艾丽丝"]
    assert table[2][4] == 1.0
    assert "records.export_appraisal" in [row.verb for row in trail()]
    for path in ("/appraisal", "/appraisal/export"):
        method = "post" if path.endswith("export") else "get"
        assert getattr(as_(cast.mallory), method)(f"{path}?unit={cast.street}").status_code == 404
        assert getattr(as_(cast.tina), method)(path).status_code == 403
    assert bo.get("/appraisal/export").status_code == 405


def test_a_persons_page_leads_to_the_file_and_to_a_back_entry(as_, cast: Cast) -> None:
    page = as_(cast.bo).get(f"/people/{cast.alice}").text
    assert f"/people/{cast.alice}/file" in page
    assert f"/people/{cast.alice}/back-entries/new" in page
    assert as_(cast.bo).post("/back-entries/new", data=alice()).status_code == 303


def test_the_appraisal_says_met_or_not_and_the_strictest_of_two_units(app, as_, cast: Cast) -> None:
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
        for unit_id in (cast.city, cast.county):
            unit = opened.get_one(Unit, unit_id)
            policies.adopt(policy_toml.read_pack("opinion-2024"), unit=unit, actor=SYSTEM, now=NOW)
        award(cast.sun, tier=Tier.COUNTY, occurred_on=date(2026, 2, 2))
    for _computed in (False, True):  # on the spot while they are stale, then as they are kept
        page = as_(cast.bo).get(f"/appraisal?unit={cast.street}&year=2026").text
        rows = dict(re.findall(r'<a href="/people/\d+/file">(.*?)</a>(.*?)</tr>', page, re.DOTALL))
        assert rows["孙书记"].count("<li>") == 2  # one duty, met; one training
        assert "已完成" in rows["孙书记"]
        assert "已完成" not in rows["艾丽丝"]
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            keeping.refresh([cast.alice, cast.sun])
    kept = json.loads(as_(cast.sun).get("/record/file.json", buffered=True).data)["sections"]
    assert kept["duties"][0]["state"] == "已完成"


def test_stale_people_are_computed_together(app, as_, cast: Cast, query_count) -> None:
    """However many facts changed since the nightly run, the export asks as often."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
        unit = opened.get_one(Unit, cast.county)
        policies.adopt(policy_toml.read_pack("opinion-2024"), unit=unit, actor=SYSTEM, now=NOW)
    counted, bo = [], as_(cast.bo)
    bo.post(f"/appraisal/export?unit={cast.street}", buffered=True)
    for more in (0, 12):
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
            street = opened.get_one(Unit, cast.xinhua)
            for number in range(more):
                person = people.create_person(name=f"增员{number}", origin="tests", actor=SYSTEM, now=NOW)
                people.appoint(
                    person, unit=street, post=PostClass.GRID_WORKER, starts_on=date(2025, 1, 6), actor=SYSTEM, now=NOW
                )
            opened.flush()
            keeping.mark_everybody(now=NOW)
            opened.info.pop("marked", None)  # as after a load that is too large to be computed at once
        with query_count() as statements, bo.post(f"/appraisal/export?unit={cast.street}") as answer:
            rows = spreadsheets.read(answer.data, "a.xlsx").sheets[0].rows
        assert len(rows) == 1 + 2 + more
        assert all("轮训" in str(row[3]) or "书记、主任" in str(row[3]) for row in rows[1:])
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 20
