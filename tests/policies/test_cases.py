"""每种情形一行：发生了什么、该怎么算、为什么。不懂程序的培训干部也能核对。

Each case: what happened, what follows on a day, and why. The expected words are those that the person reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from lms.policies.cycles import Line
from lms.policies.explaining import explain
from lms.policies.facts import Absence, Entry, Facts, Post
from lms.policies.standing import compute
from lms.policies.states import state_on
from tests.policies.made import (
    COUNTY,
    EXAMPLE,
    OPINION,
    OTHER_COUNTY,
    PROVINCE,
    absence,
    day,
    entry,
    lines,
    policy,
    post,
)  # fmt: skip

YEARLY = policy('cycle.kind = "calendar_year"\ncounts.trainings = 1')
ROLLING = policy('cycle = { kind = "rolling", years = 3 }\ncounts.trainings = 1')
BLOCK = policy('cycle = { kind = "fixed_block", years = 3, first_year = 2024 }\ncounts.trainings = 1')
STRICTER = policy(
    'cycle.kind = "calendar_year"\ncounts.trainings = 1',
    more="""
[[version]]
number = 2
valid_from = 2026-07-01
[[version.requirement]]
key = "all"
title = "全员"
who.posts = ["party_secretary", "full_time_staff"]
cycle.kind = "calendar_year"
counts.trainings = 2
""",
)
HOURS = policy('cycle.kind = "calendar_year"\ncounts = { hours = "40", carry_over = "10", caps = { course = "20" } }')


@dataclass(frozen=True)
class Case:
    """`expect`: requirement and first year of a cycle -> the sentence on `asked`; None: not in the duty."""

    what: str
    why: str
    posts: Sequence[Post]
    asked: str
    expect: dict[tuple[str, int], str | None]
    entries: Sequence[Entry] = ()
    absences: Sequence[Absence] = ()
    rules: Sequence[Line] = field(default_factory=lambda: lines(OPINION))
    certificate: str = ""


LEADERS, OTHERS = "leaders-yearly", "others-three-years"

CASES = [
    Case(
        "九月新任书记，当年没有培训",
        "新任的人至少有六个月：当年不算逾期，宽限到次年三月九日；这段时间参加的培训算数。",
        [post("书记", "2026-09-10")],
        "2026-12-31",
        {
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 2027年3月9日",
            (LEADERS, 2027): "2027 年度：应参加县级以上培训 1 次，已完成 0 次，从 2027年1月1日起计算",
        },
    ),
    Case(
        "九月新任书记，次年二月参加培训",
        "在宽限期内：补上了 2026 年度；这次培训也在 2027 年内，所以 2027 年度同样算。",
        [post("书记", "2026-09-10")],
        "2027-12-31",
        {
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2027年2月20日达到",
            (LEADERS, 2027): "2027 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2027年2月20日达到",
        },
        entries=[entry("2027-02-20")],
    ),
    Case(
        "九月由网格员提任书记，二月已参加县级培训",
        "培训跟人走，不跟职务走：当年内、任职前参加的县级培训算 2026 年度。",
        [post("网格员", "2020-01-01", "2026-09-09"), post("书记", "2026-09-10")],
        "2026-12-31",
        {
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2026年2月3日达到",
            (OTHERS, 2024): None,
        },
        entries=[entry("2026-02-03")],
    ),
    Case(
        "三月卸任书记，转任专职人员",
        "按年底的任职情况认定：当年不再按书记要求，按其他人员三年轮训；以前年度照旧。",
        [post("书记", "2020-01-01", "2026-03-15"), post("专职", "2026-03-16")],
        "2026-12-31",
        {
            (LEADERS, 2025): "2025 年度：应参加县级以上培训 1 次，已完成 0 次，从 2026年1月1日起逾期",
            (LEADERS, 2026): None,
            (OTHERS, 2024): "2024—2026 年：应参加县级以上培训 1 次，已完成 0 次，截止 2027年3月15日",
        },
    ),
    Case(
        "三月卸任书记并离开",
        "年底不在岗，当年不计入应训人数；在岗的年度仍在。",
        [post("书记", "2020-01-01", "2026-03-15")],
        "2026-12-31",
        {
            (LEADERS, 2024): "2024 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2024年5月6日达到",
            (LEADERS, 2026): None,
        },
        entries=[entry("2024-05-06")],
    ),
    Case(
        "同时在两个社区任职：甲社区网格员（主职），乙社区主任",
        "只要担任主任，就按主任要求，不再按其他人员；只在主职所在的社区统计一次。",
        [post("网格员", "2020-01-01"), post("主任", "2025-01-01", at="新华", primary=False)],
        "2026-06-30",
        {
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日",
            (OTHERS, 2024): None,
        },
    ),
    Case(
        "年中调往外县，本县的账",
        "年底在外县任职，本县当年不再统计。",
        [post("书记", "2020-01-01", "2026-06-30"), post("书记", "2026-07-01", at="外县")],
        "2026-12-31",
        {(LEADERS, 2026): None},
        entries=[entry("2026-03-01")],
        rules=lines(OPINION, COUNTY),
    ),
    Case(
        "年中调往外县，外县的账",
        "由外县统计；三月在原县参加的县级培训跟人走，照样算。",
        [post("书记", "2020-01-01", "2026-06-30"), post("书记", "2026-07-01", at="外县")],
        "2026-12-31",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2026年3月1日达到"},
        entries=[entry("2026-03-01")],
        rules=lines(OPINION, OTHER_COUNTY),
    ),
    Case(
        "年中调往外县，省里的账",
        "一直在省内任职，没有中断，不另给宽限。",
        [post("书记", "2020-01-01", "2026-06-30"), post("书记", "2026-07-01", at="外县")],
        "2026-12-31",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日"},
        rules=lines(OPINION, PROVINCE),
    ),
    Case(
        "十二月三十一日 23:59 完成，记录一月一日才到",
        "按完成的日期算，不按记录到达的日期算。",
        [post("书记", "2020-01-01")],
        "2027-01-05",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2026年12月31日达到"},
        entries=[entry("2026-12-31")],
    ),
    Case(
        "一月一日才完成",
        "年度是到十二月三十一日为止：算 2027 年度，不算 2026 年度。",
        [post("书记", "2020-01-01")],
        "2027-01-05",
        {
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，从 2027年1月1日起逾期",
            (LEADERS, 2027): "2027 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2027年1月1日达到",
        },
        entries=[entry("2027-01-01")],
    ),
    Case(
        "年度结束后，这次培训的记录被冲销",
        "冲销的记录不是培训：重新计算就是未完成（已经公布的年度数字另行保留，不在这里）。",
        [post("书记", "2020-01-01")],
        "2027-03-01",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，从 2027年1月1日起逾期"},
    ),
    Case(
        "同一门课程一年学了两遍",
        "同一周期里算一次培训，学时按较长的一次算。",
        [post("专职", "2020-01-01")],
        "2026-12-31",
        {("all", 2026): "2026 年度：应完成 40 学时，已有 4 学时，截止 12 月 31 日"},
        entries=[
            entry("2026-03-01", kind="course", hours="2", title="接待与走访"),
            entry("2026-08-01", kind="course", hours="4", title="接待与走访"),
        ],
        rules=lines(HOURS),
    ),
    Case(
        "同一门课程第二年又学一遍",
        "换了年度，是新的一次。",
        [post("书记", "2020-01-01")],
        "2026-12-31",
        {
            (LEADERS, 2025): "2025 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2025年3月1日达到",
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2026年3月1日达到",
        },
        entries=[entry("2025-03-01", kind="course", title="接待"), entry("2026-03-01", kind="course", title="接待")],
    ),
    Case(
        "同一个培训班由两个单位各录了一条",
        "同名、同一天的是同一个班：只算一次，学时取较多的一条。",
        [post("专职", "2020-01-01")],
        "2026-12-31",
        {("all", 2026): "2026 年度：应完成 40 学时，已有 8 学时，截止 12 月 31 日"},
        entries=[
            entry("2026-05-20", hours="8", title="书记培训班"),
            entry("2026-05-20", hours="6", title="书记 培训班", kind="import"),
        ],
        rules=lines(HOURS),
    ),
    Case(
        "下个月又办一期同名的班",
        "日期不同，是另一期：分别计算。",
        [post("专职", "2020-01-01")],
        "2026-12-31",
        {("all", 2026): "2026 年度：应完成 40 学时，已有 16 学时，截止 12 月 31 日"},
        entries=[entry("2026-05-20", title="轮训班"), entry("2026-06-20", title="轮训班")],
        rules=lines(HOURS),
    ),
    Case(
        "二月才导入去年的记录",
        "记在完成的那一年：2025 年度因此达到，2026 年度不变。",
        [post("书记", "2020-01-01")],
        "2026-02-20",
        {
            (LEADERS, 2025): "2025 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2025年11月2日达到",
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日",
        },
        entries=[entry("2025-11-02", kind="import")],
    ),
    Case(
        "离开一年后回来任书记",
        "离开的年度不计；回来的年度按新任给宽限，但不再是新入职。",
        [post("书记", "2020-01-01", "2024-10-31"), post("书记", "2026-02-01")],
        "2026-12-31",
        {
            (LEADERS, 2024): None,
            (LEADERS, 2025): None,
            (LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日",
        },
    ),
    Case(
        "离开又回来，离开前的培训在连续三年内",
        "连续三年的要求跟着培训的日期走：回来时仍在有效期内。",
        [post("专职", "2020-01-01", "2025-01-31"), post("专职", "2026-02-01")],
        "2026-03-01",
        {("all", 2026): "连续 3 年：应参加培训 1 次，已完成 1 次，已达到，有效至 2027年6月9日"},
        entries=[entry("2024-06-10")],
        rules=lines(ROLLING),
    ),
    Case(
        "同一次培训：按连续三年算",
        "2024 年 6 月 10 日培训，管到 2027 年 6 月 9 日，第二天起逾期。",
        [post("专职", "2020-01-01")],
        "2027-06-10",
        {("all", 2027): "连续 3 年：应参加培训 1 次，已完成 0 次，从 2027年6月10日起逾期"},
        entries=[entry("2024-06-10")],
        rules=lines(ROLLING),
    ),
    Case(
        "同一次培训：按固定三年一周期算",
        "2024—2026 年这个周期达到了；新周期从 2027 年重新开始，到 2029 年底为止。",
        [post("专职", "2020-01-01")],
        "2027-06-10",
        {
            ("all", 2024): "2024—2026 年：应参加培训 1 次，已完成 1 次，已于 2024年6月10日达到",
            ("all", 2027): "2027—2029 年：应参加培训 1 次，已完成 0 次，截止 2029年12月31日",
        },
        entries=[entry("2024-06-10")],
        rules=lines(BLOCK),
    ),
    Case(
        "所在社区并入另一个社区",
        "任职第二天在新社区接上，没有中断：不是新任，不给宽限，也不重算。",
        [post("书记", "2020-01-01", "2026-08-31"), post("书记", "2026-09-01", at="新华")],
        "2026-12-31",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日"},
    ),
    Case(
        "闰年二月二十九日的培训，按连续三年算",
        "平年没有二月二十九日，管到 2027 年 2 月 27 日，2 月 28 日起逾期。",
        [post("专职", "2020-01-01")],
        "2027-02-28",
        {("all", 2027): "连续 3 年：应参加培训 1 次，已完成 0 次，从 2027年2月28日起逾期"},
        entries=[entry("2024-02-29")],
        rules=lines(ROLLING),
    ),
    Case(
        "七月起改为每年两次",
        "周期开始时适用哪个版本，整个周期就用哪个版本：2026 年度仍是一次，2027 年度起两次。",
        [post("专职", "2020-01-01")],
        "2027-12-31",
        {
            ("all", 2026): "2026 年度：应参加培训 1 次，已完成 1 次，已于 2026年10月8日达到",
            ("all", 2027): "2027 年度：应参加培训 2 次，已完成 1 次，截止 12 月 31 日",
        },
        entries=[entry("2026-10-08"), entry("2027-04-02")],
        rules=lines(STRICTER),
    ),
    Case(
        "街道培训不算县级以上",
        "要求的是县级以上培训，街道全员培训另算。",
        [post("书记", "2020-01-01")],
        "2026-06-30",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日"},
        entries=[entry("2026-03-01", tier="street")],
    ),
    Case(
        "产假覆盖年底",
        "到期那天还在免训期内：本周期免训。",
        [post("书记", "2020-01-01")],
        "2026-12-31",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，本周期免训"},
        absences=[absence("2026-10-01", "2027-03-31")],
    ),
    Case(
        "三月到五月病假",
        "免训期内不催；回来以后还有大半年，年底前要完成。",
        [post("书记", "2020-01-01")],
        "2026-06-01",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 0 次，截止 12 月 31 日"},
        absences=[absence("2026-03-01", "2026-05-31", "illness")],
    ),
    Case(
        "免训的人照样参加了培训",
        "培训了就是培训了：按已完成算。",
        [post("书记", "2020-01-01")],
        "2026-12-31",
        {(LEADERS, 2026): "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2026年11月11日达到"},
        entries=[entry("2026-11-11")],
        absences=[absence("2026-10-01", "2027-03-31")],
    ),
    Case(
        "连续三年要求，期间休假半年",
        "免训期间不计入期限：免了 184 天，期限顺延 184 天。",
        [post("专职", "2024-01-01")],
        "2027-01-10",
        {("all", 2024): "连续 3 年：应参加培训 1 次，已完成 0 次，截止 2027年7月3日"},
        absences=[absence("2025-07-01", "2025-12-31")],
        rules=lines(ROLLING),
    ),
    Case(
        "新入职半年内参加初任培训",
        "到岗起六个月内一次，完成了就不再要求。",
        [post("网格员", "2026-04-01")],
        "2026-12-31",
        {("induction", 2026): "新到岗：应参加初任培训 1 次，已完成 1 次，已于 2026年5月20日达到"},
        entries=[entry("2026-05-20", tier="street", type="induction")],
        rules=lines(EXAMPLE),
    ),
    Case(
        "政策施行前就在岗的人",
        "不是新入职，不补初任培训。",
        [post("网格员", "2020-04-01")],
        "2026-12-31",
        {("induction", 2020): None, ("induction", 2026): None},
        rules=lines(EXAMPLE),
    ),
    Case(
        "网络课程超过上限，多出的学时结转",
        "课程 30 学时只计 20，加培训班 30 共 50；多出 10 学时结转到下一年。",
        [post("专职", "2020-01-01")],
        "2027-06-30",
        {
            ("all", 2026): "2026 年度：应完成 40 学时，已有 50 学时，已于 2026年9月1日达到",
            ("all", 2027): "2027 年度：应完成 40 学时，已有 10 学时，其中上一周期结转 10 学时，截止 12 月 31 日",
        },
        entries=[entry("2026-03-01", kind="course", hours="30"), entry("2026-09-01", hours="30")],
        rules=lines(HOURS),
    ),
    Case(
        "助理社会工作师：连续三年 72 学时",
        "只有持证的人有这项要求；学时按任意连续三年累计。",
        [post("专职", "2020-01-01")],
        "2026-12-31",
        {
            ("registration-assistant", 2026): "连续 3 年：应完成 72 学时，已有 72 学时，已达到，有效至 2027年5月9日",
            ("registration-others", 2026): None,
        },
        entries=[entry("2024-05-10", hours="32"), entry("2025-05-10", hours="20"), entry("2026-05-10", hours="20")],
        certificate="助理社会工作师",
        rules=lines(EXAMPLE),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_case(case: Case):
    facts = Facts(case.posts, case.entries, case.absences, case.certificate)
    rules = {(p.version.id, line.key): p.requirement for line in case.rules for p in line.periods}
    asked, said = day(case.asked), {}
    for row in compute(facts, case.rules):
        key = row.requirement, row.cycle_start.year
        if key not in said or row.cycle_start <= asked < row.cycle_end:
            said[key] = explain(row, rules[row.policy_id, row.requirement], asked)
            assert state_on(row, asked)

    assert {key: said.get(key) for key in case.expect} == case.expect, case.why


def test_two_posts_are_counted_once_at_the_primary_one():
    case = next(one for one in CASES if one.what.startswith("同时在两个社区任职"))

    rows = compute(Facts(case.posts), case.rules)

    assert {(row.unit_id, row.post) for row in rows if row.requirement == LEADERS} == {(5, "committee_director")}
    assert len({(row.requirement, row.cycle_start) for row in rows}) == len(rows)
