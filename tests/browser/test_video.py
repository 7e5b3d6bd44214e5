"""A video watched in pieces on two phones, with the signal lost in between; and read by those who cannot watch."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import sound
from tests.browser.chromium import PHONE, Visitor
from tests.browser.steps import follow, press
from tests.installation import Site

COURSE = "邻里和物业矛盾"
LESSON = "第一步：接案与降温"

#: The film lasts 56 seconds: at double speed a half of it takes 14.
PLAYED_TO = "(second) => document.querySelector('video').currentTime >= second"
#: A short film is fetched whole once it plays; a longer one would stop here where the signal does.
FETCHED = """() => {
  const { buffered, duration } = document.querySelector("video");
  return buffered.length && buffered.end(0) > duration - 1;
}"""
ENDED = "() => document.querySelector('video').ended"

#: A film plays the same on both databases; what reports credit is tested on either over HTTP.
pytestmark = pytest.mark.parametrize("demonstration", ["sqlite"], indirect=True)


def open_the_lesson(visitor: Visitor, site: Site) -> None:
    worker = site.sign_ins["worker"]
    visitor.sign_in(worker.sign_in, worker.password)
    visitor.go("/courses/?q=矛盾")
    visitor.page.locator(".course-card__title a").first.click()
    visitor.page.get_by_role("heading", level=1).wait_for()


def play(page: Page) -> None:
    """At double speed, chosen in the page; the player itself is the browser's."""
    page.get_by_label("速度").select_option("2")
    page.locator("video").evaluate("(video) => video.play()")


def test_a_video_in_pieces_on_two_phones(visitors: Callable[..., Visitor], site: Site) -> None:
    first = visitors(PHONE)
    open_the_lesson(first, site)
    page = first.page
    press(page, "开始学习")
    expect(page.get_by_role("heading", level=1)).to_have_text(LESSON)
    sound(page)
    play(page)
    page.wait_for_function(FETCHED)
    with first.offline():
        page.wait_for_function(PLAYED_TO, arg=24, timeout=40_000)
        page.locator("video").evaluate("(video) => video.pause()")
        expect(page.get_by_text("没有信号，进度会在恢复后补上")).to_be_visible()
    with page.expect_response(re.compile("/watched$")) as answer:
        page.evaluate("window.dispatchEvent(new Event('online'))")
    assert answer.value.json()["state"] == "kept"

    second = visitors(PHONE)
    open_the_lesson(second, site)
    page = second.page
    follow(page, "继续学习")
    expect(page.get_by_text("从上次停下的地方继续")).to_be_visible()
    assert page.locator("video").evaluate("(video) => video.currentTime") > 20
    assert page.locator("video").evaluate("(video) => video.paused")
    play(page)
    page.wait_for_function(ENDED, timeout=40_000)
    expect(page.get_by_text("视频已看完")).to_be_visible()
    expect(page.get_by_text("请先看完视频，再答这道题。")).to_be_hidden()
    page.locator("#checkpoint").get_by_role("radio").first.check()
    press(page, "提交，看解释")
    expect(page.locator("#checkpoint").get_by_text(re.compile("答对了|答错了|部分正确"))).to_be_visible()


def test_the_transcript_needs_no_script(visitors: Callable[..., Visitor], site: Site) -> None:
    """The page is there and its form works; that it takes as long as reading does is said by the HTTP tests."""
    reader = visitors(PHONE, java_script_enabled=False)
    open_the_lesson(reader, site)
    page = reader.page
    press(page, "开始学习")
    expect(page.locator("video")).to_have_attribute("controls", "")
    follow(page, "看不了视频？读文字稿")
    expect(page.get_by_text("先接住人，再接住事").first).to_be_visible()
    page.locator("#checkpoint").get_by_role("radio").first.check()
    press(page, "提交，看解释")
    expect(page.get_by_text("请把文字稿读到最后，再答这道题。").first).to_be_visible()
