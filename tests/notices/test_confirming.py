"""An e-mail address is used only after its code came back: whoever types another's address sends them one letter."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.notices.confirming import MOST_LETTERS, MOST_TRIES
from lms.notices.models import ContactAddress, OutboxMessage
from tests.notices.test_jobs import post, run, set_channel  # noqa: F401 - a fixture among them
from tests.notices.told import CLASS, NOW, ask, tell

MINE = "alice@example.com"
WAYS = "/notices/settings"


@pytest.fixture
def alice(as_, cast):
    return as_(cast.alice)


def enter(client, address=MINE, at=NOW):
    with clock.frozen(at):
        return client.post(WAYS, data={"kinds": [CLASS.name], "address": address})


def give(client, code, at=NOW):
    with clock.frozen(at):
        return client.post("/notices/address/confirmation", data={"code": code})


def row(app, person_id):
    return ask(app, lambda: db.session().get(ContactAddress, person_id))


def code_in(text):
    [code] = re.findall(r"确认码：([0-9]{6})", text)
    return code


def test_nothing_but_a_code_goes_to_a_new_address(app, cast, alice, post):  # noqa: F811
    ask(app, lambda: (set_channel(cast.county), tell(cast.alice, ref="1")))
    enter(alice)
    assert "alice@example.com 还没有确认" in alice.get(WAYS).text
    run(app)
    run(app)
    [(_at, to, text, _mobiles)] = post.sent
    assert to == MINE
    assert "艾丽丝" not in text and "接待与走访" not in text

    assert give(alice, code_in(text)).status_code == 303
    assert "还没有确认" not in alice.get(WAYS).text
    run(app)
    assert [to for _at, to, _text, _mobiles in post.sent] == [MINE, MINE]
    assert "《接待与走访》" in post.sent[1][2]
    verbs = ask(app, lambda: list(db.session().scalars(select(AuditRow.verb))))
    assert verbs.count("notices.confirm_address") == 1


def test_a_code_comes_once_there_is_a_channel(app, cast, alice, post):  # noqa: F811
    enter(alice)
    assert run(app).sent == 0
    ask(app, lambda: set_channel(cast.county))
    assert (run(app).sent, run(app).sent) == (1, 0)
    assert give(alice, code_in(post.sent[0][2])).status_code == 303


def test_another_address_needs_another_code(app, cast, alice, post):  # noqa: F811
    ask(app, lambda: set_channel(cast.county))
    enter(alice)
    run(app)
    enter(alice, "other@example.com", NOW + timedelta(minutes=1))
    assert give(alice, code_in(post.sent[0][2])).status_code == 422
    run(app, NOW + timedelta(minutes=2))
    assert post.sent[1][1] == "other@example.com"
    assert give(alice, code_in(post.sent[1][2])).status_code == 303
    assert enter(alice, MINE, NOW + timedelta(hours=1)).status_code == 303
    assert row(app, cast.alice).confirmed_at is None


def test_guessing_ends_soon(app, cast, alice, post):  # noqa: F811
    ask(app, lambda: set_channel(cast.county))
    enter(alice)
    run(app)
    right = code_in(post.sent[0][2])
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(MOST_TRIES):
        assert "确认码不对" in give(alice, wrong).text
    refused = give(alice, right)
    assert (refused.status_code, "错误次数太多" in refused.text) == (422, True)
    assert row(app, cast.alice).confirmed_at is None


def test_strangers_are_not_sent_letter_after_letter(app, cast, alice):
    ask(app, lambda: set_channel(cast.county))
    for number in range(MOST_LETTERS):
        assert enter(alice, f"a{number}@example.com", NOW + timedelta(minutes=number)).status_code == 303
    refused = enter(alice, "one-more@example.com", NOW + timedelta(minutes=30))
    assert (refused.status_code, "请明天再换邮箱" in refused.text) == (422, True)
    assert len(ask(app, lambda: list(db.session().scalars(select(OutboxMessage))))) == MOST_LETTERS
    assert enter(alice, "one-more@example.com", NOW + timedelta(days=2)).status_code == 303


@pytest.mark.parametrize("code", ["", "000000", "x" * 13])
def test_without_an_address_there_is_nothing_to_confirm(alice, code):
    assert give(alice, code).status_code == 422


def test_anothers_code_confirms_nothing(app, as_, cast, alice, post):  # noqa: F811
    ask(app, lambda: set_channel(cast.county))
    enter(alice)
    enter(as_(cast.sun), "sun@example.com")
    run(app)
    codes = {to: code_in(text) for _at, to, text, _mobiles in post.sent}
    assert give(as_(cast.sun), codes[MINE]).status_code == (303 if codes[MINE] == codes["sun@example.com"] else 422)


def test_who_and_how(client, alice):
    assert client.post("/notices/address/confirmation", data={"code": "1"}).status_code == 303
    assert alice.get("/notices/address/confirmation").status_code == 405
