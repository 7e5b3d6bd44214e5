"""The password, the language, one's own data, and pages that `next` leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lms.core import clock, db
from lms.core.web import system_actor
from lms.people import actions as people_actions
from lms.people import identity
from lms.people.models import Person
from tests.accounts.conftest import PASSWORD, PHONES, Browser, Site
from tests.accounts.test_next_path import CROSSED, FOREIGN, SPACED

Later = Callable[..., Any]
NEW = "a lamp by the river"


@pytest.fixture
def alice(site: Site) -> Browser:
    site.password("alice")
    browser = site.browser()
    browser.sign_in("alice")
    return browser


# `next` (C6)


def test_after_signing_in_nothing_leads_away(site: Site) -> None:
    site.password("alice")
    for target in [*FOREIGN, *CROSSED[::7], *(text for text in SPACED if text.isprintable())]:
        page = site.browser().get("/sign-in", query_string={"next": target})
        assert 'name="next" type="hidden" value=""' in page.text, target
    for number, target in enumerate([*FOREIGN[::6], *SPACED[::9]]):
        answer = site.browser(f"203.0.113.{number}").sign_in("alice", next=target)
        assert (answer.status_code, answer.location) == (303, "/"), target


def test_the_language_leads_back_and_nowhere_else(alice: Browser) -> None:
    for target, location in (("/me/data", "/me/data"), ("//evil.example", "/"), ("", "/"), ("/sign-in?next=/", "/")):
        answer = alice.send("/language", {"locale": "en", "next": target}, form="/password")
        assert (answer.status_code, answer.location) == (303, location)


# The language


def test_the_language_is_remembered_by_account_and_browser(site: Site, alice: Browser) -> None:
    alice.send("/language", {"locale": "en"}, form="/password")
    assert '<html lang="en"' in alice.get("/me/data").text
    elsewhere = site.browser()
    elsewhere.sign_in("alice")
    assert '<html lang="en"' in elsewhere.get("/me/data").text
    alice.send("/sign-out", form="/password")
    assert '<html lang="en"' in alice.get("/sign-in").text


@pytest.mark.parametrize("locale", ["", "fr", "zh", "../../etc", "<script>"])
def test_there_are_two_languages(alice: Browser, locale: str) -> None:
    assert alice.send("/language", {"locale": locale}, form="/password").status_code == 400


# The password


def test_a_new_password_replaces_the_old(site: Site, alice: Browser) -> None:
    answer = alice.send("/password", {"present": PASSWORD, "password": NEW, "again": NEW}, form="/password")
    assert (answer.status_code, answer.location) == (303, "/")
    assert site.browser().sign_in("alice").status_code == 422
    assert site.browser().sign_in("alice", NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"present": "wrong"}, "现在的密码不正确"),
        ({"again": "something else"}, "两次输入的新密码不一样。"),
        ({"password": "short", "again": "short"}, "密码太短：至少 8 个字符"),
        ({"password": "password1", "again": "password1"}, "这个密码太常见"),
        ({"password": PHONES["alice"], "again": PHONES["alice"]}, "密码不能是您的手机号"),
        ({"present": ""}, "请填写现在的密码。"),
    ],
)
def test_a_new_password_is_refused_in_words(site: Site, alice: Browser, fields: dict[str, str], sentence: str) -> None:
    data = {"present": PASSWORD, "password": NEW, "again": NEW, **fields}
    answer = alice.send("/password", data, form="/password")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NEW not in answer.text  # what was typed as a password is never sent back
    assert site.browser().sign_in("alice").status_code == 303


def test_fields_that_nobody_asked_for_change_nothing(site: Site, alice: Browser) -> None:
    extra = {
        "role": "admin",
        "person_id": str(site.person("bo")),
        "account_id": "2",
        "password_hash": "x",
        "is_admin": "1",
    }
    alice.send("/password", {"present": PASSWORD, "password": NEW, "again": NEW, **extra}, form="/password")
    assert site.browser().sign_in("alice", NEW).status_code == 303
    assert alice.get("/people/").status_code == 403


def test_a_stranger_has_no_password_page(site: Site) -> None:
    assert site.browser().get("/password").location == "/sign-in?next=/password"


# My data


def test_my_data_says_what_is_kept_masked_and_where_it_came_from(site: Site, alice: Browser) -> None:
    number = "990101199001010019"
    with site.work():
        person = db.session().get_one(Person, site.person("alice"))
        person.id_number_cipher, person.origin, person.education = identity.encrypt(number), "roster", "大学<b>本科</b>"
        people_actions.reveal_identity(person, actor=system_actor("陈主任"), now=clock.now())
    page = alice.get("/me/data").text
    assert "艾丽丝" in page
    assert "光明社区" in page
    assert number not in page
    assert "990***********0019" in page
    assert PHONES["alice"] not in page
    assert "199****0001" in page
    assert "所在地区的花名册" in page
    assert "陈主任" in page
    assert "大学&lt;b&gt;本科&lt;/b&gt;" in page
    assert "微信 · 安卓设备" in page


def test_my_data_name_the_roles_that_one_has(site: Site) -> None:
    site.password("bo")
    bo = site.browser()
    bo.sign_in("bo")
    assert "管理员 · 和平街道" in bo.get("/me/data").text


def test_my_data_are_mine(site: Site, alice: Browser) -> None:
    assert "文江" not in alice.get("/me/data").text
    assert site.browser().get("/me/data").status_code == 303


def test_one_of_my_sign_ins_can_be_ended(site: Site, alice: Browser) -> None:
    other = site.browser()
    other.sign_in("alice")
    assert alice.send("/me/sign-ins/2/end", form="/me/data").status_code == 303
    assert other.get("/pages/secret").status_code == 401
    assert alice.get("/pages/secret").status_code == 200


def test_nobody_ends_the_sign_in_of_another(site: Site, alice: Browser) -> None:
    site.password("mallory")
    mallory = site.browser()
    mallory.sign_in("19900000017")
    assert mallory.send("/me/sign-ins/1/end", form="/me/data").status_code == 404
    assert mallory.send("/me/sign-ins/999999/end", form="/me/data").status_code == 404
    assert mallory.send("/me/sign-ins/9999999999999999999/end", form="/me/data").status_code == 404
    assert alice.get("/pages/secret").status_code == 200


def test_sign_ins_are_not_ended_by_get(alice: Browser) -> None:
    assert alice.get("/me/sign-ins/1/end").status_code == 405


# Names that were chosen to hurt (D)

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "%(name)s",
    "{0.__class__}",
    "a\u202eb",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_shown_as_text(site: Site, alice: Browser, text: str) -> None:
    with site.work():
        db.session().get_one(Person, site.person("alice")).name = text
    for path in ("/me/data", "/password"):
        page = alice.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert '<td data-label="内容">49' not in page.text


@pytest.mark.parametrize(
    "text", [*HOSTILE, "\ud7ff", "x" * 10_000, "0" * 64, "'; DROP TABLE accounts; --", "\U0001f600"]
)
def test_a_hostile_sign_in_name_is_only_wrong(site: Site, text: str) -> None:
    answer = site.browser().sign_in(text, text)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_a_name_with_a_nul_is_refused(site: Site) -> None:
    assert site.browser().sign_in("138\x00", "x").status_code == 400
    assert site.browser().sign_in("13800000000", "x\x00y").status_code == 422
