"""A video watched in pieces on two phones, with the signal lost in between; and read by those who cannot watch."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from lms.courses.models import LessonFinish, Watching
from tests.browser.checks import sound
from tests.browser.chromium import PHONE, Visitor
from tests.browser.films import ENDED, LENGTH, begin, load_course, play
from tests.browser.rough import ENDED as ENDED_EARLY
from tests.browser.rough import Fate, in_turn
from tests.browser.steps import database_of, follow, persist, press, signal
from tests.installation import Site

COURSE = "邻里和物业矛盾"
PLAYED_TO = "(second) => document.querySelector('video').currentTime >= second"
#: A short film is fetched whole once it plays; a longer one would stop here where the signal does.
FETCHED = """() => {
  const { buffered, duration } = document.querySelector("video");
  return buffered.length && buffered.end(0) > duration - 1;
}"""

#: A film plays the same on both databases; what reports credit is tested on either over HTTP.
pytestmark = pytest.mark.one_database


def open_the_lesson(visitor: Visitor, site: Site) -> None:
    worker = site.sign_ins["worker"]
    visitor.sign_in(worker.sign_in, worker.password)
    visitor.go("/courses/?q=矛盾")
    visitor.page.locator(".course-card__title a").first.click()
    visitor.page.get_by_role("heading", level=1).wait_for()


def test_a_video_in_pieces_on_two_phones(visitors: Callable[..., Visitor], connection, site: Site, tmp_path) -> None:
    """Reports are lost, cut, repeated and late, and a part is watched without any signal: it adds up to the whole."""
    load_course(site, tmp_path, "film.mp4", question=True)
    rough, origin = connection
    first = visitors(PHONE, origin=origin)
    course = begin(first, site)
    first.go(f"{course}/lessons/2")
    page = first.page
    sound(page)
    rough.plan = in_turn("/watched$", Fate.LOSE, Fate.PORTAL, Fate.CUT)
    with first.watch.tolerating(*ENDED_EARLY):
        play(page)
        page.wait_for_function(FETCHED)
        with first.offline():
            page.wait_for_function(PLAYED_TO, arg=6)
            page.locator("video").evaluate("(video) => video.pause()")
            expect(page.get_by_text("没有信号，进度会在恢复后补上")).to_be_visible()
        persist(lambda: signal(page), page.locator("[data-video=state]:text-is('')"))

    second = visitors(PHONE, origin=origin)
    worker = site.sign_ins["worker"]
    second.sign_in(worker.sign_in, worker.password)
    rough.plan = in_turn("/watched$", Fate.LATE, Fate.DROP, Fate.REPEAT)
    with second.watch.tolerating(*ENDED_EARLY):
        second.go(f"{course}/lessons/2")
        page = second.page
        expect(page.get_by_text("从上次停下的地方继续")).to_be_visible()
        assert 5 < page.locator("video").evaluate("(video) => video.currentTime") < 8
        assert page.locator("video").evaluate("(video) => video.paused")
        play(page)
        page.wait_for_function(ENDED)
        persist(lambda: signal(page), page.get_by_text("视频已看完"))
    expect(page.get_by_text("请先看完视频，再答这道题。")).to_be_hidden()
    page.locator("#checkpoint").get_by_role("radio").first.check()
    press(page, "提交，看解释")
    expect(page.locator("#checkpoint").get_by_text(re.compile("答对了|答错了|部分正确"))).to_be_visible()
    assert set(rough.met) == set(Fate) - {Fate.HANG, Fate.DELAY}
    with database_of(site) as session:
        newest = session.scalars(select(LessonFinish).order_by(LessonFinish.id.desc())).first()
        assert newest is not None
        same = (LessonFinish.person_id == newest.person_id, LessonFinish.lesson_id == newest.lesson_id)
        finishes = session.scalar(select(func.count(LessonFinish.id)).where(*same))
        mine = (Watching.person_id == newest.person_id, Watching.lesson_id == newest.lesson_id)
        watched = session.scalars(select(Watching).where(*mine)).one()
    assert finishes == 1
    assert 0.9 * LENGTH <= sum(end - start for start, end in watched.spans) <= LENGTH


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
