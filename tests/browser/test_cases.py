"""A case from a Word file to a lesson: written up and masked, called for, returned, accepted tier by tier, scored,
published; found on a phone by two characters, used, and taught.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from lms.accounts import actions as accounts
from lms.core import clock
from lms.core.web import system_actor
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.browser.checks import sound
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import database_of, follow, press
from tests.installation import SignIn, Site

#: Nothing of it depends on the database: deciding and recommending at once are tested on either without a browser.
pytestmark = pytest.mark.one_database

SYSTEM = system_actor("tests")
PASSWORD = "a password for the journey"
CALL = "示例省社区工作法典型案例征集"
TITLE = "梧桐里的电梯为什么装成了"
#: An invented number: its county does not exist.
NUMBER = "13800001111"


def word_file() -> bytes:
    """As a secretary would have it: headings, a picture, a table, and a resident by name and number."""
    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (320, 200), "#a6161d").save(picture, "PNG")
    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_heading("一、案例背景", 1)
    document.add_paragraph("梧桐里是六层老楼，没有电梯。居民张桂芳，82岁，住五楼，一周下一次楼。")
    document.add_heading("二、主要做法", 1)
    document.add_paragraph("社区请一楼、三楼、五楼的人坐到一起，谈了七次。")
    document.add_picture(io.BytesIO(picture.getvalue()))
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("楼层", "分摊", "五楼", "三成"), strict=True):
        cell.text = words
    document.add_heading("三、取得成效", 1)
    document.add_paragraph(f"电梯在十一月启用，一楼得到采光补偿。联系电话 {NUMBER}。")
    document.add_heading("四、经验启示", 1)
    document.add_paragraph("换一个小区还行不行？")
    document.save(out)
    return out.getvalue()


def prepare(site: Site) -> SignIn:
    """The secretary trains for her street; a colleague of the next community can sign in."""
    with database_of(site) as work:
        street = work.scalars(select(Unit).where(Unit.code == "990101001")).one()
        found = {person.phone: person for person in work.scalars(select(Person))}
        people.grant(found["19900000002"], role=Role.TRAINER, unit=street, actor=SYSTEM, now=clock.now())
        accounts.open_account(found["19900000103"], password=PASSWORD, actor=SYSTEM, now=clock.now())
    return SignIn("neighbor", "19900000103", PASSWORD, "新华社区")


class People:
    """Each at a desktop of their own, signed in when first asked for."""

    def __init__(self, visitors: Callable[..., Visitor], site: Site) -> None:
        self._visitors, self._site, self._pages = visitors, site, dict[str, Visitor]()

    def __getitem__(self, role: str) -> Visitor:
        if role not in self._pages:
            known = self._site.sign_ins[role]
            self._pages[role] = self._visitors(DESKTOP)
            self._pages[role].sign_in(known.sign_in, known.password)
        return self._pages[role]


def agree(page: Page, name: str) -> None:
    """Press a button that asks, and say yes."""
    page.get_by_role("button", name=name, exact=True).first.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def open_the_call(visitor: Visitor) -> None:
    visitor.go("/calls/new")
    page, today = visitor.page, clock.today()
    page.get_by_label("名称").fill(CALL)
    page.get_by_label("征集什么").fill("把矛盾解决在楼道里的做法。")
    for label, days in (("开始征集", 0), ("截止", 30), ("评审结束", 90)):
        page.get_by_label(label, exact=True).fill((today + timedelta(days)).isoformat())
    sound(page)
    press(page, "发起征集")
    page.get_by_label("安和市").fill("3")
    sound(page)
    press(page, "保存")
    expect(page.get_by_role("heading", name="还没有送来的案例")).to_be_visible()


def write_up(visitor: Visitor) -> None:
    """The Word file, the facts beside it, the resident masked, and off to the call."""
    visitor.go("/drafts/new")
    page = visitor.page
    page.get_by_label("以哪个单位的名义").select_option(label="光明社区")
    mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    file: FilePayload = {"name": "电梯.docx", "mimeType": mime, "buffer": word_file()}
    page.locator("#file").set_input_files(files=[file])
    press(page, "上传并转换")
    press(page, "分好了，去修改")
    page.get_by_label("摘要").fill("一楼不同意，五楼等不起：七次楼道会谈出一个办法。")
    page.get_by_role("checkbox", name="矛盾调解").check()
    page.get_by_role("checkbox", name="矛盾化解").check()
    page.get_by_label("社区类型").select_option(label="老旧小区")
    page.get_by_label("地区").fill("江南某市")
    page.get_by_label("开始的时间").fill("2023-03")
    press(page, "检查并提交")
    expect(page.get_by_text("张桂芳").first).to_be_visible()
    sound(page)
    press(page, "全部遮盖")
    hand_in(page, CALL)


def hand_in(page: Page, place: str) -> None:
    page.get_by_role("radio", name=place).check()
    for box in page.locator("#hand-in ~ form").get_by_role("checkbox").all():
        box.check()
    press(page, "提交")


def return_it(visitor: Visitor) -> None:
    """The street: one passage, one comment, back to the author."""
    visitor.go("/reviews/")
    page = visitor.page
    sound(page)
    follow(page, TITLE)
    page.locator("#process-1").get_by_role("link").click()
    page.get_by_role("textbox", name="批注").fill("请写清每次谈话谁在场。")
    sound(page)
    press(page, "保存批注")
    expect(page.get_by_text("批注已保存。")).to_be_visible()
    decide(page, "退回给作者修改", "改一处就好。")


def decide(page: Page, conclusion: str, reason: str = "") -> None:
    page.get_by_role("radio", name=conclusion, exact=True).check()
    page.get_by_role("textbox", name="意见").fill(reason)
    press(page, "保存决定")
    expect(page.get_by_text("决定已保存，作者会收到消息。")).to_be_visible()


def change_it(visitor: Visitor, progress: str) -> None:
    """The author reads where it stands, and does as was asked."""
    visitor.go(progress)
    page = visitor.page
    expect(page.get_by_role("heading", name="和平街道退回修改。")).to_be_visible()
    expect(page.get_by_text("请写清每次谈话谁在场。")).to_be_visible()
    sound(page)
    press(page, "按意见修改")
    expect(page.locator("textarea[name=background]")).not_to_have_value(re.compile("张桂芳"))  # masked, and stays so
    field = page.locator("textarea[name=process]")
    remark = page.locator(".passage__comment").filter(has_text="请写清每次谈话谁在场。")
    expect(remark).to_contain_text("原文还没有改")
    remark.get_by_role("link").click()
    expect(field).to_be_focused()
    chosen = field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen and chosen in remark.inner_text()
    field.fill(field.input_value() + "\n\n每次都有居委会主任和三位楼长在场。")
    press(page, "检查并提交")
    hand_in(page, "本单位评审")


def pass_on(visitor: Visitor, stop: bool = False) -> None:
    visitor.go("/reviews/")
    follow(visitor.page, TITLE)
    decide(visitor.page, "同意采纳，并且推荐到上级")
    if stop:
        sound(visitor.page)


def ask_experts(visitor: Visitor, names: tuple[str, ...]) -> None:
    visitor.go("/reviews/")
    page = visitor.page
    follow(page, TITLE)
    follow(page, "请专家打分")
    for name in names:
        page.get_by_label("按姓名找人").fill(name)
        press(page, "查找")
        press(page, "请来打分")
        expect(page.get_by_text(f"已请 {name} 打分。")).to_be_visible()
    sound(page)


def score_it(visitor: Visitor, points: int, others: bool) -> None:
    visitor.go("/reviews/")
    page = visitor.page
    follow(page, TITLE)
    for label in ("创新性", "实效性", "可推广性", "规范性"):
        page.get_by_label(label).fill(str(points))
    page.get_by_label("评语").fill("谈法具体，别的楼照着能做。")
    sound(page)
    agree(page, "交分数")
    assert (page.get_by_role("heading", name="大家的分数").count() == 1) is others


def publish_it(visitor: Visitor) -> None:
    visitor.go("/reviews/")
    page = visitor.page
    follow(page, TITLE)
    decide(page, "同意采纳")
    sound(page)
    agree(page, "发布")
    expect(page.get_by_text("省优秀案例")).to_be_visible()


def find_and_use(visitor: Visitor) -> None:
    """Two characters, on a phone."""
    visitor.go("/cases/?q=采光")
    page = visitor.page
    sound(page)
    follow(page, TITLE)
    sound(page)
    page.get_by_text("我们社区也在用").click()
    page.get_by_label("做得怎样，写一句话").fill("两个楼道在谈，一个装成了。")
    page.get_by_label("想了解的人怎样联系").fill("新华社区办公室")
    press(page, "登记")
    expect(page.locator("#uses").get_by_text("两个楼道在谈")).to_be_visible()


def teach_it(visitor: Visitor, site: Site, slug: str, folder: Path) -> None:
    """Two clicks to a lesson; loaded, it shows the case, and the case says where it is taught."""
    visitor.go(f"/cases/{slug}")
    page = visitor.page
    follow(page, "用它备一课")
    sound(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载课程文件夹").click()
    tier = folder / "county"
    with zipfile.ZipFile(taken.value.path()) as packed:
        packed.extractall(tier)
    [course] = tier.iterdir()
    site.installation.lms("courses", "load", str(course), "--unit", "990101")
    visitor.go(f"/cases/{slug}")
    expect(page.get_by_role("heading", name="在这些课里讲到")).to_be_visible()


def test_a_case_from_a_word_file_to_a_lesson(visitors: Callable[..., Visitor], site: Site, tmp_path: Path) -> None:
    neighbor, who = prepare(site), People(visitors, site)
    open_the_call(who["province_admin"])
    author = who["secretary"]
    write_up(author)
    author.go("/calls/")
    follow(author.page, CALL)
    sound(author.page)
    follow(author.page, TITLE)
    progress = author.page.url.removeprefix(site.url)
    slug = progress.rpartition("/")[2]
    return_it(who["street_admin"])
    change_it(author, progress)
    pass_on(who["street_admin"])
    pass_on(who["county_admin"], stop=True)
    experts = {"trainer": "何文清", "other_county_admin": "罗振东"}
    ask_experts(who["city_admin"], tuple(experts.values()))
    for number, role in enumerate(experts):
        score_it(who[role], 8 + number, others=number == 1)
    pass_on(who["city_admin"], stop=True)
    publish_it(who["province_admin"])
    author.go(progress)
    expect(author.page.get_by_text("已经发布，登录的人都能读到。")).to_be_visible()
    expect(author.page.get_by_text("专家 2")).to_be_visible()
    assert not author.page.get_by_text(re.compile("何文清|罗振东")).count()
    sound(author.page)
    phone = visitors(PHONE)
    phone.sign_in(neighbor.sign_in, neighbor.password)
    find_and_use(phone)
    teach_it(who["trainer"], site, slug, tmp_path / "courses")
