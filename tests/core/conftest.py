"""An application with a few pages of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core import db
from lms.people.models import Person
from tests.core import pages
from tests.databases import Databases
from tests.playhouse import Playhouse


@pytest.fixture(scope="session")
def core_playhouse(databases: Databases) -> Playhouse:
    return Playhouse(databases, dress=with_pages)


def with_pages(app: Flask) -> None:
    pages.register(app)
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as in production: an exception becomes a page


@pytest.fixture
def app(core_playhouse: Playhouse, tmp_path: Path) -> Iterator[Flask]:
    with core_playhouse.playing(tmp_path) as app:
        yield app


@pytest.fixture
def names(app: Flask):
    """The names of people whom the tests' pages wrote."""

    def read() -> list[str]:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
            return [name for name in session.scalars(select(Person.name).order_by(Person.id)) if name.isascii()]

    return read
