"""Adopting: from a day on, in versions; a level below may add to what stands above it, never weaken it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.errors import Refused
from lms.policies import actions, comparing, keeping, policy_toml, queries
from lms.policies.faults import PolicyFaults
from lms.policies.models import Standing
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.policies.test_files import PACK, SECOND

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def unit(unit_id: int) -> Unit:
    return db.session().get_one(Unit, unit_id)


def adopt(text: str, unit_id: int, **more):
    with clock.frozen(NOW):
        return actions.adopt(policy_toml.read(text), unit=unit(unit_id), **{"actor": SYSTEM, "now": NOW, **more})


def faults(text: str, unit_id: int) -> list[tuple[int | None, str]]:
    with pytest.raises(PolicyFaults) as refused:
        adopt(text, unit_id)
    return [(fault.line, fault.code) for fault in refused.value.faults]


def test_a_unit_adopts_from_a_day_and_twice_is_once(work, cast):
    first = adopt(PACK, cast.county, from_day=date(2026, 1, 1))

    assert [(policy.version, policy.valid_from) for policy in first] == [(1, date(2026, 1, 1))]
    assert adopt(PACK, cast.county, from_day=date(2026, 1, 1)) == []


def test_a_new_version_ends_the_one_before_and_the_past_keeps_its_own(work, cast):
    adopt(PACK, cast.county)
    adopt(PACK + SECOND.replace("2025-01-01", "2026-07-01"), cast.county)

    first, second = queries.list_versions(cast.county, policy_toml.OPINION)
    assert (first.valid_to, second.valid_to) == (date(2026, 6, 30), None)
    db.session().flush()
    assert db.session().info["marked"] >= {cast.alice, cast.sun}
    keeping.settle()
    judged = select(Standing.cycle_start, Standing.policy_id).where(
        Standing.person_id == cast.sun, Standing.requirement == "leaders-yearly"
    )
    by_year = {start.year: policy_id for start, policy_id in db.session().execute(judged)}
    assert (by_year[2026], by_year[2027]) == (first.id, second.id)


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (PACK.replace("trainings = 1", "trainings = 2"), "changed"),
        (PACK.replace("number = 1", "number = 2").replace("valid_from = 2024", "valid_from = 2023"), "overlap"),
        (PACK.replace("number = 1", "number = 2").replace("valid_from = 2024", "valid_from = 2025"), "past"),
    ],
)
def test_what_was_adopted_is_not_rewritten(work, cast, later, code):
    adopt(PACK, cast.county)

    assert {found for _line, found in faults(later, cast.county)} == {code}


WEAKER = [
    ("trainings = 1\n", 'hours = "2"\n', (22, "weaker_trainings")),
    ('"city", "county"]', '"city", "county", "street"]', (24, "weaker_accepts")),
    ('kinds = ["course", "class", "practice", "import"]', "", (22, "weaker_accepts")),
    ("newcomer_months = 6", "newcomer_months = 9", (28, "weaker_grace")),
    ('"committee_director", "secretary_and_director"]', '"secretary_and_director"]', (17, "weaker_posts")),
    ("years = 3", "years = 4", (41, "weaker_cycle")),
    ('key = "leaders-yearly"', 'key = "leaders"', (7, "weaker_missing")),
    ('title = "书记、主任每年培训"', 'title = "书记、主任每年培训"\nhead_count = "06-30"', (14, "weaker_head_count")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WEAKER, ids=lambda value: str(value)[:30])
def test_a_weakening_of_the_level_above_is_refused_with_line_and_reason(work, cast, old, new, expected):
    adopt(PACK, cast.province)

    assert expected in faults(PACK.replace(old, new, 1), cast.county)


def test_a_level_below_may_ask_more_and_the_page_says_so(work, cast):
    adopt(PACK, cast.province)
    stricter = PACK.replace("trainings = 1", "trainings = 2", 1).replace("years = 3", "years = 3", 1)
    (policy,) = adopt(stricter, cast.county)

    verdicts = [str(one.verdict) for one in comparing.beside_above(policy)]
    assert verdicts == ["比上级更严", "与上级相同"]


def test_where_the_level_above_asks_more_later_both_hold(work, cast):
    (policy,) = adopt(PACK, cast.county)
    adopt(PACK.replace("trainings = 1", "trainings = 2", 1), cast.province)

    assert [str(one.verdict) for one in comparing.beside_above(policy)] == ["上级后来更严，两者同时适用", "与上级相同"]


def test_nobody_adopts_outside_of_their_reach_or_for_a_closed_unit(work, cast):
    with pytest.raises(Refused):
        adopt(PACK, cast.county, actor=actor_of(cast.bo))
    unit(cast.county).valid_to = date(2026, 1, 1)
    with pytest.raises(Refused):
        adopt(PACK, cast.county)


def test_a_policy_ends_and_cycles_that_have_begun_run_on(work, cast):
    (policy,) = adopt(PACK, cast.county, from_day=date(2026, 1, 1))
    with clock.frozen(NOW):
        with pytest.raises(Refused):
            actions.end(policy, last_day=date(2026, 5, 1), actor=SYSTEM, now=NOW)
        actions.end(policy, last_day=date(2026, 8, 31), actor=SYSTEM, now=NOW)
        keeping.settle()

    mine = select(Standing.cycle_start).where(Standing.person_id == cast.sun)
    assert db.session().scalars(mine).all() == [date(2026, 1, 1)]
