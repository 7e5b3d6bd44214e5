"""What every answer carries: policy, flags of cookies, nothing that a shared phone would keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import Config
from tests.cast import Cast
from tests.databases import Databases

PATHS = (
    "/",
    "/sign-in",
    "/healthz",
    "/nowhere",
    "/people/",
    "/record",
    "/verify",
    "/static/none.js",
    "/trial/args?page=x",
)


@pytest.fixture
def https(databases: Databases, tmp_path: Path):
    with databases.fresh() as url:
        app = create_app(
            Config(
                env="production", data_dir=tmp_path, database_url=url, secret_key="s" * 40, https=True,
                trusted_hosts=("localhost",),
            ).completed()
        )  # fmt: skip
        yield app
        app.extensions["database"].engine.dispose()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(as_, client, cast: Cast, path) -> None:
    for browser in (client, as_(cast.chen)):
        headers = browser.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert len(headers["X-Request-Id"]) == 16
        for cookie in headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Path=/" in cookie
            assert "Domain" not in cookie


def test_assets_are_kept_for_a_year_under_names_that_change(client) -> None:
    page = client.get("/sign-in").text
    asset = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(asset, buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_over_https_cookies_are_secure_and_bound_to_the_host(https: Flask) -> None:
    answer = https.test_client().get("/sign-in", base_url="https://localhost")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all(cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)


def test_a_forged_host_is_refused(https: Flask) -> None:
    assert https.test_client().get("/sign-in", base_url="https://evil.example").status_code == 400


def test_healthz_needs_no_session_and_sets_no_cookie(client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json, answer.headers.getlist("Set-Cookie")) == (200, {"status": "ok"}, [])
