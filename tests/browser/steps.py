"""What learners do on their way, told once: press, follow, finish lessons. And what is stored of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Error, Locator, Page, expect
from sqlalchemy.orm import Session

from lms.core import db
from tests.installation import Site

TRIES = 12
ARRIVES_WITHIN = 2000  # milliseconds
COURSE = "新人上岗：接待、入户与记录"
#: For `until`: the queue of forms that were sent without a signal is empty.
NOTHING_WAITS = """() => new Promise((resolve) => {
  const opening = indexedDB.open("outbox", 1);
  opening.onsuccess = () => {
    const counting = opening.result.transaction("messages").objectStore("messages").count();
    counting.onsuccess = () => { opening.result.close(); resolve(counting.result === 0); };
  };
})"""


def press(page: Page, name: str, exact: bool = True) -> None:
    """Press a button and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).first.click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def choose(page: Page, menu: str, place: str) -> None:
    """Go to a place behind a menu of the main navigation, on a wide screen."""
    page.get_by_role("navigation", name="主导航").locator("summary").get_by_text(menu, exact=True).click()
    follow(page, place)


def persist(act: Callable[[], object], arrived: Locator) -> None:
    """People try again, until they are where they wanted to be."""
    for _try in range(TRIES):
        with suppress(Error):  # lost, or interrupted by the browser's own next try
            act()
        with suppress(Error):
            arrived.first.wait_for(state="attached", timeout=ARRIVES_WITHIN)
            return
    raise AssertionError(f"not there after {TRIES} tries")


def signal(page: Page) -> None:
    """The signal is back: what waits is sent."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def until(page: Page, check: str, arg: object = None) -> None:
    """Wait until an asynchronous function answers yes in the page: `wait_for_function` takes its promise for a yes."""
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
