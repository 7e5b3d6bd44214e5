"""What a policy says, in sentences that a training officer reads: no words of the machine."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lms.core.i18n import gettext as _
from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people.posts import PostClass
from lms.policies.kinds import CycleKind, ExemptionKind
from lms.policies.rules import Counting, Cycle, Requirement

#: The tiers from the top down: "county and above" is said where the upper ones are all there.
TIERS = [tier.value for tier in Tier]


def sentences(requirement: Requirement) -> list[str]:
    """The whole of a requirement: who, what by when, what counts, who is excused."""
    said = [_who(requirement), _what(requirement)]
    said += [*_counting(requirement.counts), *_grace(requirement)]
    if requirement.head_count is not None:
        month, day = requirement.head_count
        said.append(_("是否应训，按周期最后一年 %(month)s 月 %(day)s 日的任职情况认定。", month=month, day=day))
    elif requirement.cycle.kind in (CycleKind.CALENDAR_YEAR, CycleKind.FIXED_BLOCK):
        said.append(_("是否应训，按周期最后一天的任职情况认定。"))
    if requirement.exemptions:
        kinds = words(ExemptionKind, requirement.exemptions)
        said.append(_("可以免训的情形：%(kinds)s，由单位决定并写明截止日。", kinds=kinds))
    else:
        said.append(_("没有可以免训的情形。"))
    return said


def _who(requirement: Requirement) -> str:
    posts = words(PostClass, requirement.posts)
    if len(requirement.posts) == len(PostClass):
        posts = _("全体社区工作者")
    if requirement.certificates:
        certificates = joined(sorted(requirement.certificates))
        return _("对象：%(posts)s中持有这些证书的人：%(certificates)s。", posts=posts, certificates=certificates)
    excepted = requirement.not_posts - requirement.posts
    if excepted:
        others = words(PostClass, excepted)
        return _("对象：%(posts)s；同时担任%(others)s的除外。", posts=posts, others=others)
    return _("对象：%(posts)s。", posts=posts)


def _what(requirement: Requirement) -> str:
    return _(
        "要求：%(cycle)s，%(amount)s。", cycle=cycle_words(requirement.cycle), amount=amount_words(requirement.counts)
    )


def amount_words(counts: Counting) -> str:
    """完成县级以上培训 1 次、40 学时."""
    amounts = []
    if counts.trainings:
        trainings = training_words(counts)
        amounts.append(_("参加%(trainings)s %(count)s 次", trainings=trainings, count=counts.trainings))
    if counts.hours:
        amounts.append(_("完成 %(hours)s 学时", hours=hours_text(counts.hours)))
    return _("，").join(amounts)


def training_words(counts: Counting) -> str:
    """县级以上培训: what must be attended, as far as tier and type say it."""
    types = words(TrainingType, counts.training_types) if counts.training_types else _("培训")
    tiers = tier_words(counts.tiers)
    return _("%(tiers)s%(types)s", tiers=tiers, types=types) if tiers else types


def tier_words(tiers: Iterable[str]) -> str:
    """县级以上 where every tier above is there too; else the tiers by name; nothing for all of them."""
    chosen = [tier for tier in TIERS if tier in set(tiers)]
    if not chosen or len(chosen) == len(TIERS):
        return ""
    if chosen == TIERS[: len(chosen)]:
        above = {
            "province": _("省级"),
            "city": _("市级以上"),
            "county": _("县级以上"),
        }
        return above[chosen[-1]]
    return words(Tier, chosen)


def cycle_words(cycle: Cycle) -> str:
    """每个自然年, and so on."""
    if cycle.kind is CycleKind.CALENDAR_YEAR:
        return _("每个自然年")
    if cycle.kind is CycleKind.FIXED_BLOCK:
        last = cycle.first_year + cycle.years - 1
        values = {"years": cycle.years, "first": cycle.first_year, "last": last}
        return _("每 %(years)s 年一个周期（%(first)s—%(last)s 年，依次类推）", **values)
    if cycle.kind is CycleKind.ROLLING:
        return _("任意连续 %(years)s 年内", years=cycle.years)
    return _("新到岗后 %(months)s 个月内", months=cycle.months)


def _counting(counts: Counting) -> list[str]:
    said = []
    if counts.kinds and len(counts.kinds) < len(HourKind):
        said.append(_("可以计入的：%(kinds)s。", kinds=words(HourKind, counts.kinds)))
    if counts.hours and not counts.trainings:
        if counts.tiers or counts.training_types:
            said.append(_("计入学时的培训：%(trainings)s。", trainings=training_words(counts)))
    for kind, most in counts.caps.items():
        said.append(_("%(kind)s最多计 %(most)s 学时。", kind=HourKind(kind).label, most=hours_text(most)))
    if counts.carry_over:
        said.append(_("多出的学时可以结转到下一周期，最多 %(most)s 学时。", most=hours_text(counts.carry_over)))
    return said


def _grace(requirement: Requirement) -> list[str]:
    said = []
    if requirement.newcomer_months:
        said.append(_("新入职的人至少有 %(months)s 个月时间。", months=requirement.newcomer_months))
    if requirement.change_months:
        said.append(_("新任职务或者调入的人至少有 %(months)s 个月时间。", months=requirement.change_months))
    return said


def hours_text(hundredths: int) -> str:
    """250 -> "2.5"."""
    return f"{Decimal(hundredths).scaleb(-2).normalize():f}"


def words(kinds: type[StrEnum], values: Iterable[str]) -> str:
    """The labels of some values, in the order of their kind."""
    chosen, members = set(values), list[Any](kinds)
    return joined(member.label for member in members if member.value in chosen)


def joined(labels: Iterable[Any]) -> str:
    """Words one after the other, as the language joins them."""
    return _("、").join(str(label) for label in labels)
