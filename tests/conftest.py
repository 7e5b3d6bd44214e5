"""What tests begin with: an application on a fresh database that holds the cast, and clients signed in as its members.

`--database` chooses SQLite or PostgreSQL; `make test` runs both.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms.accounts import actions as opening
from lms.accounts import queries as accounts
from lms.accounts import sign_in
from lms.accounts.models import SignIn
from lms.app import create_app
from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.core.db import Base
from lms.core.web import Actor
from lms.migrations import models  # noqa: F401
from lms.people.models import Person
from tests.cast import BEGINNING, SYSTEM, Cast, assemble
from tests.databases import KINDS, Databases, open_databases
from tests.playhouse import Playhouse, config_for
from tests.remembered import remembered_answers

#: No password has this hash; the account counts as activated.
NO_PASSWORD = "tests"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default="sqlite", help="which database the tests run on")
    parser.addoption("--every-database", action="store_true", help="browser journeys that need only one: on both")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL what opens a database runs again, unless it is said to tell no difference: `one_database`. What
    only PostgreSQL can tell, for it refuses more, runs there alone: `strict_database`.

    Files that walk all pages come first: at the end, two processes share small files more evenly than large ones.
    """
    items.sort(key=lambda item: "whole" not in item.path.parts)
    if config.getoption("--database") == "postgresql":
        kept = [item for item in items if _opens(item) and item.get_closest_marker("one_database") is None]
    else:
        kept = [item for item in items if item.get_closest_marker("strict_database") is None]
    chosen = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = kept


def _opens(item: pytest.Item) -> bool:
    return "databases" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def remembering() -> Iterator[None]:
    with remembered_answers():
        yield


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    folder = tmp_path_factory.mktemp("databases")

    def prepare(url: str) -> None:
        app = create_app(config_for(url, folder))
        engine = app.extensions["database"].engine
        Base.metadata.create_all(engine)
        with app.app_context(), db.unit_of_work(app.extensions["database"]):
            (folder / "cast").write_bytes(pickle.dumps(assemble().__dict__))
        engine.dispose()

    with open_databases(request.config.getoption("--database"), folder, prepare, recycled=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def playhouse(databases: Databases) -> Playhouse:
    return Playhouse(databases)


@pytest.fixture
def app(playhouse: Playhouse, tmp_path: Path) -> Iterator[Flask]:
    with playhouse.playing(tmp_path) as app:
        yield app


@pytest.fixture
def cast(databases: Databases) -> Cast:
    return cast_of(databases)


def cast_of(databases: Databases) -> Cast:
    """The cast of this session's databases, for fixtures that live longer than a test."""
    return Cast(**pickle.loads((databases.folder / "cast").read_bytes()))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[[int], FlaskClient]:
    """A client signed in as a member of the cast: `as_(cast.alice).get("/")`."""
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(person_id: int) -> FlaskClient:
        with app.app_context(), db.unit_of_work(app.extensions["database"]):
            key, _row = _signed_in(person_id)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = key, True
        return client

    return sign_in


@pytest.fixture
def trail(app: Flask) -> Callable[[], list[AuditRow]]:
    """`trail()`: what the audit trail says of this test, without what the cast's arrival left in it."""

    def rows() -> list[AuditRow]:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
            new = (AuditRow.at > BEGINNING, AuditRow.verb != "accounts.open")
            return list(opened.scalars(select(AuditRow).where(*new).order_by(AuditRow.id)))

    return rows


@pytest.fixture
def look(app: Flask) -> Callable[..., Any]:
    """`look(Unit, cast.street)`: a row as the database holds it now."""

    def get(kind: type[Any], key: Any) -> Any:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as opened:
            return opened.get_one(kind, key)

    return get


@pytest.fixture
def work(app: Flask) -> Iterator[Any]:
    """An open unit of work, for tests of actions and queries: committed when the test ends."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
        yield opened


@pytest.fixture
def query_count(app: Flask) -> Callable[[], Any]:
    """`with query_count() as statements: …; assert len(statements) <= 8`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        engine = app.extensions["database"].engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


def actor_of(person_id: int) -> Actor:
    """The actor that a person is, for tests that call actions without a request."""
    key, _row = _signed_in(person_id)
    live = accounts.find_live(sign_in.digest(key), now=clock.now(), lifetime=timedelta(hours=1))
    assert live is not None
    return live.actor


def _signed_in(person_id: int) -> tuple[str, SignIn]:
    """A sign-in as the sign-in page makes it, without the cost of a password."""
    person = db.session().get_one(Person, person_id)
    account = opening.open_account(person, actor=SYSTEM, now=clock.now())
    account.password_hash = account.password_hash or NO_PASSWORD
    return sign_in.new_sign_in(account, user_agent="tests", address="127.0.0.1", now=clock.now())
