"""Fixtures of the reports: the clock stands still in 2026, and facts are written before a request reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.core import clock, db
from tests.reports.facts import NOW


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def facts(app: Flask) -> Callable[[], Any]:
    """`with facts(): finish(...)` writes, and commits."""

    @contextmanager
    def writing() -> Iterator[Session]:
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
            yield opened

    return writing
