"""A throw-away PostgreSQL server for the tests: its own folder, no network, no durability, gone when they end.

A real server on purpose: constraints, locks, collations and types differ from SQLite's where it matters.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psycopg

OWNER = "lms"
# Everything that keeps data through a crash is off: the tests' data is worth nothing.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
}
PATIENCE = 30
ROOM = 1024**3


class NoServer(RuntimeError):
    """The machine has no PostgreSQL, or it does not start: the tests fail, they are not skipped."""


def find_binary(name: str) -> str:
    """The newest installed one: Debian keeps server programs out of PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise NoServer(f"No {name} on this machine. Install it with: sudo apt-get install postgresql")
    return found


class RunAs(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


def server_user() -> RunAs:
    """PostgreSQL refuses to run as root: then it runs as the user made for it, or as nobody."""
    if os.geteuid() != 0:
        return RunAs(user=None, group=None, extra_groups=None)
    users = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = users.get("postgres") or users["nobody"]
    return RunAs(user=chosen.pw_uid, group=chosen.pw_gid, extra_groups=[])


@dataclass(frozen=True)
class Cluster:
    """A running server, reached through a socket in its own folder."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True)

    def create(self, name: str, template: str = "template0") -> None:
        with self.connect() as admin:
            # A template that anyone is connected to cannot be copied.
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (template,)
            ).fetchall()
            # By file: our databases are small, and there is no write-ahead log worth having.
            strategy = "STRATEGY FILE_COPY" if admin.info.server_version >= 150000 else ""
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')

    def drop(self, name: str) -> None:
        with self.connect() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def running_cluster(parent: str | None = None, **settings: str) -> Iterator[Cluster]:
    """:param parent: where its folder is made; by default in memory, where there is room."""
    run_as = server_user()
    # Not below pytest's own folder: that one is closed to the user of the server, and too long for a socket's path.
    folder = Path(tempfile.mkdtemp(prefix="lms-pg-", dir=parent or memory()))
    try:
        if run_as["user"] is not None:
            os.chown(folder, run_as["user"], -1)
        initialize(folder, run_as)
        cluster = Cluster(folder)
        server = start(cluster, run_as, settings)
        try:
            wait_until_ready(cluster, server)
            yield cluster
        finally:
            # PostgreSQL's fast stop: open connections are ended, not waited for.
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def memory() -> str | None:
    """A folder in memory, if there is room: there a database is copied in 10 ms, on a disk in 40 to 400."""
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    return str(shared) if roomy else None


def initialize(folder: Path, run_as: RunAs) -> None:
    command = [find_binary("initdb"), "--pgdata", str(folder / "data"), "--username", OWNER, "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **run_as)
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip()}")


def start(cluster: Cluster, run_as: RunAs, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [find_binary("postgres"), "-D", str(cluster.folder / "data"), "-k", str(cluster.folder)]
    command += [part for name, value in (SETTINGS | dict(settings)).items() for part in ("-c", f"{name}={value}")]
    with cluster.log.open("wb") as log:
        return subprocess.Popen(command, cwd=cluster.folder, stdout=log, stderr=log, **run_as)


def wait_until_ready(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            cluster.connect().close()
            return
        except psycopg.OperationalError:
            # Nothing announces that a server listens; that it died would end this wait at once.
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.01)
                break
    log = cluster.log.read_text(encoding="utf-8", errors="replace")
    server.kill()
    raise NoServer(f"PostgreSQL did not start: {log[-2000:]}")
