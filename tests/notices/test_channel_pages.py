"""Channels: set by the administrators of a unit; what was secret is never shown again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.audit import AuditRow
from lms.notices import confirming, sealing
from lms.notices.models import ContactAddress, NoticeChannel, OutboxMessage
from tests.notices.told import allow_hosts, ask

KEY = "0a1b2c3d-0000-4000-8000-000000000000"
ROBOT = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
MAIL = {
    "host": "mail.example.com:2525", "security": "starttls", "sender": "notices@example.com", "username": "notices",
    "password": "hush-hush",
}  # fmt: skip


@pytest.fixture
def ready(app):
    allow_hosts(app, "qyapi.weixin.qq.com", "mail.example.com:2525")
    return app


def channels(app):
    return ask(app, lambda: list(db.session().scalars(select(NoticeChannel).order_by(NoticeChannel.id))))


def set_up(ready, as_, cast):
    assert as_(cast.chen).post("/notices/channels/smtp", data={**MAIL, "unit": cast.county}).status_code == 303
    return channels(ready)[-1]


def test_an_administrator_sets_an_e_mail_channel(ready, as_, cast):
    channel = set_up(ready, as_, cast)

    assert (channel.unit_id, channel.settings["host"]) == (cast.county, "mail.example.com:2525")
    assert "hush-hush" not in str(channel.settings) + channel.secrets_cipher
    with ready.app_context():
        assert sealing.unseal(channel.secrets_cipher) == {"password": "hush-hush"}


def test_an_administrator_sets_a_robot(ready, as_, cast):
    client = as_(cast.chen)
    assert client.post("/notices/channels/wecom", data={"unit": cast.street, "address": ROBOT}).status_code == 303

    (channel,) = channels(ready)
    assert channel.settings == {"host": "qyapi.weixin.qq.com", "mention": False}
    for path in ("/notices/channels", "/notices/channels/wecom"):
        assert KEY not in client.get(path).text


def test_what_was_secret_is_shown_nowhere(ready, as_, cast):
    set_up(ready, as_, cast)
    client = as_(cast.chen)
    pages = [
        client.get("/notices/channels").text,
        client.get("/notices/channels/smtp").text,
        client.get("/reports/audit").text,
    ]
    wrong = client.post("/notices/channels/smtp", data={**MAIL, "unit": cast.county, "sender": "nobody"})

    assert wrong.status_code == 422
    assert not any("hush-hush" in page for page in [*pages, wrong.text])


def test_a_new_channel_takes_the_place_of_the_old_one(ready, as_, cast):
    first, second = set_up(ready, as_, cast), set_up(ready, as_, cast)

    found = {channel.id: channel.ended_at for channel in channels(ready)}
    assert found[first.id] is not None
    assert found[second.id] is None
    rows = ask(ready, lambda: db.session().scalars(select(AuditRow.verb).order_by(AuditRow.id)).all())
    assert [verb for verb in rows if verb.startswith("notices.")] == [
        "notices.set_channel", "notices.end_channel", "notices.set_channel"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + KEY,
        "https://internal.example.com/cgi-bin/webhook/send?key=" + KEY,
        "https://qyapi.weixin.qq.com@internal.example.com/cgi-bin/webhook/send?key=" + KEY,
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=" + KEY,
        "https://qyapi.weixin.qq.com/elsewhere?key=" + KEY,
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=short",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://[::1",
        "file:///etc/passwd",
    ],
)
def test_only_robots_of_allowed_servers(ready, as_, cast, address):
    answer = as_(cast.chen).post("/notices/channels/wecom", data={"unit": cast.county, "address": address})

    assert answer.status_code == 422
    assert channels(ready) == []


def test_only_mail_servers_that_are_allowed(ready, as_, cast):
    sent = {**MAIL, "unit": cast.county, "host": "internal.example.com"}
    assert as_(cast.chen).post("/notices/channels/smtp", data=sent).status_code == 422


@pytest.mark.parametrize("path", ["smtp", "wecom"])
def test_a_channel_is_for_units_that_one_administers(ready, as_, cast, path):
    form = {**MAIL, "address": ROBOT, "unit": cast.county}
    for person in (cast.bo, cast.mallory):
        assert as_(person).post(f"/notices/channels/{path}", data=form).status_code == 422
    for person in (cast.alice, cast.tina):
        assert as_(person).post(f"/notices/channels/{path}", data=form).status_code == 403
    assert as_(cast.chen).put(f"/notices/channels/{path}").status_code == 405
    assert channels(ready) == []


@pytest.mark.parametrize("verb", ["test", "end"])
def test_a_channel_is_run_by_its_administrators(ready, as_, cast, verb):
    channel = set_up(ready, as_, cast)
    path = f"/notices/channels/{channel.id}/{verb}"

    assert as_(cast.mallory).post(path).status_code == 404
    assert as_(cast.bo).post(path).status_code == 404  # it is the county's, above his street
    assert as_(cast.alice).post(path).status_code == 403
    assert as_(cast.chen).get(path).status_code == 405
    assert as_(cast.dong).post(path).status_code == 303


def test_others_do_not_see_it(ready, as_, cast):
    set_up(ready, as_, cast)
    assert "mail.example.com" in as_(cast.chen).get("/notices/channels").text
    assert "mail.example.com" not in as_(cast.mallory).get("/notices/channels").text
    assert as_(cast.alice).get("/notices/channels").status_code == 403
    assert "清河区" in as_(cast.alice).get("/notices/settings").text


def test_a_test_message_goes_through_the_outbox_to_whoever_asks(ready, as_, cast):
    channel = set_up(ready, as_, cast)
    client = as_(cast.chen)
    assert client.post(f"/notices/channels/{channel.id}/test").headers["Location"] == "/notices/settings"

    client.post("/notices/settings", data={"kinds": [], "address": "chen@example.com"})
    unconfirmed = client.post(f"/notices/channels/{channel.id}/test")
    assert unconfirmed.headers["Location"] == "/notices/settings"
    code = ask(ready, lambda: confirming.code_of(db.session().get_one(ContactAddress, cast.chen)))
    assert client.post("/notices/address/confirmation", data={"code": code}).status_code == 303
    for _again in range(2):
        client.post(f"/notices/channels/{channel.id}/test")
    trials = select(OutboxMessage).where(OutboxMessage.key.startswith("trial:"))
    waiting = ask(ready, lambda: list(db.session().scalars(trials)))
    assert {message.person_id for message in waiting} == {cast.chen}
    assert len(waiting) <= 2  # one, unless a minute ended between the two
    assert "等待发出" in client.get("/notices/channels").text


def test_an_ended_channel_is_gone_from_the_page(ready, as_, cast):
    channel = set_up(ready, as_, cast)
    client = as_(cast.chen)
    client.post(f"/notices/channels/{channel.id}/end")

    assert "还没有渠道" in client.get("/notices/channels").text
    assert client.post(f"/notices/channels/{channel.id}/test").status_code == 404
