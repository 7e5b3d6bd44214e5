"""One-time codes: the first sign-in of a worker, and what cannot be done with a slip (C11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.accounts import actions, codes
from lms.accounts.models import Account, Activation
from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.core.web import system_actor
from lms.people.models import Person
from tests.accounts.conftest import PHONES, Site

CHOSEN = {"password": "a lamp by the river", "again": "a lamp by the river"}
Later = Callable[..., Any]


def wrong_codes(right: str, count: int) -> list[str]:
    """Texts that look like codes and are not this one."""
    made: set[str] = set()
    while len(made) < count:
        made |= {codes.make_code()} - {right}
    return sorted(made)


def test_a_newcomer_signs_in_by_code_chooses_a_password_and_arrives(site: Site) -> None:
    slip = site.code("alice")
    assert slip.sign_in == PHONES["alice"]
    alice = site.browser()
    answer = alice.sign_in(slip.sign_in, slip.code.lower().replace("-", " "), next="/pages/secret")
    assert (answer.status_code, answer.location) == (303, "/password?next=/pages/secret")
    answer = alice.send("/password", CHOSEN, form=answer.location)
    assert (answer.status_code, answer.location) == (303, "/")  # no `next` was sent
    assert alice.get("/pages/secret").text == "for 艾丽丝 only"
    assert site.browser().sign_in("alice", CHOSEN["password"]).status_code == 303


def test_the_way_through_the_password_page_leads_on(site: Site) -> None:
    slip, alice = site.code("alice"), site.browser()
    alice.sign_in("alice", slip.code)
    assert 'name="next" type="hidden" value="/pages/secret"' in alice.get("/password?next=/pages/secret").text
    answer = alice.send("/password", {**CHOSEN, "next": "/pages/secret"}, form="/password")
    assert answer.location == "/pages/secret"


def test_nothing_else_opens_before_a_password_is_chosen(site: Site) -> None:
    slip, alice = site.code("alice"), site.browser()
    alice.sign_in("alice", slip.code)
    answer = alice.get("/pages/secret")
    assert (answer.status_code, answer.location) == (303, "/password?next=/pages/secret")
    assert alice.get("/me/data").status_code == 303
    answer = alice.post("/pages/draft", {"csrf_token": alice.token("/password"), "title": "x"})
    assert (answer.status_code, answer.location) == (303, "/password")


def test_a_code_opens_once(site: Site) -> None:
    slip, alice = site.code("alice"), site.browser()
    alice.sign_in("alice", slip.code)
    assert site.browser().sign_in("alice", slip.code).status_code == 422
    alice.send("/password", CHOSEN, form="/password")
    assert site.browser().sign_in("alice", slip.code).status_code == 422
    assert alice.get("/pages/secret").status_code == 200


def test_a_session_from_before_the_code_cannot_choose_the_password(site: Site) -> None:
    site.password("alice")
    before = site.browser()
    before.sign_in("alice")
    token = before.token("/password")
    slip = site.code("alice")
    assert before.get("/pages/secret").status_code == 200  # a slip alone changes nothing
    site.browser().sign_in("alice", slip.code)
    assert before.post("/password", {**CHOSEN, "csrf_token": token}).status_code == 401
    assert site.browser().sign_in("alice", CHOSEN["password"]).status_code == 422


def test_an_answer_lost_on_the_way_can_be_asked_for_again(site: Site, later: Later) -> None:
    slip, alice = site.code("alice"), site.browser()
    fields = {"csrf_token": alice.token(), "name": slip.sign_in, "secret": slip.code}
    before = alice.client.get_cookie("session")
    assert before is not None
    alice.post("/sign-in", fields)
    alice.client.set_cookie("session", before.value)  # the answer with the new cookie never arrived
    assert alice.post("/sign-in", fields).status_code == 303
    with later(hours=2):
        alice.client.set_cookie("session", before.value)
        assert alice.post("/sign-in", fields).status_code == 422


def test_a_slip_fits_nobody_else(site: Site) -> None:
    hers, theirs = site.code("alice"), site.code("wen")
    assert site.browser().sign_in("alice", theirs.code).status_code == 422
    assert site.browser().sign_in("wen", hers.code).status_code == 422
    assert site.browser().sign_in("alice", hers.code).status_code == 303


def test_a_code_expires_after_a_fortnight(site: Site, later: Later) -> None:
    slip = site.code("alice")
    assert slip.expires_at == clock.now() + timedelta(days=14)
    with later(days=13, hours=23):
        assert site.browser().sign_in("wen", slip.code).status_code == 422
    with later(days=14, seconds=1):
        assert site.browser().sign_in("alice", slip.code).status_code == 422


def test_a_newer_code_replaces_the_older(site: Site) -> None:
    first, second = site.code("alice"), site.code("alice")
    assert site.browser().sign_in("alice", first.code).status_code == 422
    assert site.browser().sign_in("alice", second.code).status_code == 303


def test_a_code_guessed_at_six_times_is_dead_and_a_new_one_serves(site: Site, later: Later) -> None:
    slip = site.code("alice")
    for number, guess in enumerate(wrong_codes(slip.code, 6)):
        assert site.browser(f"203.0.113.{number}").sign_in("alice", guess).status_code == 422
    assert site.browser("198.51.100.1").sign_in("alice", slip.code).status_code == 422
    slip = site.act(actions.reset, "alice")
    assert site.browser("198.51.100.1").sign_in("alice", slip.code).status_code == 303


def test_passwords_tried_by_strangers_leave_the_slip_alone(site: Site) -> None:
    slip = site.code("alice")
    for number in range(9):
        site.browser(f"203.0.113.{number}").sign_in("alice", f"password number {number}")
    assert site.browser("198.51.100.1").sign_in("alice", slip.code).status_code == 303


def test_a_code_does_not_open_a_disabled_account(site: Site) -> None:
    slip = site.code("alice")
    site.act(actions.disable, "alice")
    assert site.browser().sign_in("alice", slip.code).status_code == 422


def test_the_database_holds_no_code(site: Site) -> None:
    slip = site.code("alice")
    with site.work() as session:
        row = session.scalars(select(Activation)).one()
        kept = " ".join(str(getattr(row, column.key)) for column in Activation.__table__.columns)
    assert slip.code not in kept
    assert slip.code.replace("-", "") not in kept


@pytest.mark.parametrize(("phone", "name"), [(None, "90000001"), ("12345", "90000001"), (PHONES["wen"], "90000001")])
def test_without_a_phone_number_of_ones_own_one_gets_a_name(site: Site, phone: str | None, name: str) -> None:
    site.code("wen")
    with site.work():
        db.session().get_one(Person, site.person("alice")).phone = phone
    slip = site.code("alice")
    assert slip.sign_in == name.replace("1", str(site.person("alice")))
    assert site.browser().sign_in(slip.sign_in, slip.code).status_code == 303


def test_thousands_of_codes_are_made_in_a_few_statements(site: Site, query_count: Any) -> None:
    actor, now = system_actor("tests"), clock.now()
    with site.work() as session:
        persons = [Person(name=f"工作者{n}", phone=f"1{n:010d}", origin="tests", created_at=now) for n in range(2_000)]
        session.add_all(persons)
        session.flush()
        with query_count() as statements:
            made = actions.issue_activations([*persons, persons[0]], actor=actor, now=now)
        assert [code.person_id for code in made] == [person.id for person in [*persons, persons[0]]]
        assert len({code.code for code in made}) == 2_001
        assert session.scalar(select(func.count(Account.id))) == 2_000
    assert len(statements) < 40


def test_nobody_is_asked_for_no_codes(site: Site) -> None:
    with site.work():
        assert actions.issue_activations([], actor=system_actor("tests"), now=clock.now()) == []


def test_each_step_leaves_an_audit_row(site: Site) -> None:
    slip, alice = site.act(actions.reset, "alice"), site.browser()
    alice.sign_in("alice", slip.code)
    alice.send("/password", CHOSEN, form="/password")
    with site.work() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.verb.startswith("accounts.")).order_by(AuditRow.id))
        verbs = [(row.verb, row.actor_name) for row in rows]
    assert verbs == [
        ("accounts.open", "tests"),
        ("accounts.reset", "tests"),
        ("accounts.issue_activation", "tests"),
        ("accounts.activate", "艾丽丝"),
        ("accounts.set_password", "艾丽丝"),
    ]
