"""The site as people run it: `lms demo`, then `lms serve` in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
PATIENCE = 30


class SiteDown(RuntimeError):
    """The site did not start, or a command of it failed."""


@dataclass(frozen=True)
class SignIn:
    """One line of what `lms demo` prints."""

    role: str
    sign_in: str
    password: str
    unit: str


@dataclass(frozen=True)
class Installation:
    """A database and a data folder, and the `lms` that works on them: the clone's own, unless told otherwise."""

    database_url: str
    data_dir: Path
    command: tuple[str, ...] = (sys.executable, "-m", "lms")
    folder: Path = ROOT

    @property
    def environment(self) -> dict[str, str]:
        """Only our own settings: those of whoever runs the tests stay outside."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        return {
            **inherited,
            "LMS_DATABASE_URL": self.database_url,
            "LMS_DATA_DIR": str(self.data_dir),
        }

    def lms(self, *words: str) -> str:
        """What a command prints; it fails where the command does."""
        done = subprocess.run(
            [*self.command, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SiteDown(f"lms {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def demo(self) -> dict[str, SignIn]:
        """Load the demonstration county; the sign-ins by role."""
        listed = json.loads(self.lms("demo", "--json"))
        return {line["role"]: SignIn(**line) for line in listed}

    def copy_to(self, folder: Path, database_url: str) -> Installation:
        """The same installation over a copied database: files, secret key and passwords go along."""
        shutil.copytree(self.data_dir, folder)
        return replace(self, database_url=database_url, data_dir=folder)


@dataclass(frozen=True)
class Site:
    """A running site."""

    url: str
    installation: Installation
    sign_ins: dict[str, SignIn]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(installation: Installation, sign_ins: dict[str, SignIn]) -> Iterator[Site]:
    port = free_port()
    log = installation.data_dir / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*installation.command, "serve", "--port", str(port)],
            cwd=installation.folder,
            env=installation.environment,
            stdout=output,
            stderr=output,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, server, log)
        yield Site(url, installation, sign_ins)
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{url}/healthz", timeout=PATIENCE):
                return
        except (URLError, ConnectionError):
            # Not listening yet; that it ended instead would end this wait at once.
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.05)
                break
    raise SiteDown(f"The site did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
