"""What kills processes of the site."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

from tests.faults.places import Places
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, serving
from tests.faults.stage import Stage

SECONDS = 15
EVERY = 0.5


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
