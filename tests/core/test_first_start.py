"""An installation that has only begun: what an engineer forgot is one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import NullPool, create_engine, text

from lms.cli import lms
from lms.core.commands import refuse_other_tables, upgrade_tables
from lms.core.errors import Refused
from tests.databases import Databases, open_databases


def touch(url: str) -> None:
    """Connect, and make nothing."""
    engine = create_engine(url, poolclass=NullPool)
    engine.connect().close()
    engine.dispose()


@pytest.fixture(scope="module")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases without tables."""
    folder = tmp_path_factory.mktemp("first")
    with open_databases(request.config.getoption("--database"), folder, touch) as made:
        yield made


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    with databases.fresh() as url:
        yield url


def run(url: str, folder: Path, *words: str) -> Result:
    environment = {"LMS_ENV": "test", "LMS_DATABASE_URL": url, "LMS_DATA_DIR": str(folder)}
    return CliRunner(env=environment).invoke(lms, words)


@pytest.mark.parametrize("words", [["verify"], ["serve"], ["jobs", "run"]], ids=" ".join)
def test_a_command_before_the_tables_are_made_names_the_command_that_makes_them(
    empty: str, tmp_path: Path, words: list[str]
) -> None:
    done = run(empty, tmp_path / "data", *words)

    assert done.exit_code == 1
    assert done.stderr == "数据库里没有表，或表与已安装的版本不符。请先执行 lms db upgrade。\n"


def test_tables_of_another_version_are_not_served(empty: str) -> None:
    upgrade_tables(empty)
    refuse_other_tables(empty)
    engine = create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()

    with pytest.raises(Refused):
        refuse_other_tables(empty)


def test_a_database_that_is_away_is_left_to_the_pages(tmp_path: Path) -> None:
    refuse_other_tables(f"sqlite:///{tmp_path / 'nowhere' / 'lms.sqlite3'}")
