"""What stands behind the question mark of an address: whatever it is, the answer is a page, and no list is led astray.

The names that a page reads are found by watching it, so that a new filter is tried without a word here.
"""

from __future__ import annotations

import pytest

from tests.whole import fields
from tests.whole.conftest import House
from tests.whole.inert import active
from tests.whole.matrix import LINES, ROLES, Line

#: Names whose value is free text: any is a fair question. All others choose, count, or point at something.
FREE = {"q", "code", "at"}
#: Where one comes from or what one writes for (a call may be over by now): anything else is left out.
PATHS = {"next", "page", "for"}
BEYOND = str(2**63)
ODD = ("1 OR 1=1; DROP TABLE persons -- %_\\'\"><xss onclick=a()>" + "\u202e字" * 1700, BEYOND, "0001-01-01", "a\x00")
READING = [line for line in LINES if line.endpoint != "static"]


def reader(house: House, line: Line) -> str | None:
    """A role that gets the page, and not merely a way to it."""
    if "GET" not in house.methods(line.endpoint):
        return None
    answers = dict(zip(ROLES, (answer.split("/")[0] for answer in line.answers.split()), strict=True))
    return next((role for role in reversed(ROLES) if answers[role] == "200"), None)


def ask(house: House, role: str, line: Line, name: str, *values: str) -> tuple[int, str]:
    """The answer where `name` has these values, everything else being as the line says."""
    query = {**line.where, **line.query}
    query.pop(name, None)
    sent = [*house.filled(query).items(), *((name, value) for value in values)]
    with house.undone():
        answer = house.client(role).get(house.address(line), query_string=sent, buffered=True)
    return answer.status_code, answer.text if answer.mimetype == "text/html" else ""


@pytest.mark.strict_database
@pytest.mark.parametrize("line", READING, ids=lambda line: line.endpoint)
def test_a_query_of_any_shape_has_an_answer(house: House, line: Line) -> None:
    role = reader(house, line)
    if role is None:
        return
    with fields.watched(house.app) as read, house.undone():
        house.call(role, "GET", line)
    wrong = []
    for name in sorted(read):
        if name not in PATHS and ask(house, role, line, name, "1", "1")[0] != 400:
            wrong.append(f"{name} twice")
        for odd in ODD:
            status, page = ask(house, role, line, name, odd)
            allowed = {200, 303, 400, 404} if name in FREE | PATHS else {400, 404}
            if status not in allowed or ("xss" in page and [*active(page)]):
                wrong.append(f"{name}={odd[:30]!r}: {status}")

    assert not wrong
