"""A new phone number in a roster: the sign-in name follows it, is said beforehand and afterwards, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.accounts import actions as accounts
from lms.accounts.models import Account, EndedWhy, SignIn
from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import Role
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.roster.books import person
from tests.roster.test_commands import run
from tests.roster.test_pages import As, ask, checked, load
from tests.roster.test_undo import undo

__all__ = ["ask", "run"]
Ask = Callable[[Any], Any]
OLD, NEW = "19949594287", "19900001234"
MOVED = {"联系电话": NEW}
FOLLOWS = "载入后此人用新手机号登录"
PASSWORD = "a long enough phrase 7"


@pytest.fixture
def zhao(app: Flask, as_: As, cast: Cast, ask: Ask) -> int:
    """赵桂, loaded and with an account in use."""
    load(as_(cast.chen), cast.county, person())
    (made,) = ask(select(Person.id).where(Person.name == "赵桂"))
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        accounts.open_account(session.get_one(Person, made), password=PASSWORD, actor=SYSTEM, now=clock.now())
    return int(made)


def name_of(ask: Ask, person_id: int) -> str:
    (name,) = ask(select(Account.sign_in).where(Account.person_id == person_id))
    return str(name)


def test_the_sign_in_name_follows_and_old_sign_ins_end(as_: As, cast: Cast, ask: Ask, zhao: int) -> None:
    phone, chen = as_(zhao), as_(cast.chen)
    assert phone.get("/").status_code == 200
    address = checked(chen, cast.county, person(**MOVED))
    assert FOLLOWS in chen.get(address).text
    assert name_of(ask, zhao) == OLD
    assert chen.post(f"{address}/confirmation").status_code == 303
    assert name_of(ask, zhao) == NEW
    assert phone.get("/").status_code in (303, 401)
    whys = ask(select(SignIn.ended_why).join(Account, Account.id == SignIn.account_id).where(Account.person_id == zhao))
    assert set(whys) == {EndedWhy.SIGN_IN_CHANGED}
    page = chen.get(address).text
    assert "1 人的登录名随手机号更改" in page
    assert "登录名更改的人员：1" in page
    (row,) = ask(select(AuditRow).where(AuditRow.verb == "accounts.change_sign_in"))
    assert (row.person_id, row.unit_id, row.actor_person_id) == (zhao, cast.county, cast.chen)
    assert row.detail == {"before": "199****4287", "after": "199****1234"}


def test_one_signs_in_by_the_new_number_alone(app: Flask, as_: As, cast: Cast, zhao: int) -> None:
    load(as_(cast.chen), cast.county, person(**MOVED))
    for name, status in ((OLD, 422), (NEW, 303)):
        answer = app.test_client().post("/sign-in", data={"name": name, "secret": PASSWORD})
        assert answer.status_code == status, name


def test_a_number_that_opens_another_account_is_found_beforehand(
    app: Flask, as_: As, cast: Cast, ask: Ask, zhao: int
) -> None:
    as_(cast.alice)
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person(联系电话="19900000001"))
    page = chen.get(address).text
    assert "新手机号已是另一个账号的登录名" in page
    assert FOLLOWS not in page
    assert chen.post(f"{address}/confirmation").status_code == 303
    assert name_of(ask, zhao) == OLD
    assert ask(select(Person.phone).where(Person.id == zhao)) == ["19900000001"]
    assert "登录名随手机号更改" not in chen.get(address).text


def test_the_sign_in_name_of_somebody_who_serves_elsewhere_too_stays(
    app: Flask, as_: As, cast: Cast, ask: Ask, zhao: int
) -> None:
    """Else a street could lock the administrator of its county out."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]) as session:
        who, city = session.get_one(Person, zhao), session.get_one(Unit, cast.city)
        people.grant(who, role=Role.ADMIN, unit=city, actor=SYSTEM, now=clock.now())
    bo = as_(cast.bo)
    address = checked(bo, cast.street, person(**MOVED))
    assert "此人在本次范围以外也有任职或权限" in bo.get(address).text
    bo.post(f"{address}/confirmation")
    assert name_of(ask, zhao) == OLD


def test_a_made_name_stays(app: Flask, as_: As, cast: Cast, ask: Ask, zhao: int) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        session.execute(update(Account).where(Account.person_id == zhao).values(sign_in="90000123"))
    load(as_(cast.chen), cast.county, person(**MOVED))
    assert name_of(ask, zhao) == "90000123"


def test_an_undo_brings_the_name_back(as_: As, cast: Cast, ask: Ask, zhao: int) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person(**MOVED))
    page = chen.get(f"{address}/undo").text
    assert "“199****1234”改回“199****4287”" in page
    assert NEW not in page
    undo(chen, address)
    assert name_of(ask, zhao) == OLD
    assert len(ask(select(AuditRow.id).where(AuditRow.verb == "accounts.change_sign_in"))) == 2


def test_a_sign_in_by_the_new_name_keeps_the_load(as_: As, cast: Cast, ask: Ask, zhao: int) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person(**MOVED))
    as_(zhao)
    assert "账号已经启用或登录过。" in undo(chen, address, 422)
    assert name_of(ask, zhao) == NEW


def test_an_old_name_that_another_has_now_keeps_the_load(app: Flask, as_: As, cast: Cast, zhao: int) -> None:
    chen = as_(cast.chen)
    address = load(chen, cast.county, person(**MOVED))
    as_(cast.alice)
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        session.execute(update(Account).where(Account.person_id == cast.alice).values(sign_in=OLD))
    assert "原来的登录名已归别人使用。" in undo(chen, address, 422)


def test_the_command_says_so(run: Any, zhao: int) -> None:
    assert "1 人的登录名随手机号更改" in run("load", person(**MOVED)).output
