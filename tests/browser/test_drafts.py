"""A case is written in the page: kept while it is typed, on a phone without a signal, and in two places at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.checks import sound
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import follow, press
from tests.drafts import shapes
from tests.installation import Site

#: Nothing of it depends on the database: the rules that do are tested on either without a browser.
pytestmark = pytest.mark.one_database

SAVED = "[data-draft-state][data-state=saved]"


def test_a_case_is_written_on_a_phone_and_a_desktop(site: Site, visitors) -> None:
    phone, desk = visitors(PHONE), visitors(DESKTOP)
    worker = site.sign_ins["worker"]
    for visitor in (phone, desk):
        visitor.sign_in(worker.sign_in, worker.password)
    address = begin(phone)

    type_and_wait(phone.page, "process", "先问清楚怕什么。")
    without_a_signal(phone, address)
    two_at_once(phone, desk, address)
    signed_out(desk, address)
    desk.sign_in(worker.sign_in, worker.password)
    desk.page.goto(address)
    expect(desk.page.locator("#summary")).to_have_value("登录结束以后写的。")
    desk.page.wait_for_selector(SAVED)
    with_tools(desk.page, address)


def begin(phone: Visitor) -> str:
    phone.go("/drafts/new")
    sound(phone.page)
    press(phone.page, "开始写")
    sound(phone.page)
    return phone.page.url


def type_and_wait(page: Page, field: str, text: str) -> None:
    page.locator(f"#{field}").fill(text)
    page.wait_for_selector(SAVED)


def without_a_signal(phone: Visitor, address: str) -> None:
    """What was typed without a signal is there when the page is opened again, and goes out."""
    with phone.offline():
        phone.page.locator("#results").fill("没有信号时写的。")
        expect(phone.page.locator("[data-draft-state]")).to_contain_text("没有信号")
    phone.page.goto(address)
    expect(phone.page.locator("#results")).to_have_value("没有信号时写的。")
    expect(phone.page.locator("[data-draft-state]")).to_have_text("已保存")


def two_at_once(phone: Visitor, desk: Visitor, address: str) -> None:
    """Both texts are kept: one stands, the other lies among the old copies."""
    for visitor in (phone, desk):
        visitor.page.goto(address)
    type_and_wait(desk.page, "discussion", "台式机上写的。")
    with phone.watch.tolerating("409"):
        phone.page.locator("#discussion").fill("手机上写的。")
        phone.page.get_by_role("button", name="用我这里的").click()
        phone.page.wait_for_selector(SAVED)
    phone.page.goto(f"{address}/copies")
    sound(phone.page)
    expect(phone.page.get_by_text("台式机上写的。")).to_be_attached()


def signed_out(desk: Visitor, address: str) -> None:
    """The session is gone: that is said, not a lost signal, and the text waits in this browser."""
    desk.page.goto(address)
    desk.page.context.clear_cookies()
    with desk.watch.tolerating("400", "401"):
        desk.page.locator("#summary").fill("登录结束以后写的。")
        expect(desk.page.locator("[data-draft-state]")).to_contain_text("登录已经结束")


def with_tools(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#results").focus()
    page.keyboard.press("Control+End")
    tools = page.get_by_role("toolbar").nth(2)
    tools.get_by_role("button", name="表格").click()
    photo = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=shapes.picture(600, 400, place=True))
    tools.locator("input[type=file]").set_input_files(photo)
    page.wait_for_selector(SAVED)
    counted = page.locator("[data-draft-count]").inner_text().partition(" 字")[0]
    press(page, "预览")
    sound(page)
    expect(page.get_by_text(f"四部分共 {counted} 字")).to_be_visible()  # page and server count alike
    expect(page.locator(".prose table")).to_be_visible()
    expect(page.locator(".prose img")).to_be_attached()
    page.get_by_role("link", name="检查并提交").click()
    sound(page)


def test_two_people_write_one_case(site: Site, visitors) -> None:
    """By keyboard: a colleague is named, comes second, agrees on a phone; both write at once, and nothing is lost."""
    desk, phone = visitors(DESKTOP), visitors(PHONE)
    for visitor, role in ((desk, "worker"), (phone, "secretary")):
        visitor.sign_in(site.sign_ins[role].sign_in, site.sign_ins[role].password)
    address = begin(desk)
    type_and_wait(desk.page, "title", "两个人写的一篇")

    by_keyboard(desk.page, "加作者、改顺序")
    colleague = "周淑华"  # the secretary of the worker's community
    by_keyboard(desk.page, f"加为作者 {colleague}")
    by_keyboard(desk.page, f"上移 {colleague}")
    expect(desk.page.locator("ol.rows > li").first).to_contain_text(colleague)
    sound(desk.page)

    phone.go("/")
    follow(phone.page, "1 篇案例把您列为作者")
    follow(phone.page, "等您答复署名")
    sound(phone.page)
    press(phone.page, "同意署名")
    follow(phone.page, "看草稿")
    two_at_once(phone, desk, address)
    expect(phone.page.get_by_text("林晓梅").first).to_be_attached()


def by_keyboard(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
