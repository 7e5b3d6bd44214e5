"""course.toml: each thing that may be wrong, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.courses.folder import read_course
from tests.courses.folders import TOML, change, only_fault, places, put


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('title = "接待与走访"', "title = 接待与走访", "toml", 1),
        ('title = "接待与走访"', "title = " + "9" * 5000, "toml", None),
        ('title = "接待与走访"', "title = " + "[" * 5000, "toml", None),
        ('title = "接待与走访"\n', "", "missing_key", None),
        ('audience = "新到岗的社区工作者"', 'audience = "  "', "blank", 7),
        ('audience = "新到岗的社区工作者"', "audience = 3", "not_text", 7),
        ('audience = "新到岗的社区工作者"', 'audience = "一\\n二"', "not_one_line", 7),
        ('title = "接待与走访"', 'title = "' + "长" * 61 + '"', "too_long", 1),
        ('authors = ["社区学堂教研组"]', 'authors = "社区学堂教研组"', "not_list", 8),
        ('authors = ["社区学堂教研组"]', "authors = []", "empty_list", 8),
        ('authors = ["社区学堂教研组"]', "authors = [1]", "not_text", 8),
        ('authors = ["社区学堂教研组"]', 'authors = ["组"]\nminutes = 45', "unknown_key", 9),
        ('"mediation"]', '"juggling"]', "unknown_choice", 5),
        ('"mediation"]', '"mass_work"]', "repeated", 5),
        ('abilities = ["mass_work", "mediation"]', "abilities = [\n  3,\n]", "unknown_choice", 5),
        ('"induction"', '"初任"', "unknown_choice", 4),
        ('tier = "street"', 'tier = "village"', "unknown_choice", 3),
        ("pass_percent = 80", "pass_percent = 101", "out_of_range", 11),
        ("pass_percent = 80", "pass_percent = 80.5", "not_whole", 11),
        ("pass_percent = 80", "pass_percent = true", "not_whole", 11),
        ("pass_percent = 80\n", "", "missing_key", 10),
        ("attempts_allowed = 5", "attempts_allowed = 0", "out_of_range", 12),
        ("wait_hours = 0", "wait_hours = -1", "out_of_range", 13),
        ("wait_hours = 0", "time_limit_minutes = 601", "out_of_range", 13),
        ("wait_hours = 0", "shuffle = true", "unknown_key", 13),
        ('category = "走访"', 'category = "家访"', "draw_unknown", 20),
        ('category = "走访"', 'category = "接待"', "draw_twice", 20),
        ("count = 2", "count = 3", "draw_too_many", 16),
        ("count = 1", "count = 0", "out_of_range", 21),
        ("count = 1", 'count = 1\nkind = "single"', "unknown_key", 22),
        ('category = "走访"\n', "", "missing_key", 19),
    ],
)
def test_a_fault_has_its_line(folder: Path, old: str, new: str, code: str, line: int | None) -> None:
    change(folder, "course.toml", old, new)
    fault = only_fault(folder)
    assert (fault.code, fault.path, fault.line) == (code, "course.toml", line)


@pytest.mark.parametrize(
    "hours", ["2.0", '"2.555"', '"two"', '"-1"', '"1e3"', '"NaN"', '"2,5"', '"２.0"', '""', "true", '" 2"', '".5"']
)
def test_hours_are_a_quoted_decimal_with_two_places_at_most(folder: Path, hours: str) -> None:
    change(folder, "course.toml", 'hours = "2.00"', f"hours = {hours}")
    assert (only_fault(folder).code, only_fault(folder).line) == ("bad_hours", 6)


@pytest.mark.parametrize("hours", ["0", "0.00", "100.01", "9999"])
def test_hours_out_of_range(folder: Path, hours: str) -> None:
    change(folder, "course.toml", '"2.00"', f'"{hours}"')
    assert (only_fault(folder).code, only_fault(folder).line) == ("hours_range", 6)


@pytest.mark.parametrize("hours", ["2", "0.25", "0.5", "100"])
def test_hours_that_are_fine(folder: Path, hours: str) -> None:
    change(folder, "course.toml", '"2.00"', f'"{hours}"')
    assert read_course(folder).faults == ()


def test_a_course_has_a_quiz(folder: Path) -> None:
    put(folder, "course.toml", TOML.split("[quiz]")[0])
    assert (only_fault(folder).code, only_fault(folder).params["key"]) == ("missing_key", "[quiz]")


def test_a_quiz_draws_something(folder: Path) -> None:
    put(folder, "course.toml", TOML.split("[[quiz.draw]]")[0])
    assert (only_fault(folder).code, only_fault(folder).line) == ("no_draw", 10)


@pytest.mark.parametrize(("wrong", "line"), [("draw = 3", 11), ("draw = [1]", 11)])
def test_draws_are_tables(folder: Path, wrong: str, line: int) -> None:
    put(folder, "course.toml", TOML.split("[quiz]")[0] + f"[quiz]\n{wrong}\npass_percent = 80\n")
    assert (only_fault(folder).code, only_fault(folder).line) == ("not_table", line)


def test_a_quiz_is_a_table(folder: Path) -> None:
    put(folder, "course.toml", TOML.split("[quiz]")[0] + "quiz = 3\n")
    assert "not_table" in {fault.code for fault in read_course(folder).faults}


def test_a_category_that_no_learner_meets_is_a_warning(folder: Path) -> None:
    put(folder, "course.toml", TOML.rsplit("[[quiz.draw]]", 1)[0])
    reading = read_course(folder)
    assert places(reading, "draw_none") == [("quiz.gift", None)]
    assert reading.course is not None


def test_every_fault_is_told_at_once(folder: Path) -> None:
    change(folder, "course.toml", '"induction"', '"?"')
    change(folder, "course.toml", '"2.00"', '"x"')
    change(folder, "01-first-visit.md", "# 第一次接待", "第一次接待")
    assert [fault.code for fault in read_course(folder).faults] == ["no_heading", "unknown_choice", "bad_hours"]
