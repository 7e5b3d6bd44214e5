"""Which language a reader gets: the account's, then the cookie's, then the browser's, then the installation's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Config
from lms.core.i18n import force_locale, show_date, show_moment
from tests.cast import Cast
from tests.databases import Databases
from tests.playhouse import SECRET

ZH, EN = "单位 zh_Hans_CN zh-Hans-CN单位", "Unit en enUnit"


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [
        (None, ZH), ("zh-CN,zh;q=0.9,en;q=0.8", ZH), ("en-US,en;q=0.9", EN), ("en-GB", EN), ("fr,de;q=0.8", ZH),
        ("fr,en;q=0.5", EN), ("*", ZH), ("en;q=0.1,zh;q=0.9", ZH), ("\u4e2d", ZH), (";;;q=x", ZH),
    ],
)  # fmt: skip
def test_a_visitor_gets_the_language_of_the_browser(client, accepted, shown) -> None:
    headers = {"Accept-Language": accepted.encode().decode("latin-1")} if accepted else {}
    assert client.get("/trial/hello", headers=headers).text == shown


@pytest.mark.parametrize(("cookie", "shown"), [("en", EN), ("zh_Hans_CN", ZH), ("xx", ZH), ("../../etc", ZH)])
def test_a_choice_is_kept_in_a_cookie(client, cookie, shown) -> None:
    client.set_cookie("language", cookie)
    assert client.get("/trial/hello", headers={"Accept-Language": "zh"}).text == shown


def test_the_account_decides_before_the_cookie(as_, cast: Cast) -> None:
    client = as_(cast.alice)
    assert client.post("/language", data={"locale": "en"}).status_code == 303
    client.set_cookie("language", "zh_Hans_CN")
    assert 'lang="en"' in client.get("/record").text


def test_who_asks_for_no_language_gets_the_installations(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh() as url:
        config = Config(env="test", data_dir=tmp_path, database_url=url, secret_key=SECRET, locale="en").completed()
        app = create_app(config)
        assert 'lang="en"' in app.test_client().get("/sign-in").text
        assert 'lang="zh-Hans-CN"' in app.test_client().get("/sign-in", headers={"Accept-Language": "zh"}).text
        app.extensions["database"].engine.dispose()


def test_dates_are_written_as_each_language_writes_them(app: Flask) -> None:
    moment = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    with app.test_request_context():
        assert (show_date(date(2026, 3, 2)), show_moment(moment)) == ("2026年3月2日", "2027年1月1日 00:30")
        with force_locale("en"):
            assert (show_date(date(2026, 3, 2)), show_moment(moment)) == ("2 Mar 2026", "1 Jan 2027 00:30")
        assert (show_date(None), show_moment(None)) == ("—", "—")


def test_no_language_is_left_over_for_the_next_reader(app: Flask) -> None:
    """A thread serves one reader after another; a request that is refused early has its own language too."""
    assert "This page was not found" in app.test_client().get("/nowhere", headers={"Accept-Language": "en"}).text
    refused = app.test_client().post("/trial/form", headers={"Accept-Language": "zh"})
    assert (refused.status_code, "请重新打开页面" in refused.text) == (400, True)
    assert "没有找到这个页面" in app.test_client().get("/a%00b", headers={"Accept-Language": "zh"}).text
