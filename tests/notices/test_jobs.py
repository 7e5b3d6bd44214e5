"""Digests and the outbox: at most one a week, never at night, never twice; however often and wherever the job runs."""

from __future__ import annotations

import itertools
import random
import threading
from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.notices import actions, commands, confirming, digests, jobs, outbox, queries
from lms.notices.channels.letter import NotSent, Unsure
from lms.notices.models import ChannelKind, Notice, NoticeChannel, OutboxMessage
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.conftest import actor_of
from tests.notices.servers import HOST, MailServer, robot, running, says
from tests.notices.told import CASE, CLASS, NOW, allow_hosts, ask, tell

KEY = "0a1b2c3d-0000-4000-8000-000000000000"
SMTP = {"host": "mail.example.com", "security": "starttls", "sender": "notices@example.com", "username": ""}
DAY = timedelta(days=1)


class Post:
    """Channels that write down what they are given, and fail as they are told."""

    def __init__(self):
        self.sent: list[tuple[datetime, str, str, tuple[str, ...]]] = []
        self.failures: list[Exception] = []
        self.lock = threading.Lock()

    def send(self, letter):
        with self.lock:
            if self.failures:
                raise self.failures.pop(0)
            self.sent.append((clock.now(), letter.to, letter.text, letter.mobiles))


@pytest.fixture
def post(app, monkeypatch):
    allow_hosts(app, "mail.example.com", "qyapi.weixin.qq.com")
    made = Post()
    monkeypatch.setattr(jobs, "open_channel", lambda _row: made)
    return made


def set_channel(unit_id, kind=ChannelKind.SMTP, **settings):
    unit = db.session().get_one(Unit, unit_id)
    given = {**SMTP, **settings} if kind is ChannelKind.SMTP else {"host": "qyapi.weixin.qq.com", **settings}
    return actions.set_channel(unit, kind=kind, settings=given, secrets={"key": KEY}, actor=SYSTEM, now=NOW)


def accounts(*person_ids):
    for person_id in person_ids:
        actor_of(person_id)


def mailbox(*person_ids):
    for person_id in person_ids:
        actor = actor_of(person_id)
        actions.set_address(f"p{person_id}@example.com", actor=actor, now=NOW)
        given = queries.find_address(person_id)
        assert given is not None
        confirming.confirm(confirming.code_of(given), actor=actor, now=NOW)


@pytest.fixture
def mailed(app, cast, post):
    """Alice and Sun have an address, the county has a mail server, and Alice has been told something."""

    def write():
        mailbox(cast.alice, cast.sun)
        set_channel(cast.county)
        tell(cast.alice, ref="1")

    ask(app, write)
    return post


def run(app, at=NOW):
    with app.app_context(), clock.frozen(at):
        return jobs.run(app.extensions["database"], actor=SYSTEM)


def messages(app):
    return ask(app, lambda: list(db.session().scalars(select(OutboxMessage).order_by(OutboxMessage.id))))


def audited(app, verb):
    return ask(app, lambda: list(db.session().scalars(select(AuditRow).where(AuditRow.verb == verb))))


def test_a_digest_is_sent_once_however_often_the_job_runs(app, cast, mailed):
    tally = run(app)
    assert (tally.prepared, tally.sent) == (1, 1)
    for later in (timedelta(), timedelta(minutes=5), DAY, 8 * DAY):
        assert run(app, NOW + later).sent == 0

    ((_at, to, text, _mobiles),) = mailed.sent
    assert to == f"p{cast.alice}@example.com"
    assert "《接待与走访》" in text
    assert "艾丽丝，您好" in text


def test_what_is_told_within_the_week_waits_for_its_end(app, cast, mailed):
    run(app)
    ask(app, lambda: tell(cast.alice, ref="2", title="第二件"))
    assert run(app, NOW + 7 * DAY - timedelta(seconds=1)).prepared == 0
    assert run(app, NOW + 7 * DAY).sent == 1
    assert "第二件" in mailed.sent[1][2]
    assert "接待与走访" not in mailed.sent[1][2]


def test_by_night_nothing_leaves(app, cast, mailed):
    evening = NOW + timedelta(hours=10)  # 21:00
    assert run(app, evening) == jobs.Tally()
    assert run(app, evening + timedelta(hours=10, minutes=59)) == jobs.Tally()
    assert run(app, evening + timedelta(hours=11)).sent == 1


def test_a_retry_that_would_fall_into_the_night_waits_for_the_morning(app, cast, mailed):
    mailed.failures = [NotSent("busy")]
    assert run(app, NOW + timedelta(hours=9, minutes=55)).failed == 1
    (message,) = messages(app)
    assert clock.local(message.due_at).strftime("%d %H:%M") == "03 08:00"
    assert message.last_error == "busy"
    assert run(app, message.due_at).sent == 1


def test_read_and_unwanted_notices_are_left_out(app, cast, mailed):
    def write():
        tell(cast.alice, ref="2", title="读过的")
        tell(cast.alice, ref="3", title="退订的", kind=CASE.name)
        tell(cast.sun, ref="4", kind=CASE.name)
        read = db.session().scalars(select(Notice).where(Notice.source_ref == "2")).one()
        actions.mark_read(read, actor=actor_of(cast.alice), now=NOW)
        actions.choose_kinds([CLASS.name], actor=actor_of(cast.alice), now=NOW)
        actions.choose_kinds([CLASS.name], actor=actor_of(cast.sun), now=NOW)

    ask(app, write)
    assert run(app).sent == 1
    assert "读过的" not in mailed.sent[0][2]
    assert "退订的" not in mailed.sent[0][2]


def test_without_an_address_or_a_channel_nothing_is_prepared(app, cast, post):
    def write():
        tell(cast.alice, cast.wen, ref="1")
        mailbox(cast.wen)
        set_channel(cast.county)

    ask(app, write)
    assert run(app) == jobs.Tally()  # Alice has no address, and Wen's county no channel


def test_a_disabled_account_gets_nothing(app, as_, cast, mailed):
    assert as_(cast.chen).post(f"/people/{cast.alice}/account/disable", data={"reason": "离岗"}).status_code == 303
    assert run(app) == jobs.Tally()


def test_who_has_no_account_is_not_reminded_of_what_they_cannot_read(app, cast, post):
    def write():
        set_channel(cast.county, ChannelKind.WECOM)
        tell(cast.alice, ref="1")

    ask(app, write)
    assert run(app) == jobs.Tally()


def test_the_words_are_in_the_language_of_the_person(app, as_, cast, mailed):
    as_(cast.alice).post("/language", data={"locale": "en"})
    allow_hosts(app, "mail.example.com", site_url="https://academy.example.com")
    run(app)
    assert "Hello 艾丽丝" in mailed.sent[0][2]
    assert "https://academy.example.com/notices" in mailed.sent[0][2]


def test_a_long_list_is_cut_short(app, cast, mailed):
    ask(app, lambda: [tell(cast.alice, ref=f"n{number}", title=f"第{number}件") for number in range(20)])
    run(app)
    assert mailed.sent[0][2].count("· ") == 10
    assert "另有 11 条" in mailed.sent[0][2]


def test_a_group_is_told_once_a_week_without_names(app, cast, post):
    def write():
        accounts(cast.alice, cast.sun, cast.bo)
        set_channel(cast.county, ChannelKind.WECOM)
        tell(cast.alice, cast.sun, ref="1")

    ask(app, write)
    assert run(app).sent == 1
    ask(app, lambda: tell(cast.bo, ref="2"))
    assert run(app, NOW + 3 * DAY).sent == 0
    assert run(app, NOW + 7 * DAY).sent == 1
    for _at, to, text, mobiles in post.sent:
        assert (to, mobiles) == ("", ())
        assert "艾丽丝" not in text and "接待" not in text


def test_a_group_mentions_people_where_the_unit_wants_it(app, cast, post):
    def write():
        accounts(cast.alice, cast.wen)
        set_channel(cast.county, ChannelKind.WECOM, mention=True)
        tell(cast.alice, cast.wen, ref="1")

    ask(app, write)
    run(app)
    assert post.sent[0][3] == ("19900000001",)
    assert messages(app)[0].mobiles == []  # kept no longer than needed


def test_the_nearest_channel_serves(app, cast, post):
    def write():
        mailbox(cast.alice, cast.chen)
        set_channel(cast.county)
        set_channel(cast.street, ChannelKind.WECOM)
        tell(cast.alice, cast.chen, ref="1")

    ask(app, write)
    assert run(app).sent == 2
    assert sorted(to for _at, to, _text, _mobiles in post.sent) == ["", f"p{cast.chen}@example.com"]


def test_what_fails_is_tried_ever_more_rarely_and_then_left(app, cast, mailed):
    mailed.failures = [NotSent("unreachable")] * 10
    at, tries = NOW, 0
    while True:
        tally = run(app, at)
        tries += 1
        (message,) = messages(app)
        if tally.given_up:
            break
        assert run(app, message.due_at - timedelta(seconds=1)) == jobs.Tally()
        at = message.due_at
    assert tries == len(digests.PAUSES) + 1 == message.tries
    (row,) = audited(app, "notices.give_up")
    assert (row.unit_id, row.detail) == (cast.county, {"error": "unreachable", "tries": tries})
    assert mailed.sent == []
    assert run(app, at + DAY) == jobs.Tally()


def test_the_administrators_find_it_in_their_trail(app, as_, cast, mailed):
    mailed.failures = [NotSent("refused", final=True)]
    assert run(app).given_up == 1
    assert "放弃发送消息" in as_(cast.chen).get("/reports/audit").text
    assert "服务器拒绝了这封信" in as_(cast.chen).get("/notices/channels").text


def test_what_may_have_left_is_not_sent_again(app, cast, mailed):
    mailed.failures = [Unsure("unsure")]
    assert run(app).given_up == 1
    assert run(app, NOW + DAY) == jobs.Tally()
    assert mailed.sent == []


def test_one_message_that_breaks_something_keeps_no_other(app, cast, mailed):
    ask(app, lambda: tell(cast.sun, ref="2"))
    mailed.failures = [ZeroDivisionError("a fault of ours")]
    tally = run(app)
    assert (tally.given_up, tally.sent) == (1, 1)


def test_a_message_that_a_process_took_along_is_not_sent_by_another(app, cast, mailed):
    with app.app_context(), clock.frozen(NOW):
        jobs.prepare(app.extensions["database"], jobs.Tally())
    (message,) = messages(app)
    assert ask(app, lambda: outbox.claim(message.id, now=NOW)) is not None
    assert run(app, NOW + timedelta(minutes=59)) == jobs.Tally()
    assert run(app, NOW + timedelta(minutes=61)).given_up == 1
    assert run(app, NOW + 2 * DAY) == jobs.Tally()
    assert mailed.sent == []


def test_an_ended_channel_and_a_removed_address_send_nothing(app, cast, mailed):
    with app.app_context(), clock.frozen(NOW):
        jobs.prepare(app.extensions["database"], jobs.Tally())
    ask(app, lambda: actions.set_address("", actor=actor_of(cast.alice), now=NOW))
    assert run(app).given_up == 1
    assert messages(app)[0].last_error == "no_address"

    ask(app, lambda: tell(cast.alice, ref="2"))
    ask(app, lambda: mailbox(cast.alice))
    with app.app_context(), clock.frozen(NOW + 8 * DAY):
        jobs.prepare(app.extensions["database"], jobs.Tally())
    ask(app, lambda: actions.end_channel(db.session().scalars(select(NoticeChannel)).one(), actor=SYSTEM, now=NOW))
    assert run(app, NOW + 8 * DAY).given_up == 2  # the digest, and the letter with the code of the new address
    assert messages(app)[1].last_error == "ended"
    assert mailed.sent == []


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_nobody_gets_two_within_a_week_or_one_at_night(app, cast, post, seed):
    chance = random.Random(seed)
    people = [cast.alice, cast.sun, cast.bo, cast.chen]

    def write():
        mailbox(*people)
        set_channel(cast.county)

    ask(app, write)
    at, number = NOW, 0
    for _step in range(60):
        at += timedelta(minutes=chance.choice([1, 20, 300, 900, 3000]))
        if chance.random() < 0.5:
            number += 1
            ask(app, lambda: tell(chance.choice(people), ref=str(number)))  # noqa: B023
        post.failures = chance.choices([NotSent("busy"), Unsure("unsure")], k=chance.choice([0, 0, 1, 2]))
        run(app, at)
    got = defaultdict(list)
    for moment, to, _text, _mobiles in post.sent:
        assert 8 <= clock.local(moment).hour < 21
        got[to].append(moment)
    assert got
    for moments in got.values():
        assert all(later - earlier >= 7 * DAY for earlier, later in itertools.pairwise(moments))


def test_processes_at_the_same_moment_send_each_message_once(app, cast, post):
    people = list(cast.people.values())

    def write():
        mailbox(*people)
        set_channel(cast.province)
        tell(*people, ref="1")

    ask(app, write)
    start, failures = threading.Barrier(4), []

    def work():
        start.wait(10)
        try:
            run(app)
        except Exception as error:  # shown below, where the test can see it
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(to for _at, to, _text, _mobiles in post.sent) == sorted(f"p{one}@example.com" for one in people)
    assert all(message.tries == 1 and message.sent_at for message in messages(app))


def test_through_a_real_server(app, cast, trusted, monkeypatch):
    with running(MailServer(trusted)) as server:
        allow_hosts(app, f"{HOST}:{server.port}")

        def write():
            mailbox(cast.alice)
            set_channel(cast.county, host=f"{HOST}:{server.port}")
            tell(cast.alice, ref="1")

        ask(app, write)
        assert run(app).sent == 1
        allow_hosts(app)
        ask(app, lambda: tell(cast.alice, ref="2"))
        assert run(app, NOW + 8 * DAY).given_up == 1
    assert len(server.received) == 1
    assert messages(app)[1].last_error == "not_allowed"


def test_through_a_real_robot(app, cast, trusted):
    with robot(trusted, says({"errcode": 0})) as there:
        allow_hosts(app, there.host)

        def write():
            accounts(cast.alice)
            set_channel(cast.county, ChannelKind.WECOM, host=there.host)
            tell(cast.alice, ref="1")

        ask(app, write)
        assert run(app).sent == 1
    assert "有新消息" in there.posted[0][1]["text"]["content"]
    assert there.posted[0][0].endswith(KEY)


def test_the_command_says_what_it_did(app, cast, mailed):
    with app.app_context(), clock.frozen(NOW):
        answer = app.test_cli_runner().invoke(commands.jobs, ["run"])
    assert "准备 1 条，发出 1 条" in answer.output
