"""The audit trail: what changed something is in it, and so is who asked for what lies outside their reach."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core import db
from lms.core.audit import AuditRow
from tests.whole.conftest import House
from tests.whole.matrix import LINES, ROLES, Line

DONE = {"200", "303"}
WRITING = [line for line in LINES if any(answer.split("/")[-1] in DONE for answer in line.answers.split()[1:])]
DENYING = [line for line in LINES if "404" in line.answers]


@pytest.mark.parametrize("line", WRITING, ids=lambda line: line.endpoint)
def test_every_change_leaves_a_row(house: House, line: Line) -> None:
    if "POST" not in house.methods(line.endpoint):
        return
    answers = zip(ROLES[1:], line.answers.split()[1:], strict=True)
    succeeding = [role for role, answer in answers if answer.split("/")[-1] in DONE]
    grew = []
    for role in succeeding:
        with house.undone():
            before = house.count()
            house.call(role, "POST", line)
            grew.append(house.count() > before)

    # Asked again, an idempotent verb changes nothing: Alice has begun the course already.
    assert any(grew) or line.quiet, f"{succeeding} changed something by POST {line.endpoint}, and no row says so"


@pytest.mark.parametrize("line", DENYING, ids=lambda line: line.endpoint)
def test_what_is_denied_leaves_a_row(house: House, line: Line) -> None:
    method = house.methods(line.endpoint)[-1]
    with house.undone():
        house.call("mallory", method, line)
        with db.unit_of_work(house.app.extensions["database"], write=False) as session:
            row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()

    assert row is not None
    assert (row.verb, row.actor_person_id) == ("access.denied", house.named["mallory"])
    assert (row.object_kind, row.object_id) == ("path", house.address(line)[:64])


def test_what_is_refused_changes_nothing_and_leaves_no_row(house: House) -> None:
    line = next(line for line in LINES if line.endpoint == "units.rename")
    with house.undone():
        before = house.audit_rows()
        answer = house.call("chen", "POST", Line("units.rename", "", line.url, {"name": ""}))
        assert answer.status_code == 422
        assert house.audit_rows() == before


@pytest.mark.parametrize("role", ["stranger", "alice"])
def test_an_unknown_address_is_no_denial(house: House, role: str) -> None:
    with house.undone():
        before = house.count()
        client = house.app.test_client()
        if role in house.keys:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = house.keys[role]
        assert client.get("/nowhere").status_code == 404
        assert house.count() == before


def test_a_stranger_leaves_no_denial(house: House) -> None:
    with house.undone():
        before = house.count()
        assert house.app.test_client().get("/verify/0000").status_code == 404
        assert house.count() == before
