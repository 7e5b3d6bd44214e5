"""Every page that someone can reach by links, looked at once for each kind of reader, in both languages.

Nobody keeps a list: a page that is new today is looked at today. One page of each kind is enough: of /courses/1 and
/courses/2 the first that is met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Error

from tests.browser.checks import axe, no_sideways_scroll
from tests.browser.chromium import DESKTOP, PHONE, TABLET, Screen, Visitor
from tests.browser.conftest import Demonstration
from tests.installation import Site

WIDTHS = (PHONE.width, TABLET.width, DESKTOP.width)
READERS = [("worker", PHONE), ("trainer", DESKTOP), ("county_admin", DESKTOP)]
LINKS = "links => links.filter(link => !link.hasAttribute('download')).map(link => link.href)"


@pytest.fixture(scope="module")
def site(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all readers: they only look."""
    with ExitStack() as stack:
        yield demonstration.opened(tmp_path_factory.mktemp("site") / "copy", stack)


def kind_of(path: str) -> str:
    """The address without what differs between two pages of a kind: numbers, and names of cases and methods."""
    path = re.sub(r"/case-[0-9a-f]{8}(?=/|$)", "/case-#", path)  # one that was written on the site
    path = re.sub(r"/cases/(methods/|)(?!methods|case-#)[^/]+", r"/cases/\1*", path)  # one of the library's
    return re.sub(r"/\d+(?=/|$)", "/#", path)


def opens(visitor: Visitor, path: str) -> bool:
    """Whether the address answers with a page; a file is saved by the browser, or shown as it is."""
    try:
        answer = visitor.go(path)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer.ok, f"{path} is linked and answers {answer.status}"
    return "text/html" in answer.headers["content-type"]


def reachable(visitor: Visitor, start: str) -> Iterator[str]:
    """Opens one page of each kind, from link to link."""
    met, waiting = {kind_of(start)}, [start]
    while waiting:
        path = waiting.pop(0)
        if not opens(visitor, path):
            continue
        yield path
        for href in visitor.page.eval_on_selector_all("a[href]", LINKS):
            parts = urlsplit(urljoin(visitor.page.url, href))
            if f"{parts.scheme}://{parts.netloc}" == visitor.watch.origin and kind_of(parts.path) not in met:
                met.add(kind_of(parts.path))
                waiting.append(parts.path)


def look_at(visitor: Visitor, screen: Screen, language: str) -> None:
    """Words of another language are longer or shorter; what a screen reader meets is the same, and asked once."""
    for width in sorted(WIDTHS, key=lambda width: width == screen.width):  # its own comes last, and stays
        visitor.page.set_viewport_size({"width": width, "height": screen.height})
        no_sideways_scroll(visitor.page)
    if language == "zh-CN":
        axe(visitor.page)


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(("role", "screen"), READERS, ids=[role for role, _screen in READERS])
def test_every_page_is_sound(visitors, site, role, screen, language):
    visitor = visitors(screen, language=language)
    visitor.go("/sign-in")
    look_at(visitor, screen, language)
    visitor.sign_in(site.sign_ins[role].sign_in, site.sign_ins[role].password)

    faults, seen = [], []
    for path in reachable(visitor, "/"):
        seen.append(path)
        try:
            look_at(visitor, screen, language)
        except AssertionError as fault:
            faults.append(str(fault))

    print(f"{role} ({language}): {len(seen)} kinds of page:", *seen)
    assert not faults, "\n".join(faults)
    assert len(seen) > 3, f"only {seen} could be reached"
