"""The same thing done twice at the same moment: what becomes of each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from lms.core import clock, db
from lms.core.errors import Refused


def twice(app: Flask, now: datetime, act: Callable[[], object]) -> list[str]:
    """Run `act` in two units of work at once: "done", "refused", or the error that nobody expects."""
    database, gate = app.extensions["database"], threading.Barrier(2, timeout=20)

    def once(_number: int) -> str:
        with clock.frozen(now), app.app_context():
            gate.wait()
            try:
                with db.unit_of_work(database):
                    act()
            except Refused:
                return "refused"
            except Exception as error:
                return repr(error)
        return "done"

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(once, range(2)))


def slowly(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let a moment pass after `name`, before the unit of work ends, so that the other one comes meanwhile."""
    act = getattr(module, name)

    def waiting(*args: Any, **options: Any) -> None:
        act(*args, **options)
        time.sleep(0.3)

    monkeypatch.setattr(module, name, waiting)
