"""Answers given in time that arrive late: what is believed of them, and what is not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.quizzes.late import ALLOWANCE, Claim, Known, moment_of

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
KNOWN = Known(7, MONDAY, MONDAY + 10 * MINUTE, is_submitted=False, last_at=MONDAY + 4 * MINUTE)

spans = st.timedeltas(timedelta(0), timedelta(hours=2))


@given(spans, spans, spans)
def test_a_moment_lies_where_the_server_knows_it_can(issued: timedelta, elapsed: timedelta, later: timedelta) -> None:
    now = MONDAY + later
    moment = moment_of(Claim(7, MONDAY + issued, elapsed), KNOWN, now)
    if moment is not None:
        assert KNOWN.last_at is not None and KNOWN.deadline_at is not None
        assert KNOWN.last_at <= moment <= min(now, KNOWN.deadline_at)
        assert now <= KNOWN.deadline_at + ALLOWANCE


@given(spans.filter(lambda span: span <= 10 * MINUTE), spans.filter(lambda span: span <= ALLOWANCE))
def test_what_was_honestly_given_in_time_is_taken(given_after: timedelta, signal_back: timedelta) -> None:
    now = MONDAY + 10 * MINUTE + signal_back
    moment = moment_of(Claim(7, MONDAY, given_after), KNOWN, now)
    assert moment == max(MONDAY + given_after, MONDAY + 4 * MINUTE)


@pytest.mark.parametrize(
    ("claim", "known", "now"),
    [
        (Claim(8, MONDAY, MINUTE), KNOWN, MONDAY + 11 * MINUTE),
        (Claim(7, MONDAY, 10 * MINUTE + SECOND), KNOWN, MONDAY + 11 * MINUTE),
        (Claim(7, MONDAY - MINUTE, 5 * MINUTE), KNOWN, MONDAY + 11 * MINUTE),
        (Claim(7, MONDAY + 12 * MINUTE, timedelta(0)), KNOWN, MONDAY + 11 * MINUTE),
        (Claim(7, MONDAY, 5 * MINUTE), KNOWN, MONDAY + 25 * MINUTE + SECOND),
        (Claim(7, MONDAY, 5 * MINUTE), Known(7, MONDAY, None, False, None), MONDAY + 11 * MINUTE),
        (Claim(7, MONDAY, 5 * MINUTE), Known(7, MONDAY, MONDAY + 10 * MINUTE, True, None), MONDAY + 11 * MINUTE),
    ],
)
def test_what_cannot_be_is_not_believed(claim: Claim, known: Known, now: datetime) -> None:
    assert moment_of(claim, known, now) is None


# Over HTTP


@pytest.fixture
def open_page(stage):
    """An attempt of ten minutes and the token of its page."""
    with clock.frozen(MONDAY):
        attempt_id = stage.start(stage.publish(time_limit_minutes=10))
        page = stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}").text
    token = re.search(r'name="page" value="([^"]+)"', page)
    assert token
    return attempt_id, token[1]


def test_the_last_minute_without_a_signal_loses_nothing(stage, open_page) -> None:
    attempt_id, token = open_page
    with clock.frozen(MONDAY + 20 * MINUTE):
        first = stage.save(attempt_id, 4, "canary议事会", page=token, elapsed=9 * 60_000)
        second = stage.save(attempt_id, 5, "21", page=token, elapsed=9 * 60_000 + 30_000)
    assert (first.status_code, second.status_code) == (200, 200)
    with clock.frozen(MONDAY + 21 * MINUTE):
        stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{attempt_id}/result")
    assert stage.attempt(attempt_id).submitted_at == MONDAY + 10 * MINUTE
    assert stage.items(attempt_id)[3].response and stage.items(attempt_id)[4].response


@pytest.mark.parametrize("elapsed", ["600001", "-1", "x", "", "1e3", "９", "9" * 30])
def test_an_answer_after_the_end_stays_too_late(stage, open_page, elapsed: str) -> None:
    attempt_id, token = open_page
    with clock.frozen(MONDAY + 12 * MINUTE):
        late = stage.save(attempt_id, 4, "canary议事会", page=token, elapsed=elapsed)
    assert (late.status_code, late.json["state"]) == (409, "closed")
    assert stage.items(attempt_id)[3].response is None


def test_a_forged_or_borrowed_token_is_no_token(stage, open_page) -> None:
    attempt_id, token = open_page
    with clock.frozen(MONDAY):
        other = stage.start(stage.publish(owner=("test", "2"), time_limit_minutes=10))
        page = stage.as_(stage.cast.alice).get(f"/quizzes/attempts/{other}").text
    borrowed = re.search(r'name="page" value="([^"]+)"', page)
    assert borrowed
    with clock.frozen(MONDAY + 12 * MINUTE):
        for wrong in ("", token[:-1], f"{token}x", borrowed[1], "W10.x"):
            late = stage.save(attempt_id, 4, "canary议事会", page=wrong, elapsed=60_000)
            assert (late.status_code, late.json["state"]) == (409, "closed")


def test_after_handing_in_nothing_is_taken(stage, open_page) -> None:
    attempt_id, token = open_page
    with clock.frozen(MONDAY + 5 * MINUTE):
        stage.submit(attempt_id)
        late = stage.save(attempt_id, 4, "canary议事会", page=token, elapsed=60_000)
    assert (late.status_code, late.json["state"]) == (409, "closed")
