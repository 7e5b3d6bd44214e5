"""Commands of the house itself: the database and the server."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import OperationalError
from waitress import serve as waitress_serve

from lms.core import db
from lms.core.i18n import gettext as _
from lms.core.server_limits import limits_of

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def in_unit_of_work(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command's body as one unit of work: it commits if it returns, and writes nothing if it raises."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with db.unit_of_work(current_app.extensions["database"]):
            return function(*args, **kwargs)

    return wrapped


@click.group("db")
def database() -> None:
    """The database's tables."""


@database.command()
def upgrade() -> None:
    """Bring the tables to the newest version; nothing happens if they are."""
    upgrade_tables(current_app.config["LMS"].database_url)
    click.echo(_("数据库已是最新版本。"))


def upgrade_tables(url: str) -> None:
    """Run the migrations that the database at `url` has not had."""
    command.upgrade(alembic_config(url), "head")


def is_newest(url: str) -> bool:
    """Whether the database at `url` has had every migration."""
    head = ScriptDirectory.from_config(alembic_config(url)).get_current_head()
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == head
    except OperationalError:
        return False  # not there yet, or away: the upgrade will say which
    finally:
        engine.dispose()


def alembic_config(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Requests at once.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site."""
    run_server(host, port, threads)


def run_server(host: str, port: int, threads: int = 8) -> None:
    """Answer requests until interrupted."""
    click.echo(_("社区学堂正在 %(url)s 提供服务，按 Ctrl+C 结束。", url=f"http://{host}:{port}"))
    app: Any = current_app
    waitress_serve(app._get_current_object(), host=host, port=port, threads=threads, ident=None, **limits_of(app))


ALL = (database, serve)
