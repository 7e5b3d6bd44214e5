"""Fixtures of the browser journeys.

`site` is a running site with the demonstration county, on each database in turn; it is the test's own.
`visitors(DESKTOP)`, `phone` and `desktop` are people at devices. A test fails if one of their browsers called outside,
printed an error, or if a part of a page was missing; the last picture of each then lies in build/browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import DESKTOP, PHONE, Screen, Visitor, launch, new_visitor
from tests.browser.rough import Rough, rough_connection
from tests.databases import KINDS, Databases, open_databases
from tests.installation import ROOT, Installation, SignIn, Site, serving

PICTURES = ROOT / "build" / "browser"
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked `one_database` runs on SQLite; on PostgreSQL too where it is asked for by `--every-database`."""
    if config.getoption("--every-database"):
        return
    spared = [item for item in items if _is_spared(item)]
    config.hook.pytest_deselected(items=spared)
    items[:] = [item for item in items if item not in spared]


def _is_spared(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database") is None or item.get_closest_marker("both_databases") is not None:
        return False
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("demonstration") == "postgresql"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


class Demonstration:
    """A demonstration county, loaded once a database, and copied for each test."""

    def __init__(self, kind: str, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._sign_ins: dict[str, SignIn] = {}
        self._original = Installation("", folder / "data")
        self.databases: Databases = stack.enter_context(open_databases(kind, folder, prepare=self._load))

    def _load(self, url: str) -> None:
        self._sign_ins = Installation(url, self._original.data_dir).demo()

    def opened(self, folder: Path, stack: ExitStack) -> Site:
        installation = self._original.copy_to(folder, stack.enter_context(self.databases.fresh()))
        return stack.enter_context(serving(installation, self._sign_ins))


@pytest.fixture(scope="session")
def demonstrations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Demonstration]]:
    """Each is loaded when it is first asked for, and stays: a process goes back and forth between the databases."""
    with ExitStack() as stack:
        yield cache(lambda kind: Demonstration(kind, tmp_path_factory.mktemp(kind), stack))


@pytest.fixture(scope="session", params=KINDS)
def demonstration(request: pytest.FixtureRequest, demonstrations: Callable[[str], Demonstration]) -> Demonstration:
    return demonstrations(request.param)


@pytest.fixture
def site(demonstration: Demonstration, tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as stack:
        yield demonstration.opened(tmp_path / "site", stack)


@pytest.fixture
def connection(site: Site) -> Iterator[tuple[Rough, str]]:
    """The bad connection to the site, and its address."""
    with rough_connection(site.url) as opened:
        yield opened


@pytest.fixture
def rough(connection: tuple[Rough, str]) -> Rough:
    return connection[0]


@pytest.fixture
def visitors(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """`visitors(PHONE, language="en")`: one more person, at their own device; `origin`: their way to the site."""
    present: list[Visitor] = []

    def come(screen: Screen = DESKTOP, origin: str = site.url, **options: Any) -> Visitor:
        present.append(new_visitor(browser, origin, screen, **options))
        return present[-1]

    yield come
    complaints = [text for visitor in present for text in visitor.watch.complaints]
    if complaints or FAILED in request.node.stash:
        take_pictures(request.node.name, present)
    for visitor in present:
        visitor.context.close()
    assert not complaints, "Browsers complained:\n  " + "\n  ".join(complaints)


def take_pictures(name: str, visitors: list[Visitor]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "_", name)
    for number, visitor in enumerate(visitors, 1):
        visitor.page.screenshot(path=PICTURES / f"{stem}-{number}.png", full_page=True)


@pytest.fixture
def phone(visitors: Callable[..., Visitor]) -> Visitor:
    return visitors(PHONE)


@pytest.fixture
def desktop(visitors: Callable[..., Visitor]) -> Visitor:
    return visitors(DESKTOP)
