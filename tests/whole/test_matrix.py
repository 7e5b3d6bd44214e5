"""Route by role: what each endpoint answers to a stranger, a worker, a trainer and administrators near and far."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.whole.conftest import House
from tests.whole.matrix import LINES, ROLES, Line

HOW = (
    "tests/whole/lines needs a line for each endpoint, with what each of {roles} gets:\n"
    '    Line("{endpoint}", "303 403 403 200 200 404", {{"person_id": "alice"}}),\n'
    "No line for: {missing}"
)


def test_every_endpoint_has_one_line(house: House) -> None:
    lines = Counter(line.endpoint for line in LINES)
    missing = sorted(set(house.app.view_functions) - set(lines))

    assert not missing, HOW.format(roles=", ".join(ROLES), endpoint=missing[0], missing=", ".join(missing))
    assert not set(lines) - set(house.app.view_functions), "lines of endpoints that are gone: remove them"
    assert max(lines.values()) == 1, f"more than one line: {lines.most_common(1)[0][0]}"


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_each_role_gets_what_the_matrix_says(house: House, line: Line) -> None:
    expected = line.answers.split()
    assert len(expected) == len(ROLES), f"{line.endpoint}: say an answer for each of {', '.join(ROLES)}"
    got = []
    for role in ROLES:
        answers = []
        for method in house.methods(line.endpoint):
            with house.undone():
                answers.append(str(house.call(role, method, line).status_code))
        got.append("/".join(answers) if len(set(answers)) > 1 else answers[0])

    assert dict(zip(ROLES, got, strict=True)) == dict(zip(ROLES, expected, strict=True))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_a_wrong_method_is_405(house: House, line: Line) -> None:
    address = house.address(line)
    bound = house.app.url_map.bind("localhost")
    wrong = {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(bound.allowed_methods(address))
    assert wrong
    for method in wrong:
        answer = house.app.test_client().open(address, method=method)
        assert answer.status_code == 405, method
        assert answer.headers["Allow"]
