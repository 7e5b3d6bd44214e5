"""A long video comes in segments (HLS): played by the browser itself, or by a script that only such a page loads."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.courses.models import Watching
from tests.browser.checks import sound
from tests.browser.chromium import PHONE, Visitor
from tests.browser.steps import database_of, follow, press
from tests.courses.folders import change, put, write_course
from tests.courses.videos import CAPTIONS, LINE, TRANSCRIPT
from tests.installation import ROOT, Site

TITLE = "长片试看"
FILM = ROOT / "tests/courses/hls"
#: What a browser that knows no playlists says of them.
UNKNOWN = """
const own = HTMLMediaElement.prototype.canPlayType;
HTMLMediaElement.prototype.canPlayType = function (kind) { return /mpegurl/.test(kind) ? "" : own.call(this, kind); };
"""
PLAYER = re.compile(r"/static/hls")

pytestmark = pytest.mark.parametrize("demonstration", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def course(site: Site, tmp_path: Path) -> None:
    """A course whose second lesson has a long video."""
    folder = write_course(tmp_path, "changpian")
    change(folder, "course.toml", "接待与走访", TITLE)
    for name in ("film.m3u8", "film0.ts", "film1.ts"):
        shutil.copy(FILM / name, folder / "media" / name)
    put(folder, "media/film.vtt", CAPTIONS)
    put(folder, "media/film.md", TRANSCRIPT)
    line = LINE.replace("first.mp4", "film.m3u8")
    change(folder, "02-at-the-door.md", "亮明身份。\n", f"亮明身份。\n\n{line}\n")
    site.installation.lms("courses", "load", str(folder))


def open_the_lesson(visitor: Visitor, site: Site) -> Page:
    worker = site.sign_ins["worker"]
    visitor.sign_in(worker.sign_in, worker.password)
    page = visitor.page
    visitor.go("/courses/")
    follow(page, TITLE)
    press(page, "开始学习")
    visitor.go(page.url.removeprefix(visitor.watch.origin).replace("/lessons/1", "/lessons/2"))
    return page


def watch_to_the_end(page: Page) -> None:
    page.get_by_label("速度").select_option("2")
    page.locator("video").evaluate("(video) => video.play()")
    page.wait_for_function("() => document.querySelector('video').ended", timeout=30_000)
    expect(page.get_by_text("视频已看完")).to_be_visible()


def test_a_script_puts_the_segments_together(visitors: Callable[..., Visitor], site: Site) -> None:
    phone = visitors(PHONE)
    phone.context.add_init_script(UNKNOWN)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    page = open_the_lesson(phone, site)
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    assert page.locator("video").evaluate("(video) => video.currentSrc").startswith("blob:")
    sound(page)
    watch_to_the_end(page)
    assert len([url for url in asked if PLAYER.search(url)]) == 1
    with database_of(site) as session:
        newest = session.scalars(select(Watching).order_by(Watching.reported_at.desc())).first()
    assert newest is not None
    assert sum(end - start for start, end in newest.spans) >= 0.9 * 12_000


def test_who_plays_it_unaided_loads_no_script_for_it(visitors: Callable[..., Visitor], site: Site) -> None:
    phone = visitors(PHONE)
    phone.context.add_init_script(UNKNOWN.replace('""', '"maybe"'))
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    page = open_the_lesson(phone, site)
    expect(page.locator("[data-video=speed]")).to_be_visible()  # the scripts of the page have run
    assert not [url for url in asked if PLAYER.search(url)]
