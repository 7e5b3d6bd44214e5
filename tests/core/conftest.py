"""An application with a few pages of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.core import db
from lms.people.models import Person
from tests.conftest import config_for
from tests.core import pages
from tests.databases import Databases


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    with databases.fresh() as url:
        made = create_app(config_for(url, tmp_path))
        pages.register(made)
        made.config["PROPAGATE_EXCEPTIONS"] = False  # as in production: an exception becomes a page
        yield made
        made.extensions["database"].engine.dispose()


@pytest.fixture
def names(app: Flask):
    """The names of people whom the tests' pages wrote."""

    def read() -> list[str]:
        with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
            return [name for name in session.scalars(select(Person.name).order_by(Person.id)) if name.isascii()]

    return read
