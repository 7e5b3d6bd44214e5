"""What administrators do with accounts: in their reach alone, and never upwards (A7, E9)."""

from __future__ import annotations

import re

import pytest

from lms.core import clock, db
from lms.core.web import system_actor
from lms.people import actions as people_actions
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.accounts.conftest import PASSWORD, PHONES, Browser, Site

PATHS = ["reset", "disable", "enable"]


def signed_in(site: Site, name: str, address: str = "203.0.113.50") -> Browser:
    site.password(name)
    with site.work():
        phone = db.session().get_one(Person, site.person(name)).phone or ""
    browser = site.browser(address)
    assert browser.sign_in(phone).status_code == 303
    return browser


def send(site: Site, browser: Browser, verb: str, whom: str = "alice") -> int:
    path = f"/people/{site.person(whom)}/account/{verb}"
    return browser.send(path, form="/password").status_code


def test_a_reset_shows_a_code_once_that_opens_the_account(site: Site) -> None:
    bo, alice = signed_in(site, "bo"), signed_in(site, "alice", "203.0.113.51")
    answer = bo.send(f"/people/{site.person('alice')}/account/reset", form="/password")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'slip__code">([^<]+)<', answer.text)
    assert found
    assert alice.get("/pages/secret").status_code == 401
    assert site.browser().sign_in("alice").status_code == 422
    assert site.browser().sign_in("alice", found[1]).location == "/password?next=/"


def test_disabling_ends_sign_ins_and_enabling_opens_again(site: Site) -> None:
    bo, alice = signed_in(site, "bo"), signed_in(site, "alice", "203.0.113.51")
    assert send(site, bo, "disable") == 303
    assert alice.get("/pages/secret").status_code == 401
    assert send(site, bo, "disable") == 422  # it is disabled already
    assert send(site, bo, "enable") == 303
    assert send(site, bo, "enable") == 422
    assert site.browser().sign_in("alice").status_code == 303


@pytest.mark.parametrize("verb", PATHS)
@pytest.mark.parametrize("stranger", ["mallory", "rui"])
def test_outside_ones_reach_there_is_nobody(site: Site, verb: str, stranger: str) -> None:
    site.password("alice")
    browser = signed_in(site, stranger)
    assert send(site, browser, verb) == 404
    path = f"/people/999999/account/{verb}"
    assert browser.send(path, form="/password").status_code == 404
    assert site.browser().sign_in("alice").status_code == 303


@pytest.mark.parametrize("verb", PATHS)
@pytest.mark.parametrize("name", ["sun", "tina"])
def test_it_takes_an_administrator(site: Site, verb: str, name: str) -> None:
    site.password("alice")
    assert send(site, signed_in(site, name), verb) == 403


@pytest.mark.parametrize("verb", PATHS)
def test_it_cannot_be_done_by_get_or_by_a_stranger(site: Site, verb: str) -> None:
    path = f"/people/{site.person('alice')}/account/{verb}"
    assert site.browser().get(path).status_code == 405
    assert site.browser().send(path).location == "/sign-in"


@pytest.mark.parametrize("verb", PATHS)
def test_nobody_takes_over_an_account_that_reaches_further(site: Site, verb: str) -> None:
    """A county's administrator who also holds a post in a community is not its street's to reset."""
    site.password("alice")
    with site.work():
        alice = db.session().get_one(Person, site.person("alice"))
        county = db.session().get_one(Unit, site.cast.county)
        people_actions.grant(alice, role=Role.ADMIN, unit=county, actor=system_actor("tests"), now=clock.now())
    assert send(site, signed_in(site, "bo"), verb) == 403
    assert site.browser().sign_in("alice").status_code == 303


@pytest.mark.parametrize("verb", PATHS)
def test_nobody_administers_themselves_or_those_above(site: Site, verb: str) -> None:
    bo = signed_in(site, "bo")
    site.password("chen")
    assert send(site, bo, verb, "bo") in {403, 404}
    assert send(site, bo, verb, "chen") == 404
    assert site.browser().sign_in("chen").status_code == 303


def test_a_reason_is_kept_and_a_long_one_refused(site: Site) -> None:
    bo = signed_in(site, "bo")
    site.password("alice")
    path = f"/people/{site.person('alice')}/account/disable"
    assert bo.send(path, {"reason": "x" * 201}, form="/password").status_code == 400
    assert bo.send(path, {"reason": "<b>调离</b>"}, form="/password").status_code == 303
    page = bo.get(f"/people/{site.person('alice')}")
    assert page.status_code == 200
    assert "已停用" in page.text
    assert "&lt;b&gt;调离&lt;/b&gt;" in page.text


def test_the_page_of_a_person_says_how_the_account_stands(site: Site) -> None:
    bo = signed_in(site, "bo")
    path = f"/people/{site.person('alice')}"
    assert "还没有账号" in bo.get(path).text
    site.code("alice")
    assert "等待激活" in bo.get(path).text
    site.password("alice")
    page = bo.get(path).text
    assert "使用中" in page
    assert f"{path}/account/reset" in page
    assert PHONES["alice"] not in page
    assert PASSWORD not in page
