"""Several processes on one port: a dead one is replaced, all are replaced on SIGHUP, and none outlives its keeper."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.core import answering
from lms.core.commands import serve, upgrade_tables
from lms.core.errors import Refused
from tests.installation import ROOT, free_port

PATIENCE = 60


class Served:
    """`lms serve --processes 2` on a port of its own."""

    def __init__(self, port: int, keeper: subprocess.Popen[bytes]) -> None:
        self.port, self.keeper = port, keeper

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def is_well(self) -> bool:
        try:
            with closing(self.connect()) as connection:
                return asked(connection) == 200
        except OSError:
            return False

    def crews(self) -> list[int]:
        return children(self.keeper.pid)

    def workers(self) -> set[int]:
        return {worker for crew in self.crews() for worker in children(crew)}


def asked(connection: HTTPConnection) -> int:
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def children(process: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def until(condition: Callable[[], bool]) -> None:
    for _chance in range(PATIENCE * 20):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come to that")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    port = free_port()
    upgrade_tables(f"sqlite:///{tmp_path / 'lms.sqlite3'}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    keeper = subprocess.Popen(
        [sys.executable, "-m", "lms", "serve", "--port", str(port), "--processes", "2"],
        cwd=ROOT,
        env={**environment, "LMS_DATA_DIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    served = Served(port, keeper)
    try:
        until(lambda: served.is_well() and len(served.workers()) == 2)
        yield served
    finally:
        if keeper.poll() is None:
            os.killpg(keeper.pid, signal.SIGKILL)
            keeper.wait()


def test_processes_die_are_replaced_and_leave_without_dropping_anybody(served: Served) -> None:
    before = served.workers()
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(served.workers() - {victim}) == 2)
    assert served.is_well()

    before, old = served.workers(), served.crews()
    with closing(served.connect()) as open_since_before:
        assert asked(open_since_before) == 200
        os.kill(served.keeper.pid, signal.SIGHUP)
        until(lambda: bool(set(served.crews()) - set(old)))
        assert asked(open_since_before) == 200
    until(lambda: len(served.workers()) == 2 and not served.workers() & before)
    assert served.is_well()

    last = served.workers()
    served.keeper.send_signal(signal.SIGTERM)
    assert served.keeper.wait(PATIENCE) == 0
    assert not [worker for worker in last if children(worker) or Path(f"/proc/{worker}").exists()]
    assert not served.is_well()


def test_a_port_that_is_taken_is_said_in_words(app) -> None:
    with answering.listen("127.0.0.1", 0) as taken, app.app_context():
        port = str(taken.getsockname()[1])
        for words in (["--port", port], ["--port", port, "--processes", "2"]):
            refusal = CliRunner().invoke(serve, words).exception
            assert isinstance(refusal, Refused)
            assert port in str(refusal.message)
