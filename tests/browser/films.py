"""A course with a film of twelve seconds: short enough to be watched in a test."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import Visitor
from tests.browser.steps import follow, press
from tests.courses.folders import change, put, write_course
from tests.courses.videos import CAPTIONS, LINE, TRANSCRIPT
from tests.installation import ROOT, Site

TITLE = "短片试看"
LENGTH = 12_000  # milliseconds
ENDED = "() => document.querySelector('video').ended"
_FILMS = ROOT / "tests/courses/films"
_QUESTION = """
```checkpoint
敲门以后做什么？ {
=退后一步 #对。
~推门 #不对。
}
```
"""


def load_course(site: Site, parent: Path, name: str, *, question: bool = False) -> None:
    """Put a course whose second lesson has the film `name` into the running site; `question`: it ends with one."""
    folder = write_course(parent, "duanpian")
    change(folder, "course.toml", "接待与走访", TITLE)
    pieces = ("film.m3u8", "film0.ts", "film1.ts") if name.endswith(".m3u8") else (name,)
    for piece in pieces:
        shutil.copy(_FILMS / piece, folder / "media" / piece)
    put(folder, "media/film.vtt", CAPTIONS)
    put(folder, "media/film.md", TRANSCRIPT)
    line = LINE.replace("first.mp4", name)
    change(folder, "02-at-the-door.md", "亮明身份。\n", f"亮明身份。\n\n{line}\n{_QUESTION if question else ''}")
    site.installation.lms("courses", "load", str(folder))


def begin(visitor: Visitor, site: Site) -> str:
    """A worker signs in and begins the course; answers its address."""
    worker = site.sign_ins["worker"]
    visitor.sign_in(worker.sign_in, worker.password)
    visitor.go("/courses/")
    follow(visitor.page, TITLE)
    address = visitor.page.url.removeprefix(visitor.watch.origin)
    press(visitor.page, "开始学习")
    return address


def play(page: Page) -> None:
    """At double speed, chosen in the page; the player itself is the browser's."""
    page.get_by_label("速度").select_option("2")
    page.locator("video").evaluate("(video) => video.play()")
