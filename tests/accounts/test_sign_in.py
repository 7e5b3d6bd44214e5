"""Signing in, and what the cookie is worth afterwards (C1, C2, C3, C5, C12, C13)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from lms.accounts import actions, passwords, sign_in
from lms.config import Config
from lms.core import clock, db
from lms.core.web import system_actor
from lms.people import actions as people_actions
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.accounts.conftest import PASSWORD, PHONES, Browser, Site, token_of

Later = Callable[..., Any]


def test_the_right_password_opens_the_page_that_was_asked_for(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    asked = alice.get("/pages/secret?page=2")
    assert asked.status_code == 303
    assert asked.location == "/sign-in?next=/pages/secret?page%3D2"
    answer = alice.sign_in("alice", next="/pages/secret?page=2")
    assert (answer.status_code, answer.location) == (303, "/pages/secret?page=2")
    assert alice.get("/pages/secret").text == "for 艾丽丝 only"


@pytest.mark.parametrize("name", ["+86 199 0000 0001", "１９９００００-０００１", " 008619900000001 "])
def test_the_phone_number_may_be_typed_as_people_do(site: Site, name: str) -> None:
    site.password("alice")
    assert site.browser().sign_in(name).status_code == 303


def test_a_new_phone_number_signs_in_where_the_old_one_did(site: Site) -> None:
    site.password("alice")
    with site.work():
        db.session().get_one(Person, site.person("alice")).phone = "19912345678"
    assert site.browser().sign_in("19912345678").status_code == 303
    assert site.browser().sign_in("alice").status_code == 303


def test_whoever_is_signed_in_needs_no_sign_in_page(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    answer = alice.get("/sign-in?next=/pages/secret")
    assert (answer.status_code, answer.location) == (303, "/pages/secret")


def test_empty_fields_are_asked_for(site: Site) -> None:
    answer = site.browser().sign_in(" ", "")
    assert answer.status_code == 422
    assert "请填写手机号。" in answer.text
    assert "请填写密码。" in answer.text


# The same words, status and work for every failure (C5)


def failures(site: Site) -> list[tuple[str, str]]:
    site.password("alice")
    site.password("wen")
    site.act(actions.disable, "wen")
    site.code("bo")
    return [("alice", "wrong password"), ("wen", PASSWORD), ("bo", PASSWORD), ("19977777777", PASSWORD), ("无名", "x")]


def test_every_failure_is_answered_alike(site: Site) -> None:
    answers = []
    for number, (name, secret) in enumerate(failures(site)):
        answer = site.browser(f"203.0.113.{number}").sign_in(name, secret)
        text = answer.text.replace(PHONES.get(name, name), "NAME")
        for token in (answer.headers["X-Request-Id"],):
            text = text.replace(token, "")
        answers.append((answer.status_code, _without_tokens(text)))
    assert answers[0][0] == 422
    assert "手机号或密码不正确" in answers[0][1]
    assert all(answer == answers[0] for answer in answers)


def test_every_try_costs_exactly_one_hash(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = [*failures(site), ("alice", PASSWORD), ("bo", "K7MP-3XWA"), ("alice", "x" * 10_000)]
    passwords.warm_up()
    calls: list[str] = []
    real = passwords._hasher

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            calls.append(password)
            return real.verify(kept, password)

        def check_needs_rehash(self, kept: str) -> bool:
            return False

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for number, (name, secret) in enumerate(tries, start=1):
        site.browser(f"203.0.113.{number}").sign_in(name, secret)
        assert len(calls) == number, (name, secret)


def _without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


# What a cookie is worth


def copy_of(site: Site, browser: Browser) -> Browser:
    """Somebody else's browser with the same session cookie."""
    cookie = browser.client.get_cookie("session")
    assert cookie is not None
    other = site.browser("198.51.100.9")
    other.client.set_cookie("session", cookie.value)
    return other


def test_a_cookie_copied_before_signing_out_is_dead(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    thief = copy_of(site, alice)
    assert thief.get("/pages/secret").status_code == 200
    assert alice.send("/sign-out", form="/password").location == "/sign-in"
    answer = thief.get("/pages/secret")
    assert answer.status_code == 401
    assert "艾丽丝" not in answer.text
    assert thief.post("/pages/draft", {"title": "x", "csrf_token": thief.token()}).status_code == 401


@pytest.mark.parametrize("ahead", [2, 3600])
def test_a_clock_that_was_set_back_signs_nobody_out(site: Site, monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """The server that signed the cookie was ahead of the one that reads it."""
    site.password("alice")
    alice = site.browser()
    with monkeypatch.context() as patched:
        patched.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(time.time()) + ahead)
        alice.sign_in("alice")
    assert alice.get("/pages/secret").status_code == 200


def test_a_cookie_is_not_good_for_ever(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.password("alice")
    alice = site.browser()
    with monkeypatch.context() as patched:
        long_ago = int(time.time() - sign_in.COOKIE_LIFETIME.total_seconds()) - 60
        patched.setattr(TimestampSigner, "get_timestamp", lambda _signer: long_ago)
        alice.sign_in("alice")
    assert alice.get("/pages/secret").status_code in {303, 401}


@pytest.mark.parametrize("event", ["reset", "disable", "password", "revoke", "end_others"])
def test_old_sessions_are_dead_after(site: Site, event: str, later: Later) -> None:
    site.password("bo")
    there, here = site.browser(), site.browser()
    there.sign_in("bo")
    here.sign_in("bo")
    assert there.get("/pages/secret").status_code == 200
    with later(minutes=1):
        if event in {"reset", "disable"}:
            site.act(getattr(actions, event), "bo")
        elif event == "password":
            fields = {"present": PASSWORD, "password": "another rainy roof", "again": "another rainy roof"}
            assert here.send("/password", fields, form="/password").status_code == 303
        elif event == "revoke":
            with site.work():
                unit = db.session().get_one(Unit, site.cast.street)
                person = db.session().get_one(Person, site.person("bo"))
                people_actions.revoke(person, role=Role.ADMIN, unit=unit, actor=system_actor("t"), now=clock.now())
        else:
            assert here.send("/me/sign-ins/end-others", form="/me/data").status_code == 303
        assert there.get("/pages/secret").status_code == 401
        spared = event in {"password", "end_others"}
        assert here.get("/pages/secret").status_code == (200 if spared else 401)


def test_a_disabled_account_opens_again_with_its_password(site: Site) -> None:
    site.password("bo")
    site.act(actions.disable, "bo")
    assert site.browser().sign_in("bo").status_code == 422
    site.act(actions.enable, "bo")
    assert site.browser().sign_in("bo").status_code == 303


def test_a_session_fixed_beforehand_is_replaced(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    token = alice.token()
    fixed = copy_of(site, alice)
    alice.sign_in("alice")
    assert fixed.get("/pages/secret").status_code == 303  # a stranger still
    refused = alice.post("/pages/draft", {"csrf_token": token, "title": "x"})
    assert refused.status_code == 400  # the token of the old session went with it


def test_two_people_on_one_phone_do_not_share_a_sign_in(site: Site) -> None:
    site.password("alice")
    site.password("wen")
    phone = site.browser()
    phone.sign_in("alice")
    copied = copy_of(site, phone)
    phone.post("/sign-in", {"csrf_token": phone.token("/password"), "name": PHONES["wen"], "secret": PASSWORD})
    assert "文江" in phone.get("/pages/secret").text
    assert copied.get("/pages/secret").status_code == 401


def test_a_sign_in_ends_by_not_being_used_and_lasts_while_it_is(site: Site, later: Later) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    with later(days=6):
        assert alice.get("/pages/secret").status_code == 200
    with later(days=12):
        assert alice.get("/pages/secret").status_code == 200
    with later(days=20):
        assert alice.get("/pages/secret").status_code == 401


def test_pages_ask_the_database_twice_and_write_every_ten_minutes(site: Site, query_count: Any, later: Later) -> None:
    site.password("bo")
    bo = site.browser()
    bo.sign_in("bo")
    with query_count() as statements:
        bo.get("/pages/secret")
    assert [text.split()[0] for text in statements if text != "BEGIN"] == ["SELECT", "SELECT"]
    with later(minutes=11), query_count() as statements:
        bo.get("/pages/secret")
        bo.get("/pages/secret")
    assert [text.split()[0] for text in statements].count("UPDATE") == 1


def test_cookies_are_kept_from_scripts_other_sites_and_plain_http(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    answers = [alice.get("/sign-in"), alice.sign_in("alice")]
    for cookie in [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)
    assert alice.get("/pages/secret").headers["Cache-Control"] == "no-store"


def test_over_https_every_cookie_is_bound_to_the_host(site: Site, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    site.password("alice")
    config: Config = app.config["LMS"]
    values = {**config.__dict__, "https": True}
    monkeypatch.setitem(app.config, "LMS", Config(**values))
    monkeypatch.setitem(app.config, "SESSION_COOKIE_NAME", "__Host-session")
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    alice = site.browser()
    alice.client.application.config["PREFERRED_URL_SCHEME"] = "https"
    page = alice.get("/sign-in", base_url="https://localhost")
    cookies = page.headers.getlist("Set-Cookie")
    language = alice.post("/language", {"locale": "en", "csrf_token": token_of(page)}, base_url="https://localhost")
    cookies += language.headers.getlist("Set-Cookie")
    assert '<html lang="en"' in alice.get("/sign-in", base_url="https://localhost").text
    data = {"csrf_token": token_of(page), "name": PHONES["alice"], "secret": PASSWORD}
    cookies += alice.post("/sign-in", data, base_url="https://localhost").headers.getlist("Set-Cookie")
    assert len(cookies) == 4
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
    assert {cookie.split("=")[0] for cookie in cookies} == {
        f"__Host-{name}" for name in ("session", "language", "device")
    }


def test_a_script_is_told_401_in_json(site: Site) -> None:
    answer = site.browser().get("/pages/secret", headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 401
    assert answer.json == {"error": 401, "message": "您的登录已结束，请重新登录。", "sign_in": "/sign-in"}


@pytest.mark.parametrize("path", ["/sign-out", "/me/sign-ins/end-others", "/language"])
def test_what_changes_something_cannot_be_done_by_get(site: Site, path: str) -> None:
    assert site.browser().get(path).status_code == 405


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/password", "/language", "/me/sign-ins/end-others"])
def test_what_changes_something_needs_the_own_token(site: Site, path: str) -> None:
    site.password("alice")
    site.password("wen")
    alice, wen = site.browser(), site.browser()
    alice.sign_in("alice")
    wen.sign_in("wen")
    data = {"name": PHONES["alice"], "secret": PASSWORD, "locale": "en"}
    assert alice.post(path, data).status_code == 400
    assert alice.post(path, {**data, "csrf_token": wen.token("/password")}).status_code == 400
    assert alice.get("/pages/secret").status_code == 200


def test_a_form_that_was_open_for_three_hours_is_taken(site: Site, later: Later) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    token = alice.token("/password")
    with later(hours=3):
        assert alice.post("/pages/draft", {"csrf_token": token, "title": "雨"}).text == "艾丽丝 wrote 雨"
