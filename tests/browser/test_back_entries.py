"""补录: a worker proposes, the street's administrator uploads a table with a bad row, the county's approves; the
certificate that comes of it is printed, and verified by a stranger."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.checks import sound
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import follow, press
from tests.installation import Site
from tests.records import trainings

#: Pages and forms alone: both databases are tested over HTTP.
pytestmark = pytest.mark.one_database


def come(visitors: Callable[..., Visitor], site: Site, key: str, screen: object = DESKTOP) -> Visitor:
    visitor = visitors(screen)
    account = site.sign_ins[key]
    visitor.sign_in(account.sign_in, account.password)
    return visitor


def propose(page: Page) -> None:
    """In the worker's own words, with a slip: the hours are too many for two days."""
    page.get_by_label("培训名称").fill("网格员应急处突培训")
    page.get_by_label("主办单位").fill("市应急管理局")
    page.get_by_label("层级").select_option("city")
    page.get_by_label("培训类型").select_option("special")
    page.get_by_role("checkbox", name="应急处突").check()
    page.get_by_label("开始日期").fill("2025-05-18")
    page.get_by_label("结束日期").fill("2025-05-19")
    page.get_by_label("学时").fill("40")
    page.get_by_label("依据").fill("培训证书 安应2025-031")
    press(page, "提交审批")
    expect(page.get_by_role("alert")).to_contain_text("2 天的培训最多 16.00 学时")
    sound(page)
    page.get_by_label("学时").fill("12")
    press(page, "提交审批")
    expect(page.get_by_text("已提交，等待管理员审批。")).to_be_visible()
    sound(page)


def upload(page: Page) -> None:
    """Two sound rows, one that may repeat the worker's own, and one with too many hours."""
    worker = {"姓名": "林晓梅", "培训名称": "应急处突专题培训", "开始日期": "2025-05-18", "结束日期": "2025-05-20"}
    other = {"姓名": "周淑华", "手机号": "19900000002"}
    table = trainings.xlsx(worker, other, {**other, "培训名称": "法律轮训", "学时": 60, "依据": "证书 2"})
    file = FilePayload(name="外出培训.xlsx", mimeType="application/octet-stream", buffer=table)
    page.get_by_label("补录表").set_input_files(files=[file])
    press(page, "上传并检查")
    expect(page.get_by_text("学时过多：3 天的培训最多 24.00 学时")).to_be_visible()
    expect(page.get_by_text("可能与 2025年5月19日的“网格员应急处突培训”是同一次培训")).to_be_visible()
    sound(page)
    press(page, "确认登记")
    expect(page.get_by_role("alert")).to_contain_text("有 1 行存在错误")
    page.get_by_role("checkbox", name=re.compile("只载入没有错误的行")).check()
    press(page, "确认登记")
    expect(page.get_by_text("已登记 2 条，等待第二人审批。")).to_be_visible()
    expect(page.get_by_role("button", name="批准没有疑问的各条")).to_be_hidden()


def test_from_a_proposal_to_a_verified_certificate(visitors: Callable[..., Visitor], site: Site) -> None:
    worker = come(visitors, site, "worker", PHONE)
    worker.go("/record/back-entries/new")
    propose(worker.page)

    street = come(visitors, site, "street_admin")
    street.go("/back-entries/files/new")
    upload(street.page)

    county = come(visitors, site, "county_admin")
    county.go("/notices")
    page = county.page
    follow(page, "有一批补录等待审批")
    press(page, "批准没有疑问的各条")
    expect(page.get_by_text("已批准 1 条，还有 1 条待审批。")).to_be_visible()
    follow(page, "应急处突专题培训")
    expect(page.get_by_text("可能与已有记录重复，请先核对")).to_be_visible()
    sound(page)
    page.get_by_text("不批准", exact=True).click()
    page.get_by_label("原因").fill("与本人申报的是同一次培训")
    press(page, "退回")
    follow(page, "补录")
    follow(page, "网格员应急处突培训")
    press(page, "批准")
    expect(page.get_by_text("已批准，学时已记入台账。")).to_be_visible()

    page = worker.page
    worker.go("/record")
    follow(page, "网格员应急处突培训")
    press(page, "开具结业证明")
    expect(page.get_by_role("heading", level=1)).to_have_text("结业证明")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    sound(page)
    code = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", page.inner_text("main"))
    assert code is not None

    stranger = visitors(PHONE)
    stranger.go("/verify")
    stranger.page.get_by_label("验证码").fill(code[0])
    press(stranger.page, "核验")
    expect(stranger.page.get_by_text("证明属实，所列记录全部有效")).to_be_visible()
    expect(stranger.page.get_by_text("林*梅")).to_be_visible()
    sound(stranger.page)
