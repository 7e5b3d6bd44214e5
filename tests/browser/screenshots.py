"""The pictures of the README, taken anew from the demonstration: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import roster_file
from tests.browser.chromium import DESKTOP, PHONE, Visitor, launch, new_visitor
from tests.browser.steps import COURSE, follow, press
from tests.installation import ROOT, Installation, Site, serving

PICTURES = ROOT / "docs" / "screenshots"
MOST_BYTES = 300 * 1024


def take(visitor: Visitor, name: str) -> None:
    """What a reader sees at first sight; the pointer and the focus are somewhere else."""
    visitor.page.evaluate("document.activeElement?.blur()")
    visitor.page.mouse.move(0, 0)
    path = PICTURES / f"{name}.png"
    visitor.page.screenshot(path=path, animations="disabled")
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size / 1024:.0f} KB")
    if size > MOST_BYTES:
        raise RuntimeError(f"{path.name} has {size} bytes, {MOST_BYTES} at most")


def arrive(browser: Browser, site: Site, role: str) -> Visitor:
    visitor = new_visitor(browser, site.url, PHONE if role == "worker" else DESKTOP)
    visitor.sign_in(site.sign_ins[role].sign_in, site.sign_ins[role].password)
    return visitor


def study_and_take(worker: Visitor) -> None:
    """A worker's pages, met on the way from the catalog into the quiz."""
    page = worker.page
    worker.go("/courses/")
    take(worker, "catalog-phone")
    follow(page, COURSE)
    press(page, "开始学习")
    lesson = page.url.removeprefix(worker.watch.origin)
    take(worker, "lesson-phone")
    lessons = page.locator("#contents + .card a").count()
    for number in range(1, lessons + 1):
        worker.go(lesson.rsplit("/", 1)[0] + f"/{number}")
        card = page.locator("#checkpoint")
        card.get_by_role("radio").or_(card.get_by_role("checkbox")).first.check()
        press(page, "提交，看解释")
        if number == 2:
            worker.go("/")
            take(worker, "home-phone")
    worker.go(lesson.rsplit("/", 2)[0])
    press(page, "测验", exact=False)
    choices = page.get_by_role("radio").or_(page.get_by_role("checkbox"))
    first = page.locator("[data-question]").filter(has=choices).first  # the draw may begin with one of another kind
    with page.expect_response(lambda answer: "/answers/" in answer.url):
        first.get_by_role("radio").or_(first.get_by_role("checkbox")).first.check()
    first.scroll_into_view_if_needed()
    take(worker, "quiz-phone")


def administer_and_take(county: Visitor, folder: Path) -> None:
    """What an administrator sees: a roster as it was understood, and who has finished."""
    county.go("/roster/new")
    county.page.locator("input[type=file]").set_input_files(roster_file.write(folder / "qinghe-2026.xlsx"))
    press(county.page, "上传并检查")
    take(county, "roster-desktop")
    board = county.go("/reports/completion")
    if not board.ok:
        raise RuntimeError(f"the board answered {board.status}")
    take(county, "board-desktop")


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        installation = Installation(f"sqlite:///{folder / 'site.sqlite3'}", folder / "data")
        with serving(installation, installation.demo()) as site:
            browser = launch(playwright)
            study_and_take(arrive(browser, site, "worker"))
            administer_and_take(arrive(browser, site, "county_admin"), folder)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
