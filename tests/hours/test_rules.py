"""Credit rules: what the shipped ones make of a training, which rule is in force, and files that cannot be used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lms.core import db
from lms.core.errors import Refused
from lms.hours import actions, rules
from lms.hours.commands import credit as command
from lms.hours.models import CreditRule
from lms.hours.rules import SHIPPED, Training
from lms.units import local_rules
from lms.units.local_rules import RuleFault, RuleFile
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW

SHIPPED_RULES = ("declared", "lesson-bands", "days")


def shipped(name: str) -> RuleFile:
    return rules.read(SHIPPED / f"{name}.toml")


def hours(name: str, **facts: Any) -> Decimal:
    return rules.credit(shipped(name).body, Training(**{"declared": Decimal("2.25"), **facts}))


def test_by_default_a_course_counts_what_it_declares() -> None:
    assert hours("declared", lesson_minutes=(45, 45), quiz_passed=True, half_days=6) == Decimal("2.25")


@pytest.mark.parametrize(
    ("minutes", "passed", "credited"),
    [
        ((14,), False, "0.25"),  # below a quarter of an hour still counts a quarter
        ((15,), False, "0.50"),
        ((29,), False, "0.50"),
        ((30,), False, "1.00"),
        ((300,), False, "1.00"),  # one lesson is never more than one hour
        ((30, 15, 5), True, "2.25"),  # 1 + 0.5 + 0.25, and half an hour for the test
        ((), True, "2.25"),  # without lengths there is nothing to count by: what the course declares
    ],
)
def test_by_bands_each_lesson_counts_by_its_length(minutes, passed, credited) -> None:
    assert hours("lesson-bands", lesson_minutes=minutes, quiz_passed=passed) == Decimal(credited)


@pytest.mark.parametrize(
    ("facts", "credited"),
    [
        ({"mentoring_minutes": 90}, "2.00"),  # 45 minutes are an hour
        ({"mentoring_minutes": 90, "taught": True}, "3.00"),  # this rule's factor for the mentor
        ({"mentoring_minutes": 6000}, "10.00"),  # the cap for a term
        ({"mentor_lectures": 1, "taught": True}, "2.00"),  # not said here: the default
    ],
)
def test_a_rule_may_say_what_mentoring_counts(facts, credited) -> None:
    rule = {"method": "declared", "mentoring": {"mentor_factor": "1.5", "cap": "10"}}

    assert rules.credit(rule, Training(Decimal(0), **facts)) == Decimal(credited)


@pytest.mark.parametrize("table", ['cap = "0"', "cap = 12", 'quota = "6"'])
def test_what_a_rule_says_of_mentoring_is_checked(tmp_path: Path, table: str) -> None:
    path = tmp_path / "rule.toml"
    declared = (SHIPPED / "declared.toml").read_text(encoding="utf-8")
    path.write_text(f"{declared}\n[rule.mentoring]\n{table}\n", encoding="utf-8")

    with pytest.raises(RuleFault):
        rules.read(path)


@pytest.mark.parametrize(
    ("half_days", "taught", "credited"),
    [
        (1, False, "3.00"),
        (2, False, "6.00"),
        (2, True, "30.00"),  # teaching counts fivefold
        (3, True, "40.00"),  # 45, but a class counts 40 at most
        (20, False, "40.00"),
        (0, False, "2.25"),
    ],
)
def test_by_days_a_class_counts_half_days_up_to_a_cap(half_days, taught, credited) -> None:
    assert hours("days", half_days=half_days, taught=taught) == Decimal(credited)


@pytest.mark.parametrize("name", SHIPPED_RULES)
def test_a_shipped_rule_names_its_source(name) -> None:
    assert shipped(name).source


GOOD = """\
name = "ours"
title = "本地"
version = 1
valid_from = 2026-01-01
source = "某文件"
[rule]
method = "declared"
"""
BANDS = '[rule]\nmethod = "lesson_bands"\npassed_quiz = "0"\n'
DAYS = '[rule]\nmethod = "days"\nhalf_day = "3"\nteaching_factor = "5"\ncap = "40"\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "ours"\n', "", "name"),
        ("version = 1", 'version = "1"', "version"),
        ("version = 1", "version = true", "version"),
        ("2026-01-01", "2026-01-01T00:00:00", "valid_from"),
        ('source = "某文件"', 'source = ""', "source"),
        ("version = 1", "version = 1\nextra = 2", "extra"),
        ("version = 1", "version =", "TOML"),
        ('"ours"', '"' + "x" * 65 + '"', "64"),
        ('"declared"', '"magic"', "rule.method"),
        ('"declared"', '"declared"\ncap = "3"', "cap"),
        ('[rule]\nmethod = "declared"\n', DAYS.replace('"3"', "3"), "half_day"),
        ('[rule]\nmethod = "declared"\n', DAYS.replace('"3"', '"0"'), "half_day"),
        ('[rule]\nmethod = "declared"\n', DAYS.replace('"40"', '"NaN"'), "cap"),
        ('[rule]\nmethod = "declared"\n', DAYS.replace('"40"', '"1e9"'), "cap"),
        ('[rule]\nmethod = "declared"\n', DAYS.replace('"40"', '"1.005"'), "cap"),
        ('[rule]\nmethod = "declared"\n', BANDS, "0 分钟"),
        ('[rule]\nmethod = "declared"\n', BANDS + 'bands = "all"\n', "0 分钟"),
        ('[rule]\nmethod = "declared"\n', BANDS + 'bands = [{at_least_minutes = 5, hours = "1"}]\n', "0 分钟"),
        ('[rule]\nmethod = "declared"\n', BANDS + 'bands = [{at_least_minutes = -5, hours = "1"}]\n', "at_least_m"),
        ('[rule]\nmethod = "declared"\n', BANDS + 'bands = [{at_least_minutes = 0, hours = "0"}]\n', "hours"),
        ('[rule]\nmethod = "declared"\n', BANDS + 'bands = [{at_least_minutes = 0, hour = "1"}]\n', "hour"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_by_what_is_wrong(tmp_path: Path, old, new, said) -> None:
    path = tmp_path / "rule.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleFault) as fault:
        rules.read(path)
    assert said in str(fault.value.message)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"version = " + b"9" * 5000, b"version = " + b"[" * 5000], ids=["bytes", "long", "deep"]
)
def test_what_is_no_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rule.toml"
    path.write_bytes(data)
    with pytest.raises(RuleFault):
        rules.read(path)


def test_the_nearest_rule_in_force_decides(work, cast: Cast) -> None:
    """The city adopted one, the county a later one: who works in the county is credited by the county's."""
    county, city = work.get_one(Unit, cast.county), work.get_one(Unit, cast.city)
    path = work.get_one(Unit, cast.guangming).path
    assert local_rules.find(CreditRule, path, date(2026, 1, 1)) is None
    actions.adopt_rule(shipped("declared"), unit=None, actor=SYSTEM, now=NOW)
    of_city = actions.adopt_rule(shipped("days"), unit=city, actor=SYSTEM, now=NOW)
    assert local_rules.find(CreditRule, path, date(2026, 1, 1)) == of_city
    of_county = actions.adopt_rule(shipped("lesson-bands"), unit=county, actor=SYSTEM, now=NOW)
    assert local_rules.find(CreditRule, path, date(2026, 1, 1)) == of_county
    assert local_rules.find(CreditRule, path, date(2023, 12, 31)) is None
    assert local_rules.find(CreditRule, work.get_one(Unit, cast.other_street).path, date(2026, 1, 1)) == of_city


def test_an_award_names_the_rule_it_was_made_by(work, cast: Cast) -> None:
    rule = actions.adopt_rule(shipped("lesson-bands"), unit=None, actor=SYSTEM, now=NOW)
    entry = actions.award_training(
        Training(Decimal(9), lesson_minutes=(30,), quiz_passed=True), person_id=cast.alice,
        occurred_on=date(2026, 3, 2), kind="course", title="课", source=("course", "1"), tier=None, training_type=None,
        abilities=[], organizer_id=None, actor=SYSTEM, now=NOW,
    )  # fmt: skip
    assert (entry.hours, entry.rule_id) == (Decimal("1.50"), rule.id)


def test_a_version_is_adopted_once_and_never_changes(work, cast: Cast) -> None:
    first = actions.adopt_rule(shipped("days"), unit=None, actor=SYSTEM, now=NOW)
    assert actions.adopt_rule(shipped("days"), unit=None, actor=SYSTEM, now=NOW).id == first.id
    changed = RuleFile("days", "t", 1, date(2024, 1, 1), "s", {**shipped("days").body, "cap": "50"})
    with pytest.raises(Refused):
        actions.adopt_rule(changed, unit=None, actor=SYSTEM, now=NOW)


def test_the_command_adopts_and_lists(app) -> None:
    with app.app_context():
        run = CliRunner()
        assert "已采用“按天计算”版本 1" in run.invoke(command, ["adopt", "days", "--unit", "990101"]).output
        assert "days v1" in run.invoke(command, ["show"]).output
        wrong = run.invoke(command, ["adopt", "nothing-like-it"])
        assert isinstance(wrong.exception, Refused)
        with db.unit_of_work(app.extensions["database"], write=False):
            assert len(local_rules.list_adopted(CreditRule)) == 1
