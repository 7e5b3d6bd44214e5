"""The whole main job, as its people walk it: from the roster's upload to the other county's 404, on both databases."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser import roster_file
from tests.browser.bank import Scholar
from tests.browser.checks import axe, no_sideways_scroll
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import COURSE, choose, finish_lessons, follow, press
from tests.installation import Site

PASSWORD = "雨后的梧桐 2026"


def sound(visitor: Visitor) -> None:
    """Nothing to wince at: no sideways scrolling, nothing that accessibility checks find."""
    no_sideways_scroll(visitor.page)
    axe(visitor.page)


def test_from_the_roster_to_the_ledger(visitors, site: Site, tmp_path: Path) -> None:
    county = visitors(DESKTOP)
    code = load_the_roster(county, site, tmp_path)
    phone = visitors(PHONE)
    activate(phone, code)
    study(phone)
    second = visitors(PHONE)
    attempt = take_the_quiz_on_two_devices(phone, second)
    record = see_the_hours(second)
    reverse_the_entry(county, record)
    other = visitors(DESKTOP)
    see_nothing_of_it(other, site, attempt, record)


def load_the_roster(county: Visitor, site: Site, folder: Path) -> str:
    """Upload, look, accept the sound rows, print slips; answers the one-time code of 柳青."""
    page = county.page
    admin = site.sign_ins["county_admin"]
    county.sign_in(admin.sign_in, admin.password)
    choose(page, "人员与单位", "花名册")
    follow(page, "上传花名册")
    page.locator("input[type=file]").set_input_files(roster_file.write(folder / "roster.xlsx"))
    press(page, "上传并检查")
    expect(page.get_by_role("heading", level=1)).to_contain_text("roster.xlsx")
    expect(page.get_by_text("校验").first).to_be_visible()  # the damaged identity number is named
    sound(county)
    page.get_by_role("checkbox").first.check()
    press(page, "确认载入")
    sound(county)
    follow(page, "打印激活单")
    press(page, "生成激活单", exact=False)
    slip = page.locator(".slip", has_text="柳青")
    expect(slip).to_contain_text("19911110001")
    axe(page)
    return slip.locator(".slip__code").inner_text()


def activate(phone: Visitor, code: str) -> None:
    """The first sign-in: phone number and one-time code, then a password of one's own."""
    phone.sign_in("19911110001", code)
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("设定您的密码")
    sound(phone)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    press(page, "保存密码")
    # What the county's training duty asks for goes first.
    expect(page.locator(".hero-task__sentence")).to_contain_text("依法办事：居务公开、印章证明与物业监督")
    sound(phone)


def study(phone: Visitor) -> None:
    """Find the course by its tier and a word, and finish every lesson by its checkpoint."""
    page = phone.page
    follow(page, "课程")
    page.get_by_label("找课程").fill("接待")
    page.get_by_label("层级").select_option(label="街道全员")
    press(page, "查找")
    sound(phone)
    follow(page, COURSE)
    press(page, "开始学习")
    finish_lessons(page, lambda: sound(phone))


def take_the_quiz_on_two_devices(phone: Visitor, second: Visitor) -> str:
    """Begin on one phone, lose the connection, come back, finish on another; answers the attempt's address."""
    page, scholar = phone.page, Scholar()
    press(page, "测验", exact=False)
    sound(phone)
    attempt = page.url.removeprefix(phone.watch.origin)
    cards = page.locator("[data-question]")
    for number in range(3):
        scholar.answer(cards.nth(number))
        expect(cards.nth(number).locator("[data-quiz=saved]")).to_have_text("已保存")
    with phone.watch.tolerating("ERR_INTERNET_DISCONNECTED"):  # heard of when the connection is back, too
        with phone.offline():
            scholar.answer(cards.nth(3))
            expect(cards.nth(3).locator("[data-quiz=saved]")).to_have_text("网络不通，联网后自动保存")
        expect(cards.nth(3).locator("[data-quiz=saved]")).to_have_text("已保存", timeout=15_000)

    second.sign_in("19911110001", PASSWORD)
    second.go(attempt)
    elsewhere = second.page.locator("[data-question]")
    for number in range(4):
        expect(elsewhere.nth(number).locator("[data-quiz=saved]")).to_have_text("已保存")
    for number in range(4, elsewhere.count()):
        scholar.answer(elsewhere.nth(number))
        expect(elsewhere.nth(number).locator("[data-quiz=saved]")).to_have_text("已保存")
    press(second.page, "检查并交卷")
    sound(second)
    press(second.page, "确认交卷")
    expect(second.page.get_by_role("heading", name="通过了")).to_be_visible()
    sound(second)
    return attempt


def see_the_hours(phone: Visitor) -> str:
    """The hours stand in the record at once; answers the entry's address."""
    page = phone.page
    follow(page, "我的学时")
    expect(page.get_by_role("row", name=COURSE)).to_contain_text("3.00")
    sound(phone)
    follow(page, COURSE)
    expect(page.locator(".facts")).to_contain_text("光明社区")
    return page.url.removeprefix(phone.watch.origin)


def reverse_the_entry(county: Visitor, record: str) -> None:
    """From the board down to the name, the ledger and the reversal, and what the audit trail keeps of it."""
    page = county.page
    county.go("/")
    choose(page, "培训管理", "课程完成情况")
    sound(county)
    follow(page, "和平街道")
    follow(page, "光明社区")
    sound(county)
    expect(page.get_by_role("row", name="柳青")).to_contain_text("已完成")
    assert "柳青" in exported(page)
    county.go(record)
    follow(page, "冲销")
    press(page, "冲销")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("冲销原因").fill("演练：核对台账时冲销，随后重新登记。")
    press(page, "冲销")
    expect(page.get_by_text("这条记录已冲销")).to_be_visible()
    sound(county)
    choose(page, "站点", "审计")
    expect(page.get_by_role("table")).to_contain_text("冲销学时")
    sound(county)


def exported(page: Page) -> str:
    """What the export of the screen holds, as text."""
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").first.click()
    book = load_workbook(BytesIO(download.value.path().read_bytes()))
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def see_nothing_of_it(other: Visitor, site: Site, attempt: str, record: str) -> None:
    """The other county's administrator: not in a page, a search, a count, a file or an export."""
    admin = site.sign_ins["other_county_admin"]
    other.sign_in(admin.sign_in, admin.password)
    for path in (attempt, record, f"{record}/reversal"):
        assert other.go(path).status == 404, path
    other.go("/people/?q=柳青")
    expect(other.page.get_by_role("heading", name="没有找到")).to_be_visible()
    other.go("/people/?q=19911110001")
    expect(other.page.get_by_role("heading", name="没有找到")).to_be_visible()
    other.go("/reports/completion")
    board = exported(other.page)
    assert "江南街道" in board
    assert "和平街道" not in board
    other.go("/reports/audit")
    expect(other.page.get_by_role("main")).not_to_contain_text("柳青")
