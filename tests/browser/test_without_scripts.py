"""The learner's journey by plain forms: a browser that runs no script keeps nothing from anybody.

axe-core is a script and cannot look here; the same pages are looked at where scripts run.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from lms.accounts.models import EndedWhy, SignIn
from lms.core import clock
from lms.hours.models import HourEntry
from lms.quizzes.models import Attempt, AttemptAnswer
from tests.browser.bank import Scholar
from tests.browser.checks import no_sideways_scroll
from tests.browser.chromium import PHONE, Visitor
from tests.browser.steps import COURSE, database_of, finish_lessons, follow, press
from tests.installation import Site

pytestmark = pytest.mark.one_database


@pytest.fixture
def worker(visitors, site: Site) -> Visitor:
    visitor: Visitor = visitors(PHONE, java_script_enabled=False)
    sign_in_again(visitor, site)
    return visitor


def sign_in_again(worker: Visitor, site: Site) -> None:
    worker.sign_in(site.sign_ins["worker"].sign_in, site.sign_ins["worker"].password)


def begin_the_quiz(worker: Visitor) -> None:
    """Enroll, answer every checkpoint, and open the paper."""
    worker.go("/courses/")
    follow(worker.page, COURSE)
    press(worker.page, "开始学习")
    finish_lessons(worker.page, lambda: no_sideways_scroll(worker.page))
    press(worker.page, "参加测验")
    # quiz.js would have hidden it. (Chromium does not lay out <noscript> where only its driver turned scripts off.)
    expect(worker.page.get_by_role("button", name="保存答案")).to_be_visible()


def answer(worker: Visitor, *numbers: int) -> None:
    scholar, cards = Scholar(), worker.page.locator("[data-question]")
    for number in numbers:
        scholar.answer(cards.nth(number))


def force_out(site: Site) -> None:
    """Every sign-in ends from one moment to the next, as when a role is taken away."""
    with database_of(site) as session:
        session.execute(update(SignIn).values(ended_at=clock.now(), ended_why=EndedWhy.ROLE_CHANGED))


def stored(site: Site) -> tuple[int, int, int]:
    """How many attempts, answers and entries of the ledger there are beyond those of the demonstration's colleagues."""
    with database_of(site) as session:
        attempt_id = session.scalars(select(Attempt.id).order_by(Attempt.id.desc())).first()
        person_id = session.get_one(Attempt, attempt_id).person_id
        attempts = select(func.count(Attempt.id)).where(Attempt.person_id == person_id)
        answers = select(func.count()).select_from(AttemptAnswer).where(AttemptAnswer.attempt_id == attempt_id)
        entries = select(func.count(HourEntry.id)).where(HourEntry.person_id == person_id)
        return session.scalar(attempts) or 0, session.scalar(answers) or 0, session.scalar(entries) or 0


def test_a_course_is_taken_and_passed_by_plain_forms(worker: Visitor, site: Site) -> None:
    page = worker.page
    begin_the_quiz(worker)
    total = page.locator("[data-question]").count()
    assert total == 10
    answer(worker, *range(4))
    press(page, "保存答案")
    expect(page.get_by_text("答案已保存。")).to_be_visible()
    expect(page.locator("[data-quiz=saved][data-state=saved]")).to_have_count(4)
    press(page, "检查并交卷")
    expect(page.get_by_text("还有 6 道题没有作答")).to_be_visible()
    follow(page, "回去继续作答")
    answer(worker, *range(4, total))
    press(page, "检查并交卷")
    expect(page.get_by_text("10 道题都已作答")).to_be_visible()
    no_sideways_scroll(page)
    press(page, "确认交卷")
    expect(page.get_by_role("heading", name="通过了：100 分")).to_be_visible()
    no_sideways_scroll(page)
    follow(page, "我的学时")
    expect(page.get_by_role("row", name=COURSE)).to_contain_text("3.00")
    assert stored(site) == (1, 10, 1)


def test_a_form_left_behind_by_a_forced_sign_in_is_found_again(worker: Visitor, site: Site) -> None:
    page = worker.page
    begin_the_quiz(worker)
    answer(worker, *range(10))
    force_out(site)
    press(page, "检查并交卷")
    expect(page.get_by_text("您刚才提交的内容已经存好")).to_be_visible()
    assert stored(site) == (1, 0, 0)

    sign_in_again(worker, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("您刚才提交的内容还在")
    no_sideways_scroll(page)
    press(page, "继续提交")
    expect(page.get_by_text("10 道题都已作答")).to_be_visible()
    press(page, "确认交卷")
    expect(page.get_by_role("heading", name="通过了：100 分")).to_be_visible()
    assert stored(site) == (1, 10, 1)
