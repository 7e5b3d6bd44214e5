"""Statements of hours: issued from the ledger, printed, checked by anyone who holds the code."""

import re

from lms.core import db
from lms.hours import actions, queries
from lms.hours.models import HourStatement
from tests.cast import SYSTEM, Cast
from tests.hours.test_ledger import NOW, award

SPAN = {"from_on": "2026-01-01", "to_on": "2026-12-31"}


def earn(app, person_id: int) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        award(person_id)


def code_on(page: str):
    return re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", page)[0]


def issue(client):
    answer = client.post("/record/statements", data=SPAN)
    assert answer.status_code == 303
    return answer.location


def test_a_worker_issues_a_statement_and_anyone_verifies_it(app, as_, client, cast: Cast) -> None:
    earn(app, cast.alice)
    alice = as_(cast.alice)
    page = alice.get(issue(alice)).get_data(as_text=True)
    assert "艾丽丝" in page
    assert "2.25" in page
    shown = client.get(f"/verify/{code_on(page)}").get_data(as_text=True)
    assert "所列记录全部有效" in shown
    assert "艾*丝" in shown
    assert "艾丽丝" not in shown


def test_a_reversal_shows_on_verification(app, as_, client, cast: Cast) -> None:
    earn(app, cast.alice)
    alice = as_(cast.alice)
    code = code_on(alice.get(issue(alice)).get_data(as_text=True))
    with app.app_context(), db.unit_of_work(app.extensions["database"]):
        actions.reverse(queries.list_entries(cast.alice)[0], reason="重复登记", actor=SYSTEM, now=NOW)
    shown = client.get(f"/verify/{code.lower().replace('-', ' ')}").get_data(as_text=True)
    assert "1 条记录已被冲销" in shown
    assert "重复登记" not in shown


def test_an_unknown_code_is_not_found(client) -> None:
    for code in ("0000-0000-0000-0000", "x", "%00", "'; DROP TABLE"):
        assert client.get(f"/verify/{code}").status_code == 404


def test_nothing_is_issued_where_nothing_stands(app, as_, cast: Cast) -> None:
    answer = as_(cast.alice).post("/record/statements", data=SPAN)
    assert answer.status_code == 422
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        assert session.query(HourStatement).count() == 0


def test_a_span_upside_down_is_refused_and_kept(app, as_, cast: Cast) -> None:
    earn(app, cast.alice)
    answer = as_(cast.alice).post("/record/statements", data={"from_on": "2026-05-01", "to_on": "2026-01-01"})
    assert answer.status_code == 422
    assert 'value="2026-05-01"' in answer.get_data(as_text=True)


def test_another_county_gets_404(app, as_, cast: Cast) -> None:
    earn(app, cast.alice)
    alice, mallory = as_(cast.alice), as_(cast.mallory)
    assert mallory.get(issue(alice)).status_code == 404
    assert mallory.post(f"/people/{cast.alice}/statements", data=SPAN).status_code == 404


def test_a_worker_issues_none_about_others(as_, cast: Cast) -> None:
    assert as_(cast.wen).post(f"/people/{cast.alice}/statements", data=SPAN).status_code == 403


def test_it_rejects_put(as_, cast: Cast) -> None:
    assert as_(cast.alice).put("/record/statements").status_code == 405


def test_the_county_issues_one_about_its_worker(app, as_, cast: Cast) -> None:
    earn(app, cast.alice)
    chen = as_(cast.chen)
    answer = chen.post(f"/people/{cast.alice}/statements", data=SPAN)
    assert answer.status_code == 303
    assert "艾丽丝" in chen.get(answer.location).get_data(as_text=True)
