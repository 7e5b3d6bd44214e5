"""The throttle slows every kind of guessing, and locks nobody out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts import throttle
from lms.accounts.throttle import Failures, Recent

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
ZERO = timedelta()
YEARS = timedelta(days=50 * 365)

failures = st.builds(
    Failures,
    count=st.integers(0, 10**9),
    latest=st.one_of(st.none(), st.timedeltas(-YEARS, YEARS).map(lambda gap: NOW + gap)),
)


@given(failures, failures, failures, st.integers(0, 10**6), st.one_of(st.none(), failures))
def test_every_wait_is_bounded(
    pair: Failures, name: Failures, address: Failures, good: int, device: Failures | None
) -> None:
    left = throttle.wait(Recent(pair, name, address, good, device), now=NOW)
    assert ZERO <= left <= throttle.LONGEST_WAIT


@given(failures, failures, failures)
def test_strangers_never_delay_the_known_browser(pair: Failures, name: Failures, address: Failures) -> None:
    assert throttle.wait(Recent(pair, name, address, 0, Failures()), now=NOW) == ZERO


@given(failures, failures)
def test_having_waited_the_longest_wait_is_always_enough(pair: Failures, device: Failures) -> None:
    for recent in (Recent(pair, pair, pair), Recent(device=device)):
        later = max(NOW, pair.latest or NOW, device.latest or NOW) + throttle.LONGEST_WAIT
        assert throttle.wait(recent, now=later) == ZERO


def replay(tries: int, *, name: bool, pair: bool, hours: int) -> int:
    """How many of many eager tries get through to a password in these hours."""
    now = NOW
    made: list[datetime] = []
    for _ in range(tries):
        window = throttle.ADDRESS_WINDOW if not name else throttle.WINDOW
        kept = throttle.count(made, now=now, window=window)
        left = throttle.wait(
            Recent(
                pair=kept if pair else Failures(),
                name=kept if name else Failures(),
                address=kept if not name else Failures(),
            ),
            now=now,
        )
        if now + left > NOW + timedelta(hours=hours):
            break
        now += left
        made.append(now)
    return len(made)


def test_a_day_of_guessing_one_account_from_one_place_yields_about_a_hundred() -> None:
    assert replay(5_000, name=True, pair=True, hours=24) < 120


def test_a_day_of_guessing_one_account_from_everywhere_yields_a_few_hundred() -> None:
    assert replay(5_000, name=True, pair=False, hours=24) < 320


def test_one_password_over_five_thousand_accounts_takes_weeks() -> None:
    assert replay(5_000, name=False, pair=False, hours=24) < 1_200


@pytest.mark.parametrize("wrong", range(5))
def test_a_person_may_mistype_a_few_times_without_waiting(wrong: int) -> None:
    mine = Failures(wrong, NOW)
    assert throttle.wait(Recent(pair=mine, name=mine, address=mine), now=NOW) == ZERO


def test_an_office_in_which_many_signed_in_has_more_free_tries() -> None:
    crowd = Failures(100, NOW)
    assert throttle.wait(Recent(address=crowd), now=NOW) > ZERO
    assert throttle.wait(Recent(address=crowd, accounts_at_address=60), now=NOW) == ZERO


def test_only_recent_failures_count() -> None:
    times = [NOW - timedelta(hours=hours) for hours in (1, 23, 25, 400)]
    assert throttle.count(times, now=NOW) == Failures(2, NOW - timedelta(hours=1))
    assert throttle.count([], now=NOW) == Failures(0, None)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_one_subscriber_counts_as_one_address(address: str | None, key: str) -> None:
    assert throttle.address_key(address) == key
