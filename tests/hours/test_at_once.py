"""Two requests at the same moment: one entry, one reversal, and both are answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from lms.core import db
from lms.core.errors import Refused
from lms.hours import actions, queries, verification
from lms.hours.models import HourEntry
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW, award

AT_ONCE = 4


@pytest.fixture
def at_once(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Run a function in several threads that meet after each has seen that nothing stands yet."""

    def run(act: Callable[[], Any], meet_in: str) -> list[Any]:
        gate = threading.Barrier(AT_ONCE, timeout=20)
        original = getattr(queries, meet_in)
        met = threading.local()

        def meeting(*args: Any) -> Any:
            found = original(*args)
            # SQLite lets one writer in at a time: there the others cannot come this far, and the lock is the proof.
            if app.extensions["database"].engine.dialect.name == "postgresql" and not getattr(met, "once", False):
                met.once = True
                gate.wait()
            return found

        monkeypatch.setattr(queries, meet_in, meeting)
        got: list[Any] = []

        def body() -> None:
            try:
                with app.app_context(), db.unit_of_work(app.extensions["database"]):
                    answer = act()
                got.append(answer)
            except Exception as error:
                got.append(error)

        threads = [threading.Thread(target=body) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return got

    return run


def test_awards_of_one_source_at_once_give_one_entry(app: Flask, cast: Cast, at_once) -> None:
    got = at_once(lambda: award(cast.alice).id, "find_latest")
    assert len(set(got)) == 1
    assert all(isinstance(answer, int) for answer in got), got
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        assert queries.balance_of(cast.alice, 2026) == Decimal("2.25")
        assert verification.verify() == []


def test_awards_of_several_sources_at_once_all_count(app: Flask, cast: Cast, at_once) -> None:
    numbers = iter(range(AT_ONCE))
    got = at_once(lambda: award(cast.alice, source=("course", str(next(numbers)))).id, "find_latest")
    assert len(set(got)) == AT_ONCE
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        assert queries.balance_of(cast.alice, 2026) == Decimal("2.25") * AT_ONCE
        assert verification.verify() == []


def test_reversals_at_once_undo_once(app: Flask, cast: Cast, at_once) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        entry_id = award(cast.alice).id

    def reverse() -> int:
        queries.balance_of(cast.alice, 2026)
        entry = db.session().get_one(HourEntry, entry_id)
        return actions.reverse(entry, reason="登记错误", actor=SYSTEM, now=NOW).entry_id

    got = at_once(reverse, "balance_of")
    assert got.count(entry_id) == 1
    assert sum(isinstance(answer, Refused) for answer in got) == AT_ONCE - 1, got
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False):
        assert verification.verify() == []
