"""A worker finds a case by two characters on a phone, notes its use and asks; a trainer makes a lesson of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.checks import sound
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import follow, press
from tests.installation import Site

TITLE = "一楼为什么最后签了字"

#: What differs between the databases is tested over HTTP on either.
pytestmark = pytest.mark.one_database


def test_a_case_is_found_used_and_taught(visitors: Callable[..., Visitor], site: Site) -> None:
    worker, trainer = site.sign_ins["worker"], site.sign_ins["trainer"]
    phone = visitors(PHONE)
    phone.sign_in(worker.sign_in, worker.password)
    phone.go("/cases/")
    page = phone.page
    sound(page)
    page.get_by_label("找案例和工作法").fill("电梯")
    press(page, "查找")
    expect(page.locator("mark").first).to_have_text("电梯")
    page.get_by_text("缩小范围").click()  # folded on a phone
    follow(page, "矛盾调解")
    sound(page)
    follow(page, TITLE)
    sound(page)
    address = page.url
    page.get_by_text("我们社区也在用").click()
    page.get_by_label("做得怎样").fill("两个楼道试了三个月。")
    page.get_by_label("想了解的人怎样联系").fill("光明社区办公室")
    press(page, "登记")
    follow(page, "看它走到了哪些地方")
    expect(page.locator(".tree__place--here")).to_contain_text("光明社区")
    sound(page)
    page.goto(address)
    page.get_by_label("提问或者留言").fill("一楼的花台后来谁管？")
    press(page, "发出")
    expect(page.locator("#comments")).to_contain_text("光明社区 网格员")

    desk = visitors(DESKTOP)
    desk.sign_in(trainer.sign_in, trainer.password)
    desk.go("/cases/?q=ldysf")  # 楼道议事法 by its initials
    follow(desk.page, "楼道议事法")
    follow(desk.page, TITLE)
    sound(desk.page)
    follow(desk.page, "用它备一课")
    sound(desk.page)
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="下载课程文件夹").click()
    assert download.value.suggested_filename.startswith("anli-")
