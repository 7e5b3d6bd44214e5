"""A long video comes in segments (HLS): played by the browser itself, or by a script that only such a page loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.courses.models import Watching
from tests.browser.checks import sound
from tests.browser.chromium import PHONE, Visitor
from tests.browser.films import ENDED, LENGTH, begin, load_course, play
from tests.browser.steps import database_of
from tests.installation import Site

#: What a browser that knows no playlists says of them.
UNKNOWN = """
const own = HTMLMediaElement.prototype.canPlayType;
HTMLMediaElement.prototype.canPlayType = function (kind) { return /mpegurl/.test(kind) ? "" : own.call(this, kind); };
"""
PLAYER = re.compile(r"/static/hls")

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def course(site: Site, tmp_path: Path) -> None:
    load_course(site, tmp_path, "film.m3u8")


def open_the_lesson(visitor: Visitor, site: Site) -> Page:
    course = begin(visitor, site)
    visitor.go(f"{course}/lessons/2")
    return visitor.page


def test_a_script_puts_the_segments_together(visitors: Callable[..., Visitor], site: Site) -> None:
    phone = visitors(PHONE)
    phone.context.add_init_script(UNKNOWN)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    page = open_the_lesson(phone, site)
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    assert page.locator("video").evaluate("(video) => video.currentSrc").startswith("blob:")
    sound(page)
    play(page)
    page.wait_for_function(ENDED, timeout=30_000)
    expect(page.get_by_text("视频已看完")).to_be_visible()
    assert len([url for url in asked if PLAYER.search(url)]) == 1
    with database_of(site) as session:
        newest = session.scalars(select(Watching).order_by(Watching.reported_at.desc())).first()
    assert newest is not None
    assert sum(end - start for start, end in newest.spans) >= 0.9 * LENGTH


def test_who_plays_it_unaided_loads_no_script_for_it(visitors: Callable[..., Visitor], site: Site) -> None:
    phone = visitors(PHONE)
    phone.context.add_init_script(UNKNOWN.replace('""', '"maybe"'))
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    page = open_the_lesson(phone, site)
    expect(page.locator("[data-video=speed]")).to_be_visible()  # the scripts of the page have run
    assert not [url for url in asked if PLAYER.search(url)]
