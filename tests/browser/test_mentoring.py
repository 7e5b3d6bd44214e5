"""A street with 13 mentors and 16 people who need one: paired in one go, and a term from the card to the hours, on
phones and a desktop. Four people answer on their phones, a mentor and a mentee of them no; the yes of all others is
written by the same action that their pages call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lms.accounts import actions as accounts
from lms.core import clock
from lms.core.web import Actor, system_actor
from lms.mentoring import queries, telling
from lms.mentoring.kinds import Side, State
from lms.mentoring.models import Pairing
from lms.mentors import kinds as mentors_kinds
from lms.mentors.models import Background, Mentor, MentorState
from lms.notices.kinds import register
from lms.pairing import replies
from lms.pairing import telling as pairing_telling
from lms.pairing.models import Proposal, ProposalState
from lms.people.models import Person
from tests.browser.checks import sound
from tests.browser.chromium import DESKTOP, PHONE, Visitor
from tests.browser.steps import NOTHING_WAITS, database_of, follow, press, signal, until
from tests.installation import Site

#: Nothing of it depends on the database: the rules that do are tested on either without a browser.
pytestmark = pytest.mark.parametrize("demonstration", ["sqlite"], indirect=True)

PASSWORD = "a password for the journey"
SYSTEM = system_actor("tests")
#: What app.py registers, for the actions that this process calls itself.
register(*mentors_kinds.ALL, *telling.ALL, *pairing_telling.ALL)


@dataclass(frozen=True)
class Member:
    """Somebody of the street who can sign in."""

    person_id: int
    name: str
    phone: str
    password: str = PASSWORD


def enter(visitor: Visitor, phone: str, password: str) -> Page:
    visitor.sign_in(phone, password)
    return visitor.page


def agree(page: Page, name: str) -> None:
    """Press a button that asks, and say yes."""
    page.get_by_role("button", name=name).first.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=name).click()


@contextmanager
def writing(site: Site) -> Iterator[Session]:
    with database_of(site) as work:
        yield work


def open_proposals(work: Session) -> list[Proposal]:
    return list(work.scalars(select(Proposal).where(Proposal.state == ProposalState.SENT).order_by(Proposal.id)))


def let_in(site: Site, work: Session, person_id: int) -> Member:
    """Somebody with a way to sign in."""
    person, known = work.get_one(Person, person_id), site.sign_ins["secretary"]
    if person.phone == known.sign_in:  # one of the mentors can sign in already
        return Member(person.id, person.name, known.sign_in, known.password)
    accounts.open_account(person, password=PASSWORD, actor=SYSTEM, now=clock.now())
    return Member(person.id, person.name, person.phone or "")


def accept_all(visitor: Visitor) -> None:
    """Everything that waits for this person's answer, one after another."""
    visitor.go("/pairing/mine")
    sound(visitor.page)
    while visitor.page.get_by_role("button", name="同意", exact=True).count():
        press(visitor.page, "同意")


def decline(visitor: Visitor, reason: str) -> None:
    visitor.go("/pairing/mine")
    follow(visitor.page, "谢绝")
    visitor.page.get_by_label("原因").fill(reason)
    press(visitor.page, "谢绝")


def accept_for_the_rest(work: Session, on_pages: set[int]) -> None:
    """The yes of everybody who has no device here."""
    statement = select(Proposal).where(Proposal.state == ProposalState.SENT).order_by(Proposal.id)
    for proposal in work.scalars(statement.options(selectinload(Proposal.replies))).all():
        said = {reply.side for reply in proposal.replies}
        people = {Side.MENTOR: work.get_one(Mentor, proposal.mentor_id).person_id, Side.MENTEE: proposal.mentee_id}
        for side, person_id in people.items():
            if side not in said and person_id not in on_pages:
                actor = Actor(person_id, None, work.get_one(Person, person_id).name)
                replies.reply(proposal, side, accepts=True, actor=actor, now=clock.now())


def propose(admin: Page, visitor: Visitor) -> None:
    """All who need one at once, looked at, and sent."""
    visitor.go("/pairing/rounds/new")
    sound(admin)
    press(admin, "计算方案")
    expect(admin.locator("tbody tr")).to_have_count(16)
    sound(admin)
    agree(admin, "发出 16 条建议")


def pair_everybody(site: Site, admin: Page, phones: Callable[[], Visitor], worker: Member) -> Member:
    """A mentor and a mentee decline, what is declined is proposed anew, and all accept; gives the worker's mentor."""
    with writing(site) as work:
        sent = open_proposals(work)
        person_of = {one.id: work.get_one(Mentor, one.mentor_id).person_id for one in sent}
        guide = let_in(site, work, next(person_of[one.id] for one in sent if one.mentee_id == worker.person_id))
        others = [one for one in sent if person_of[one.id] != guide.person_id]
        busy = let_in(site, work, person_of[others[0].id])
        away = let_in(site, work, next(one.mentee_id for one in others if person_of[one.id] != busy.person_id))
    mentor, mentee = phones(), phones()
    enter(mentor, busy.phone, busy.password)
    enter(mentee, away.phone, away.password)
    decline(mentor, "今年要照顾家人")
    decline(mentee, "这一年在外学习")
    admin.reload()
    expect(admin.get_by_text("有人谢绝，需要重新计算")).to_be_visible()
    press(admin, "重新计算")
    agree(admin, "发出 2 条建议")
    accept_all(mentor)
    accept_all(mentee)
    with writing(site) as work:
        accept_for_the_rest(work, {worker.person_id, guide.person_id, busy.person_id, away.person_id})
    return guide


def begin(mentee: Visitor, mentor: Visitor, name: str) -> str:
    """Both accept; the mentor writes the card, both sign it. Gives the address of the pair."""
    for visitor in (mentee, mentor):
        accept_all(visitor)
    page = mentor.page
    mentor.go("/mentoring")
    sound(page)
    follow(page, name)
    follow(page, "写结对卡")
    sound(page)
    page.get_by_label("矛盾调解").fill("能独立主持一次邻里纠纷调解")
    page.get_by_label("群众工作").fill("走访时听得懂、记得清、办得成")
    page.get_by_label("导师做什么").fill("每月带一次入户走访，看一份卷宗")
    page.get_by_label("帮带对象做什么").fill("每周写一条体会")
    press(page, "保存")
    press(page, "签署")
    mentee.go("/")
    sound(mentee.page)
    follow(mentee.page, "查看并签署")
    press(mentee.page, "签署")
    expect(mentee.page.get_by_text("帮带中").first).to_be_visible()
    return re.sub(r"^https?://[^/]+", "", mentee.page.url)


def send_without_signal(visitor: Visitor) -> None:
    """In a lift: the note waits on the phone, and goes out by itself."""
    with visitor.offline():
        visitor.page.get_by_role("button", name="记下").click()
        expect(visitor.page.get_by_text("没有信号，已先存在手机上")).to_be_visible()
    signal(visitor.page)
    until(visitor.page, NOTHING_WAITS)


def meet(mentee: Visitor, mentor: Visitor, pair: str) -> None:
    """Two meetings noted; one of them confirmed with one tap."""
    page = mentor.page
    for about in ("陪着走了三户，听老人讲漏水的事", "一起看了一份调解卷宗"):
        mentor.go(f"{pair}/meetings/new")
        page.get_by_label("谈了什么").fill(about)
        page.get_by_label("入户走访").check()
        if "卷宗" in about:
            send_without_signal(mentor)
        else:
            press(page, "记下")
    mentee.go(pair)
    sound(mentee.page)
    press(mentee.page, "确认")
    expect(mentee.page.get_by_role("button", name="确认", exact=True)).to_have_count(1)
    expect(mentee.page.get_by_text("听老人讲漏水的事").or_(mentee.page.get_by_text("调解卷宗"))).to_have_count(2)


def arrange(site: Site, admin: Visitor, guide: Member) -> None:
    """A mentor moves away, and the unit decides; another pair rests for a while."""
    page = admin.page
    with writing(site) as work:
        open_pairs = select(Pairing).where(Pairing.state == State.ACCEPTED).order_by(Pairing.id)
        leaving = work.scalars(open_pairs).first()
        assert leaving is not None
        heir = _heir(work, leaving, guide)
        resting = next(one for one in work.scalars(select(Pairing)) if one.state is State.ACTIVE)
    admin.go(f"/mentors/{leaving.mentor_id}/end")
    page.get_by_label("原因").fill("调到外地工作")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    admin.go(f"/pairing/departures/{leaving.id}")
    sound(page)
    page.get_by_label(re.compile("交给")).first.check()
    page.get_by_label("接手的导师").select_option(str(heir))
    page.get_by_label("原因", exact=True).fill("调到外地工作")
    press(page, "确定")
    admin.go(f"/mentoring/{resting.id}/pause")
    page.get_by_label("原因").fill("出差两周")
    press(page, "暂停结对")
    expect(page.get_by_text("已暂停").first).to_be_visible()
    press(page, "恢复")


def _heir(work: Session, pairing: Pairing, guide: Member) -> int:
    """A mentor with room who may take the mentee over."""
    mentors = work.scalars(select(Mentor).where(Mentor.state == MentorState.ACTIVE, Mentor.id != pairing.mentor_id))
    outside = [one for one in mentors if one.background is not Background.WORKER and one.person_id != guide.person_id]
    load = queries.load_of(mentor.id for mentor in outside)
    return min(outside, key=lambda mentor: (load[mentor.id], mentor.id)).id


def finish(site: Site, admin: Visitor, mentee: Visitor, mentor: Visitor, pair: str) -> None:
    """The last month has come: both evaluate, the unit completes, and both have their hours."""
    with writing(site) as work:
        pairing = work.get_one(Pairing, int(pair.rsplit("/", 1)[1]))
        pairing.ends_on = clock.today() + timedelta(days=10)
    for visitor in (mentee, mentor):
        visitor.go(f"{pair}/evaluation")
        sound(visitor.page)
        for group in visitor.page.locator("main fieldset").all():
            group.get_by_role("radio").last.check()
        press(visitor.page, "提交评价")
    admin.go("/mentoring/unit")
    sound(admin.page)
    press(admin.page, "结业并记学时")
    for visitor in (mentee, mentor):
        visitor.go("/record")
        expect(visitor.page.get_by_text(re.compile("^导师帮带：")).first).to_be_visible()


def test_a_street_pairs_its_people(visitors: Callable[..., Visitor], site: Site) -> None:
    street, worker = site.sign_ins["street_admin"], site.sign_ins["worker"]
    with writing(site) as work:
        person = work.scalars(select(Person).where(Person.phone == worker.sign_in)).one()
        own = Member(person.id, person.name, worker.sign_in, worker.password)
    desk, mentee, mentor = visitors(DESKTOP), visitors(PHONE), visitors(PHONE)
    admin = enter(desk, street.sign_in, street.password)
    enter(mentee, own.phone, own.password)
    propose(admin, desk)
    guide = pair_everybody(site, admin, lambda: visitors(PHONE), own)
    enter(mentor, guide.phone, guide.password)
    pair = begin(mentee, mentor, own.name)
    meet(mentee, mentor, pair)
    desk.go(pair)
    expect(admin.get_by_text("漏水")).to_have_count(0)
    sound(admin)
    arrange(site, desk, guide)
    finish(site, desk, mentee, mentor, pair)
    mentee.go(f"/mentoring/growth/{own.person_id}")
    sound(mentee.page)
    desk.go("/mentoring/unit/register")
    sound(admin)
    expect(admin.locator("tbody tr")).to_have_count(17)
    assert admin.pdf(format="A4").startswith(b"%PDF")
