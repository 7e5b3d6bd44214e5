"""Everybody opens a report at once: some are answered, the others are told when to come again, and study goes on."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from lms.core import heavy
from tests.whole.conftest import House
from tests.whole.matrix import LINES, ROLES, Line

pytestmark = pytest.mark.one_database


STUDY = (
    "home.index",
    "courses.index",
    "courses.show",
    "courses.lesson",
    "quizzes.attempt",
    "hours.record",
    "cases.index",
)
#: Modules whose pages add up or list subtrees, and what of them does neither.
ADDING = {"reports", "coverage", "workforce"}
LIGHT = {"coverage.remind", "coverage.put_into", "coverage.exports", "coverage.download"}


def is_heavy(house: House, endpoint: str) -> bool:
    return bool(getattr(house.app.view_functions[endpoint], "__heavy__", False))


def get(house: House, line: Line) -> int:
    """What somebody gets who may have it."""
    method = house.methods(line.endpoint)[0]
    answers = [answer.split("/")[0] for answer in line.answers.split()]
    role = ROLES[max(at for at, answer in enumerate(answers) if answer in {"200", "303", "422"})]
    with house.undone():
        answer = house.call(role, method, line)
    if answer.status_code == 429:
        assert answer.headers["Retry-After"] == str(heavy.SOON)
        assert "请等几秒再打开" in answer.text
    return answer.status_code


def test_what_adds_up_a_subtree_is_heavy(house: House) -> None:
    silent = [
        endpoint
        for endpoint in house.app.view_functions
        if (endpoint.partition(".")[0] in ADDING or ".export" in endpoint)
        and endpoint not in LIGHT
        and not is_heavy(house, endpoint)
    ]
    assert not silent, f"@allow(…, heavy=True) is missing: {', '.join(silent)}"


def test_with_every_place_taken_reports_wait_and_study_goes_on(house: House) -> None:
    lines = {line.endpoint: line for line in LINES}
    reports = [line for line in LINES if is_heavy(house, line.endpoint)]
    with ExitStack() as crowd:
        while heavy.PLACES.acquire(blocking=False):
            crowd.callback(heavy.PLACES.release)
        assert {get(house, line) for line in reports} == {429}
        assert {get(house, lines[endpoint]) for endpoint in STUDY} == {200}


@pytest.mark.parametrize("endpoint", ["coverage.index", "workforce.show"])
def test_a_place_is_given_back_whatever_the_answer_was(house: House, endpoint: str) -> None:
    line = next(line for line in LINES if line.endpoint == endpoint)
    wrong = Line(endpoint, line.answers, line.url, query={"unit": "x"})
    for _again in range(20):
        with house.undone():
            assert house.call("chen", "GET", wrong).status_code == 400
    assert get(house, line) == 200
