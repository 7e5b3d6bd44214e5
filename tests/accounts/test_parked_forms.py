"""What was sent after the sign-in had ended is not lost, and comes back to its author alone (C10)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from sqlalchemy import func, select

from lms.accounts import actions
from lms.accounts.models import ParkedForm
from tests.accounts.conftest import Browser, Site

Later = Callable[..., Any]


def too_late(site: Site, later: Later, fields: dict[str, Any] | None = None) -> Browser:
    """Alice opens a form, and sends it when her sign-in is over."""
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    token = alice.token("/password")
    with later(days=8):
        answer = alice.post("/pages/draft", {"csrf_token": token, **(fields or {"title": "议事会怎么开"})})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    return alice


def count(site: Site) -> int:
    with site.work() as session:
        return int(session.scalar(select(func.count(ParkedForm.id))) or 0)


def test_after_signing_in_again_one_is_back_at_what_was_typed(site: Site, later: Later) -> None:
    alice = too_late(site, later, {"title": "议事会怎么开", "password": "hidden thing", "photo": (b"", "x.jpg")})
    with later(days=8, minutes=5):
        page = alice.get("/sign-in")
        assert "您刚才提交的内容已经存好" in page.text
        answer = alice.sign_in("alice")
        assert answer.location == "/parked/1"
        page = alice.get("/parked/1")
        assert page.status_code == 200
        assert "议事会怎么开" in page.text
        assert "hidden thing" not in page.text
        assert "需要重新填写：密码、文件" in page.text
        form = html5lib.parse(page.text, namespaceHTMLElements=False).find(".//form[@action='/pages/draft']")
        assert form is not None
        sent = {field.get("name") or "": field.get("value") for field in form.iter("input")}
        assert alice.post("/pages/draft", sent).text == "艾丽丝 wrote 议事会怎么开"


def test_answers_of_a_quiz_are_called_by_their_question(site: Site, later: Later) -> None:
    chosen = {
        "q1": "0a1b2c3d4e5f",
        "q2": ["0a1b2c3d4e5f", "6a1b2c3d4e5f"],
        "q3": "两位民警和我",
        "q4.aabbccddeeff": "0a1b2c3d4e5f",
    }
    alice = too_late(
        site, later, {**chosen, "device": "device-one", "based_on.1": "0", "then": "submit", "page": "x-y"}
    )
    with later(days=8, minutes=5):
        alice.sign_in("alice")
        words = " ".join(re.sub(r"<[^>]+>", " ", alice.get("/parked/1").text).split())
    assert "第 1 题的回答 选了 1 项 第 2 题的回答 选了 2 项 第 3 题的回答 两位民警和我 第 4 题的回答 选了 1 项" in words
    assert not re.search(r"based_on|device|q[0-9]|[0-9a-f]{12}|x-y|\bthen\b", words)


def test_choices_are_counted_and_unknown_texts_shown_without_their_names(site: Site, later: Later) -> None:
    alice = too_late(
        site, later, {"unit": "17", "post": "grid_worker", "weird_name": "和平街道 3 号楼", "title": "标题甲"}
    )
    with later(days=8, minutes=5):
        alice.sign_in("alice")
        words = re.sub(r"<[^>]+>", " ", alice.get("/parked/1").text)
    assert "页面上选好的 2 项会一并提交。" in words
    assert "和平街道 3 号楼" in words and "标题甲" in words
    assert not re.search(r"weird_name|grid_worker|unit", words)


def test_it_can_be_thrown_away(site: Site, later: Later) -> None:
    alice = too_late(site, later)
    with later(days=8, minutes=5):
        alice.sign_in("alice")
        assert alice.send("/parked/1/discard", form="/parked/1").status_code == 303
        assert alice.get("/parked/1").status_code == 404
    assert count(site) == 0


def test_nobody_else_sees_it_not_even_in_the_same_browser(site: Site, later: Later) -> None:
    phone = too_late(site, later)
    site.password("wen")
    with later(days=8, minutes=5):
        assert phone.sign_in("wen").location == "/"
        assert phone.get("/parked/1").status_code == 404
        assert phone.send("/parked/1/discard", form="/password").status_code == 404
    assert count(site) == 1


def test_it_waits_a_day(site: Site, later: Later) -> None:
    alice = too_late(site, later)
    with later(days=9, minutes=1):
        assert alice.sign_in("alice").location == "/"
        assert alice.get("/parked/1").status_code == 404


def test_it_is_found_again_from_the_own_data(site: Site, later: Later) -> None:
    too_late(site, later)
    with later(days=8, minutes=5):
        alice = site.browser()
        alice.sign_in("alice")
        assert 'href="/parked/1"' in alice.get("/me/data").text


def test_a_reset_parks_and_disabling_or_signing_out_does_not(site: Site) -> None:
    site.password("alice")
    site.password("wen")
    for name, action, code in (("alice", actions.reset, 303), ("wen", actions.disable, 401)):
        browser = site.browser()
        browser.sign_in(name)
        token = browser.token("/password")
        site.act(action, name)
        answer = browser.post("/pages/draft", {"csrf_token": token, "title": "x"})
        assert answer.status_code == code
    assert count(site) == 1


def test_without_the_token_nothing_is_parked(site: Site, later: Later) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    with later(days=8):
        assert alice.post("/pages/draft", {"title": "x"}).status_code == 400
    assert count(site) == 0


@pytest.mark.parametrize("fields", [{"title": "x" * 70_000}, {f"field{n}": "x" for n in range(400)}, {"title": "\0"}])
def test_what_is_too_large_or_no_text_is_not_parked(site: Site, later: Later, fields: dict[str, str]) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    token = alice.token("/password")
    with later(days=8):
        answer = alice.post("/pages/draft", {"csrf_token": token, **fields})
        assert answer.status_code == 401
    assert count(site) == 0


def test_a_few_forms_wait_not_any_number(site: Site, later: Later) -> None:
    site.password("alice")
    alice = site.browser()
    alice.sign_in("alice")
    token = alice.token("/password")
    with later(days=8):
        for number in range(9):
            alice.post("/pages/draft", {"csrf_token": token, "title": f"draft {number}"})
    assert count(site) == 5


def test_a_stranger_parks_nothing(site: Site) -> None:
    assert site.browser().send("/pages/draft", {"title": "x"}).status_code == 303
    assert count(site) == 0


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_parked_form_is_only_discarded_by_post(site: Site, method: str) -> None:
    assert site.browser().get("/parked/1/discard").status_code == 405


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{0.__class__}",
    "\u202eabc",
    "' x='",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_text(site: Site, later: Later, text: str) -> None:
    alice = too_late(site, later, {"title": text, text: "title"})
    with later(days=8, minutes=5):
        alice.sign_in("alice")
        tree = html5lib.parse(alice.get("/parked/1").text, namespaceHTMLElements=False)
    kept = {field.get("name"): field.get("value") for field in tree.iter("input")}
    assert kept["title"] == text
    assert kept[text] == "title"
    assert text in "".join(tree.itertext())
    assert tree.find(".//img") is None
    assert all(script.get("src") for script in tree.iter("script"))
