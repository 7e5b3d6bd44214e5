"""The folder format: what is sound, and each fault with its file and line."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.cases.kinds import CommunityKind, Section, Theme
from lms.cases.library import read_library
from lms.cases.library_text import read_case
from lms.cases.writing import write_case
from lms.courses.faults import FaultLog
from lms.hours.kinds import Ability
from tests.cases.library import CASE, METHOD, put, write_library
from tests.cases.made import LIFT


def faults(folder) -> list[tuple[str, int | None, str]]:
    return [(fault.path, fault.line, fault.code) for fault in read_library(folder).faults]


def test_a_sound_library_is_read_whole(tmp_path) -> None:
    reading = read_library(write_library(tmp_path))
    [case], [method] = reading.cases, reading.methods
    assert reading.faults == ()
    assert (case.slug, case.text.methods, list(case.media)) == ("wutongli-dianti", ("loudao-yishi",), ["liucheng.svg"])
    assert case.text.sections[Section.RESULTS] == "电梯在十一月启用。"
    assert (method.text.name, method.text.fits) == ("楼道议事法", "一栋楼里的事。")
    assert len(read_library(tmp_path / "mediation").cases) == 1
    assert len(read_library(tmp_path / "mediation/wutongli-dianti.md").cases) == 1
    assert faults(tmp_path / "nothing") == [("", None, "no_library")]


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("+++\ntitle", "title", 1, "no_front"),
        ('title = "梧桐里的电梯为什么装成了"', "", None, "missing_key"),
        ('title = "梧', 'titel = "梧', 2, "unknown_key"),
        ('["disputes", "consultation"]', '["disputes", "votes"]', 5, "unknown_choice"),
        ('["mediation", "organizing"]', '["organizing"]', 4, "folder_mismatch"),
        ('"2023-03"', '"2023年3月"', 9, "bad_month"),
        ('"2023-11"', '"2022"', 10, "ends_before"),
        ("illustration = true", 'illustration = "yes"', 14, "not_truth"),
        ("illustration = true", "illustration = false", 15, "not_confirmed"),
        ('methods = ["loudao-yishi"]', 'methods = ["other"]', None, "unknown_method"),
        ("## 成效与反响", "## 成效", 29, "unknown_section"),
        ("## 讨论\n\n- 换一个小区还行不行？\n", "", None, "section_missing"),
        ("六层老楼没有电梯。", "", 19, "section_empty"),
        ("## 背景与起因", "先说一句\n\n## 背景与起因", 19, "text_too_early"),
        ("六层老楼没有电梯。", "# 大标题", 21, "high_heading"),
        ("六层老楼没有电梯。", "<b>六层</b>", 21, "raw_html"),
        ("files/liucheng.svg", "files/none.svg", 27, "no_case_file"),
        ("files/liucheng.svg", "https://example.invalid/x.png", 27, "remote_case_image"),
        ("![从反对到签字]", "![]", 27, "no_alt"),
        ("电梯在十一月启用。", "启用。" * 6000, 17, "too_long_case"),
        ("电梯在十一月启用。", "启用。" * 1100, 17, "long_case"),
    ],
)
def test_each_fault_has_its_line(tmp_path, old: str, new: str, line: int | None, code: str) -> None:
    assert old in CASE
    found = faults(write_library(tmp_path, case=CASE.replace(old, new)))
    assert any(f[0] == "mediation/wutongli-dianti.md" and f[2] == code and f[1] in (line, line or 1) for f in found), (
        found
    )
    assert all(fault.message for fault in read_library(tmp_path).faults)


def test_what_does_not_belong_is_said(tmp_path) -> None:
    write_library(tmp_path)
    put(tmp_path / "votes/x.md", "x")
    put(tmp_path / "mediation/Bad Name.md", CASE)
    put(tmp_path / "mediation/UPPER.md", CASE)
    put(tmp_path / "mediation/files/unused.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    twin = (
        CASE.replace('["mediation", "organizing"]', '["organizing"]')
        .replace("![", "[")
        .replace("files/liucheng.svg", "tel:110")
    )
    put(tmp_path / "organizing/wutongli-dianti.md", twin)
    put(tmp_path / "methods/loudao-yishi.txt", METHOD)
    codes = {code for _path, _line, code in faults(tmp_path)}
    wanted = {"unknown_case_folder", "bad_name", "bad_case_slug", "unused_case_file", "case_twice", "stray_in_library"}
    assert wanted <= codes


plain = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30).map(
    lambda text: text.replace("<", "(").replace("`", "'").replace("[", "(").replace("~", "-").strip(" #!\\") or "字"
)


@settings(max_examples=40, deadline=None)
@given(title=plain, summary=plain, author=plain, body=plain)
def test_what_is_written_is_read_back(title: str, summary: str, author: str, body: str) -> None:
    text = replace(
        LIFT,
        title=title,
        summary=summary,
        authors=(author,),
        themes=tuple(Theme),
        abilities=tuple(Ability),
        community_kind=CommunityKind.MIXED,
        sections=dict.fromkeys(Section, f"甲{body}乙"),
    )
    log = FaultLog("x.md")
    source = read_case("x", write_case(text).encode(), {}, log)
    if all(value.strip() == value and value.isprintable() for value in (title, summary, author)):
        assert source is not None, log.faults
        assert source.text == text
