"""Lessons: headings, call-outs, links, checkpoints, and the line of each fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.courses.folder import read_course
from lms.courses.prose import retarget
from tests.courses.folders import FIRST, change, only_fault, places, put

LESSON = "02-at-the-door.md"


def lesson_fault(folder: Path, text: str) -> tuple[str, int | None]:
    put(folder, LESSON, text)
    fault = only_fault(folder)
    assert fault.path == LESSON
    return fault.code, fault.line


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("入户走访\n\n文字\n", "no_heading", 1),
        ("\n# 入户走访\n\n文字\n", "no_heading", 1),
        ("# \n\n文字\n", "no_heading", 1),
        ("#入户\n\n文字\n", "no_heading", 1),
        ("# " + "长" * 61 + "\n\n文字\n", "too_long", 1),
        ("# 入户\n\n文字\n\n# 又一个\n\n文字\n", "second_heading", 5),
        ("# 入户走访\n\n\n", "empty_lesson", 1),
        ("# 入户走访", "empty_lesson", 1),
        ("# 入户\n\n```\n没有结束\n", "open_fence", 3),
        ("# 入户\n\n文字<b>粗</b>\n", "raw_html", 3),
        ("# 入户\n\n<script>alert(1)</script>\n", "raw_html", 3),
        ("# 入户\n\n<!-- 注 -->\n", "raw_html", 3),
        ("# 入户\n\n文字\n<iframe\nsrc=x>\n", "raw_html", 4),
        ('# 入户\n\n!!! danger "险"\n    文字\n', "unknown_callout", 3),
        ('# 入户\n\n!!! note "注意"\n没有缩进\n', "empty_callout", 3),
        ('# 入户\n\n!!! note "注意"\n', "empty_callout", 3),
        ("# 入户\n\n![图](http://example.org/x.png)\n", "remote_image", 3),
        ("# 入户\n\n![图](//example.org/x.png)\n", "remote_image", 3),
        ("# 入户\n\n![图](data:image/png;base64,AA)\n", "remote_image", 3),
        ("# 入户\n\n![](media/flow.svg)\n", "no_alt", 3),
        ("# 入户\n\n![图](media/none.svg)\n", "no_media", 3),
        ("# 入户\n\n[表](media/none.md)\n", "no_media", 3),
        ("# 入户\n\n![图](media/form.md)\n", "not_an_image", 3),
        ("# 入户\n\n[表](media/../course.toml)\n", "bad_target", 3),
        ("# 入户\n\n[表](media/%2e%2e/course.toml)\n", "bad_target", 3),
        ("# 入户\n\n[表](media/)\n", "bad_target", 3),
        ("# 入户\n\n[表](javascript:alert(1))\n", "bad_link", 3),
        ("# 入户\n\n[表](/etc/passwd)\n", "bad_link", 3),
        ("# 入户\n\n[表](//example.org/x)\n", "bad_link", 3),
        ("# 入户\n\n[表](../other/01-x.md)\n", "bad_link", 3),
        ("# 入户\n\n[表](file:///etc/passwd)\n", "bad_link", 3),
        ("# 入户\n\n看[表][1]。\n\n[1]: javascript:alert(1)\n", "bad_link", 5),
    ],
)
def test_a_fault_has_its_line(folder: Path, text: str, code: str, line: int) -> None:
    assert lesson_fault(folder, text) == (code, line)


@pytest.mark.parametrize(
    "text",
    [
        "# 入户\n\n见 <https://www.example.org/> 和 [网站](https://www.example.org/a)。\n",
        "# 入户\n\n年龄 < 60 且 > 18，写作 `<b>`。\n",
        "# 入户\n\n```\n<html># 不是标题\n![图](http://example.org/x.png)\n```\n",
        "# 入户\n\n拨打[热线](tel:12345)，写信[到](mailto:a@example.org)。\n",
        '# 入户\n\n1. 第一步\n\n    !!! tip "小提示"\n        内容\n',
        "# 入户\n\n看[这里][1]。\n\n[1]: https://example.org/\n\n脚注[^1]。\n\n[^1]: 说明\n",
        "# 入户\n\n[![图](media/flow.svg)](media/form.md)\n",
    ],
)
def test_what_may_be_written(folder: Path, text: str) -> None:
    put(folder, LESSON, text)
    assert read_course(folder).faults == ()


def test_media_that_no_lesson_uses_is_a_warning(folder: Path) -> None:
    put(folder, "media/spare.md", "# 备用\n")
    reading = read_course(folder)
    assert places(reading, "unused_media") == [("media/spare.md", None)]
    assert reading.course is not None


def checkpoint(question: str) -> str:
    return f"# 入户\n\n文字\n\n```checkpoint\n{question}\n```\n"


def test_a_question_with_a_fault_is_told_by_the_lessons_line(folder: Path) -> None:
    code, line = lesson_fault(folder, checkpoint("敲门之后做什么？ {\n=退后\n~推门\n"))
    assert code == "gift"
    assert line in (6, 7, 8, 9)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "empty_checkpoint"),
        ("// 只有注释", "empty_checkpoint"),
        ("甲？ {T}\n\n乙？ {F}", "many_questions"),
        ("谈谈你的看法。 {}", "essay_checkpoint"),
        ("没有问什么", "empty_checkpoint"),
    ],
)
def test_a_checkpoint_is_one_question_that_can_be_judged(folder: Path, question: str, code: str) -> None:
    assert lesson_fault(folder, checkpoint(question)) == (code, 5)


def test_one_checkpoint_a_lesson(folder: Path) -> None:
    put(folder, LESSON, checkpoint("甲？ {T}") + "\n```checkpoint\n乙？ {F}\n```\n")
    fault = only_fault(folder)
    assert (fault.code, fault.line, fault.params["other"]) == ("second_checkpoint", 9, 5)


def test_text_after_the_checkpoint_is_a_warning(folder: Path) -> None:
    put(folder, LESSON, checkpoint("甲？ {T}") + "\n后面还有字。\n")
    reading = read_course(folder)
    assert places(reading, "checkpoint_not_last") == [(LESSON, 5)]
    assert reading.course is not None


def test_only_a_checkpoint_is_no_lesson(folder: Path) -> None:
    assert lesson_fault(folder, "# 入户\n\n```checkpoint\n甲？ {T}\n```\n") == ("empty_lesson", 1)


def test_a_fault_in_the_bank_has_its_line(folder: Path) -> None:
    change(folder, "quiz.gift", "{F}", "{F")
    reading = read_course(folder)
    assert [(path, line) for path, line in places(reading, "gift")] == [("quiz.gift", 10)]


def test_a_question_that_asks_nothing_is_a_warning_and_is_not_drawn(folder: Path) -> None:
    change(folder, "quiz.gift", "{F}", "")
    reading = read_course(folder)
    assert places(reading, "not_asked") == [("quiz.gift", 10)]
    assert places(reading, "draw_too_many") == [("course.toml", 16)]


def test_a_bank_without_questions(folder: Path) -> None:
    put(folder, "quiz.gift", "// 空\n")
    assert ("quiz.gift", 1) in places(read_course(folder), "gift")


def test_lines_count_in_files_from_windows(folder: Path) -> None:
    put(folder, LESSON, b"# \xe5\x85\xa5\r\n\r\n<b>\r\n")
    assert (only_fault(folder).code, only_fault(folder).line) == ("raw_html", 3)


def test_the_lesson_keeps_its_text_without_heading_and_checkpoint(folder: Path) -> None:
    course = read_course(folder).course
    assert course is not None
    text = course.lessons[0].text
    assert text.startswith("居民推门进来")
    assert text.endswith("填写[接待登记表](media/form.md)。\n")
    assert FIRST.startswith("# ")


def test_addresses_of_media_are_moved_and_text_is_left_alone() -> None:
    html = '<p>src="media/a.png" <img alt="a &gt; b" src="media/a.png" title="t"><a href="media/x.md">x</a></p>'
    moved = retarget(html, {"a.png": "../files/a.png?revision=1"}.get)
    assert moved == ('<p>src="media/a.png" <img alt="a &gt; b" src="../files/a.png?revision=1" title="t"><a>x</a></p>')
