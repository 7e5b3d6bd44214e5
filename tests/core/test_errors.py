"""Every error leaves as a page of ours in the reader's language, or as JSON; and tells nothing that it should not."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from lms.app import create_app
from lms.core import logs
from tests.cast import Cast
from tests.core import pages
from tests.databases import Databases
from tests.playhouse import config_for

HTML, JSON = {"Accept": "text/html"}, {"Accept": "application/json"}
ENGLISH = {"Accept-Language": "en"}
AWAY = {
    "sqlite": "sqlite:////nowhere/at/all/lms.sqlite3",
    "postgresql": "postgresql+psycopg:///lms?host=/nowhere/at/all",
}


def impatient(engine: Engine) -> None:
    """Let every new connection give up on a lock at once."""

    def hurry(connection, _record) -> None:
        if engine.dialect.name == "postgresql":
            connection.execute("SET lock_timeout = '50ms'")
            connection.commit()
        else:
            connection.execute("PRAGMA busy_timeout=50")

    event.listen(engine, "connect", hurry)


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Somebody else holds the lock that every writer needs."""
    engine = app.extensions["database"].engine
    engine.dispose()
    impatient(engine)
    with engine.connect() as other:  # SQLite: BEGIN IMMEDIATE, which is the lock
        postgresql = engine.dialect.name == "postgresql"
        other.execute(text("LOCK TABLE persons IN ACCESS EXCLUSIVE MODE" if postgresql else "SELECT 1"))
        yield
        other.rollback()


@pytest.fixture
def away(databases: Databases, tmp_path: Path) -> Flask:
    """An application whose database is not there."""
    app = create_app(config_for(AWAY[databases.kind], tmp_path))
    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app


def test_a_locked_database_is_503_with_words_and_a_safe_retry(client, app: Flask, names) -> None:
    with locked(app):
        answer = client.post("/trial/write/fine", headers=HTML)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "系统暂时无法使用" in answer.text
    assert "这一步没有保存" in answer.text
    assert "重复提交不会产生重复记录" in answer.text
    assert names() == []
    assert client.post("/trial/write/fine").status_code == 200


def test_a_connection_lost_while_committing_is_told_as_it_is(client, app: Flask, monkeypatch) -> None:
    """Whether it was stored nobody knows: the page does not say that it was not."""

    def lost(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("gone"), connection_invalidated=True)

    monkeypatch.setattr(Session, "commit", lost)
    answer = client.post("/trial/write/fine", headers=HTML)
    assert answer.status_code == 503
    assert "可能已经保存" in answer.text
    assert "这一步没有保存" not in answer.text


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_is_503_with_words_in_both_languages(client, app: Flask, names, monkeypatch, code: int) -> None:
    def full(*_args: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(pages, "_person", full)
    answer = client.post("/trial/write/fine", headers=HTML)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "这一步没有保存" in answer.text
    assert "This step was not saved" in client.post("/trial/write/fine", headers={**HTML, **ENGLISH}).text
    assert names() == []


def test_another_fault_of_the_system_stays_a_fault_of_ours(client, monkeypatch) -> None:
    def broken(*_args: object) -> None:
        raise PermissionError(errno.EACCES, "not yours")

    monkeypatch.setattr(pages, "_person", broken)
    assert client.post("/trial/write/fine", headers=HTML).status_code == 500


def test_a_log_that_cannot_be_written_takes_no_page_along() -> None:
    class Full(io.StringIO):
        def write(self, _line: str) -> int:
            raise OSError(errno.ENOSPC, "no room")

        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "no room")

    stream = logs.Patient(Full())
    assert stream.write("a line") == 0
    stream.flush()


def test_a_locked_database_is_told_in_english(client, app: Flask) -> None:
    with locked(app):
        answer = client.post("/trial/write/fine", headers={**HTML, **ENGLISH})
    assert (answer.status_code, "This step was not saved" in answer.text) == (503, True)


def test_a_script_hears_of_a_locked_database_in_json(client, app: Flask) -> None:
    with locked(app):
        answer = client.post("/trial/write/fine", headers=JSON)
    assert (answer.status_code, answer.json) == (503, {"error": 503, "message": None})


@pytest.mark.parametrize("path", ["/healthz", "/verify/0123456789ABCDEF", "/"])
@pytest.mark.parametrize(("headers", "said"), [({}, "系统暂时无法使用"), (ENGLISH, "not available for the moment")])
def test_a_database_that_is_away_is_503_in_both_languages(away: Flask, path, headers, said) -> None:
    """Also for a browser whose cookie names a sign-in that cannot be looked up: its page names nobody."""
    client = away.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a key that the database would know"
    answer = client.get(path, headers={**HTML, **headers})
    assert answer.status_code == 503
    assert said in answer.text
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(("headers", "said"), [({}, "系统出错了"), (ENGLISH, "Something went wrong on our side")])
def test_an_unexpected_error_shows_a_number_and_nothing_else(client, headers, said) -> None:
    with capture_logs() as logs:
        answer = client.post("/trial/write/crash", headers={**HTML, **headers})
    assert answer.status_code == 500
    number = answer.headers["X-Request-Id"]
    assert said in answer.text
    assert number in answer.text
    for secret in ("secret", "ZeroDivisionError", "Traceback", "pages.py"):
        assert secret not in answer.text.split("<main")[1]
    assert [line["request_id"] for line in logs if line["event"] == "unexpected"] == [number]


@pytest.mark.parametrize(
    ("method", "path", "status", "said", "english"),
    [
        ("get", "/nowhere", 404, "没有找到这个页面", "This page was not found"),
        ("put", "/healthz", 405, "这个地址不能这样打开", "cannot be opened this way"),
        ("get", "/trial/args?page=x", 400, "应为 1 至 100 之间的数", "must be a number from 1 to 100"),
        ("post", "/trial/write/refused", 422, "不行。", "does not meet the rules"),
        ("post", "/trial/write/denied", 404, "没有找到这个页面", "This page was not found"),
    ],
)
def test_an_error_has_a_page_in_both_languages_and_json(client, method, path, status, said, english) -> None:
    page = getattr(client, method)(path, headers=HTML)
    assert (page.status_code, page.mimetype, said in page.text) == (status, "text/html", True)
    other = getattr(client, method)(path, headers={**HTML, **ENGLISH})
    assert (english in other.text, 'lang="en"' in other.text) == (True, True)
    script = getattr(client, method)(path, headers=JSON)
    assert (script.status_code, script.mimetype, script.json["error"]) == (status, "application/json", status)


def test_what_is_denied_looks_like_what_is_not_there(as_, cast: Cast) -> None:
    def shown(path: str) -> str:
        page = as_(cast.mallory).get(path).text
        return page.split("<main")[1].split("</main>")[0]

    assert shown(f"/people/{cast.alice}") == shown("/people/999999")
    assert "艾丽丝" not in shown(f"/people/{cast.alice}")


def test_too_large_a_body_is_413(client, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/trial/form", data={"name": "x" * 5000})
    assert (answer.status_code, "文件太大了" in answer.text) == (413, True)


def test_a_form_of_another_sign_in_says_what_to_do(app: Flask) -> None:
    answer = app.test_client().post("/trial/form", data={"name": "Lin"})
    assert (answer.status_code, "请重新打开页面，再提交一次" in answer.text) == (400, True)


def test_a_denial_is_answered_although_it_cannot_be_recorded(as_, app: Flask, cast: Cast) -> None:
    client = as_(cast.mallory)
    engine = app.extensions["database"].engine
    with locked(app) if engine.dialect.name == "sqlite" else _no_audit(engine):
        assert client.get(f"/units/{cast.street}").status_code == 404


@contextmanager
def _no_audit(engine: Engine) -> Iterator[None]:
    engine.dispose()
    impatient(engine)
    with engine.connect() as other:
        other.execute(text("LOCK TABLE audit_rows IN ACCESS EXCLUSIVE MODE"))
        yield
        other.rollback()
