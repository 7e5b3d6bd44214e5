"""The instruments themselves: they find what they are for, and leave a sound page alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.checks import axe, no_sideways_scroll, sound
from tests.browser.chromium import PHONE, Visitor, new_visitor

# Reserved for documentation: nobody answers there, and nobody is asked.
ORIGIN = "http://site.example"
PAGE = """<!doctype html><html lang="zh-Hans-CN"><head><title>社区学堂</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>社区学堂</h1>{}</main></body></html>"""


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    opened = new_visitor(browser, ORIGIN, PHONE)
    yield opened
    opened.context.close()


def test_a_sound_page_is_left_alone(visitor):
    visitor.page.set_content(PAGE.format("<p>一门课程</p>"))

    sound(visitor.page)

    assert visitor.watch.complaints == []


def test_a_request_to_outside_is_heard(visitor):
    visitor.page.set_content(PAGE.format('<img alt="" src="http://elsewhere.example/pixel.png">'))

    assert "request to outside: http://elsewhere.example/pixel.png" in visitor.watch.complaints


def test_an_error_on_the_console_is_heard(visitor):
    with visitor.context.expect_console_message():
        visitor.page.evaluate("console.error('没有保存')")

    assert visitor.watch.complaints == ["console error: 没有保存"]


def test_an_error_of_a_script_is_heard(visitor):
    with visitor.context.expect_event("weberror"):
        visitor.page.evaluate("setTimeout(() => { throw new Error('没有保存') })")

    assert any("没有保存" in text for text in visitor.watch.complaints)


def test_what_a_test_provokes_is_tolerated(visitor):
    with visitor.watch.tolerating("没有保存"), visitor.context.expect_console_message():
        visitor.page.evaluate("console.error('没有保存')")

    assert visitor.watch.complaints == []


def test_axe_finds_a_picture_without_words(visitor):
    visitor.page.set_content(PAGE.format('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'))

    with pytest.raises(AssertionError, match="image-alt"):
        axe(visitor.page)


def test_a_page_that_is_too_wide_names_what_is(visitor):
    visitor.page.set_content(PAGE.format('<p class="wide" style="width: 500px">一门课程</p>'))

    with pytest.raises(AssertionError, match='<p class="wide">'):
        no_sideways_scroll(visitor.page)


def test_a_table_may_scroll_inside_its_frame(visitor):
    frame = '<div style="overflow-x: auto" tabindex="0"><p style="width: 500px">一门课程</p></div>'
    visitor.page.set_content(PAGE.format(frame))

    no_sideways_scroll(visitor.page)
