"""What learners do on their way, told once: press, follow, finish lessons. And what is stored of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from lms.core import db
from tests.installation import Site

COURSE = "新人上岗：接待、入户与记录"


def press(page: Page, name: str, exact: bool = True) -> None:
    """Press a button and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).first.click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def until(page: Page, check: str, arg: object = None) -> None:
    """Wait until an asynchronous function answers yes in the page: `wait_for_function` would take its promise for it."""
    page.evaluate(
        f"""async (arg) => {{
          const end = performance.now() + 10_000;
          while (!(await ({check})(arg))) {{
            if (performance.now() > end) throw new Error("not within ten seconds");
            await new Promise((next) => setTimeout(next, 50));
          }}
        }}""",
        arg,
    )


def finish_lessons(page: Page, look: Callable[[], None]) -> None:
    """From the first lesson to the quiz: each is finished by its checkpoint, and looked at."""
    lessons = 0
    while True:
        lessons += 1
        look()
        card = page.locator("#checkpoint")
        (card.get_by_role("radio").or_(card.get_by_role("checkbox"))).first.check()
        press(page, "提交，看解释")
        expect(page.locator("#checkpoint").get_by_text(re.compile("答对了|答错了|部分正确"))).to_be_visible()
        further = page.get_by_role("link", name=re.compile("^下一课"))
        if not further.count():
            break
        with page.expect_navigation():
            further.click()
    assert lessons >= 3
    follow(page, "去参加测验")


@contextmanager
def database_of(site: Site) -> Iterator[Session]:
    """The running site's own database, in a unit of work."""
    database = db.connect(site.installation.database_url, pool_size=1)
    try:
        with db.unit_of_work(database) as session:
            yield session
    finally:
        database.engine.dispose()
