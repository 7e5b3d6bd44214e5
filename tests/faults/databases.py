"""What happens to the database below a site at work."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.faults.places import Places
from tests.faults.reckoning import Result, reckon
from tests.faults.site import Crowd, serving

DOWN = 3.0
KILLS = 3
FROZEN = 8.0
LOCKED = 12.0


def kill_server(places: Places) -> Iterator[Result]:
    """kill -9 of PostgreSQL, postmaster and children; three seconds later it is started again."""
    stage, server = places.postgresql(), places.server()
    back = []
    with serving(stage) as site, Crowd(site) as crowd:
        for _time in range(KILLS):
            crowd.wait_for(60)
            server.kill()
            threading.Event().wait(DOWN)
            server.start()
            back.append(site.wait_until_well())
        crowd.wait_for(40)
        result = reckon("postgresql killed", stage, crowd.clients, crowd.finish())
    longest = max(back)
    result.notes.insert(0, f"{KILLS} kills of {DOWN:.0f} s; well {longest:.1f} s after the server was")
    yield result


def freeze_server(places: Places) -> Iterator[Result]:
    """SIGSTOP of PostgreSQL for some seconds: a disk or a network that hangs, and does not fail."""
    stage, server = places.postgresql(), places.server()
    with serving(stage) as site, Crowd(site) as crowd:
        crowd.wait_for(60)
        postmaster = server.postmaster
        processes = [postmaster, *map(int, Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split())]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        threading.Event().wait(FROZEN)
        for process in reversed(processes):
            os.kill(process, signal.SIGCONT)
        site.wait_until_well()
        crowd.wait_for(40)
        result = reckon("postgresql frozen", stage, crowd.clients, crowd.finish())
    result.notes.insert(0, f"for {FROZEN:.0f} s")
    yield result


def lock_file(places: Places) -> Iterator[Result]:
    """Somebody else holds SQLite's only write lock for longer than anyone waits for it."""
    stage = places.sqlite()
    with serving(stage) as site, Crowd(site) as crowd:
        crowd.wait_for(60)
        with closing(sqlite3.connect(stage.data_dir / "lms.sqlite3", timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun = time.monotonic()
            threading.Event().wait(LOCKED)
            other.execute("ROLLBACK")
            held = time.monotonic() - begun
        crowd.wait_for(40)
        result = reckon("sqlite locked", stage, crowd.clients, crowd.finish())
    result.notes.insert(0, f"for {held:.0f} s")
    yield result
