"""A course taken along over a bad connection, studied without any, and delivered over a bad one: all of it, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from lms.courses.models import Enrollment, LessonFinish, Watching
from tests.browser.chromium import PHONE, Visitor
from tests.browser.films import ENDED, LENGTH, begin, load_course, play
from tests.browser.rough import ENDED as ENDED_EARLY
from tests.browser.rough import Fate, Rough, in_turn, seeded
from tests.browser.steps import NOTHING_WAITS, database_of, persist, signal, until
from tests.installation import Site

pytestmark = pytest.mark.one_database


def test_a_course_is_taken_along_and_studied_offline(
    visitors: Callable[..., Visitor], connection: tuple[Rough, str], site: Site, tmp_path: Path
) -> None:
    load_course(site, tmp_path, "film.mp4", question=True)
    rough, origin = connection
    phone = visitors(PHONE, origin=origin, service_workers="allow")
    course = begin(phone, site)
    page = phone.page
    phone.go(course)
    with phone.watch.tolerating(*ENDED_EARLY, "net::ERR_FAILED"):
        rough.plan = seeded(7, r"/along$|/files/|/documents/|/lessons/\d+$")
        persist(lambda: press_any(page, "离线学习"), page.get_by_role("button", name="带走"))
        persist(lambda: press_any(page, "带走", "离线学习"), page.get_by_text("这门课在手机里"))
    with phone.offline():
        phone.go(f"{course}/lessons/2")
        play(page)
        page.wait_for_function(ENDED)
        answer(page)
        phone.go(f"{course}/lessons/1")
        answer(page)
        expect(page.get_by_text("2 项还没有送出")).to_be_visible()
    harm = (Fate.PORTAL, Fate.LOSE, Fate.DROP, Fate.CUT, Fate.REPEAT)
    rough.plan = in_turn("/checkpoint$|/watched$", *harm)
    # The phone has closed the tab meanwhile, and nobody opens the film's lesson again: it all goes out from any page.
    # The answer about the film is refused as long as the film's own report has not arrived.
    with phone.watch.tolerating(*ENDED_EARLY, "net::ERR_FAILED", "422 for POST"):
        page.close()
        page = phone.page = phone.context.new_page()
        phone.go("/")
        persist(lambda: signal(page), page.locator("[data-behavior=outbox][hidden]"))
        until(page, NOTHING_WAITS)
    phone.go(course)
    expect(page.get_by_role("button", name="参加测验")).to_be_visible()
    assert set(harm) <= set(rough.met)
    nothing_lost_nothing_twice(site)


def press_any(page: Page, *names: str) -> None:
    """Press the first of these buttons that can be seen."""
    for name in names:
        button = page.get_by_role("button", name=name)
        if button.count() and button.is_visible():
            button.click()
            return


def answer(page: Page) -> None:
    page.locator("#checkpoint").get_by_role("radio").first.check()
    page.get_by_role("button", name="提交，看解释").click()
    expect(page.get_by_text("已经记在手机里")).to_be_visible()


def nothing_lost_nothing_twice(site: Site) -> None:
    """One enrollment, each lesson finished once, and one film watched to its end."""
    with database_of(site) as session:
        newest = session.scalars(select(Enrollment).order_by(Enrollment.id.desc())).first()
        assert newest is not None
        finished = select(func.count(LessonFinish.id)).where(LessonFinish.person_id == newest.person_id)
        assert session.scalar(finished) == 2
        [film] = session.scalars(select(Watching).where(Watching.person_id == newest.person_id)).all()
        assert 0.9 * LENGTH <= sum(end - start for start, end in film.spans) <= LENGTH
