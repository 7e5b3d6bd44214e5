"""The weekly and the nightly rule: whatever the moments, the zone and the failures."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lms.notices import digests

ZONES = st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "UTC", "America/New_York", "Asia/Kathmandu"]).map(ZoneInfo)
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 20 * 365 * 86_400).map(lambda seconds: BEGINNING + timedelta(seconds=seconds))


@given(MOMENTS, ZONES)
def test_no_message_leaves_at_night(at, zone):
    moved = digests.out_of_night(at, zone)

    assert time(8) <= moved.astimezone(zone).time() < time(21)


@given(MOMENTS, ZONES)
def test_what_falls_into_a_night_leaves_the_next_morning_and_nothing_earlier(at, zone):
    moved = digests.out_of_night(at, zone)

    assert timedelta() <= moved - at <= timedelta(hours=12)  # a night of eleven hours, or twelve when clocks change
    assert moved == at or moved.astimezone(zone).time() == time(8)
    assert digests.out_of_night(moved, zone) == moved


@given(st.lists(MOMENTS, min_size=1, max_size=30), ZONES)
def test_of_all_messages_two_are_never_within_a_week(moments, zone):
    sent: list[datetime] = []
    for now in sorted(moments):
        if digests.next_digest(now, sent[-1] if sent else None, zone) <= now:
            sent.append(now)

    assert all(later - earlier >= digests.WEEK for earlier, later in itertools.pairwise(sent))
    assert not any(digests.is_night(at, zone) for at in sent)


@given(MOMENTS, ZONES)
def test_a_failure_is_tried_again_ever_more_rarely_by_day_and_not_forever(at, zone):
    tries, now = 1, at
    while (again := digests.next_try(now, tries, zone)) is not None:
        assert again - now >= digests.PAUSES[tries - 1]
        assert not digests.is_night(again, zone)
        tries, now = tries + 1, again

    assert tries == len(digests.PAUSES) + 1
    assert list(digests.PAUSES) == sorted(digests.PAUSES)


def test_the_edges_of_the_night():
    zone = ZoneInfo("Asia/Shanghai")
    at = [datetime(2026, 3, 2, hour, minute, tzinfo=zone) for hour, minute in ((20, 59), (21, 0), (7, 59), (8, 0))]

    assert [digests.is_night(moment, zone) for moment in at] == [False, True, True, False]
    assert digests.out_of_night(at[1], zone) == datetime(2026, 3, 3, 8, 0, tzinfo=zone)
    assert digests.out_of_night(at[2], zone) == at[3]
