"""Each channel against a server that speaks its protocol: well, badly, slowly, or not at all."""

from __future__ import annotations

import json
import socket

import pytest

from lms.notices.channels.letter import Letter, NotSent, Unsure
from lms.notices.channels.smtp import STARTTLS, TLS, SmtpChannel
from lms.notices.channels.wecom import LONGEST_TEXT, WecomChannel, body_of, cut
from tests.notices.servers import HOST, MailServer, hangs_up, robot, running, says

LETTER = Letter(17, "社区学堂：您有 1 条未读消息", "艾丽丝，您好：\n.一行以点开头\n", to="alice@example.com")
KEY = "0a1b2c3d-0000-4000-8000-000000000000"
SOON = 0.5


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def mail(port: int, **changed: object) -> SmtpChannel:
    given = {"security": STARTTLS, "sender": "notices@example.com", "sender_name": "社区学堂", "patience": SOON}
    return SmtpChannel(HOST, port, **{**given, **changed})  # type: ignore[arg-type]


# SMTP


def test_a_letter_arrives_whole_and_encrypted(trusted):
    with running(MailServer(trusted)) as server:
        mail(server.port, username="u", password="p", patience=10).send(LETTER)

    (received,) = server.received
    assert received["To"] == "alice@example.com"
    assert received["From"] == "社区学堂 <notices@example.com>"
    assert received["Subject"] == LETTER.subject
    assert received["Message-ID"] == "<outbox-17@example.com>"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received.get_content().splitlines() == LETTER.text.splitlines()  # type: ignore[attr-defined]
    order = [word for word in server.commands if word in {"STARTTLS", "AUTH", "MAIL"}]
    assert order == ["STARTTLS", "AUTH", "MAIL"]


def not_sent(channel, letter=LETTER):
    with pytest.raises(NotSent) as caught:
        channel.send(letter)
    return caught.value.code, caught.value.final


def test_a_server_that_is_not_there(trusted):
    assert not_sent(mail(closed_port())) == ("unreachable", False)
    assert not_sent(mail(closed_port(), security=TLS)) == ("unreachable", False)


@pytest.mark.parametrize("word", ["CONNECT", "EHLO", "STARTTLS", "MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_before_the_letter(trusted, word):
    with running(MailServer(trusted, {word: None})) as server:
        assert not_sent(mail(server.port)) == ("slow", False)
    assert not server.received


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"RCPT": "550 no such user"}, ("refused", True)),
        ({"RCPT": "451 try later"}, ("busy", False)),
        ({"MAIL": "421 too many"}, ("busy", False)),
        ({"DATA": "554 no"}, ("refused", True)),
        ({".": "552 too big"}, ("refused", True)),
        ({".": "452 full"}, ("busy", False)),
        ({"AUTH": "535 wrong"}, ("login", False)),
        ({"EHLO": "250 localhost"}, ("tls", True)),  # no STARTTLS: nothing is said in the clear
        ({"CONNECT": "554 go away"}, ("refused", True)),
        ({"CONNECT": "gibberish"}, ("busy", False)),
    ],
)
def test_a_server_that_refuses(trusted, answers, found):
    with running(MailServer(trusted, answers)) as server:
        assert not_sent(mail(server.port, username="u", password="p")) == found


def test_a_certificate_that_nobody_signed(certificate, monkeypatch, tmp_path):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with running(MailServer(certificate)) as server:
        assert not_sent(mail(server.port, username="u", password="p")) == ("tls", False)
    assert "AUTH" not in server.commands


def test_a_server_that_drops_the_connection_after_it_accepted(trusted):
    with running(MailServer(trusted, drops_after=".")) as server:
        mail(server.port).send(LETTER)
    assert len(server.received) == 1


@pytest.mark.parametrize("farewell", [None, ""])
def test_silence_after_the_last_line_means_that_nobody_knows(trusted, farewell):
    with running(MailServer(trusted, {".": farewell})) as server, pytest.raises(Unsure):
        mail(server.port).send(LETTER)
    assert len(server.received) == 1


# 企业微信


def test_the_robot_gets_a_text_with_mentions(trusted):
    with robot(trusted, says({"errcode": 0, "errmsg": "ok"})) as there:
        WecomChannel(there.host, KEY).send(Letter(1, "", "有新消息", mobiles=("19900000001",)))

    assert there.posted == [
        (
            f"/cgi-bin/webhook/send?key={KEY}",
            {"msgtype": "text", "text": {"content": "有新消息", "mentioned_mobile_list": ["19900000001"]}},
        )
    ]


def test_a_text_is_cut_to_what_the_robot_takes():
    long = json.loads(body_of(Letter(1, "", "街" * 2000)))["text"]["content"]

    assert len(long.encode()) <= LONGEST_TEXT
    assert long.endswith("街…")
    assert cut("街" * 682) == "街" * 682  # 2,046 bytes
    assert "mentioned_mobile_list" not in json.loads(body_of(Letter(1, "", "a")))["text"]


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (says({"errcode": 93000, "errmsg": "invalid webhook url"}), ("refused", True)),
        (says({"errcode": 45009, "errmsg": "freq out of limit"}), ("busy", False)),
        (says({"errcode": -1, "errmsg": "system busy"}), ("busy", False)),
        (says({}, 503), ("busy", False)),
        (says({}, 429), ("busy", False)),
        (says({}, 404), ("refused", False)),
        (says({}, 302, Location="http://localhost:1/elsewhere"), ("refused", False)),
    ],
)
def test_a_robot_that_refuses(trusted, reply, found):
    with robot(trusted, reply) as there:
        assert not_sent(WecomChannel(there.host, KEY, SOON)) == found
    assert len(there.posted) == 1


@pytest.mark.parametrize("reply", [hangs_up, says(b"<html>"), says(b"[]"), says({}, 504), says(b"[" * 4000)])
def test_an_answer_that_says_nothing_means_that_nobody_knows(trusted, reply):
    with robot(trusted, reply) as there, pytest.raises(Unsure):
        WecomChannel(there.host, KEY, SOON).send(LETTER)
    assert len(there.posted) == 1


def keeps_waiting(handler):
    handler.rfile.read(1)


def test_a_robot_that_keeps_one_waiting(trusted):
    with robot(trusted, keeps_waiting) as there, pytest.raises(Unsure):
        WecomChannel(there.host, KEY, SOON).send(LETTER)
    assert len(there.posted) == 1


def test_a_robot_that_is_not_there(trusted):
    assert not_sent(WecomChannel(f"{HOST}:{closed_port()}", KEY, SOON)) == ("unreachable", False)


def test_a_robot_whose_certificate_nobody_signed(certificate, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    with robot(certificate, says({"errcode": 0})) as there:
        assert not_sent(WecomChannel(there.host, KEY, SOON)) == ("tls", False)
    assert not there.posted


def test_a_port_where_nobody_speaks_tls(trusted):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not_sent(WecomChannel(f"{HOST}:{port}", KEY, SOON)) == ("slow", False)


def test_the_key_is_not_printed():
    assert KEY not in repr(WecomChannel("qyapi.weixin.qq.com", KEY))
    assert "hush" not in repr(mail(1, password="hush"))
