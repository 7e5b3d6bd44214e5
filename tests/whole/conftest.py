"""A house to walk through: one application and one database for all lines of the matrix, each call undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask, request, url_for
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from lms.accounts import actions as accounts
from lms.accounts import sign_in
from lms.app import create_app
from lms.core import clock, db, fields, web
from lms.core.audit import AuditRow
from lms.pairing import solving
from lms.people.models import Person
from tests.cast import SYSTEM, Cast
from tests.conftest import NO_PASSWORD, cast_of
from tests.databases import Databases
from tests.pairing.solver import in_process
from tests.playhouse import config_for
from tests.said import said
from tests.sandbox import undone
from tests.whole.matrix import ROLES, Line
from tests.whole.scene import arrange

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
WRITES = ("INSERT", "UPDATE", "DELETE")

#: A statement and its parameters.
Written = tuple[str, str]


@dataclass(frozen=True)
class Heard:
    """An answer, and what it took: what was written, and which names of the query and of the form were read."""

    answer: TestResponse
    written: tuple[Written, ...]
    asked: frozenset[str]
    read: frozenset[str]

    @property
    def text(self) -> str:
        return said(self.answer)


@dataclass
class House:
    """The application with the scene in it, and a key for each role."""

    app: Flask
    named: Mapping[str, Any]
    keys: Mapping[str, str]
    written: list[Written] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    _heard: dict[tuple[str, str, str], Heard] = field(default_factory=dict)

    def listen(self, patch: pytest.MonkeyPatch) -> None:
        """Note from now on what is written, and which names of a query and of a form are read."""
        ask, log = web._arg, fields.log_ignored

        def asking(name: str) -> str | None:
            self.asked.add(name)
            return ask(name)

        def logging() -> None:
            self.read.update(cast(fields.Sent, request.form).read)
            log()

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
            if statement.startswith(WRITES):
                self.written.append((statement, repr(parameters)))

        patch.setattr(web, "_arg", asking)
        patch.setattr(fields, "log_ignored", logging)
        event.listen(self.app.extensions["database"].engine, "before_cursor_execute", note)

    def hear(self, role: str, method: str, line: Line) -> Heard:
        """What `role` gets, undone; asked once, however many tests look at it."""
        key = (role, method, line.endpoint)
        if key not in self._heard:
            self._heard[key] = self.hear_anew(role, method, line)
        return self._heard[key]

    def hear_anew(self, role: str, method: str, line: Line) -> Heard:
        with self.undone():
            for noted in (self.written, self.asked, self.read):
                noted.clear()
            answer = self.call(role, method, line)
            return Heard(answer, tuple(self.written), frozenset(self.asked), frozenset(self.read))

    def methods(self, endpoint: str) -> list[str]:
        """GET, POST or both."""
        found: set[str] = set().union(*(rule.methods or () for rule in self.app.url_map.iter_rules(endpoint)))
        return [method for method in ("GET", "POST") if method in found]

    def address(self, line: Line) -> str:
        values = {name: self.named.get(value, value) for name, value in line.url.items()}
        with self.app.test_request_context():
            return url_for(line.endpoint, **values)

    def call(self, role: str, method: str, line: Line) -> TestResponse:
        """What `role` gets, on a database that holds the scene."""
        query = {**line.where, **line.query} if method == "GET" else line.where
        sent: dict[str, Any] = {"query_string": self.filled(query)}
        if method != "GET":
            sent["data"] = self.filled(line.form)
        return self.client(role).open(self.address(line), method=method, buffered=True, **sent)

    def client(self, role: str) -> FlaskClient:
        """The browser of `role`."""
        client = self.app.test_client()
        if role in self.keys:
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = self.keys[role], True
        return client

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Query or form of a line, with identifiers in place of names of the scene."""
        return {
            name: value() if callable(value) else self.named[value[1:]] if value.startswith("@") else value
            for name, value in values.items()
        }

    def undone(self) -> AbstractContextManager[None]:
        """What happens in the block is rolled back."""
        return undone(self.app)

    def audit_rows(self) -> list[str]:
        """The verbs of the audit trail, in order."""
        with db.unit_of_work(self.app.extensions["database"], write=False) as session:
            return list(session.scalars(select(AuditRow.verb).order_by(AuditRow.id)))

    def count(self) -> int:
        with db.unit_of_work(self.app.extensions["database"], write=False) as session:
            return session.scalar(select(func.count()).select_from(AuditRow)) or 0


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("house")
    cast = cast_of(databases)
    with clock.frozen(NOW), databases.fresh() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "solve", in_process)
        app = create_app(config_for(url, folder))
        app.config["WTF_CSRF_ENABLED"] = False
        named = arrange(app, cast, folder)
        house = House(app, named, _keys(app, cast))
        house.listen(patch)
        yield house
        app.extensions["database"].engine.dispose()


def _keys(app: Flask, cast: Cast) -> dict[str, str]:
    """A sign-in for each role but the stranger."""
    keys = {}
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        for role in ROLES[1:]:
            person = session.get_one(Person, getattr(cast, role))
            account = accounts.open_account(person, actor=SYSTEM, now=clock.now())
            account.password_hash = account.password_hash or NO_PASSWORD
            keys[role], _row = sign_in.new_sign_in(account, user_agent="t", address="127.0.0.1", now=clock.now())
    return keys
