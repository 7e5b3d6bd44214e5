"""Chromium as our readers have it, and what it complains about while it shows the site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

# They let it run as root and on a closed network, and keep it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name leads outside. To hold up each request instead would switch the browser's cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
COMMANDS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Screen:
    """What a device shows, and how it is touched."""

    width: int
    height: int
    is_phone: bool = False
    scale: int = 1


PHONE = Screen(360, 740, is_phone=True, scale=2)
TABLET = Screen(768, 1024)
DESKTOP = Screen(1280, 860)


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, else the one that Playwright brought.

    :raise RuntimeError: there is neither: a browser test that cannot run fails.
    """
    installed = next((path for path in map(shutil.which, COMMANDS) if path), None)
    executable = installed or playwright.chromium.executable_path
    if not Path(executable).exists():
        raise RuntimeError("No Chromium on this machine. Install it with: sudo apt-get install chromium")
    return playwright.chromium.launch(executable_path=executable, args=FLAGS)


@dataclass
class Watch:
    """Listens to everything a visitor's browser does, and keeps what should not have happened."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    _tolerated: list[str] = field(default_factory=list)

    @contextmanager
    def tolerating(self, *fragments: str) -> Iterator[None]:
        """What a test provokes on purpose, such as a lost connection: complaints with these words are expected."""
        self._tolerated += fragments
        try:
            yield
        finally:
            for fragment in fragments:
                self._tolerated.remove(fragment)

    def listen(self, context: BrowserContext) -> None:
        context.on("request", self._follow)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._complain(f"page error: {error.error}"))
        context.on("response", self._see)
        context.on("requestfailed", self._miss)

    def _complain(self, text: str) -> None:
        if not any(fragment in text for fragment in self._tolerated):
            self.complaints.append(text)

    def _follow(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in {"data", "blob"} and not request.url.startswith(f"{self.origin}/"):
            self._complain(f"request to outside: {request.url}")

    def _hear(self, message: ConsoleMessage) -> None:
        # That a resource was refused is heard by _see, which knows whether it was the page itself.
        expected = ("Failed to load resource", "Service Worker registration blocked by Playwright")
        if message.type in {"error", "warning"} and not any(text in message.text for text in expected):
            self._complain(f"console {message.type}: {message.text}")

    def _see(self, response: Response) -> None:
        """A page may answer 4xx, and the test says which; what a page loads may not."""
        is_page = response.request.is_navigation_request()
        if response.status >= (500 if is_page else 400):
            self._complain(f"{response.status} for {response.request.method} {response.url}")

    def _miss(self, request: Request) -> None:
        # Leaving a page, or a download, aborts what is under way: nothing is wrong then. A video that the site's worker
        # was fetching for that page fails in the worker's name.
        left = ".mp4?" in request.url and request.failure == "net::ERR_FAILED"
        if request.failure != "net::ERR_ABORTED" and not left:
            self._complain(f"failed: {request.method} {request.url} {request.failure}")


@dataclass
class Visitor:
    """One person at one device: a browser of their own, watched from the first page on."""

    page: Page
    watch: Watch

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def go(self, path: str) -> Response:
        """Open a page of the site; the test looks at the status where it is not 200."""
        answer = self.page.goto(f"{self.watch.origin}{path}")
        assert answer is not None
        return answer

    def sign_in(self, name: str, secret: str) -> None:
        """With a password or a one-time code; where it leads is the test's to see."""
        self.go("/sign-in")
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=secret]").fill(secret)
        with self.page.expect_navigation():
            self.page.locator("input[name=secret]").press("Enter")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Out of reach, as in a lift; what the site's worker cannot answer from what it kept fails in its own name."""
        with self.watch.tolerating("ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"):
            self.context.set_offline(True)
            try:
                yield
            finally:
                self.context.set_offline(False)


def new_visitor(browser: Browser, origin: str, screen: Screen, language: str = "zh-CN", **options: Any) -> Visitor:
    """A device without the site's worker, whose fetches a test could not watch; `service_workers="allow"` has it."""
    options.setdefault("service_workers", "block")
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        device_scale_factor=screen.scale,
        is_mobile=screen.is_phone,
        has_touch=screen.is_phone,
        locale=language,
        timezone_id="Asia/Shanghai",
        **options,
    )
    # On one machine the site answers in milliseconds: what takes ten seconds has gone wrong.
    context.set_default_timeout(10_000)
    watch = Watch(origin)
    watch.listen(context)
    return Visitor(context.new_page(), watch)
