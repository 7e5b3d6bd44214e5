"""A quiz on a phone behind a bad connection: nothing that was answered is lost, and nothing is there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from lms.core import clock
from lms.courses.models import Enrollment, Lesson, LessonFinish
from lms.hours.models import HourEntry
from lms.quizzes.models import Attempt, AttemptAnswer
from tests.browser.bank import Scholar
from tests.browser.chromium import PHONE, Visitor
from tests.browser.rough import ENDED, Fate, Request, Rough, seeded, smooth
from tests.browser.steps import COURSE, database_of, follow, persist, press, signal
from tests.installation import Site

#: What the network does to a page is the same on both databases; what it makes of a whole quiz is looked at on both.
pytestmark = pytest.mark.one_database


@pytest.fixture
def phone(visitors, connection: tuple[Rough, str], site: Site) -> Iterator[Visitor]:
    """A worker who has finished the lessons, while the connection was still good."""
    visitor: Visitor = visitors(PHONE, origin=connection[1])
    with visitor.watch.tolerating(*ENDED):
        visitor.sign_in(site.sign_ins["worker"].sign_in, site.sign_ins["worker"].password)
        visitor.go("/courses/")
        follow(visitor.page, COURSE)
        course = visitor.page.url.removeprefix(visitor.watch.origin)
        press(visitor.page, "开始学习")
        mark_lessons_finished(site)
        visitor.go(course)
        yield visitor


def mark_lessons_finished(site: Site) -> None:
    """In the books: how lessons are finished in a browser is walked elsewhere."""
    with database_of(site) as session:
        begun = session.scalars(select(Enrollment).order_by(Enrollment.id.desc())).first()
        assert begun is not None
        for lesson_id in session.scalars(select(Lesson.id).where(Lesson.revision_id == begun.revision_id)).all():
            session.add(LessonFinish(person_id=begun.person_id, lesson_id=lesson_id, finished_at=clock.now()))


def begin(phone: Visitor) -> str:
    """Open the paper; answers its address."""
    course = phone.page.url.removeprefix(phone.watch.origin).partition("#")[0]

    def start() -> None:
        phone.go(course)
        button = phone.page.get_by_role("button", name="参加测验")
        if button.count():
            press(phone.page, "参加测验")
        else:
            follow(phone.page, "继续测验")

    persist(start, phone.page.locator("form.quiz"))
    return phone.page.url.removeprefix(phone.watch.origin)


def hand_in(phone: Visitor, attempt: str) -> None:
    page, done = phone.page, phone.page.get_by_role("heading", name="通过了：100 分")

    def check() -> None:
        phone.go(attempt)
        press(page, "检查并交卷")

    def submit() -> None:
        phone.go(f"{attempt}/submit")
        if not done.count():
            press(page, "确认交卷")

    persist(check, page.get_by_text("10 道题都已作答"))
    persist(submit, done)


def all_saved(phone: Visitor, count: int = 10, within: int = 120_000) -> None:
    expect(phone.page.locator("[data-quiz=saved][data-state=saved]")).to_have_count(count, timeout=within)


def another_choice(card: Locator) -> None:
    """What one presses first and thinks better of."""
    choices = card.get_by_role("radio")
    if choices.count():
        choices.last.check()


def attempt_of(site: Site) -> int:
    with database_of(site) as session:
        return session.scalars(select(func.max(Attempt.id))).one()


def nothing_lost_nothing_twice(site: Site) -> None:
    """One attempt with ten answers, one entry in the ledger, and books that agree."""
    with database_of(site) as session:
        attempt = session.get_one(Attempt, attempt_of(site))
        own = select(func.count(Attempt.id)).where(Attempt.person_id == attempt.person_id)
        answered = select(func.count()).select_from(AttemptAnswer).where(AttemptAnswer.attempt_id == attempt.id)
        earned = select(func.count(HourEntry.id)).where(HourEntry.person_id == attempt.person_id)
        counts = [session.scalar(each) for each in (own, answered, earned)]
    assert counts == [1, 10, 1]
    assert "台账无误" in site.installation.lms("ledger", "verify")


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", [383])  # one with which every kind of harm is met among the ten answers
def test_a_quiz_is_finished_in_spite_of_it_all(phone: Visitor, rough: Rough, site: Site, seed: int) -> None:
    rough.plan = seeded(seed)
    attempt = begin(phone)
    scholar, cards = Scholar(), phone.page.locator("[data-question]")
    for number in range(10):
        another_choice(cards.nth(number))
        scholar.answer(cards.nth(number))
    all_saved(phone)
    hand_in(phone, attempt)

    nothing_lost_nothing_twice(site)
    assert set(rough.met) == set(Fate) - {Fate.HANG}


def test_a_change_of_mind_survives_a_lost_reply_and_a_reload(phone: Visitor, rough: Rough, site: Site) -> None:
    """The site has the first choice, the page knows it not; the second waits in the phone when the page is reloaded."""
    fates = [Fate.LOSE, Fate.DROP]
    attempt = begin(phone)
    rough.plan = lambda request: fates.pop(0) if request.is_scripted and fates else Fate.PASS
    scholar, page = Scholar(), phone.page
    card = page.locator("[data-question]", has=page.get_by_role("radio")).first
    with page.expect_event("requestfailed"):
        scholar.answer(card)
    other = card.get_by_role("radio", checked=False).first
    second = card.locator(f"input[value='{other.get_attribute('value')}']")
    with page.expect_event("requestfailed"):
        second.check()
    with page.expect_response(lambda answer: answer.request.method == "POST") as told:
        page.reload()
    assert told.value.json()["state"] == "saved"
    all_saved(phone, 1)
    expect(second).to_be_checked()

    for number in range(10):
        scholar.answer(page.locator("[data-question]").nth(number))
    all_saved(phone)
    hand_in(phone, attempt)
    nothing_lost_nothing_twice(site)


def test_a_connection_that_never_ends_is_given_up(phone: Visitor, rough: Rough, site: Site) -> None:
    """In a lift a request may hang for minutes: the answer is sent again before that."""

    def hang_once(request: Request) -> Fate:
        return Fate.HANG if request.is_scripted and request.count == 1 and request.path.endswith("/1") else Fate.PASS

    attempt = begin(phone)
    rough.plan = hang_once
    with phone.watch.tolerating("ERR_ABORTED"):
        scholar, cards = Scholar(), phone.page.locator("[data-question]")
        for number in range(10):
            scholar.answer(cards.nth(number))
        all_saved(phone, within=45_000)
    rough.plan = smooth
    hand_in(phone, attempt)
    nothing_lost_nothing_twice(site)


def test_what_was_answered_before_the_script_arrived_is_kept(phone: Visitor, rough: Rough) -> None:
    """The script is lost twice; it is fetched again, and keeps what was answered meanwhile."""
    lost = [Fate.DROP, Fate.DROP]
    rough.plan = lambda request: lost.pop() if request.path.startswith("/static/quiz") and lost else Fate.PASS
    begin(phone)
    scholar = Scholar()
    for card in phone.page.locator("[data-question]").all():
        scholar.answer(card)
    all_saved(phone)
    assert not lost


def test_a_network_that_wants_a_sign_in_of_its_own_is_no_signal(phone: Visitor, rough: Rough, site: Site) -> None:
    """The train's page answers in the site's place: nobody is signed out, the answer waits and arrives."""
    begin(phone)
    rough.plan = lambda request: Fate.PORTAL if request.is_scripted else Fate.PASS
    card = phone.page.locator("[data-question]").first
    Scholar().answer(card)
    expect(card.locator("[data-quiz=saved]")).to_have_text("网络不通，联网后自动保存")
    expect(phone.page.get_by_text("登录已失效")).to_have_count(0)
    rough.plan = smooth
    all_saved(phone, 1)
    assert rough.met[Fate.PORTAL]


def test_a_tab_and_its_copy_do_not_speak_for_one_another(phone: Visitor, rough: Rough, site: Site) -> None:
    """A tab is copied while an answer waits in it. In the copy another answer is given: the first tab is told."""
    attempt = begin(phone)
    newest = select(AttemptAnswer.response).where(AttemptAnswer.attempt_id == attempt_of(site))
    rough.plan = lambda request: Fate.DROP if request.is_scripted else Fate.PASS
    page = phone.page
    position = page.locator("[data-question]", has=page.get_by_role("radio")).first.get_attribute("data-question")
    card = page.locator(f"[data-question='{position}']")
    choices = [radio.get_attribute("value") for radio in card.get_by_role("radio").all()]
    with page.expect_event("requestfailed"):
        card.locator(f"input[value='{choices[0]}']").check()
    with page.expect_popup() as opened:
        page.evaluate("(address) => { window.open(address) }", attempt)  # with a copy of what the tab keeps
    copy = opened.value.locator(f"[data-question='{position}']")
    expect(copy.locator(f"input[value='{choices[0]}']")).to_be_checked()

    first = b"device=" + page.locator("input[name=device]").input_value().encode()
    rough.plan = lambda request: Fate.DROP if first in request.raw else Fate.PASS
    copy.locator(f"input[value='{choices[1]}']").check()
    expect(copy.locator("[data-quiz=saved]")).to_have_text("已保存", timeout=40_000)
    with database_of(site) as session:
        kept = session.scalars(newest).one()
    rough.plan = smooth
    with phone.watch.tolerating("409 for POST"):
        signal(page)
        expect(card.locator("[data-quiz=saved]")).to_have_text(re.compile("另一个页面上有更新的回答"), timeout=40_000)
    expect(card.locator(f"input[value='{choices[1]}']")).to_be_checked()
    with database_of(site) as session:
        assert session.scalars(newest).one() == kept


def test_what_was_answered_in_time_counts_when_it_arrives_late(phone: Visitor, site: Site) -> None:
    """The signal goes in the last seconds, and comes back after the end, when the paper takes nothing new any more."""
    attempt, page = begin(phone), phone.page
    with database_of(site) as session:
        session.get_one(Attempt, attempt_of(site)).deadline_at = clock.now() + timedelta(seconds=6)
    phone.go(attempt)
    made_a_minute_earlier(page, site)  # instead of a minute's waiting
    with phone.offline():
        Scholar().answer(page.locator("[data-question]").first)
        expect(page.get_by_role("timer")).to_have_text("时间到", timeout=10_000)
        expect(page.locator("[data-question]").first.locator("input:not([type=hidden]), select").first).to_be_disabled()
        begun_a_minute_earlier(site)
    signal(page)
    all_saved(phone, 1)

    phone.go(f"{attempt}/result")
    expect(page.get_by_role("heading", name="没有通过")).to_be_visible()
    with database_of(site) as session:
        ended = session.get_one(Attempt, attempt_of(site))
        kept = session.scalars(select(AttemptAnswer.saved_at).where(AttemptAnswer.attempt_id == ended.id)).all()
    assert ended.deadline_at is not None
    assert ended.submitted_at == ended.deadline_at
    assert len(kept) == 1
    assert kept[0] <= ended.deadline_at


def made_a_minute_earlier(page: Page, site: Site) -> None:
    """The page's signed token says so; the page is none the wiser."""
    secret = (site.installation.data_dir / "secret_key").read_text(encoding="utf-8").strip()
    signer, field = URLSafeSerializer(secret, salt="quizzes.page"), page.locator("input[name=page]")
    attempt_id, issued_at = signer.loads(field.input_value())
    earlier = signer.dumps([attempt_id, issued_at - 60_000])
    field.evaluate("(field, token) => { field.value = token; }", earlier)


def begun_a_minute_earlier(site: Site) -> None:
    with database_of(site) as session:
        attempt = session.get_one(Attempt, attempt_of(site))
        assert attempt.deadline_at is not None
        attempt.started_at -= timedelta(minutes=1)
        attempt.deadline_at -= timedelta(minutes=1)
