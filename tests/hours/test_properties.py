"""Whatever is awarded, retried and reversed, in whatever order: the ledger keeps its invariants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lms.core import clock, db
from lms.hours import actions, queries, verification
from lms.hours.models import HourEntry
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import award
from tests.sandbox import undone

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SMALL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@dataclass(frozen=True)
class Award:
    """Who (0 or 1) earned how many hundredths of an hour, how many days ago, for which source."""

    person: int
    source: int
    hundredths: int
    days_ago: int


@dataclass(frozen=True)
class Reverse:
    """Undo the standing entry of a source, if one stands."""

    person: int
    source: int


people, sources = st.integers(0, 1), st.integers(1, 3)
awards = st.builds(Award, people, sources, st.integers(1, 2000), st.integers(0, 800))
steps = st.lists(st.one_of(awards, awards, st.builds(Reverse, people, sources)), max_size=14)


@pytest.fixture
def ledger(app: Flask):
    """`with ledger(): …`: a ledger that is empty again afterwards."""

    @contextmanager
    def empty() -> Iterator[None]:
        with app.test_request_context(), clock.frozen(NOW), undone(app), db.unit_of_work(app.extensions["database"]):
            yield

    return empty


def play(cast: Cast, done: list[Award | Reverse], *, times: int = 1) -> dict[tuple[int, int], Decimal]:
    """Do the steps, each so many times in a row; what a plain dictionary says must stand."""
    standing: dict[tuple[int, int], tuple[int, Decimal]] = {}
    ids = (cast.alice, cast.wen)
    for step in done:
        key = (ids[step.person], step.source)
        if isinstance(step, Award):
            day, hours = NOW.date() - timedelta(days=step.days_ago), Decimal(step.hundredths) / 100
            made = {
                award(key[0], hours=hours, occurred_on=day, source=("course", str(step.source)), now=NOW).id
                for _ in range(times)
            }
            assert len(made) == 1
            standing.setdefault(key, (day.year, hours))
        elif key in standing:
            entry = queries.find_latest(key[0], ("course", str(step.source)))
            assert entry is not None
            actions.reverse(entry, reason="登记错误", actor=SYSTEM, now=NOW)
            del standing[key]
    totals: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for (person_id, _source), (year, hours) in standing.items():
        totals[person_id, year] += hours
    return dict(totals)


def balances(cast: Cast) -> dict[tuple[int, int], Decimal]:
    """What the ledger keeps, where anything stands."""
    db.session().flush()
    rows = [(person_id, row) for person_id in (cast.alice, cast.wen) for row in queries.list_balances(person_id)]
    return {(person_id, row.year): row.hours for person_id, row in rows}


@SMALL
@given(done=steps)
def test_every_sequence_keeps_every_invariant(ledger, cast: Cast, done) -> None:
    with ledger():
        expected = play(cast, done)
        assert verification.verify() == []
        assert balances(cast) == expected


@SMALL
@given(done=steps, times=st.integers(2, 3))
def test_a_retry_changes_nothing(ledger, cast: Cast, done, times) -> None:
    with ledger():
        expected = play(cast, done, times=times)
        assert verification.verify() == []
        assert balances(cast) == expected


@SMALL
@given(data=st.data(), done=st.lists(awards, max_size=8, unique_by=lambda step: (step.person, step.source)))
def test_the_order_of_awards_does_not_matter(ledger, cast: Cast, data, done) -> None:
    shuffled = data.draw(st.permutations(done))
    with ledger():
        play(cast, done)
        one = balances(cast)
    with ledger():
        play(cast, list(shuffled))
        assert balances(cast) == one


@SMALL
@given(done=steps)
def test_one_entry_of_a_source_stands_and_none_is_lost(ledger, cast: Cast, done) -> None:
    with ledger():
        play(cast, done)
        db.session().flush()
        db.session().expire_all()
        by_source: dict[tuple[int, str], list[HourEntry]] = defaultdict(list)
        for entry in db.session().scalars(select(HourEntry).order_by(HourEntry.sequence)):
            by_source[entry.person_id, entry.source_ref].append(entry)
        for entries in by_source.values():
            assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
            assert all(entry.reversal is not None for entry in entries[:-1])


def test_the_invariants_are_not_empty_words(ledger, cast: Cast) -> None:
    """The proof fails where an entry is lost: else every property above would hold of anything."""
    with ledger():
        play(cast, [Award(0, 1, 100, 0)])
        db.session().execute(delete(HourEntry))
        assert [breach.what.split()[0] for breach in verification.verify()] == [str(cast.alice)]


def test_the_year_turns_at_midnight_of_the_installation(work, cast: Cast) -> None:
    """B16: 16:30 UTC on New Year's Eve is half past midnight in Shanghai."""
    eve = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    award(cast.alice, occurred_on=clock.local_date(eve), now=eve)
    assert queries.balance_of(cast.alice, 2026) == Decimal("2.25")
    entry = queries.find_latest(cast.alice, ("course", "7:2026"))
    assert entry is not None
    assert entry.occurred_on == date(2026, 1, 1)
