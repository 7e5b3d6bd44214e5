"""CPU seconds of our own process, measured by turns: a busy neighbor then slows the view and its floor alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.calls import Call

ROUNDS = 15


@dataclass(frozen=True)
class Cost:
    """Median CPU milliseconds of a request, and of its floor."""

    milliseconds: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.milliseconds / self.floor


def cpu_of(calls: list[Call]) -> float:
    """Milliseconds a call; the calls are made beforehand, and so is room in memory."""
    gc.collect()
    started = time.process_time()
    for call in calls:
        status, body = call()
        if status >= 400 or status == 0:
            raise RuntimeError(f"answered {status}: {body[:500].decode(errors='replace')}")
    return (time.process_time() - started) * 1000 / len(calls)


def compared(page: Iterator[Call], floor: Iterator[Call], each: int) -> Cost:
    """`each` requests of either kind in every round; the median round counts, after one that only warms up."""
    pages, floors = [], []
    for _ in range(ROUNDS + 1):
        pages.append(cpu_of([next(page) for _ in range(each)]))
        floors.append(cpu_of([next(floor) for _ in range(each)]))
    return Cost(statistics.median(pages[1:]), statistics.median(floors[1:]))
