"""One transaction around several requests and units of work, rolled back at the end: cheaper than a database each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy.orm import sessionmaker

from lms.core import db


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Every unit of work in the block is a savepoint of one transaction, which is rolled back."""
    database: db.Database = app.extensions["database"]
    with database.engine.connect() as connection, connection.begin() as outer:
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        app.extensions["database"] = db.Database(database.engine, sessions)
        try:
            yield
        finally:
            app.extensions["database"] = database
            outer.rollback()
