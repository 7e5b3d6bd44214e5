"""The audit trail of one's own subtree: in words, newest first, without names from outside it."""

import ast
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from lms.core import audit
from lms.core.web import Actor
from lms.reports import verbs
from tests.cast import SYSTEM, Cast
from tests.reports.facts import NOW
from tests.reports.pages import Cell, headings_of, names_behind, rows_of

AUDIT = "/reports/audit"
ROOT = Path(__file__).parents[2]
VERB = re.compile(r"[a-z]+\.[a-z_]+")
MODULES = {path.name for path in (ROOT / "lms").iterdir() if path.is_dir()} | {"access"}


def trail(client, query: str = "") -> list[list[Cell]]:
    page = client.get(f"{AUDIT}?{query}").get_data(as_text=True)
    return list(rows_of(page).values())


@pytest.fixture
def acts(facts, cast: Cast):
    """What was done in 光明社区, in 临江区, and by the province in 和平街道; secrets in every detail."""
    with facts():
        chen = Actor(cast.chen, None, "陈清河")
        for number, (verb, actor, unit, person) in enumerate(
            [
                ("people.reveal_identity", chen, cast.guangming, cast.alice),
                ("units.rename", Actor(cast.mallory, None, "马临江"), cast.other_street, None),
                ("people.end_appointment", Actor(cast.pan, None, "潘中省"), cast.street, cast.wen),
                ("hours.award", SYSTEM, cast.guangming, cast.sun),
            ]
        ):
            audit.record(
                verb, actor=actor, now=NOW - timedelta(days=3 - number), on=("thing", 7), unit_id=unit,
                person_id=person, detail={"secret": "机密"},
            )  # fmt: skip


def test_the_latest_act_comes_first_in_words(as_, cast: Cast, acts):
    page = as_(cast.bo).get(AUDIT).get_data(as_text=True)

    assert headings_of(page)[:3] == ["记入学时", "结束任职", "查看身份证号"]
    assert "机密" not in page
    assert "reveal_identity" not in page


def test_only_names_within_reach_are_shown(as_, cast: Cast, acts):
    page = as_(cast.chen).get(AUDIT).get_data(as_text=True)
    rows = rows_of(page)

    assert [cell.text for cell in rows["记入学时"]][2:] == ["系统", "孙书记", "光明社区"]
    assert [cell.text for cell in rows["结束任职"]][2:] == ["本辖区以外人员", "本辖区以外人员", "和平街道"]
    assert [cell.text for cell in rows["查看身份证号"]][2:] == ["陈清河", "艾丽丝", "光明社区"]
    assert "文江" not in page
    assert "潘中省" not in page
    assert "单位更名" not in page.replace("<option", "")


def test_another_county_reads_none_of_it(as_, cast: Cast, acts):
    page = as_(cast.mallory).get(AUDIT).get_data(as_text=True)

    assert "单位更名" in page
    assert "查看身份证号" not in page
    assert "清河" not in page


def test_the_trail_is_narrowed_by_kind_name_and_day(as_, cast: Cast, acts):
    chen = as_(cast.chen)

    def found(query):
        return headings_of(chen.get(f"{AUDIT}?{query}").get_data(as_text=True))

    assert found("group=hours") == ["记入学时"]
    assert found("q=艾丽&since=2026-11-01") == ["查看身份证号"]
    assert found("q=陈清河&since=2026-11-01") == ["查看身份证号"]
    assert found("since=2026-11-21&until=2026-11-21") == ["结束任职"]
    assert found("since=2026-11-22") == ["记入学时"]


def test_a_search_for_a_name_outside_finds_nothing(as_, cast: Cast, acts):
    for name in ("文江", "潘中省", "马临江"):
        assert "没有找到" in as_(cast.chen).get(f"{AUDIT}?q={name}").get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    ["group=x", "since=yesterday", "since=0001-01-01", "until=9999-12-31", "cursor=x", "cursor=WyJ4Il0", "q=a&q=b"],
)
def test_bad_questions_get_400(as_, cast: Cast, query):
    assert as_(cast.chen).get(f"{AUDIT}?{query}").status_code == 400


def test_the_trail_goes_on_page_after_page(as_, cast: Cast, facts):
    with facts():
        for number in range(70):
            at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(minutes=number)
            audit.record("units.rename", actor=SYSTEM, now=at, on=("unit", number), unit_id=cast.shuian)

    assert len(names_behind(as_(cast.rui), f"{AUDIT}?group=units&since=2026-05-01")) == 70


def test_the_trail_costs_five_statements(as_, cast: Cast, acts, query_count):
    chen = as_(cast.chen)
    with query_count() as statements:
        chen.get(f"{AUDIT}?q=艾")

    asked = [statement for statement in statements if statement != "BEGIN"]
    assert len(asked) == 5  # the last one counts the unread notices in the bar above


def test_what_an_administrator_without_a_post_does_is_in_the_trail(as_, cast: Cast):
    chen = as_(cast.chen)
    chen.post(f"/people/{cast.alice}/identity")
    as_(cast.mallory).get(f"/people/{cast.alice}")

    assert headings_of(as_(cast.dong).get(AUDIT).get_data(as_text=True))[:2] == [
        "打开了无权查看或不存在的页面",
        "查看身份证号",
    ]
    assert headings_of(chen.get(AUDIT).get_data(as_text=True))[0] == "查看身份证号"
    assert "查看身份证号" not in headings_of(as_(cast.mallory).get(AUDIT).get_data(as_text=True))


def constants_in(node: ast.AST) -> set[str]:
    values = (child.value for child in ast.walk(node) if isinstance(child, ast.Constant))
    return {value for value in values if isinstance(value, str) and VERB.fullmatch(value)}


def recorded_verbs(endpoints: Iterable[str]) -> set[str]:
    """Verbs handed to something named record, and what looks like one in files about the trail, endpoints apart."""
    found = set()
    for path in (ROOT / "lms").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not ("record" in text or "AuditRow" in text) or path.name == "verbs.py":
            continue
        tree = ast.parse(text)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and "record" in ast.unparse(node.func)]
        found |= {verb for call in calls for verb in constants_in(call)}
        if "audit.record(" in text or "import AuditRow" in text:
            found |= constants_in(tree) - set(endpoints)
    return {verb for verb in found if verb.partition(".")[0] in MODULES}


def test_every_verb_of_the_code_has_its_words(app: Flask):
    found = recorded_verbs(app.view_functions)

    assert {"people.create", "hours.award", "accounts.disable", "roster.change", "access.denied"} <= found
    assert found == set(verbs.LABELS), "lms/reports/verbs.py says what each verb means, with its English"


def test_a_verb_of_a_former_version_is_never_shown_raw(work, app):
    assert str(verbs.label("people.vanished")) == "人员与权限"
    assert str(verbs.label("gone.gone")) == "其他操作"
