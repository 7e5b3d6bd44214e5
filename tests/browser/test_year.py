"""A year of the training duty: adopted, asked for, closed, and stated anew after a late record, with names."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import axe, no_sideways_scroll
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import follow, press
from tests.installation import Site

#: Figures are the same on both databases; tests over HTTP say so. The year is one that is over.
pytestmark = pytest.mark.one_database
BOARD, CLOSINGS = "/coverage/", "/coverage/closings"
LAST_YEAR = "2025 年"


def sound(visitor: Visitor) -> None:
    """As every page of this journey must be, also on a phone."""
    axe(visitor.page)
    visitor.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    no_sideways_scroll(visitor.page)
    visitor.page.set_viewport_size({"width": DESKTOP.width, "height": DESKTOP.height})


def come(visitors, site: Site, role: str) -> Visitor:
    visitor: Visitor = visitors(DESKTOP)
    visitor.sign_in(site.sign_ins[role].sign_in, site.sign_ins[role].password)
    return visitor


def test_a_year_from_adopting_to_restating(visitors, site: Site) -> None:
    city = come(visitors, site, "city_admin")
    adopt(city)
    county = come(visitors, site, "county_admin")
    remind_the_secretary(county)
    see_the_reminder(come(visitors, site, "secretary"))
    close_the_year(city)
    entry = enter_a_late_training(county)
    approve_it(city, entry)
    restate(county)
    see_both_figures(city)
    see_nothing_of_it(come(visitors, site, "other_county_admin"))


def adopt(city: Visitor) -> None:
    page = city.page
    city.go("/policies/adopt")
    page.get_by_label("哪些单位").or_(page.locator("select[name=unit]")).first.select_option(
        label=page.locator("select[name=unit] option", has_text="安和市").first.inner_text()
    )
    press(page, "采用")
    city.go(BOARD)
    expect(page.get_by_role("heading", level=1)).to_have_text("安和市培训覆盖")
    choose_last_year(page)
    expect(page.get_by_role("row", name=re.compile("^清河区"))).to_be_visible()
    sound(city)


def choose_last_year(page: Page) -> None:
    page.get_by_label("周期").select_option(label=LAST_YEAR)
    press(page, "查看")


def remind_the_secretary(county: Visitor) -> None:
    """From the number of those who are late to one of them by name."""
    page = county.page
    county.go(BOARD)
    choose_last_year(page)
    page.get_by_role("row", name=re.compile("^合计")).get_by_role("link").first.click()
    expect(page.get_by_role("row", name="周淑华")).to_contain_text("逾期")
    sound(county)
    county.go(BOARD)
    choose_last_year(page)
    follow(page, "逾期与未训")
    expect(page.get_by_role("row", name="周淑华")).to_contain_text("和平街道管理员吴建明")
    sound(county)
    page.get_by_label("周淑华").check()
    press(page, "提醒他们")
    expect(page.get_by_text("已提醒 1 人。")).to_be_visible()


def see_the_reminder(secretary: Visitor) -> None:
    secretary.go("/notices")
    expect(secretary.page.get_by_text("您还有培训没有完成").first).to_be_visible()
    expect(secretary.page.get_by_text("因为清河区的管理员陈国强").first).to_be_visible()


def close_the_year(city: Visitor) -> None:
    page = city.page
    city.go(BOARD)
    choose_last_year(page)
    follow(page, "结账与更正")
    sound(city)
    press(page, "结账")
    expect(page.get_by_role("row", name=re.compile("^结账数"))).to_contain_text("郑雅琴")
    sound(city)


def enter_a_late_training(county: Visitor) -> str:
    """A class of last December whose certificate came only now; gives the address of the back-entry."""
    page = county.page
    county.go("/people/?q=周淑华")
    follow(page, "周淑华")
    person = page.url.rstrip("/").rsplit("/", 1)[-1]
    county.go(f"/people/{person}/back-entries/new")
    page.get_by_label("培训名称").fill("社区党组织书记示范培训班")
    page.get_by_label("主办单位").fill("省委党校")
    page.get_by_label("层级").select_option(label="省级示范")
    page.get_by_label("开始日期").fill("2025-12-29")
    page.get_by_label("结束日期").fill("2025-12-31")
    page.get_by_label("学时").fill("18")
    page.get_by_label("依据").fill("结业证书 2025-118")
    press(page, "登记")
    expect(page.get_by_text("已登记，等待第二人审批。")).to_be_visible()
    return page.url.removeprefix(county.watch.origin)


def approve_it(city: Visitor, entry: str) -> None:
    city.go(entry)
    press(city.page, "批准")
    expect(city.page.get_by_text("已批准，学时已记入台账。")).to_be_visible()


def restate(county: Visitor) -> None:
    """The county sees the difference, and says why it states its figures anew."""
    page = county.page
    county.go(BOARD)
    page.get_by_label("培训要求").select_option(index=0)
    choose_last_year(page)
    expect(page.get_by_text("结账时已训 0 人，现在是 1 人。")).to_be_visible()
    sound(county)
    follow(page, "看结账与更正")
    sound(county)
    page.get_by_label("更正的原因").fill("省里 12 月的班次，证书 2 月才到。")
    press(page, "更正")
    expect(page.get_by_role("row", name=re.compile("^第 1 次更正"))).to_contain_text("证书 2 月才到")
    sound(county)


def see_both_figures(city: Visitor) -> None:
    """The city's figure moved along; the one before is kept, with who and when."""
    page = city.page
    city.go(BOARD)
    choose_last_year(page)
    follow(page, "结账与更正")
    expect(page.get_by_role("row", name=re.compile("^第 1 次更正"))).to_contain_text("清河区，陈国强")
    expect(page.get_by_role("row", name=re.compile("^结账数"))).to_contain_text("郑雅琴")
    expect(page.get_by_text("现在的数与现行数相同。")).to_be_visible()
    follow(page, "看名单有没有变化")
    expect(page.get_by_text("名单没有变化")).to_be_visible()


def see_nothing_of_it(other: Visitor) -> None:
    page = other.page
    other.go(BOARD)
    expect(page.get_by_role("heading", level=1)).to_have_text("临江区培训覆盖")
    expect(page.get_by_role("main")).not_to_contain_text("和平街道")
