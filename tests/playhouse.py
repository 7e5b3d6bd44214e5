"""One application for a whole session of tests, moved to another database for each of them.

Making an application, compiling its templates and building its statements costs more than most tests do. What a test
changes in its configuration is put back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import URL, Dialect, event, make_url

from lms.app import create_app
from lms.config import Config
from tests.databases import Databases

SECRET = "a secret that only the tests know, and long enough"


def config_for(url: str, folder: Path) -> Config:
    return Config(env="test", data_dir=folder, database_url=url, secret_key=SECRET).completed()


class Playhouse:
    """An application that plays before a fresh database whenever it is asked to."""

    def __init__(self, databases: Databases, dress: Callable[[Flask], None] = lambda app: None) -> None:
        """:param dress: adds to the application what a folder of tests needs, before its first request."""
        self._databases = databases
        self._url: URL = make_url(databases.template_url)
        self._app = create_app(config_for(databases.template_url, databases.folder))
        dress(self._app)
        self._engine = self._app.extensions["database"].engine
        event.listen(self._engine, "do_connect", self._lead_here)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _forget_durability)

    def _lead_here(self, dialect: Dialect, _record: Any, args: list[Any], options: dict[str, Any]) -> None:
        """Connections go to the database of the test in progress, wherever the engine was made for."""
        args[:], here = dialect.create_connect_args(self._url)
        options.update(here)

    @contextmanager
    def playing(self, folder: Path) -> Iterator[Flask]:
        """The application before a database of its own, with `folder` for its files."""
        app = self._app
        with self._databases.fresh() as url:
            self._url = make_url(url)
            config, extensions = dict(app.config), dict(app.extensions)
            app.config["LMS"] = config_for(url, folder)
            try:
                yield app
            finally:
                self._engine.dispose()
                _put_back(app.config, config)
                _put_back(app.extensions, extensions)


def _forget_durability(connection: Any, _record: Any) -> None:
    """What a test writes need not survive a loss of power."""
    connection.execute("PRAGMA synchronous=OFF")


def _put_back(changed: dict[str, Any], before: dict[str, Any]) -> None:
    changed.clear()
    changed.update(before)
