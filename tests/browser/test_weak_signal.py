"""Without a signal: what was read or taken along can be read again, by its reader alone, and until they sign out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import sound
from tests.browser.chromium import PHONE, Visitor
from tests.browser.steps import NOTHING_WAITS, follow, press, until
from tests.installation import Site

pytestmark = pytest.mark.one_database

KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('kept-')).length)"


QUEUES = "indexedDB.databases().then((all) => all.map((one) => one.name))"


@pytest.fixture
def phone(visitors: Callable[..., Visitor], site: Site) -> Visitor:
    """A worker's phone with the site's own worker, on the page of a course that they have begun."""
    visitor = visitors(PHONE, service_workers="allow")
    sign_in(visitor, site, "worker")
    return visitor


def sign_in(visitor: Visitor, site: Site, role: str) -> None:
    person = site.sign_ins[role]
    visitor.sign_in(person.sign_in, person.password)
    # From now on the worker sees every page.
    visitor.page.wait_for_function("navigator.serviceWorker.controller !== null")


def begin(visitor: Visitor) -> str:
    """Open the first lesson of a course; answers the course's address."""
    visitor.go("/courses/?q=矛盾")
    visitor.page.locator(".course-card__title a").first.click()
    visitor.page.wait_for_url(re.compile(r"/courses/\d+$"))
    address = visitor.page.url
    press(visitor.page, "开始学习")
    return address.removeprefix(visitor.watch.origin)


def kept(page: Page, path: str) -> None:
    """Wait until the worker has put a page away."""
    until(page, "(path) => caches.match(path, { ignoreVary: true }).then(Boolean)", path)


def test_a_lesson_that_was_opened_can_be_read_again(phone: Visitor) -> None:
    course = begin(phone)
    page = phone.page
    kept(page, f"{course}/lessons/1")
    kept(page, "/offline")
    with phone.offline():
        phone.go(f"{course}/lessons/1")
        expect(page.get_by_role("heading", name="六步是哪六步")).to_be_visible()
        phone.go("/record/")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有信号")
        sound(page)
        follow(page, "第一步：接案与降温")
        expect(page.get_by_role("heading", level=1)).to_have_text("第一步：接案与降温")


def test_a_course_is_taken_along_and_removed(phone: Visitor) -> None:
    course = begin(phone)
    page = phone.page
    phone.go(course)
    page.get_by_role("button", name="离线学习").click()
    expect(page.get_by_text(re.compile(r"要用 [\d.]+ [KM]B 流量"))).to_be_visible()
    page.get_by_role("button", name="带走").click()
    expect(page.get_by_text("这门课在手机里")).to_be_visible()
    sound(page)
    with phone.offline():
        phone.go(f"{course}/lessons/5")
        expect(page.locator("article.prose").first).to_be_visible()
        phone.go(f"{course}/lessons/1")
        page.wait_for_function("document.querySelector('video').readyState >= 1")
    phone.go(course)
    page.get_by_role("button", name="从手机里移除").click()
    expect(page.get_by_role("button", name="离线学习")).to_be_visible()
    with phone.offline():
        phone.go(f"{course}/lessons/5")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有信号")


@pytest.mark.both_databases
def test_a_lesson_finished_without_a_signal_goes_out_later_and_once(phone: Visitor) -> None:
    course = begin(phone)
    page = phone.page
    phone.go(f"{course}/lessons/3")
    kept(page, f"{course}/lessons/3")
    with phone.offline():
        phone.go(f"{course}/lessons/3")
        page.locator("#checkpoint").get_by_role("radio").first.check()
        page.get_by_role("button", name="提交，看解释").click()
        expect(page.get_by_text("已经记在手机里")).to_be_visible()
        expect(page.get_by_text("1 项还没有送出")).to_be_visible()
        sound(page)
    phone.go(f"{course}/lessons/4")
    expect(page.get_by_text("项还没有送出")).to_be_hidden()
    phone.go(f"{course}/lessons/3")
    expect(page.locator("#checkpoint").get_by_text(re.compile("答对了|答错了|部分正确"))).to_be_visible()


def test_signing_out_leaves_nothing_on_the_phone(phone: Visitor) -> None:
    course = begin(phone)
    page = phone.page
    kept(page, f"{course}/lessons/1")
    page.evaluate("sessionStorage.setItem('quiz-1', 'an answer')")
    assert "outbox" in page.evaluate(QUEUES)
    sign_out(page)
    assert page.evaluate(KEPT) == 0
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    assert page.evaluate(QUEUES) == []
    with phone.offline(), pytest.raises(Exception, match="net::ERR"):
        phone.go(f"{course}/lessons/1")


def test_another_person_sees_nothing_of_it(phone: Visitor, site: Site) -> None:
    course = begin(phone)
    page = phone.page
    kept(page, f"{course}/lessons/1")
    # As if the session had ended by itself, without the button, and somebody else had signed in.
    phone.context.clear_cookies()
    sign_in(phone, site, "street_admin")
    until(page, "(path) => caches.match(path).then((found) => !found)", f"{course}/lessons/1")
    kept(page, "/offline")
    with phone.offline():
        phone.go(f"{course}/lessons/1")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有信号")


def test_pages_of_administrators_are_never_kept(visitors: Callable[..., Visitor], site: Site) -> None:
    county = visitors(PHONE, service_workers="allow")
    sign_in(county, site, "county_admin")
    for path in ("/people/", "/units/", "/roster/"):
        county.go(path)
    kept(county.page, "/offline")
    addresses = """async () => (await Promise.all((await caches.keys()).filter((name) => name.startsWith("kept-"))
      .map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat()"""
    assert county.page.evaluate(addresses) == ["/offline"]


def sign_out(page: Page) -> None:
    page.locator(".topbar summary").last.click()
    press(page, "退出登录")


def test_a_session_that_ends_by_itself_wipes_nothing_of_the_same_person(phone: Visitor, site: Site) -> None:
    """Nobody reads it meanwhile; whoever signs in again has it all, the unsent answer included."""
    course = begin(phone)
    page = phone.page
    phone.go(f"{course}/lessons/3")
    kept(page, f"{course}/lessons/3")
    with phone.watch.tolerating("400 for POST"):  # the page that is still open tries in vain
        with phone.offline():
            phone.go(f"{course}/lessons/3")
            page.locator("#checkpoint").get_by_role("radio").first.check()
            page.get_by_role("button", name="提交，看解释").click()
            expect(page.get_by_text("已经记在手机里")).to_be_visible()
            phone.context.clear_cookies()
        phone.go("/sign-in")
        until(page, "async () => (await (await caches.match('/reader')).text()) === ''")
        with phone.offline(), pytest.raises(Exception, match="net::ERR"):
            phone.go(f"{course}/lessons/3")
        sign_in(phone, site, "worker")
        until(page, NOTHING_WAITS)
    with phone.offline():
        phone.go(f"{course}/lessons/1")
        expect(page.get_by_role("heading", name="六步是哪六步")).to_be_visible()
    phone.go(f"{course}/lessons/3")
    expect(page.locator("#checkpoint").get_by_text(re.compile("答对了|答错了|部分正确"))).to_be_visible()


def test_what_must_wait_for_something_else_is_not_given_up(phone: Visitor) -> None:
    """The answer to a video lesson is refused until the video's report has arrived, however often it is tried."""
    course = begin(phone)
    page = phone.page
    kept(page, f"{course}/lessons/1")
    with phone.offline():
        phone.go(f"{course}/lessons/1")
        page.locator("#checkpoint").get_by_role("radio").first.check()
        page.get_by_role("button", name="提交，看解释").click()
        expect(page.get_by_text("1 项还没有送出")).to_be_visible()
    with phone.watch.tolerating("422 for POST"):
        phone.go(f"{course}/lessons/2")
        for _try in range(12):
            with page.expect_response(re.compile("/lessons/1/checkpoint$")) as refused:
                page.evaluate("window.dispatchEvent(new Event('online'))")
            assert refused.value.status == 422
        expect(page.get_by_text("1 项还没有送出")).to_be_visible()
