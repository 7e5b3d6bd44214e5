"""How much one may send: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.feedback import limits

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 3 * 86_400), max_size=200))
def test_no_span_ever_holds_more_than_the_rule_says(seconds):
    kept: list[datetime] = []
    for at in sorted(NOW + timedelta(seconds=one) for one in seconds):
        if limits.may_send(kept, limits.BY_PERSON, now=at):
            kept.append(at)
    for most, span in limits.BY_PERSON:
        assert all(sum(start - span < other <= start for other in kept) <= most for start in kept)


def test_who_waits_gets_a_turn():
    sent = [NOW] * 5
    assert not limits.may_send(sent, limits.BY_PERSON, now=NOW + timedelta(minutes=59))
    assert limits.may_send(sent, limits.BY_PERSON, now=NOW + timedelta(hours=1))
