"""Where faults happen: a copy of what was prepared, on SQLite or on a PostgreSQL server that keeps its promises."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults import stage
from tests.faults.stage import Stage
from tests.postgres import Cluster, running_cluster, server_user, start, wait_until_ready

#: Unlike the tests' throw-away server: what is acknowledged is on disk. After a crash it has everything on the disk
#: written by one call, and not file by file: here are thousands.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "recovery_init_sync_method": "syncfs",
}
ORIGINAL = "faults_original"


class Server:
    """A PostgreSQL server that can be killed and started again."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._ours: subprocess.Popen[bytes] | None = None

    @property
    def postmaster(self) -> int:
        return int((self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0])

    def kill(self) -> None:
        """kill -9 of the postmaster and of everything that it started."""
        postmaster = self.postmaster
        below = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, below)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        os.waitpid(postmaster, 0)  # it is a child of ours: until somebody asks, its number is taken

    def start(self) -> None:
        self._ours = start(self.cluster, server_user(), DURABLE)
        wait_until_ready(self.cluster, self._ours)

    def stop(self) -> None:
        if self._ours is not None:
            self._ours.send_signal(signal.SIGINT)
            self._ours.wait()


class Places:
    """Makes fresh copies; each kind of database is prepared when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        self._originals: dict[str, Stage] = {}
        self._closing: list[object] = []
        self._server: Server | None = None

    def sqlite(self, data_dir: Path | None = None) -> Stage:
        original = self._originals.get("sqlite")
        if original is None:
            place = self.folder / "sqlite"
            original = stage.prepare(f"sqlite:///{place / 'lms.sqlite3'}", place)
            self._originals["sqlite"] = original
        fresh = data_dir or self.folder / f"data{next(self._numbers)}"
        return original.copy(f"sqlite:///{fresh / 'lms.sqlite3'}", fresh)

    def server(self) -> Server:
        if self._server is None:
            opened = running_cluster(parent=str(self.folder.parent), **DURABLE)
            self._server = Server(opened.__enter__())
            self._closing.append(opened)
        return self._server

    def postgresql(self) -> Stage:
        cluster = self.server().cluster
        original = self._originals.get("postgresql")
        if original is None:
            cluster.create(ORIGINAL)
            original = stage.prepare(cluster.url(ORIGINAL), self.folder / "postgresql")
            self._originals["postgresql"] = original
        name = f"faults_{next(self._numbers)}"
        cluster.create(name, template=ORIGINAL)
        return original.copy(cluster.url(name), self.folder / name)

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
        for opened in self._closing:
            opened.__exit__(None, None, None)  # type: ignore[attr-defined]


@contextmanager
def open_places() -> Iterator[Places]:
    folder = Path(tempfile.mkdtemp(prefix="lms-faults-"))
    folder.chmod(0o755)
    places = Places(folder)
    try:
        yield places
    finally:
        places.close()
        shutil.rmtree(folder, ignore_errors=True)
