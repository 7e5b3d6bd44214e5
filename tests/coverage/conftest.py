"""Fixtures of the coverage: the clock stands still in November 2026, facts are written before a request reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.core import clock, db
from tests.coverage.facts import NOW, refresh


@pytest.fixture(autouse=True)
def stopped_clock() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def facts(app: Flask) -> Callable[[], Any]:
    """`with facts(): train(...)` writes, computes everybody's standing, and commits."""

    @contextmanager
    def writing() -> Iterator[Session]:
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as opened:
            yield opened
            refresh()

    return writing
