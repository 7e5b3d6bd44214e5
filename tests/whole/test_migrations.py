"""Migrations: they make the tables of the models, up and down, on both databases, and keep data on the way."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool

from lms.core.commands import alembic_config, is_newest
from lms.core.db import Base
from tests.databases import open_databases

#: Fewer than an upgrade from nothing has, so that what dies at a share of it dies on the way.
STATEMENTS = 2 * len(Base.metadata.tables)


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    """The URL of a database without tables."""
    with (
        open_databases(request.config.getoption("--database"), tmp_path, touch) as made,
        made.fresh() as url,
    ):
        yield url


def touch(url: str) -> None:
    """Let the database file exist: a template needs something to copy."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE touched (id INTEGER)"))
        connection.execute(text("DROP TABLE touched"))
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    # FTS5 keeps its own beside the tables of the models.
    return {name for name in names if name != "alembic_version" and not name.startswith("search_index")}


def test_the_newest_migration_makes_what_the_models_say(empty: str) -> None:
    command.upgrade(alembic_config(empty), "head")
    assert tables(empty) == set(Base.metadata.tables)
    command.check(alembic_config(empty))  # raises where a column, index or constraint differs


def test_they_go_down_and_up_again(empty: str) -> None:
    config = alembic_config(empty)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert tables(empty) == set()
    command.upgrade(config, "head")
    assert is_newest(empty)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_cut_short_anywhere_it_was_never_begun(empty: str, share: float):
    """The process dies, the server is shut down: what is there is the old or the new, and upgrading again is enough."""
    config, statements = alembic_config(empty), []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)
        if len(statements) == dies_at:
            raise KeyboardInterrupt

    dies_at = int(STATEMENTS * share)
    event.listen(Engine, "before_cursor_execute", count)
    try:
        with pytest.raises(KeyboardInterrupt):
            command.upgrade(config, "head")
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert tables(empty) == set()
    command.upgrade(config, "head")
    assert tables(empty) == set(Base.metadata.tables)
    assert is_newest(empty)


def test_upgrading_twice_keeps_what_is_there(empty: str) -> None:
    config = alembic_config(empty)
    command.upgrade(config, "head")
    engine = create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO units (path, place, level, kind, code, name, valid_from) "
                "VALUES ('1.', '99.', 'province', 'administrative', '99', '示例省', '2025-01-01')"
            )
        )
    command.upgrade(config, "head")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM units")) == "示例省"
    engine.dispose()
