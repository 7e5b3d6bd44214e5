"""A few places for pages that add up whole provinces, so that people study on while everybody opens reports.

A view says `@allow(…, heavy=True)`. When all places of this process are taken, the answer is 429 at once, and nobody
waits in a thread that somebody else needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from werkzeug.exceptions import TooManyRequests

#: Half of the threads that a process usually has.
PLACES = threading.BoundedSemaphore(4)
#: Seconds until one may well be free.
SOON = 5


class Crowded(TooManyRequests):
    """Every place is taken."""

    def __init__(self) -> None:
        super().__init__(retry_after=SOON)


def place_for(view: Callable[..., Any]) -> AbstractContextManager[None]:
    """A place to hold while `view` answers, where it is heavy.

    :raise Crowded: on entering, none is free.
    """
    return _held() if getattr(view, "__heavy__", False) else nullcontext()


@contextmanager
def _held() -> Iterator[None]:
    if not PLACES.acquire(blocking=False):
        raise Crowded()
    try:
        yield
    finally:
        PLACES.release()
