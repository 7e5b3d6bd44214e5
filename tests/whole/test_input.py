"""What a form may be sent: whatever stands in a field, the answer is a page, and what was typed comes back as text.

The fields that a view reads are found by watching it, so that a new form is tried without a word here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

import pytest
from werkzeug.test import TestResponse
from wtforms.fields.choices import SelectFieldBase
from wtforms.validators import Optional

from tests.whole import fields
from tests.whole.conftest import House
from tests.whole.inert import active
from tests.whole.matrix import LINES, ROLES, Line

HOSTILE = "%(x)s{0}{{7*7}}\"'><xss onclick=a()>\r\nX-Evil: 1"
#: In all fields at once: what is no UTF-8 and half of a character, a NUL, and what is far too long.
EVERYWHERE: tuple[bytes | str, ...] = (
    b"\xff\xfe" + "\ud800".encode("utf-8", "surrogatepass") + HOSTILE.encode(),
    "a\x00b",
    "9" * 30 + "\u202e字\U000e0001" * 9000,
)
WRITING = [line for line in LINES if any(answer != "303" for answer in line.answers.split())]


def writer(house: House, line: Line) -> str | None:
    """A role whose form is taken, else one whose form is looked at."""
    if "POST" not in house.methods(line.endpoint):
        return None
    answers = {role: answer.split("/")[-1] for role, answer in zip(ROLES, line.answers.split(), strict=True)}
    for wanted in ("303", "200", "422"):
        for role in ROLES[1:]:
            if answers[role] == wanted:
                return role
    return None


def send(house: House, role: str, line: Line, sent: Mapping[str, Sequence[bytes | str]]) -> TestResponse:
    """The form of the line, with `sent` in place of some of its fields."""
    kept = {name: [str(value)] for name, value in house.filled(line.form).items() if not isinstance(value, tuple)}
    pairs = [(name, value) for name, values in {**kept, **sent}.items() for value in values]
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    with house.undone():
        return house.client(role).post(
            house.address(line), query_string=house.filled(line.where), data=body, buffered=True,
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip


def strange(names: list[str]) -> list[dict[str, Any]]:
    """What a form says, in ways that no form of ours says it."""
    return [
        {"data": {name: (io.BytesIO(b"a"), "a.txt") for name in names}, "content_type": "multipart/form-data"},
        {"json": {name: {"a": [1, None, "\ud800"]} for name in names}},
    ]


def send_as(house: House, role: str, line: Line, sent: dict[str, Any]) -> TestResponse:
    with house.undone():
        return house.client(role).post(
            house.address(line), query_string=house.filled(line.where), buffered=True, **sent
        )


def read_by(house: House, role: str, line: Line) -> list[str]:
    with fields.watched(house.app) as read:
        send(house, role, line, {})
    return sorted(read)


def fault_of(answer: TestResponse) -> str:
    """What is wrong with an answer, if anything."""
    if answer.status_code >= 500:
        return str(answer.status_code)
    if "X-Evil" in answer.headers or "xss" in answer.headers.get("Location", "").partition("?")[0]:
        return "header"
    if answer.mimetype == "text/html" and "xss" in answer.text:
        return ", ".join(active(answer.text))
    return ""


@pytest.fixture
def answering(house: House) -> House:
    """As in production: an exception becomes a page."""
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    return house


@pytest.mark.strict_database
@pytest.mark.parametrize("line", WRITING, ids=lambda line: line.endpoint)
def test_a_form_of_any_shape_has_an_answer(answering: House, line: Line) -> None:
    role = writer(answering, line)
    if role is None:
        return
    names = read_by(answering, role, line)
    tries: list[tuple[str, dict[str, list[bytes | str]]]] = []
    tries += [(name, {name: [HOSTILE + "字" * 9000]}) for name in names]
    tries += [(repr(odd)[:20], {name: [odd] for name in names}) for odd in EVERYWHERE]
    wrong = {f"{name}: {fault}" for name, sent in tries if (fault := fault_of(send(answering, role, line, sent)))}
    wrong |= {
        f"{next(iter(sent))}: {fault}"
        for sent in strange(names)
        if (fault := fault_of(send_as(answering, role, line, sent)))
    }

    assert not wrong


def test_a_choice_that_may_be_left_out_is_looked_at_all_the_same() -> None:
    """Where the first of many values is blank, WTForms' Optional takes back all faults. `may_be_left_out` does not."""
    let_off = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in fields.forms()
        for name in dir(form)
        if fields.is_a(getattr(form, name), SelectFieldBase)
        and getattr(form, name).kwargs.get("validate_choice") is not False
        and any(isinstance(validator, Optional) for validator in fields.validators_of(getattr(form, name)))
    ]
    assert not let_off
