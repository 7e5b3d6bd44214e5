"""CPU and elapsed time of pages, our process and the database's together, by turns with what they are compared with."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.calls import Call

ROUNDS = 5
TICKS = os.sysconf("SC_CLK_TCK")

#: CPU seconds of the database's processes so far.
Clock = Callable[[], float]


def clock_of(server_pid: int | None) -> Clock:
    """Of a server and its children; 0 for SQLite, which works in our own process."""
    return (lambda: _seconds_below(server_pid)) if server_pid else (lambda: 0.0)


def _seconds_below(server_pid: int) -> float:
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == server_pid or stat.parent.name == str(server_pid):
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


@dataclass(frozen=True)
class Cost:
    """Milliseconds a call: CPU and elapsed, of a page and of its floor; the median of the rounds."""

    cpu: float
    floor_cpu: float
    elapsed: float
    floor_elapsed: float

    @property
    def ratio(self) -> float:
        return self.cpu / max(self.floor_cpu, 0.01)

    @property
    def elapsed_ratio(self) -> float:
        return self.elapsed / max(self.floor_elapsed, 0.01)


def compared(page: Callable[[], Call], floor: Callable[[], Call], *, each: int, server: Clock) -> Cost:
    """`each` calls of either kind in every round, after one that only warms up."""
    rounds = [(_timed(page, each, server), _timed(floor, each, server)) for _ in range(ROUNDS + 1)][1:]
    median = [statistics.median(one[kind][what] for one in rounds) for kind in (0, 1) for what in (0, 1)]
    return Cost(median[0], median[2], median[1], median[3])


def _timed(prepare: Callable[[], Call], each: int, server: Clock) -> tuple[float, float]:
    calls = [prepare() for _ in range(each)]
    gc.collect()
    ours, theirs, began = time.process_time(), server(), time.perf_counter()
    for call in calls:
        status, body = call()
        if status >= 400:
            raise RuntimeError(f"answered {status}: {body[:300].decode(errors='replace')}")
    elapsed = time.perf_counter() - began
    return (time.process_time() - ours + server() - theirs) * 1000 / each, elapsed * 1000 / each
