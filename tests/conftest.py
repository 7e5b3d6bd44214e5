"""What tests begin with: an application on a fresh database that holds the cast, and clients signed in as its members.

`--database` chooses SQLite or PostgreSQL; `make test` runs both.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms.app import create_app
from lms.config import Config
from lms.core import db, web
from lms.core.db import Base
from lms.core.web import Actor
from lms.migrations import models  # noqa: F401
from lms.people.models import Appointment, Grant, Person
from lms.units.models import Unit
from tests.cast import Cast, assemble
from tests.databases import KINDS, Databases, open_databases

SECRET = "a secret that only the tests know, and long enough"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=KINDS, default="sqlite", help="which database the tests run on")


def config_for(url: str, folder: Path) -> Config:
    return Config(env="test", data_dir=folder, database_url=url, secret_key=SECRET).completed()


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

    with open_databases(request.config.getoption("--database"), folder, prepare) as opened:
        opened.folder = folder  # type: ignore[attr-defined]
        yield opened


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    with databases.fresh() as url:
        made = create_app(config_for(url, tmp_path))
        web.register_actor(made, _actor_of_test, lambda: ("", 401))
        yield made
        made.extensions["database"].engine.dispose()


@pytest.fixture
def cast(databases: Databases) -> Cast:
    return Cast(**pickle.loads((databases.folder / "cast").read_bytes()))  # type: ignore[attr-defined]


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
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["test_person_id"] = person_id
        return client

    return sign_in


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
    person = db.session().get_one(Person, person_id)
    home = (
        db.session()
        .execute(
            select(Unit.id, Unit.path, Unit.name)
            .join(Appointment, Appointment.unit_id == Unit.id)
            .where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
            .order_by(Appointment.is_primary.desc())
        )
        .all()
    )
    granted = db.session().execute(
        select(Grant.role, Unit.path).join(Unit, Unit.id == Grant.unit_id)
        .where(Grant.person_id == person_id, Grant.revoked_at.is_(None))
    ).all()  # fmt: skip
    reach: dict[str, tuple[str, ...]] = {}
    for role, path in granted:
        reach[role] = (*reach.get(role, ()), path)
    first = home[0] if home else None
    return Actor(
        person.id, None, person.name,
        first.id if first else None, first.path if first else None, first.name if first else "",
        reach, tuple(row.path for row in home),
    )  # fmt: skip


def _actor_of_test() -> Actor | None:
    person_id = session.get("test_person_id")
    return actor_of(person_id) if person_id else None
