"""A fresh database for each test, cheaply: a template is prepared once a session, and copied.

    with open_databases("postgresql", folder, prepare=migrate) as databases:
        with databases.fresh() as url: ...

`prepare(url)` gets the empty template: it migrates it, and may put into it what every test begins with.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from tests.postgres import Cluster, running_cluster
from tests.recycling import Recycled, keep_original

KINDS = ("sqlite", "postgresql")
TEMPLATE = "lms_template"


class Databases(Protocol):
    kind: str
    #: Where SQLite files lie, and what a session of tests keeps beside its databases.
    folder: Path
    #: The URL of the template, which is there as long as the session of tests.
    template_url: str

    def fresh(self) -> AbstractContextManager[str]:
        """The URL of a database like the template, for one test alone."""


class SqliteDatabases:
    kind = "sqlite"

    def __init__(self, folder: Path, prepare: Callable[[str], None]) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        self._template = folder / f"{TEMPLATE}.db"
        self.template_url = f"sqlite:///{self._template}"
        prepare(self.template_url)
        leftovers = [path.name for path in folder.glob(f"{TEMPLATE}.db-*") if path.stat().st_size]
        if leftovers:
            # Copying the file alone would lose what is still in the write-ahead log.
            raise RuntimeError(f"prepare() left connections open: {', '.join(leftovers)}")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        path = self.folder / f"test_{next(self._numbers)}.db"
        shutil.copyfile(self._template, path)
        try:
            yield f"sqlite:///{path}"
        finally:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)


class PostgresDatabases:
    kind = "postgresql"

    def __init__(self, cluster: Cluster, folder: Path, prepare: Callable[[str], None]) -> None:
        self.folder = folder
        self._cluster = cluster
        self._numbers = itertools.count(1)
        cluster.create(TEMPLATE)
        self.template_url = cluster.url(TEMPLATE)
        prepare(self.template_url)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = self._copy()
        try:
            yield self._cluster.url(name)
        finally:
            self._cluster.drop(name)

    def _copy(self) -> str:
        name = f"test_{next(self._numbers)}"
        self._cluster.create(name, template=TEMPLATE)
        return name


class RecycledPostgresDatabases(PostgresDatabases):
    """For small templates and many tests: what one test is done with is put back for the next."""

    def __init__(self, cluster: Cluster, folder: Path, prepare: Callable[[str], None]) -> None:
        super().__init__(cluster, folder, prepare)
        self._original = keep_original(cluster, TEMPLATE)
        self._used: list[Recycled] = []

    @contextmanager
    def fresh(self) -> Iterator[str]:
        database = self._put_back() or Recycled(self._cluster, self._copy(), self._original)
        try:
            yield self._cluster.url(database.name)
        finally:
            self._used.append(database)

    def _put_back(self) -> Recycled | None:
        while self._used:
            database = self._used.pop()
            if database.put_back():
                return database
            database.close()
            self._cluster.drop(database.name)
        return None

    def close(self) -> None:
        for database in self._used:
            database.close()


@contextmanager
def open_databases(
    kind: str, folder: Path, prepare: Callable[[str], None], *, recycled: bool = False
) -> Iterator[Databases]:
    """`folder` is where SQLite files live (tmp_path_factory.mktemp, one for each worker).

    :param recycled: whether PostgreSQL's databases are used again, which pays where the template holds little.
    """
    if kind == "sqlite":
        yield SqliteDatabases(folder, prepare)
    elif kind == "postgresql":
        with running_cluster() as cluster:
            if recycled:
                with closing(RecycledPostgresDatabases(cluster, folder, prepare)) as databases:
                    yield databases
            else:
                yield PostgresDatabases(cluster, folder, prepare)
    else:
        raise ValueError(f"No such kind of database: {kind}; known are {', '.join(KINDS)}")
