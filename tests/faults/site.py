"""The site as it is served in production, in processes of its own that may be killed, frozen and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.clients import Client, Watch, is_well
from tests.faults.stage import Stage, hands, settings
from tests.installation import ROOT

PORT = int(os.environ.get("FAULTS_PORT", "8106"))
CLIENTS = 16
WORKERS = 3
PATIENCE = 60


class Site:
    """`lms serve` over a stage."""

    def __init__(self, stage: Stage, **more: str) -> None:
        self.stage, self.port = stage, PORT
        self.log = stage.data_dir / "server.log"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        self._environment = inherited | settings(stage.database_url, stage.data_dir) | more
        self._words = ["serve", "--port", str(PORT), "--processes", str(WORKERS), "--threads", "6"]
        self.keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            command = [sys.executable, "-m", "lms", *self._words]
            self.keeper = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=output, stderr=output, start_new_session=True
            )
        self.wait_until_well()

    def wait_until_well(self) -> float:
        """Seconds until it answers again."""
        begun = time.monotonic()
        while not is_well(self.port):
            if time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"the site is not back: {self.tail()}")
            threading.Event().wait(0.05)
        return time.monotonic() - begun

    def stop(self) -> None:
        if self.keeper is None:
            return
        self.keeper.send_signal(signal.SIGTERM)
        try:
            self.keeper.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.keeper.pid, signal.SIGKILL)
            self.keeper.wait()

    def reload(self) -> None:
        assert self.keeper is not None
        self.keeper.send_signal(signal.SIGHUP)

    def workers(self) -> list[int]:
        """The processes that answer: grandchildren of the keeper."""
        assert self.keeper is not None
        return [worker for crew in children(self.keeper.pid) for worker in children(crew)]

    def tail(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:]


def children(process: int) -> list[int]:
    try:
        return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


@contextmanager
def serving(stage: Stage, **more: str) -> Iterator[Site]:
    site = Site(stage, **more)
    site.start()
    try:
        yield site
    finally:
        site.stop()


class Crowd:
    """Sixteen clients at work, and one who watches."""

    def __init__(self, site: Site, *, port: int | None = None, may_be_late: bool = False) -> None:
        self.stop = threading.Event()
        to = port or site.port
        course_id = site.stage.course_id
        self.clients = [
            Client(to, hand, course_id, self.stop, may_be_late=may_be_late) for hand in hands(site.stage, CLIENTS)
        ]
        self.watch = Watch(site.port)

    def __enter__(self) -> Crowd:
        for client in self.clients:
            client.start()
        self.watch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop.set()

    def finish(self) -> float:
        """The fault is over: what is unknown is asked for again, until each has its answer. The longest outage."""
        self.stop.set()
        for client in self.clients:
            client.join(PATIENCE * 2)
        return self.watch.end()

    def wait_for(self, writes: int, seconds: float = PATIENCE) -> None:
        """Until so many writes were acknowledged since now."""
        aim, end = self.acknowledged() + writes, time.monotonic() + seconds
        while self.acknowledged() < aim and time.monotonic() < end:
            threading.Event().wait(0.05)

    def acknowledged(self) -> int:
        return sum(write.acknowledged for client in self.clients for write in list(client.ledger.writes))
