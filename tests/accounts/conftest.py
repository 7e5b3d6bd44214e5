"""Tests of accounts sign in for real: the actor of a request is whoever the cookie's key belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.accounts import actions, passwords, sign_in, waiting
from lms.accounts.actions import ActivationCode
from lms.core import clock, db, web
from lms.core.web import allow, signed_in, system_actor
from lms.people.models import Person
from tests.cast import Cast
from tests.databases import Databases
from tests.playhouse import Playhouse

PASSWORD = "rain on the roof"
PHONES = {"alice": "19900000001", "wen": "19900000003", "bo": "19900000011", "chen": "19900000013"}
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

pages = Blueprint("pages", __name__)


@pages.get("/pages/secret")
@allow(signed_in)
def secret() -> str:
    return f"for {web.current_actor().name} only"


@pages.post("/pages/draft")
@allow(signed_in)
def draft() -> str:
    return f"{web.current_actor().name} wrote {request.form['title']}"


@pytest.fixture(scope="session")
def accounts_playhouse(databases: Databases) -> Playhouse:
    return Playhouse(databases, dress=with_pages)


def with_pages(app: Flask) -> None:
    """Its own way of signing in, and two pages to try it on."""
    app.register_blueprint(pages)
    web.register_actor(app, sign_in.load_actor, waiting.ask_to_sign_in)


@pytest.fixture
def app(accounts_playhouse: Playhouse, tmp_path: Path) -> Iterator[Flask]:
    with accounts_playhouse.playing(tmp_path) as app:
        yield app


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of hashes at full strength would take the suite a minute; their strength has tests of its own."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._decoy.cache_clear()


@dataclass
class Site:
    """What happens around the browser: people get codes, time passes."""

    app: Flask
    cast: Cast
    now: datetime = NOW

    def person(self, name: str) -> int:
        return int(getattr(self.cast, name))

    def code(self, name: str) -> ActivationCode:
        with self.work():
            person = db.session().get_one(Person, self.person(name))
            return actions.issue_activation(person, actor=system_actor("tests"), now=clock.now())

    def password(self, name: str, password: str = PASSWORD) -> None:
        with self.work():
            person = db.session().get_one(Person, self.person(name))
            actions.open_account(person, password=password, actor=system_actor("tests"), now=clock.now())

    def act(self, action: Callable[..., Any], name: str, **more: Any) -> Any:
        with self.work():
            person = db.session().get_one(Person, self.person(name))
            return action(person, actor=system_actor("tests"), now=clock.now(), **more)

    def work(self) -> Any:
        return _Work(self.app)

    def browser(self, address: str = "203.0.113.7") -> Browser:
        return Browser(self.app.test_client(), address)


class _Work:
    """A unit of work outside any request."""

    def __init__(self, app: Flask) -> None:
        self.context = app.app_context()
        self.unit = db.unit_of_work(app.extensions["database"])

    def __enter__(self) -> Any:
        self.context.push()
        return self.unit.__enter__()

    def __exit__(self, *error: Any) -> None:
        try:
            self.unit.__exit__(*error)
        finally:
            self.context.pop()


@dataclass
class Browser:
    """A browser as its user drives it: a form is opened before it is sent, so each has its token."""

    client: FlaskClient
    address: str = "203.0.113.7"
    agent: str = "Mozilla/5.0 (Linux; Android 10) Chrome/99.0 MicroMessenger/8.0"

    def _environ(self) -> dict[str, str]:
        return {"REMOTE_ADDR": self.address}

    def get(self, path: str, **more: Any) -> TestResponse:
        headers = {"User-Agent": self.agent, **more.pop("headers", {})}
        return self.client.get(path, environ_overrides=self._environ(), headers=headers, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        headers = {"User-Agent": self.agent, **more.pop("headers", {})}
        return self.client.post(path, data=data or {}, environ_overrides=self._environ(), headers=headers, **more)

    def token(self, path: str = "/sign-in") -> str:
        """The CSRF token of a page."""
        return token_of(self.get(path, follow_redirects=True))

    def send(self, path: str, data: dict[str, Any] | None = None, form: str = "/sign-in", **more: Any) -> TestResponse:
        """Open a page with a form on it, then send the form."""
        return self.post(path, {"csrf_token": self.token(form), **(data or {})}, **more)

    def sign_in(self, name: str, secret: str = PASSWORD, **fields: str) -> TestResponse:
        data = {"name": PHONES.get(name, name), "secret": secret, **fields}
        return self.send("/sign-in", data)


def token_of(response: TestResponse) -> str:
    found = re.search(r'name="csrf-?_?token" (?:content|value)="([^"]+)"', response.text)
    assert found, response.text[:500]
    return unescape(found[1])


@pytest.fixture
def site(app: Flask, cast: Cast, quick_hashes: None) -> Iterator[Site]:
    with clock.frozen(NOW):
        yield Site(app, cast)


@pytest.fixture
def later() -> Callable[..., Any]:
    """`with later(hours=3): …`: what happens then."""
    return lambda **gap: clock.frozen(clock.now() + timedelta(**gap))
