"""Rows that are written once: what is there already stays as it is, also when two processes write at one moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import db
from lms.core.db import Base

#: Rows in a statement: SQLite takes 32,766 values at once.
BATCH = 500


def insert_new(model: type[Base], rows: Sequence[dict[str, Any]], *returning: Any) -> list[Row[Any]]:
    """Insert those of `rows` that no unique constraint holds already; gives `returning` of each that is new."""
    made: list[Row[Any]] = []
    for start in range(0, len(rows), BATCH):
        insert = db.on_both(lambda: sqlite.insert(model), lambda: postgresql.insert(model))
        statement = insert.values(list(rows[start : start + BATCH])).on_conflict_do_nothing().returning(*returning)
        made += db.session().execute(statement).all()
    return made
