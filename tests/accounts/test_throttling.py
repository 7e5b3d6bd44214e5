"""Guessing is slowed on every way in, and a victim's own browser never (C4, C7)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.accounts.models import SignInTry
from lms.core import db
from lms.people.models import Person
from tests.accounts.conftest import PASSWORD, PHONES, Site

Later = Callable[..., Any]


def test_twenty_wrong_passwords_for_one_account_are_slowed(site: Site) -> None:
    site.password("alice")
    codes = [site.browser().sign_in("alice", f"guess {n}").status_code for n in range(20)]
    assert codes == [422] * 5 + [429] * 15
    answer = site.browser().sign_in("alice")
    assert answer.status_code == 429  # even the right one has to wait, or waiting would tell
    assert 1 <= int(answer.headers["Retry-After"]) <= 900
    assert "请等 5 秒再试" in answer.text
    assert "账号没有被锁定" in answer.text


def test_twenty_wrong_passwords_from_twenty_places_are_slowed(site: Site) -> None:
    site.password("alice")
    codes = [site.browser(f"203.0.113.{n}").sign_in("alice", f"guess {n}").status_code for n in range(20)]
    assert codes == [422] * 10 + [429] * 10


def test_a_name_that_does_not_exist_is_slowed_alike(site: Site) -> None:
    codes = [site.browser().sign_in("19977777777", f"guess {n}").status_code for n in range(10)]
    assert codes == [422] * 5 + [429] * 5


def test_one_password_over_many_accounts_is_slowed(site: Site) -> None:
    codes = [site.browser().sign_in(f"199{n:08d}", PASSWORD).status_code for n in range(60)]
    assert codes == [422] * 30 + [429] * 30


def test_a_forged_forwarded_address_changes_nothing(site: Site) -> None:
    site.password("alice")
    codes = []
    for n in range(20):
        browser = site.browser()
        fields = {"csrf_token": browser.token(), "name": PHONES["alice"], "secret": f"guess {n}"}
        codes.append(browser.post("/sign-in", fields, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code)
    assert codes == [422] * 5 + [429] * 15


def test_waiting_is_enough(site: Site, later: Later) -> None:
    site.password("alice")
    for n in range(12):
        site.browser().sign_in("alice", f"guess {n}")
    with later(seconds=4):
        assert site.browser().sign_in("alice").status_code == 429
    with later(seconds=6):
        assert site.browser().sign_in("alice").status_code == 303


def test_strangers_cannot_keep_the_owner_out_of_the_known_browser(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    alice.send("/sign-out", form="/password")
    for n in range(40):
        site.browser(f"203.0.113.{n % 20}").sign_in("alice", f"guess {n}")
    assert site.browser("203.0.113.3").sign_in("alice").status_code == 429
    assert alice.sign_in("alice").status_code == 303


def test_a_second_name_for_an_account_is_no_second_budget(site: Site) -> None:
    site.password("alice")
    with site.work():
        db.session().get_one(Person, site.person("alice")).phone = "19912345678"
    alice = site.browser("198.51.100.1")
    alice.sign_in("19912345678")
    alice.send("/sign-out", form="/password")
    names = ["alice", "19912345678"] * 10
    assert [site.browser().sign_in(name, "guess").status_code for name in names] == [422] * 5 + [429] * 15
    assert alice.sign_in("19912345678").status_code == 303  # known under either name


def test_the_known_browser_has_a_budget_too(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    alice.send("/sign-out", form="/password")
    codes = [alice.sign_in("alice", f"guess {n}").status_code for n in range(12)]
    assert codes == [422] * 8 + [429] * 4
    assert site.browser().sign_in("alice").status_code == 303  # and strangers' budgets are not used up by it


def test_a_browser_known_to_one_account_is_a_stranger_to_the_others(site: Site) -> None:
    site.password("alice")
    site.password("wen")
    wen = site.browser()
    wen.sign_in("wen")
    wen.send("/sign-out", form="/password")
    codes = [wen.sign_in("alice", f"guess {n}").status_code for n in range(8)]
    assert codes == [422] * 5 + [429] * 3


@pytest.mark.parametrize("cookie", ["x", "W10.aaaa.bbbb", "x" * 3000])
def test_a_forged_device_cookie_is_worth_nothing(site: Site, cookie: str) -> None:
    site.password("alice")
    browser = site.browser()
    browser.client.set_cookie("device", cookie)
    codes = [browser.sign_in("alice", f"guess {n}").status_code for n in range(7)]
    assert codes == [422] * 5 + [429] * 2


def test_a_shared_phone_is_known_to_several(site: Site) -> None:
    phone = site.browser()
    for name in ("alice", "wen", "bo"):
        site.password(name)
        phone.sign_in(name)
        phone.send("/sign-out", form="/password")
    for n in range(20):
        site.browser().sign_in("alice", f"guess {n}")
    assert phone.sign_in("alice").status_code == 303


def test_the_password_page_is_a_way_of_guessing_too(site: Site) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    fields = {"password": "new and long", "again": "new and long"}
    codes = []
    for n in range(12):
        codes.append(alice.send("/password", {"present": f"guess {n}", **fields}, form="/password").status_code)
    assert codes == [422] * 8 + [429] * 4
    assert site.browser().sign_in("alice").status_code == 303


def test_tries_are_kept_although_they_were_refused_and_early_ones_are_not(site: Site) -> None:
    site.password("alice")
    for n in range(9):
        site.browser().sign_in("alice", f"guess {n}")
    with site.work() as session:
        assert session.scalar(select(func.count(SignInTry.id))) == 5
        kept = session.scalars(select(SignInTry)).first()
        assert PHONES["alice"] not in f"{kept.name_digest}{kept.address}{kept.device}"


def test_twenty_tries_at_once_are_no_more_than_one_after_another(site: Site) -> None:
    """On PostgreSQL a lock for each name sees to it, on SQLite the one writer."""
    site.password("alice")
    together, codes = Barrier(20), []

    def guess(number: int) -> None:
        browser = site.browser()
        fields = {"csrf_token": browser.token(), "name": PHONES["alice"], "secret": f"guess {number}"}
        together.wait()
        codes.append(browser.post("/sign-in", fields).status_code)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(guess, range(20)))
    assert sorted(set(codes)) == [422, 429]
    assert codes.count(422) <= 5
    assert len(codes) == 20
