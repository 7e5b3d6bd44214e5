"""What a URL, a query and a form may say; and what becomes of what a view wrote."""

from __future__ import annotations

import base64
import json

import pytest
from flask import Flask
from structlog.testing import capture_logs

from lms.core import clock, db, web
from lms.core.web import allow, anyone
from lms.people.models import Person
from tests.cast import Cast


def somebody(name: str) -> Person:
    return Person(name=name, origin="tests", created_at=clock.now())


BAD_QUERIES = (
    "page=0", "page=101", "page=-1", "page=1.5", "page=1e9", "page=٣", "page=1&page=1", "page=99999999999999999999",
    "page=0x1", "page=%00", "kind=c", "kind=A", "kind=a&kind=b", "kind=%00", "q=%00", "q=a%00b", "q=1&q=2",
    "page[]=1&page=x",
)  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_query_that_no_page_of_ours_sends_is_400(client, query) -> None:
    assert client.get(f"/trial/args?{query}").status_code == 400


def test_a_query_falls_back_and_is_cut(client) -> None:
    assert client.get("/trial/args").json == {"page": 1, "kind": "", "words": ""}
    given = client.get("/trial/args", query_string={"page": "100", "kind": "b", "q": " 光明 " * 5000})
    assert given.json["page"] == 100
    assert len(given.json["words"]) <= 10


@pytest.mark.parametrize("number", ["1", "9223372036854775807"])
def test_an_identifier_has_63_bits(client, number) -> None:
    assert client.get(f"/trial/things/{number}").text == number


@pytest.mark.parametrize(
    "number", ["0", "-1", "01", "+1", "1.0", "x", "9223372036854775808", "1" * 40, "１", "٣", "1%00", "", " 1"]
)
def test_any_other_identifier_is_not_found(client, number) -> None:
    assert client.get(f"/trial/things/{number}").status_code == 404


def test_nul_in_an_address_is_not_found(client, as_, cast: Cast) -> None:
    for path in ("/%00", "/static/a%00b", "/trial/things/1%00", "/verify/%00", "/courses/1/files/a%00b"):
        assert as_(cast.alice).get(path).status_code == 404, path


def test_pages_follow_each_other_without_gap_or_overlap(client, app: Flask) -> None:
    every = client.get("/trial/list?n=50").json["names"]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/trial/list", query_string={"cursor": cursor}).json
        seen += page["names"]
        cursor = page["next"]
    assert seen == every
    assert len(seen) == 10


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "====", "☃", "e30", "%%%", "a" * 2000,
        base64.urlsafe_b64encode(b"[" * 1400).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        *map(cursor_of, (
            [], ["a"], ["a", 1, 2], ["a", "1"], [1, 1], ["a", 1.5], ["a", None], ["a", True], ["a", 2**63],
            ["a", -(2**63)], ["a\x00", 1], ["\ud800", 1], ["a" * 401, 1], [["a"], 1], {"a": 1}, "a1", 7,
        )),
        base64.urlsafe_b64encode(b'["a", NaN]').decode(),
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_ours_is_400(client, cursor) -> None:
    assert client.get("/trial/list", query_string={"cursor": cursor}).status_code == 400


@pytest.mark.parametrize("size", ["0", "51", "1000000000"])
def test_a_page_cannot_be_made_as_long_as_one_likes(client, size) -> None:
    assert client.get(f"/trial/list?n={size}").status_code == 400


SOUND = {"name": "Lin", "count": "3", "day": "2026-03-02"}


def test_a_form_is_tidied(client) -> None:
    """Surrounding space goes, and an e with an accent is one character however the keyboard spelled it."""
    assert client.post("/trial/form", data={**SOUND, "name": " \u3000Cafe\u0301\t"}).text == "[Caf\u00e9]"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x85", "\u2028"])
def test_a_field_of_one_line_has_one_line(client, end) -> None:
    """Else a name would begin another header of a letter."""
    assert client.post("/trial/form", data={**SOUND, "name": f"Lin{end}Bcc: x"}).text == "[Lin Bcc: x]"


def test_extra_fields_are_ignored_and_logged(client, names) -> None:
    with capture_logs() as logs:
        answer = client.post("/trial/form", data={**SOUND, "role": "admin", "org_id": "1", "next": "/"})
    assert (answer.status_code, answer.text) == (200, "[Lin]")
    assert [line["fields"] for line in logs if line["event"] == "fields ignored"] == [["org_id", "role"]]


@pytest.mark.parametrize("changed", [{"name": "a\x00b"}, {"name": "\x00"}])
def test_nul_in_a_form_is_400_and_writes_nothing(client, names, changed) -> None:
    assert client.post("/trial/form", data={**SOUND, **changed}).status_code == 400
    assert names() == []


@pytest.mark.parametrize(
    "changed",
    [{"name": ""}, {"name": " \t"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"day": "x"}, {"count": "NaN"}],
)
def test_a_refused_form_writes_nothing(client, names, changed) -> None:
    assert client.post("/trial/form", data={**SOUND, **changed}).status_code == 422
    assert names() == []


def test_a_rule_that_says_no_is_shown_at_its_field(client, names) -> None:
    answer = client.post("/trial/form", data={**SOUND, "name": "refuse"})
    assert (answer.status_code, answer.text) == (422, "{'name': ['不行。']}")
    assert names() == []


@pytest.mark.parametrize(
    ("then", "status", "written"),
    [
        ("fine", 200, ["fine"]),
        ("refused", 422, []),
        ("answer-422", 422, []),
        ("denied", 404, []),
        ("bad", 400, []),
        ("crash", 500, []),
        ("keep", 422, ["keep"]),
    ],
)
def test_what_is_refused_or_fails_writes_nothing(client, names, then, status, written) -> None:
    assert client.post(f"/trial/write/{then}").status_code == status
    assert names() == written


def test_a_unit_inside_another_is_its_own(app: Flask, names) -> None:
    database = app.extensions["database"]

    def outer() -> None:
        with db.unit_of_work(database, write=False):
            with db.unit_of_work(database) as inner:
                inner.add(somebody("inner"))
                assert db.session() is inner
            assert db.session() is not inner
            raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        outer()
    assert names() == ["inner"]


def test_an_exception_rolls_back(app: Flask, names) -> None:
    def fail() -> None:
        with db.unit_of_work(app.extensions["database"]) as opened:
            opened.add(somebody("lost"))
            opened.flush()
            raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        fail()
    assert names() == []


def test_there_is_no_session_outside_a_unit_of_work() -> None:
    with pytest.raises(RuntimeError, match="unit of work"):
        db.session()


def test_an_endpoint_that_says_nothing_stops_the_start(app: Flask) -> None:
    app.view_functions["silent.view"] = lambda: ""
    with pytest.raises(RuntimeError, match=r"without @allow: silent\.view"):
        web.check_every_endpoint_is_declared(app)
    app.view_functions["silent.view"] = allow(anyone)(lambda: "")
    web.check_every_endpoint_is_declared(app)
