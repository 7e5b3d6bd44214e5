"""`lms person …`: roles and accounts from the command line, and sentences instead of tracebacks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from lms.accounts.commands import person
from lms.core.errors import Refused
from tests.accounts.conftest import PASSWORD, PHONES, Site

Run = Callable[..., Result]


@pytest.fixture
def run(site: Site) -> Run:
    site.password("alice")

    def invoke(*words: str) -> Result:
        with site.app.app_context():
            return CliRunner().invoke(person, words)

    return invoke


def test_a_role_is_granted_and_taken_back(site: Site, run: Run) -> None:
    alice = site.browser()
    alice.sign_in("alice")
    assert alice.get("/people/").status_code == 403
    granted = run("grant", PHONES["alice"], "admin", "--unit", "990101001", "--until", "2027-12-31")
    assert granted.output == "艾丽丝 现在是“和平街道”的管理员。\n"
    assert alice.get("/people/").status_code == 200
    assert (
        run("revoke", PHONES["alice"], "admin", "--unit", "990101001").output == "艾丽丝 不再是“和平街道”的管理员。\n"
    )


def test_a_reset_prints_a_code_that_opens(site: Site, run: Run) -> None:
    printed = run("reset", PHONES["alice"]).output
    found = re.search(r"激活码：(\S{9})（2026年3月16日 09:00前有效", printed)
    assert found, printed
    assert f"登录名：{PHONES['alice']}" in printed
    assert site.browser().sign_in("alice", PASSWORD).status_code == 422
    assert site.browser().sign_in("alice", found[1]).status_code == 303


def test_somebody_without_an_account_gets_one(site: Site, run: Run) -> None:
    """So the first administrator of an installation signs in: on the roster, and known by phone number."""
    assert run("grant", PHONES["wen"], "admin", "--unit", "990102").exit_code == 0
    found = re.search(r"激活码：(\S{9})", run("reset", PHONES["wen"]).output)
    assert found
    assert site.browser().sign_in("wen", found[1]).status_code == 303


def test_disabling_closes_the_account(site: Site, run: Run) -> None:
    assert run("disable", PHONES["alice"], "--reason", "离职").exit_code == 0
    assert site.browser().sign_in("alice").status_code == 422


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("reset", "13800000000"), "没有登录名或手机号为“13800000000”的人员。"),
        (("grant", PHONES["alice"], "admin", "--unit", "123"), "没有代码为“123”的单位。"),
        (("revoke", PHONES["alice"], "trainer", "--unit", "990101"), "此人没有这项权限。"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    """The `lms` command prints a `Refused` and ends with 1."""
    result = run(*words)
    assert isinstance(result.exception, Refused)
    assert str(result.exception) == sentence


@pytest.mark.parametrize(
    "words",
    [
        ("grant", "1", "king", "--unit", "1"),
        ("grant", "1", "admin"),
        ("grant", "1", "admin", "--unit", "1", "--until", "x"),
    ],
)
def test_wrong_words_are_explained(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Usage" in result.output
