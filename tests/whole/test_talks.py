"""What a mentor and a mentee say to one another is read by the two and by nobody else: through every page, search and
export that others can fetch, in the audit trail, and after the pair has ended.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.db import Base
from lms.mentoring import actions
from lms.mentoring.models import Pairing
from tests.cast import SYSTEM
from tests.whole.conftest import House
from tests.whole.matrix import LINES, Line
from tests.whole.scene import SECRET

#: Who is not one of the two: the street that looks after the pair, and the other county. The county, which is above the
#: street, opens every page there is.
OTHERS = ("bo", "mallory")
ABOVE = ("chen",)
#: What a post may fetch: a file, or a page that shows what was asked.
FETCHING = [line for line in LINES if "export" in line.endpoint or "download" in line.endpoint]
READING = [line for line in LINES if line.endpoint != "static"]
#: Pages about people and pairs.
NEAR = [
    line for line in READING if line.endpoint.split(".")[0] in {"mentoring", "people", "home", "reports", "notices"}
]
SHOWN = Line("mentoring.show", "", {"pairing_id": "pair"})
GROWTH = Line("mentoring.growth_file", "", {"person_id": "alice"})


def said(house: House, role: str, method: str, line: Line) -> bool:
    """Whether an answer holds the secret; a workbook is opened first."""
    data = house.call(role, method, line).data
    if zipfile.is_zipfile(io.BytesIO(data)):
        book = zipfile.ZipFile(io.BytesIO(data))
        data = b"".join(book.read(name) for name in book.namelist())
    return SECRET.encode() in data or ascii(SECRET)[1:-1].encode() in data


def leaks(house: House, lines: list[Line], method: str, roles: tuple[str, ...]) -> list[str]:
    found = [line for line in lines if method in house.methods(line.endpoint)]
    return [f"{role} {line.endpoint}" for line in found for role in roles if said(house, role, method, line)]


def end(house: House) -> None:
    with house.app.test_request_context(), db.unit_of_work(house.app.extensions["database"]) as work:
        pairing = work.get_one(Pairing, house.named["pair"])
        actions.end_early(pairing, reason="工作调整", actor=SYSTEM, now=clock.now())


def test_nobody_else_can_fetch_it(house: House) -> None:
    with house.undone():
        assert not leaks(house, READING, "GET", ABOVE)
        assert not leaks(house, NEAR, "GET", OTHERS)
        assert not leaks(house, FETCHING, "POST", ABOVE + OTHERS)


@pytest.mark.parametrize("role", ["alice", "tina"])
def test_the_two_read_it_on_their_page(house: House, role: str) -> None:
    assert said(house, role, "GET", SHOWN)
    assert said(house, role, "GET", GROWTH)


def test_after_the_end_it_is_still_theirs_alone(house: House) -> None:
    with house.undone():
        end(house)
        assert not leaks(house, NEAR, "GET", ABOVE + OTHERS)
        assert said(house, "alice", "GET", SHOWN)
        assert said(house, "tina", "GET", SHOWN)
        assert house.call("tina", "GET", GROWTH).status_code == 404, "a former mentor opens no growth file"


def test_it_lies_in_one_table(house: House) -> None:
    """Not in an audit row, a notice, an index of words or anywhere else from where it could be read."""
    with db.unit_of_work(house.app.extensions["database"], write=False) as work:
        holding = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(SECRET in str(value) for row in work.execute(select(table)) for value in row)
        }
    assert holding == {"meeting_talks"}
