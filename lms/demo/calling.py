"""An open call of the demonstration's county, with a case that has just come in and one that experts are scoring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from lms.calls import actions as calls
from lms.calls import deciding, experts, rounds, score_sheet
from lms.calls.actions import Wanted
from lms.calls.models import CaseCall
from lms.cases import actions as cases
from lms.cases.kinds import CommunityKind, Section, Theme
from lms.cases.texts import CaseText
from lms.core import clock, db
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.people.models import Person
from lms.units.models import Unit

COUNTY = "990101"
TITLE = "楼道里的办法案例征集"
ABOUT = (
    "征集把邻里的事在楼道里谈成的做法。写真实发生过的一件事：起因是什么，先后做了什么，哪一步走错了，后来怎样。"
    "不求大，求别的社区能照着做。"
)
HINTS = {
    Section.BACKGROUND: "写清是哪一类小区、牵涉多少户。",
    Section.PROCESS: "写清先后做了什么，谁去谈的，谈了几次。",
    Section.RESULTS: "写数字，也写没有谈成的。",
}
PLACES = {"990101001": 3, "990101002": 2, "990101003": 2}

#: who wrote it, for which community, what it says; the first one comes before the county
CASES: tuple[tuple[str, str, CaseText], ...] = (
    (
        "c7",
        "990101002001",
        CaseText(
            title="晾衣绳往哪里拉",
            summary="一根晾衣绳拉了三年矛盾。量一次日照，排一张表，绳子留下了，吵架没有了。",
            abilities=(Ability.MEDIATION,),
            themes=(Theme.DISPUTES,),
            community_kind=CommunityKind.OLD_ESTATE,
            region="示例省安和市",
            place="滨河路社区",
            began="2025-03",
            ended="2025-06",
            authors=("严冬生",),
            anonymized=True,
            consent=True,
            illustration=True,
            sections={
                Section.BACKGROUND: "老楼没有阳台，四个单元共用楼前一块空地。一楼嫌绳子挡光，三楼以上没有别处可晒。",
                Section.PROCESS: "1. 先不谈对错，请两位居民量了三天日照；\n2. 把能晒的时段画成一张表，贴在门厅；\n"
                "3. 一户一格，自己填，填重了的当面商量。\n\n第一版的表是社区排的，没有人照着做，撕掉重来。",
                Section.RESULTS: "二十六户里二十三户填了表，三个月里没有再为晾衣打过电话。三户仍旧在家里晾。",
                Section.DISCUSSION: "表由谁来排，为什么差这么多？换成停车位，这个办法还行不行？",
            },
        ),
    ),
    (
        "c5",
        "990101001003",
        CaseText(
            title="楼道灯的电费谁来出",
            summary="声控灯坏了一年，十二户谁也不肯先掏钱。把账算到每户每月四角，当晚就修好了。",
            abilities=(Ability.MASS_WORK, Ability.COORDINATION),
            themes=(Theme.DISPUTES,),
            community_kind=CommunityKind.OLD_ESTATE,
            region="示例省安和市",
            place="柳荫社区",
            began="2025-09",
            ended="2025-10",
            authors=("尤小燕",),
            anonymized=True,
            consent=True,
            illustration=True,
            sections={
                Section.BACKGROUND: "一个单元十二户，没有物业。灯坏以后，一位老人夜里踩空了一级台阶。",
                Section.PROCESS: "晚上七点，在一楼门口摆两张凳子，只谈一件事：这盏灯一个月花多少钱。"
                "请会电工的居民当场算，写在纸上。",
                Section.RESULTS: "每户每月四角，一年一收，由居民轮流记账。十二户都签了字。",
                Section.DISCUSSION: "如果有一户不肯出，先修还是先谈？",
            },
        ),
    ),
)


def build(
    places: Mapping[str, Unit], people: Mapping[str, Person], *, expert: Person, actor: Actor, now: datetime
) -> None:
    """The call with its cases, unless there is one already."""
    county = places[COUNTY]
    if db.session().scalar(select(CaseCall.id).where(CaseCall.unit_id == county.id).limit(1)) is not None:
        return
    call = _open(county, places, actor=actor, now=now)
    calls.add_reviewer(call, expert, actor=actor, now=now)
    entered = []
    for key, code, text in CASES:
        case = cases.create_case(unit=places[code], authors=[people[key]], origin="demo", actor=actor, now=now)
        cases.add_version(case, text, actor=actor, now=now)
        calls.enter(call, case, actor=actor, now=now)
        entered.append(case)
    street = rounds.find_open(entered[0])
    if street is not None:
        deciding.accept(street, reason="办法简单，别的楼也能照着做。", actor=actor, now=now)
        review = deciding.recommend(street, actor=actor, now=now)
        experts.assign(review, expert, actor=actor, now=now)


def _open(county: Unit, places: Mapping[str, Unit], *, actor: Actor, now: datetime) -> CaseCall:
    today = clock.local_date(now)
    wanted = Wanted(
        title=TITLE,
        about=ABOUT,
        themes=[Theme.DISPUTES],
        hints=HINTS,
        weights=score_sheet.rules().weights,
        opens_on=today - timedelta(days=7),
        closes_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=75),
    )
    call = calls.open_call(wanted, unit=county, actor=actor, now=now)
    calls.set_quotas(call, {places[code].id: most for code, most in PLACES.items()}, actor=actor, now=now)
    return call
