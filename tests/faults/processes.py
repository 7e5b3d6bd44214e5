"""What kills or replaces processes of the site."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from tests.faults.places import Places
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, serving
from tests.faults.stage import Stage

SECONDS = 15
EVERY = 0.5
RELOADS = 3


def kill_workers(places: Places) -> Iterator[Result]:
    """kill -9 of a random worker, twice a second."""
    yield _kill_workers("worker killed, sqlite", places.sqlite())
    yield _kill_workers("worker killed, postgresql", places.postgresql())


def _kill_workers(name: str, stage: Stage) -> Result:
    chance, killed = random.Random(name), 0
    with serving(stage) as site, Crowd(site) as crowd:
        crowd.wait_for(50)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            threading.Event().wait(EVERY)
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(site.workers()), signal.SIGKILL)
                killed += 1
        crowd.wait_for(20)
        result = reckon(name, stage, crowd.clients, crowd.finish())
    result.notes.insert(0, f"{killed} workers killed")
    return result


def kill_everything(places: Places) -> Iterator[Result]:
    """kill -9 of the keeper and all that it started, as a machine that falls over; then a start as at boot."""
    stage = places.sqlite()
    with serving(stage) as site, Crowd(site) as crowd:
        for _time in range(3):
            crowd.wait_for(60)
            assert site.keeper is not None
            os.killpg(site.keeper.pid, signal.SIGKILL)
            site.keeper.wait()
            site.start()
        crowd.wait_for(20)
        yield reckon("whole site killed, sqlite", stage, crowd.clients, crowd.finish())


def reload(places: Places) -> Iterator[Result]:
    """A deployment under load: the processes are replaced, and nobody notices."""
    stage = places.postgresql()
    with serving(stage) as site, Crowd(site) as crowd:
        before = set(site.workers())
        for _time in range(RELOADS):
            crowd.wait_for(60)
            site.reload()
            _wait_for_others(site.workers, before)
            before = set(site.workers())
        crowd.wait_for(60)
        result = reckon("rolling reload", stage, crowd.clients, crowd.finish())
    failed = sum(
        count for client in crowd.clients for code, count in client.ledger.statuses.items() if code not in {200, 303}
    )
    result.notes.insert(0, f"{RELOADS} reloads, {failed} failed requests")
    if failed:
        result.faults.append(f"{failed} requests failed")
    yield result


def _wait_for_others(workers: Callable[[], list[int]], before: set[int]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and (not workers() or before & set(workers())):
        threading.Event().wait(0.1)
