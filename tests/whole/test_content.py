"""Every text in the database is hostile, and everybody opens everything: nothing runs, fails or calls out.

One walk over the lines of the matrix, of which each test reads the answers: a new page is walked by itself.
"""

from __future__ import annotations

import io
import json
import re
import socket
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from werkzeug.test import TestResponse

from lms.core import db, files
from tests.whole import spoiling
from tests.whole.conftest import House
from tests.whole.inert import active
from tests.whole.matrix import LINES, ROLES, Line

pytestmark = pytest.mark.one_database


#: Files that were stored before: their own tests show how they are handed out.
HANDED_ON = {"coverage.download"}


@dataclass
class Answer:
    line: Line
    role: str
    method: str
    expected: str
    answer: TestResponse

    def __str__(self) -> str:
        return f"{self.method} {self.line.endpoint} as {self.role}"

    @property
    def is_page(self) -> bool:
        return self.answer.mimetype == "text/html"


@dataclass
class Walk:
    spoiled: set[str]
    answers: list[Answer]
    called: list[str]

    def sheets(self) -> list[Answer]:
        made = [one for one in self.answers if one.answer.mimetype == files.XLSX]
        return [one for one in made if one.line.endpoint not in HANDED_ON]


@contextmanager
def nobody_calls_out(called: list[str]) -> Iterator[None]:
    """Note what looks up a name or opens a connection; the database is spoken to by a library of its own."""

    def note(*what: object, **_options: object) -> None:
        called.append(repr(what[-2:]))
        raise OSError("no way out")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("getaddrinfo", "gethostbyname", "create_connection"):
            patch.setattr(socket, name, note)
        patch.setattr(socket.socket, "connect", note)
        yield


@pytest.fixture(scope="module")
def walk(house: House) -> Walk:
    """What two of those whom a line concerns get by GET, and the first of them by POST, with the page that follows."""
    database, called = house.app.extensions["database"], list[str]()
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    with db.unit_of_work(database) as session:
        spoiled = spoiling.spoil(session)
    with nobody_calls_out(called):
        answers = [answer for line in LINES for answer in _answers(house, line)]
    return Walk(spoiled, answers, called)


def _answers(house: House, line: Line) -> Iterator[Answer]:
    for method in house.methods(line.endpoint):
        expected = {role: answer.split("/")[method == "POST" and "/" in answer] for role, answer in
                    zip(ROLES, line.answers.split(), strict=True)}  # fmt: skip
        done = [role for role in ROLES if expected[role] in {"200", "303"} and (role != "stranger")]
        roles = [*done[:1], *done[-1:]] if method == "GET" else done[:1] or ["chen"]
        for role in dict.fromkeys(roles):
            with house.undone():
                answer = house.call(role, method, line)
                yield Answer(line, role, method, expected[role], answer)
                if method == "POST" and answer.status_code == 303:
                    after = house.client(role).get(answer.headers["Location"], buffered=True)
                    yield Answer(line, role, "after", "200", after)


def test_the_texts_of_every_part_of_the_house_are_spoiled(walk: Walk) -> None:
    assert len(walk.spoiled) > 80
    shown = {one.line.endpoint for one in walk.answers if one.is_page and "&lt;xss onclick" in one.answer.text}
    assert len(shown) > 100


def test_nothing_active_comes_of_any_text(walk: Walk) -> None:
    """Judged as a browser parses; that our own words stand in double quotes and escaped is what makes it so."""
    pages = [one for one in walk.answers if one.is_page]
    raw = [str(one) for one in pages if "<xss" in one.answer.text]
    assert not raw
    seen = {(one.line.endpoint, one.method): one for one in pages}
    found = [f"{one}: {', '.join(what)}" for one in seen.values() if (what := [*active(one.answer.text)])]
    assert not found


def test_nothing_is_computed_and_nothing_fails(walk: Walk) -> None:
    """What looks like a template or a format stays as it was typed; each answer is the one that plain texts get."""
    assert not [str(one) for one in walk.answers if one.answer.status_code >= 500]
    changed = [f"{one}: {one.answer.status_code}" for one in walk.answers if one.method == "GET" and str(
        one.answer.status_code) != one.expected]  # fmt: skip
    assert not changed
    assert not [str(one) for one in walk.answers if one.is_page and re.search(r"\{0\}49|\{0\}\{49", one.answer.text)]


def test_every_answer_says_what_a_browser_may_do_with_it(walk: Walk) -> None:
    for one in walk.answers:
        headers = one.answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, one
        assert "frame-ancestors 'none'" in policy, one
        assert "unsafe" not in policy, one
        assert "http" not in policy, one
        assert headers["X-Content-Type-Options"] == "nosniff", one
        if one.is_page:
            assert "script-src 'self';" in policy, one
            assert "img-src 'self' data:;" in policy, f"{one}: a picture from outside would be fetched"


def test_no_sheet_of_the_house_holds_a_formula_or_a_link(walk: Walk) -> None:
    """Text stays text: `=…` is a cell of text, and an address is no link."""
    sheets = walk.sheets()
    assert len({one.line.endpoint for one in sheets}) >= 10
    hostile = 0
    for one in sheets:
        book = zipfile.ZipFile(io.BytesIO(one.answer.data))
        parts = {name: book.read(name) for name in book.namelist()}
        for name, part in parts.items():
            assert not re.search(rb"<f[ >/]|<hyperlink|<oleObject|ddeLink|TargetMode=\"External\"", part), (one, name)
        hostile += b"&lt;xss onclick" in b"".join(parts.values())
    assert hostile >= 8


def test_a_file_of_data_is_never_taken_for_a_page(walk: Walk) -> None:
    for one in walk.answers:
        if (one.answer.mimetype or "").endswith("json") and one.answer.status_code == 200:
            json.loads(one.answer.data)
        if one.answer.status_code == 200 and b"<xss" in one.answer.data:
            assert not one.is_page, one
            assert one.answer.mimetype not in {"image/svg+xml", "application/xml", "text/xml"}, one


def test_no_page_looks_up_a_name_or_opens_a_connection(walk: Walk) -> None:
    """No field is for an address to fetch from; messages go by a job, to hosts that the configuration names."""
    assert not walk.called
