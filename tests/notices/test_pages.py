"""Pages of one's own notices: what each says, who may open it, what opening it does."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.core import db
from lms.notices.actions import Link
from lms.notices.models import ContactAddress, Notice, NoticeReading
from tests.notices.told import CASE, CLASS, ask, tell


@pytest.fixture
def told(app, cast):
    """Two notices of Alice's: the first leads to the catalog, the second nowhere."""

    def write():
        tell(cast.alice, ref="1", link=Link("courses.index"))
        tell(cast.alice, ref="2", title="入户走访", kind=CASE.name)
        return list(db.session().scalars(select(Notice.id).order_by(Notice.id)))

    return ask(app, write)


def read_count(app):
    return ask(app, lambda: db.session().scalar(select(func.count()).select_from(NoticeReading)))


def test_the_list_says_where_each_came_from_and_why(as_, cast, told):
    page = as_(cast.alice).get("/notices").text

    assert "《接待与走访》" in page and "案例 入户走访" in page
    assert page.count("来自：课程") == 2
    assert "标为已读" in page


def test_an_empty_list_says_what_will_be_there(as_, cast, told):
    assert "还没有消息" in as_(cast.sun).get("/notices").text


def test_opening_a_notice_reads_it_and_leads_on(app, as_, cast, told):
    answer = as_(cast.alice).get(f"/notices/{told[0]}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/courses/")
    assert read_count(app) == 1


def test_a_notice_without_a_page_is_one_itself(app, as_, cast, told):
    client = as_(cast.alice)
    assert "入户走访" in client.get(f"/notices/{told[1]}").text
    assert client.get(f"/notices/{told[1]}").status_code == 200
    assert read_count(app) == 1


@pytest.mark.parametrize("path", ["/notices/{}", "/notices/{}/read"])
def test_nobody_opens_the_notices_of_others(app, as_, cast, told, path):
    method = "post" if path.endswith("read") else "get"
    for person in (cast.sun, cast.pan, cast.mallory):
        assert getattr(as_(person), method)(path.format(told[0])).status_code == 404
    assert read_count(app) == 0


def test_marking_one_and_all(app, as_, cast, told):
    client = as_(cast.alice)
    assert client.post(f"/notices/{told[0]}/read").status_code == 303
    assert read_count(app) == 1
    assert client.post("/notices/read").status_code == 303
    assert read_count(app) == 2
    assert "未读" not in client.get("/notices").text.partition("<main")[2].replace("条未读", "")


@pytest.mark.parametrize("path", ["/notices/1/read", "/notices/read"])
def test_reading_is_posted(as_, cast, path):
    assert as_(cast.alice).get(path).status_code == 405


@pytest.mark.parametrize("path", ["/notices", "/notices/settings", "/notices/1", "/notices/channels"])
def test_a_stranger_signs_in_first(client, path):
    assert client.get(path).status_code == 303


def test_the_bar_above_counts_in_one_statement_and_the_card_shows_three(app, as_, cast, told, query_count):
    ask(app, lambda: [tell(cast.alice, ref=f"more{number}") for number in range(3)])
    client = as_(cast.alice)
    with query_count() as statements:
        page = client.get("/").text
    counting = [one for one in statements if "notices" in one and "count(" in one]

    assert len(counting) == 1
    assert len(statements) <= 9, statements  # the eight of the home page, and BEGIN on SQLite
    assert '<span class="bell__count">5' in page
    assert page.split("<main")[1].count("/notices/") == 3


def test_a_page_without_news_shows_no_number(as_, cast, told):
    page = as_(cast.sun).get("/").text
    assert "bell__count" not in page
    assert "未读消息" not in page


def test_a_stranger_costs_no_statement(client, query_count):
    with query_count() as statements:
        client.get("/feedback")
    assert not [one for one in statements if "notices" in one]


def test_settings_keep_kinds_and_address(app, as_, cast, told):
    client = as_(cast.alice)
    page = client.get("/notices/settings").text
    assert page.count("checked") >= 2

    sent = client.post("/notices/settings", data={"kinds": [CLASS.name], "address": "alice@example.com"})
    assert sent.status_code == 303
    page = client.get("/notices/settings").text
    assert 'value="alice@example.com"' in page
    assert page.count(" checked") == 1
    assert '<span class="bell__count">1' in page
    assert "alice@example.com" in client.get("/me/data").text

    client.post("/notices/settings", data={"kinds": [CLASS.name, CASE.name], "address": ""})
    assert ask(app, lambda: db.session().get(ContactAddress, cast.alice)) is None


@pytest.mark.parametrize(
    "address",
    [
        *("alice", "alice@", "@example.com", "a b@example.com", "a@example", "a@b..com", "阿@例子.中国", "a@-b.cn"),
        *("a@b.cn\nBcc: c@d.cn", "x" * 65 + "@example.com", ".a@b.cn"),
    ],
)
def test_an_address_that_no_server_takes_is_refused(app, as_, cast, address):
    answer = as_(cast.alice).post("/notices/settings", data={"kinds": [], "address": address})

    assert answer.status_code == 422
    assert "请填写完整的电子邮箱" in answer.text
    assert ask(app, lambda: db.session().get(ContactAddress, cast.alice)) is None


def test_an_unknown_kind_is_refused(as_, cast):
    assert as_(cast.alice).post("/notices/settings", data={"kinds": ["tests.none"]}).status_code == 422


def test_settings_offer_what_one_may_be_told(as_, cast):
    assert "收到的意见和投诉" not in as_(cast.alice).get("/notices/settings").text
    assert "收到的意见和投诉" in as_(cast.chen).get("/notices/settings").text
    assert as_(cast.alice).post("/notices/settings", data={"kinds": ["feedback.received"]}).status_code == 422


def test_settings_name_the_channel_in_use(app, as_, cast):
    assert "还没有设置发送渠道" in as_(cast.alice).get("/notices/settings").text


def test_in_english(app, as_, cast, told):
    page = as_(cast.alice).get("/notices", headers={"Accept-Language": "en"}).text
    assert "Mark as read" in page
    assert "From: Courses" in page
