"""Who may load what: four tests for each changing view, and no way around one's own reach."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import db
from lms.people.models import Appointment, Person
from tests.cast import Cast
from tests.roster.books import person, xlsx
from tests.roster.test_pages import checked, load, upload

As = Callable[[int], FlaskClient]
CHANGING = ["columns", "confirmation", "discard", "slips/{street}"]
READING = ["", "/slips", "/findings.xlsx"]


@pytest.fixture
def address(as_: As, cast: Cast) -> str:
    return checked(as_(cast.chen), cast.county, person())


@pytest.mark.parametrize("way", CHANGING)
def test_a_stranger_from_another_county_finds_nothing(as_: As, cast: Cast, address: str, way: str) -> None:
    answer = as_(cast.mallory).post(f"{address}/{way.format(street=cast.street)}")
    nowhere = as_(cast.mallory).post(f"/roster/999999/{way.format(street=cast.street)}")
    assert (answer.status_code, nowhere.status_code) == (404, 404)


@pytest.mark.parametrize("way", READING)
def test_another_county_reads_nothing(as_: As, cast: Cast, address: str, way: str) -> None:
    assert as_(cast.mallory).get(address + way).status_code == 404


@pytest.mark.parametrize("way", CHANGING)
@pytest.mark.parametrize("who", ["alice", "tina"])
def test_workers_and_trainers_may_not(as_: As, cast: Cast, address: str, way: str, who: str) -> None:
    answer = as_(cast.people[who]).post(f"{address}/{way.format(street=cast.street)}")
    assert answer.status_code == 403


@pytest.mark.parametrize("way", CHANGING)
def test_changes_are_not_made_by_get(as_: As, cast: Cast, address: str, way: str) -> None:
    assert as_(cast.chen).get(f"{address}/{way.format(street=cast.street)}").status_code == 405


def test_upload_is_for_ones_own_units(as_: As, cast: Cast) -> None:
    data = xlsx(person())
    assert upload(as_(cast.mallory), cast.county, data).status_code == 404
    assert upload(as_(cast.alice), cast.county, data).status_code == 403
    assert upload(as_(cast.bo), cast.county, data).status_code == 404
    assert upload(as_(cast.bo), cast.riverside, data).status_code == 404
    assert upload(as_(cast.dong), cast.county, data).status_code == 303
    assert as_(cast.chen).put("/roster/new").status_code == 405


def test_a_street_loads_only_into_itself(as_: As, cast: Cast, app: Flask) -> None:
    bo = as_(cast.bo)
    there = person(姓名="越界", 所在街道="滨河街道", 所在社区="水岸社区")
    address = checked(bo, cast.street, there)
    page = bo.get(address).text
    assert "没有找到街道" in page
    bo.post(f"{address}/confirmation", data={"accept_sound": "y"})
    assert not _named(app, "越界")


def test_somebody_of_another_county_is_not_taken_over(as_: As, cast: Cast, app: Flask) -> None:
    load(as_(cast.mallory), cast.other_county, person(所在街道="江南街道", 所在社区="江南社区"))
    chen = as_(cast.chen)
    address = checked(chen, cast.county, person())
    page = chen.get(address).text
    assert "范围以外任职" in page
    assert "江南" not in page
    chen.post(f"{address}/confirmation", data={"accept_sound": "y"})
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        units = session.scalars(
            select(Appointment.unit_id).join(Person, Person.id == Appointment.person_id).where(Person.name == "赵桂")
        ).all()
    assert units == [cast.other_community]


@pytest.mark.parametrize("who", ["chen", "dong", "pan", "mallory"])
def test_an_administrator_above_or_beside_is_not_drawn_into_a_street(as_: As, cast: Cast, who: str) -> None:
    names = {"chen": "陈清河", "dong": "董安和", "pan": "潘中省", "mallory": "马临江"}
    phones = {"chen": "19900000013", "dong": "19900000014", "pan": "19900000015", "mallory": "19900000017"}
    bo = as_(cast.bo)
    address = checked(bo, cast.street, person(姓名=names[who], 联系电话=phones[who], 身份证号="", 性别=""))
    assert "范围以外任职" in bo.get(address).text


def test_a_county_sees_the_loads_of_its_streets_and_a_street_not_those_of_its_county(as_: As, cast: Cast) -> None:
    own = checked(as_(cast.bo), cast.street, person())
    above = checked(as_(cast.chen), cast.county, person())
    assert as_(cast.chen).get(own).status_code == 200
    assert as_(cast.bo).get(above).status_code == 404
    assert as_(cast.rui).get(own).status_code == 404


def test_slips_of_a_street_outside_the_load_are_not_found(as_: As, cast: Cast) -> None:
    address = load(as_(cast.bo), cast.street, person())
    assert as_(cast.chen).post(f"{address}/slips/{cast.riverside}").status_code == 404


def test_further_fields_of_a_form_change_nothing(as_: As, cast: Cast, app: Flask) -> None:
    answer = as_(cast.bo).post(
        "/roster/new",
        data={"unit": str(cast.street), "unit_id": str(cast.county), "role": "admin",
              "file": (io.BytesIO(xlsx(person())), "a.xlsx")},
    )  # fmt: skip
    assert answer.status_code == 303
    assert not _named(app, "赵桂")


def _named(app: Flask, name: str) -> list[Any]:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        return list(session.scalars(select(Person.id).where(Person.name == name)))
