"""Commands of the house itself: the database and the server."""

import socket
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, cast

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy.exc import OperationalError

from lms.core import answering, db, workers
from lms.core.errors import Refused
from lms.core.i18n import gettext as _

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
    try:
        return _state_of(url).revision == _newest(url)
    except OperationalError:
        return False  # not there yet, or away: the upgrade will say which


class State(NamedTuple):
    """Which migration a database has had, and whether it is empty."""

    revision: str | None
    empty: bool


def _newest(url: str) -> str | None:
    return ScriptDirectory.from_config(alembic_config(url)).get_current_head()


def _state_of(url: str) -> State:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            return State(revision, empty=not inspect(connection).get_table_names())
    finally:
        engine.dispose()


def refuse_other_tables(url: str) -> None:
    """Serving them would be a page of errors for everybody. A database that is away says nothing: pages tell of it.

    :raise Refused: the database answers, and its tables are missing or those of another version.
    """
    with suppress(OperationalError):
        state = _state_of(url)
        if state.empty or state.revision not in (None, _newest(url)):  # None: tables that no migration made
            raise Refused(tables_differ())


def tables_differ() -> str:
    return _("数据库里没有表，或表与已安装的版本不符。请先执行 lms db upgrade。")


def alembic_config(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Requests at once, in each.")
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Several are replaced on SIGHUP."
)
@click.option("--inherited", hidden=True, help="What a keeper hands to its crew.")
def serve(host: str, port: int, threads: int, processes: int, inherited: str | None) -> None:
    """Serve the site."""
    refuse_other_tables(current_app.config["LMS"].database_url)
    if inherited is not None:
        workers.join(_app(), inherited, count=processes, threads=threads)
    elif processes == 1:
        run_server(host, port, threads)
    else:
        keeper = workers.Keeper(_app(), _listener(host, port), count=processes, threads=threads)
        _announce(host, port)
        keeper.run()


def run_server(host: str, port: int, threads: int = 8) -> None:
    """Answer requests in this process until interrupted."""
    listener = _listener(host, port)
    _announce(host, port)
    answering.answer(_app(), listener, threads)


def _app() -> Flask:
    app: Any = current_app
    return cast(Flask, app._get_current_object())


def _announce(host: str, port: int) -> None:
    click.echo(_("社区学堂正在 %(url)s 提供服务，按 Ctrl+C 结束。", url=f"http://{host}:{port}"))


def _listener(host: str, port: int) -> socket.socket:
    """:raise Refused: something else listens there, or the address is not this machine's."""
    try:
        return answering.listen(host, port)
    except OSError as error:
        raise Refused(
            _("不能在 %(host)s:%(port)s 提供服务：%(reason)s", host=host, port=port, reason=error.strerror)
        ) from error


ALL = (database, serve)
