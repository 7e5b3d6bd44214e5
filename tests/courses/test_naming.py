"""What a document is called: the words of the lesson's link, or the document's own heading."""

from __future__ import annotations

import pytest

from lms.courses.naming import name_in_lesson, name_of_page

LESSON = """
<p>先看<a href="../files/flow.svg?revision=2">流程图</a>，
再填<a href="../documents/deng-ji.md?revision=2"><strong>接待</strong>登记表
&amp; 回执</a>和<a href="../files/%E5%8F%B0%E8%B4%A6.csv?revision=2">台账</a>。
<a href="../files/empty.csv?revision=2"></a></p>
"""


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("deng-ji.md", "接待登记表 & 回执"),
        ("台账.csv", "台账"),
        ("elsewhere.csv", "elsewhere"),
        ("ji.md", "ji"),
        ("empty.csv", "empty"),
    ],
)
def test_a_file_is_called_what_the_lesson_calls_it(file: str, name: str) -> None:
    assert name_in_lesson(LESSON, file) == name


def test_a_page_is_called_what_its_first_heading_says() -> None:
    assert name_of_page("<p>（样本）</p><h2>转介 <em>单</em></h2><h3>追一句</h3>", "zhuanjie-dan.md") == "转介 单"
    assert name_of_page("<p>没有标题</p>", "zhuanjie-dan.md") == "zhuanjie-dan"
    assert name_of_page("<h2></h2>", "zhuanjie-dan.md") == "zhuanjie-dan"
