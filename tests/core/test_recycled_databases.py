"""A database that a test is done with is, for the next one, what it was for the first."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_engine, insert, inspect, select, text

from lms.core.db import Base
from lms.units.models import Unit
from tests.databases import Databases

LOOSEN = "ALTER TABLE units DROP CONSTRAINT pk_units CASCADE"


def content(url: str) -> dict[str, Any]:
    """Every row of every table in the order in which it lies, the key of units, and the number that a new one gets."""
    engine = create_engine(url)
    with engine.begin() as connection:
        rows = {name: connection.execute(select(table)).all() for name, table in Base.metadata.tables.items()}
        found: dict[str, Any] = {**rows, "key": inspect(connection).get_pk_constraint("units")}
        row = next(row for row in rows["units"] if row.code)._asdict()
        del row["id"]
        found["next unit"] = connection.execute(
            insert(Unit).values(row | {"path": "9.", "place": "9.", "code": "9"}).returning(Unit.id)
        ).scalar_one()
    engine.dispose()
    return found


def write(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE units SET name = 'changed'", "DELETE FROM grants"],
        ["SET session_replication_role = replica", LOOSEN],
    ],
    ids=["rows", "structure"],
)
def test_nothing_stays_of_a_test(databases: Databases, statements: list[str]) -> None:
    with databases.fresh() as url:
        first = content(url)
        if databases.kind == "postgresql":
            write(url, *statements)
    with databases.fresh() as url:
        second = content(url)

    assert first["units"]
    assert second == first


def test_two_databases_at_once_are_two(databases: Databases) -> None:
    with databases.fresh() as one, databases.fresh() as other:
        write(one, "UPDATE units SET name = 'changed'")
        assert content(one)["units"] != content(other)["units"]
