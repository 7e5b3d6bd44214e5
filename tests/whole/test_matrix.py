"""Route by role: what each endpoint answers to a stranger, a worker, a trainer and administrators near and far.

Each answer is asked for once, and looked at from several sides: `House.hear` remembers it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Integer, Numeric, select
from structlog.testing import capture_logs

from lms.core import db
from lms.core.db import Base
from lms.people.models import Person
from lms.units.models import Unit
from tests.whole.conftest import Heard, House, Written
from tests.whole.matrix import LINES, ROLES, Line
from tests.whole.scene import SECRET

HOW = (
    "tests/whole/lines needs a line for each endpoint, with what each of {roles} gets:\n"
    '    Line("{endpoint}", "303 403 403 200 200 404", {{"person_id": "alice"}}),\n'
    "No line for: {missing}"
)
#: What anybody may read who holds the code of a paper.
PUBLIC = {"statements.verify"}
#: What is no person's: browsers may keep it.
KEPT = {"static": "public, max-age=31536000, immutable", "offline.worker": "no-cache"}
#: Opening a notice marks it as read, for its reader alone.
NOTING = {"notices.show"}
NOWHERE = 10**15
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


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
        answers = [str(house.hear(role, method, line).answer.status_code) for method in house.methods(line.endpoint)]
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


def heard(house: House, line: Line) -> Iterator[tuple[str, str, Heard]]:
    """Every answer of a line, with who asked and how."""
    for role in ROLES:
        for method in house.methods(line.endpoint):
            yield role, method, house.hear(role, method, line)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_no_answer_stays_in_the_browser_or_gives_its_cookie_away(house: House, line: Line) -> None:
    for role, method, found in heard(house, line):
        headers = found.answer.headers
        assert headers["Cache-Control"] == KEPT.get(line.endpoint, "no-store"), (role, method)
        for cookie in headers.getlist("Set-Cookie"):
            flags = {part.strip() for part in cookie.split(";")[1:]}
            assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags, (role, method)
            assert "Domain" not in cookie, (role, method)
            # Of these three, test_over_https_every_cookie_is_bound_to_the_host says the rest.
            assert cookie.partition("=")[0] in {"session", "language", "device"}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_looking_changes_nothing(house: House, line: Line) -> None:
    if "GET" not in house.methods(line.endpoint) or line.endpoint in NOTING:
        return
    for role in ROLES:
        found = house.hear(role, "GET", line)
        tables = {statement.split()[2] for statement, _values in found.written}
        assert found.answer.status_code >= 400 or tables <= {"audit_rows"}, role


#: How hours come about: by an examination, or by the word of somebody who is not the one to earn them. What a person
#: types of training elsewhere, or brings in a table, earns nothing before a second person has looked at it.
EARNING = {
    "quizzes.submit",
    "quizzes.mark",
    "records.approve",
    "records.approve_load",
    "reviews.decide",
    "reviews.publish",
    "mentoring.complete",
    "mentoring.confirm_lecture",
    "mentoring.note_unit_lecture",
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_no_other_page_writes_hours(house: House, line: Line) -> None:
    for role, method, found in heard(house, line):
        written = any(statement.split()[2] == "hour_entries" for statement, _values in found.written)
        assert not written or (method == "POST" and line.endpoint in EARNING), role


# The other county


@pytest.fixture(scope="module")
def theirs(house: House) -> set[str]:
    """Names and numbers of people, and names of units, that are none of Mallory's business."""
    with house.app.app_context(), db.unit_of_work(house.app.extensions["database"], write=False) as session:
        top = session.get_one(Unit, house.named["county"]).path
        units = session.scalars(select(Unit.name).where(Unit.path.startswith(top)))
        own = {house.named["mallory"], house.named["wen"]}
        people = session.scalars(select(Person).where(Person.id.not_in(own))).all()
        return {SECRET, *units, *(one.name for one in people), *(one.phone for one in people if one.phone)}


def said_by_others(found: Heard, theirs: set[str], *said: Any) -> set[str]:
    """Those of the words in an answer that the one who asked has not said first."""
    return {word for word in theirs if word in found.text and not any(word in str(text) for text in said)}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_the_other_county_is_told_no_name(house: House, line: Line, theirs: set[str]) -> None:
    for method in house.methods(line.endpoint):
        found = house.hear("mallory", method, line)
        assert line.endpoint in PUBLIC or not said_by_others(found, theirs, *line.form.values()), method


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_no_address_widens_ones_reach(house: House, line: Line, theirs: set[str]) -> None:
    """Whatever name of the query a page reads, naming what is another county's there shows nothing of it."""
    for method in house.methods(line.endpoint):
        plain = replace(line, query={}, where={}) if line.query or line.where else line
        for name in sorted(house.hear("mallory", method, line).asked):
            value = "艾丽丝" if name == "q" else str(house.named["street"])
            asking = replace(plain, where={name: value})
            found = house.hear_anew("mallory", method, asking)
            assert found.answer.status_code in {200, 303, 400, 404, 422}, name
            assert line.endpoint in PUBLIC or not said_by_others(found, theirs, value, *line.form.values()), name


@pytest.mark.parametrize("line", [line for line in LINES if "404" in line.answers], ids=lambda line: line.endpoint)
def test_what_is_denied_reads_like_what_does_not_exist(house: House, line: Line) -> None:
    nowhere = {name: _nowhere(house, value) for name, value in line.url.items()}
    where = {name: str(NOWHERE) if value.startswith("@") else value for name, value in line.where.items()}
    query = {name: str(NOWHERE) if value.startswith("@") else value for name, value in line.query.items()}
    missing = replace(line, url=nowhere, where=where, query=query)
    for method in house.methods(line.endpoint):
        found = house.hear("mallory", method, line)
        if found.answer.status_code == 404:
            assert page(found) == page(house.hear_anew("mallory", method, missing)), method


def _nowhere(house: House, value: Any) -> Any:
    """In the place of what an address names. Other words in it, and places in a list, stay what they are."""
    if value not in house.named:
        return value
    return NOWHERE if isinstance(house.named[value], int) else "nowhere"


def page(found: Heard) -> str:
    """An answer without what differs from request to request, and without its own address."""
    text = found.text.replace(found.answer.headers["X-Request-Id"], "")
    text = re.sub(r'"[\w.-]{80,}"|name="next" value="[^"]*"|/feedback\?page=[^"]*', "", text)
    return re.sub(r"(Set-Cookie|Content-Length): .*|[0-9]+", "", text)


#: Another whole of the same kind, which the same people may see: no part of the first is a part of it.
OTHER = {
    "alice": "newcomer",
    "sun": "alice",
    "case": "new_case",
    "writing": "imported",
    "call": "other_call",
    "review": "accepted",
    "pair": "new_pair",
    "round": "other_round",
}
#: What is no part of what the address names before it; and lessons, which a test of courses tries.
BY_ITSELF = {"person_id", "unit_id", "mentor_id", "lesson_id"}
PARTS = [line for line in LINES if any(name.endswith("_id") and name not in BY_ITSELF for name in list(line.url)[1:])]


@pytest.mark.parametrize("line", PARTS, ids=lambda line: line.endpoint)
def test_a_part_is_found_in_its_own_whole_alone(house: House, line: Line) -> None:
    whole, value = next(iter(line.url.items()))
    assert value in OTHER, f"tests/whole: name another {value} in OTHER, and let the scene have one"
    elsewhere = replace(line, url={**line.url, whole: OTHER[value]})
    for role, answer in zip(ROLES[1:], line.answers.split()[1:], strict=True):
        if answer.split("/")[-1] in {"200", "303"}:
            assert house.hear_anew(role, "POST", elsewhere).answer.status_code == 404, role


# Forms


@pytest.fixture(scope="module")
def forms(house: House) -> tuple[FlaskClient, list[dict[str, str]]]:
    """A browser of Chen's while tokens are asked for, and what a forged form may carry."""
    chen, mallory = house.client("chen"), house.client("mallory")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(house.app.config, "WTF_CSRF_ENABLED", True)
        own, anothers = (str(TOKEN.findall(one.get("/offline").text)[0]) for one in (chen, mallory))
    return chen, [{}, {"csrf_token": anothers}, {"csrf_token": own[:-3]}]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_a_form_needs_the_token_of_its_sender(house: House, line: Line, forms: Any, monkeypatch: Any) -> None:
    if "POST" not in house.methods(line.endpoint):
        return
    chen, forgeries = forms
    monkeypatch.setitem(house.app.config, "WTF_CSRF_ENABLED", True)
    house.written.clear()
    for forged in forgeries:
        assert chen.post(house.address(line), data=forged).status_code == 400, forged
    assert not house.written


BLANK = {"nothing": ""}
CANARY_NUMBER, CANARY_YEAR, CANARY = "7654321", "1987", "canary"
HOSTILE = ("role", "roles", "is_admin", "org_id", "unit", "actor", "score", "minutes", "credited", "passed")


def sent_for(column: Column[Any]) -> str:
    """A value that the column would take."""
    kind = column.type
    if isinstance(kind, Enum):
        return str(kind.enums[-1])
    if isinstance(kind, Boolean):
        return "y"
    if isinstance(kind, Date | DateTime):
        return f"{CANARY_YEAR}-06-05"
    return CANARY_NUMBER if isinstance(kind, Integer | Numeric) else CANARY


#: A field for every column of every table: whatever a form might be tempted to take over.
EXTRA = dict.fromkeys(HOSTILE, CANARY_NUMBER) | {
    column.name: sent_for(column) for table in Base.metadata.tables.values() for column in table.columns
}


def shape(written: tuple[Written, ...]) -> list[tuple[str, str]]:
    """What was written, but for numbers, which a database may give anew, and for random texts."""
    return [(text, re.sub(r"\d+", "#", re.sub(r"[\w$+/=-]{16,}|[0-9a-f]{8}", "~", values))) for text, values in written]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.endpoint)
def test_fields_that_no_page_sends_change_nothing_and_are_logged(house: House, line: Line) -> None:
    answers = dict(zip(ROLES[1:], line.answers.split()[1:], strict=True))
    role = next((role for role, answer in answers.items() if answer.split("/")[-1] in {"200", "303"}), None)
    if role is None or "POST" not in house.methods(line.endpoint):
        return
    # An empty form is not looked at.
    honest = house.hear(role, "POST", line) if line.form else house.hear_anew(role, "POST", replace(line, form=BLANK))
    extra = {name: value for name, value in EXTRA.items() if name not in honest.read}
    with capture_logs() as logs:
        forged = house.hear_anew(role, "POST", replace(line, form={**line.form, **extra}))

    assert forged.answer.status_code == honest.answer.status_code
    assert shape(forged.written) == shape(honest.written)
    assert not [values for _text, values in forged.written if CANARY_NUMBER in values or CANARY in values]
    assert [one["endpoint"] for one in logs if one["event"] == "fields ignored"] == [line.endpoint]
