"""The record page: every entry, narrowed by year, tier, source and state."""

import pytest

from lms.core import db
from lms.hours import actions
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW, award


@pytest.fixture
def record(app, as_, cast: Cast):
    """Alice's record: one entry that stands and one that was reversed."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        award(cast.alice, title="接待与走访")
        wrong = award(cast.alice, title="重复的一条", source=("course", "8:2026"))
        actions.reverse(wrong, reason="重复登记", actor=SYSTEM, now=NOW)
    return as_(cast.alice)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", ["接待与走访", "重复的一条"], []),
        ("state=standing", ["接待与走访"], ["重复的一条"]),
        ("state=reversed", ["重复的一条"], ["接待与走访"]),
        ("year=2026&tier=street&kind=course", ["接待与走访", "重复的一条"], []),
        ("tier=province", ["没有符合条件的记录"], ["接待与走访"]),
        ("year=2025", ["没有符合条件的记录"], ["接待与走访"]),
    ],
)
def test_it_is_narrowed(record, query: str, shown: list[str], hidden: list[str]) -> None:
    page = record.get(f"/record?{query}").get_data(as_text=True)
    assert all(words in page for words in shown)
    assert not any(words in page for words in hidden)


@pytest.mark.parametrize("query", ["state=x", "tier=x", "kind=%27", "year=-1", "year=10000", "year=1&year=2"])
def test_an_impossible_filter_is_bad_input(record, query: str) -> None:
    assert record.get(f"/record?{query}").status_code == 400
