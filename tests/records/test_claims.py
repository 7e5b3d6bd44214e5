"""What is wrong with a claim, and what it may repeat: each line is a case that a training officer knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lms.hours.kinds import Ability, Tier, TrainingType
from lms.records.claims import Claim, Dossier, Known, Post, Rule, Why, alike, faults
from lms.records.findings import Code, say

TODAY = date(2026, 3, 2)
CLAIM = Claim(
    title="社区矛盾调解实务班", organizer="省委党校", tier=Tier.PROVINCE, training_type=TrainingType.IN_SERVICE,
    abilities=[Ability.MEDIATION], starts_on=date(2025, 6, 10), occurred_on=date(2025, 6, 12), half_days=6,
    hours=Decimal(18), evidence="证书 117",
)  # fmt: skip
POSTS = [Post(5, "1.5.", date(2025, 1, 6), None)]
DAYS = Rule("按天计算", {"method": "days", "half_day": "3", "teaching_factor": "5", "cap": "40"})


def known(title: str = "社区矛盾调解实务班", day: int = 12, month: int = 6, **more: str) -> Known:
    at = date(2025, month, day)
    said = {"organizer": "", "evidence": "", **more}
    return Known(title, said["organizer"], at, at, Decimal(18), said["evidence"], entry_id=1)


def found(claim: Claim, *, rule: Rule | None = None, posts: list[Post] = POSTS, on_record: tuple[Known, ...] = ()):
    notes = list(faults(claim, Dossier(posts, on_record), rule, today=TODAY))
    assert all(say(note) for _field, note in notes)
    return [(field, code) for field, (code, _params) in notes]


def test_a_sound_claim_has_no_fault():
    assert found(CLAIM) == []
    assert found(CLAIM, rule=DAYS) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"occurred_on": date(2026, 3, 3), "starts_on": date(2026, 3, 1)}, ("occurred_on", Code.AFTER_TODAY)),
        ({"starts_on": date(2025, 6, 13)}, ("starts_on", Code.ENDS_FIRST)),
        ({"starts_on": date(2024, 6, 1)}, ("starts_on", Code.TOO_LONG_A_SPAN)),
        ({"starts_on": date(2024, 5, 1), "occurred_on": date(2024, 5, 3)}, ("occurred_on", Code.BEFORE_POST)),
        ({"half_days": 7}, ("days", Code.DAYS_ABOVE)),
        ({"half_days": 0}, ("days", Code.DAYS_UNEVEN)),
        ({"hours": Decimal("1E+1000")}, ("hours", Code.HOURS_ABOVE)),
        ({"hours": Decimal(0)}, ("hours", Code.HOURS_UNSOUND)),
        ({"hours": Decimal("1.005")}, ("hours", Code.HOURS_UNSOUND)),
        ({"hours": Decimal("24.25")}, ("hours", Code.HOURS_ABOVE)),
        ({"half_days": 1, "hours": Decimal("4.25")}, ("hours", Code.HOURS_ABOVE)),
    ],
)
def test_what_is_not_stored(changed, fault):
    assert fault in found(replace(CLAIM, **changed))


def test_the_rule_by_the_day_bounds_the_hours_of_a_class_and_its_cap():
    assert found(replace(CLAIM, hours=Decimal("18.25")), rule=DAYS) == [("hours", Code.HOURS_ABOVE_RULE)]
    long = replace(CLAIM, starts_on=date(2025, 6, 1), half_days=24)
    assert found(replace(long, hours=Decimal(40)), rule=DAYS) == []
    assert found(replace(long, hours=Decimal("40.25")), rule=DAYS) == [("hours", Code.HOURS_ABOVE_RULE)]


def test_between_two_posts_nothing_is_credited():
    posts = [Post(5, "1.5.", date(2025, 1, 6), date(2025, 5, 31)), Post(6, "1.6.", date(2025, 9, 1), None)]
    assert found(CLAIM, posts=posts) == [("occurred_on", Code.OUT_OF_POST)]


def test_the_same_name_on_the_same_day_is_there_already():
    assert found(CLAIM, on_record=(known(title="社区矛盾 调解实务班"),)) == [("title", Code.TWICE)]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (known(title="社区矛盾调解实务培训班", day=20), Why.SIMILAR_TITLE),
        (known(title="法律知识轮训", day=11), Why.SAME_DAYS),
        (known(title="法律知识轮训", day=14, organizer="省委党校"), Why.SAME_ORGANIZER),
        (known(title="法律知识轮训", month=1, evidence="证书117"), Why.SAME_EVIDENCE),
        (known(title="社区矛盾调解实务班", month=9), None),
        (known(title="法律知识轮训", day=20), None),
    ],
)
def test_what_it_may_repeat_is_shown_with_the_reason(one, why):
    assert [given.why for given in alike(CLAIM, Dossier(POSTS, [one]))] == ([why] if why else [])
