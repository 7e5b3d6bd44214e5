"""People on the pages: entered, appointed, given roles, found. Who may is held by tests/whole/matrix.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, db
from lms.core.errors import Refused
from lms.people import access, actions, identity, sections
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import PostClass, Role
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NUMBER = "990101198501040231"


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def newcomer(cast: Cast) -> dict[str, object]:
    return {
        "name": "林新", "phone": "19911112222", "unit": cast.xinhua, "post": "grid_worker", "title": "网格长",
        "starts_on": "2026-03-01",
    }  # fmt: skip


def test_entering_somebody_records_person_and_post(as_, cast: Cast, trail, look, newcomer) -> None:
    answer = as_(cast.bo).post("/people/new", data=newcomer)
    assert answer.status_code == 303
    page = as_(cast.bo).get(answer.location).text
    assert "林新" in page
    assert "网格长" in page
    assert "199****2222" in page
    assert "19911112222" not in page
    assert [row.verb for row in trail()] == ["people.create", "people.appoint"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "请填写姓名"),
        ({"phone": "1991111222"}, "手机号是 11 位数字"),
        ({"phone": "19900000001"}, "这个手机号已有登记"),
        ({"starts_on": "昨天"}, "任职日期"),
        ({"starts_on": "0026-01-01"}, "1900"),
        ({"post": "king"}, "职务类别"),
        ({"title": "长" * 81}, "80"),
        ({"unit": "999"}, "单位"),
    ],
)
def test_a_refused_entry_keeps_what_was_typed(as_, cast: Cast, trail, newcomer, changed, said) -> None:
    answer = as_(cast.bo).post("/people/new", data={**newcomer, **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert str({**newcomer, **changed}["phone"]) in answer.text
    assert not trail()


def test_nobody_is_entered_into_another_county(as_, cast: Cast, trail, newcomer) -> None:
    assert as_(cast.mallory).post("/people/new", data=newcomer).status_code == 422
    assert "新华社区" not in as_(cast.mallory).get("/people/new").text
    assert not trail()


def test_a_second_post_is_recorded_once(as_, cast: Cast, trail) -> None:
    form = {"unit": cast.xinhua, "post": "committee_member", "title": "", "starts_on": "2026-03-02"}
    client = as_(cast.bo)
    assert client.post(f"/people/{cast.alice}/appointments", data=form).status_code == 303
    assert "居委会委员" in client.get(f"/people/{cast.alice}").text
    again = client.post(f"/people/{cast.alice}/appointments", data=form)
    assert again.status_code == 422
    assert "此人已在该单位担任这一职务" in again.text
    assert [row.verb for row in trail()] == ["people.appoint"]


def test_ending_a_post_before_it_began_is_refused(as_, app, cast: Cast, trail) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        post = session.scalars(select(Appointment.id).where(Appointment.person_id == cast.alice)).one()
    path = f"/people/{cast.alice}/appointments/{post}/end"
    answer = as_(cast.bo).post(path, data={"last_day": "2024-12-31"})
    assert (answer.status_code, "结束日期早于任职日期" in answer.text) == (422, True)
    assert 'value="2024-12-31"' in answer.text
    assert not trail()
    assert as_(cast.bo).post(path, data={"last_day": "2026-03-02"}).status_code == 303
    assert trail()[-1].detail == {"last_day": "2026-03-02"}


def test_a_post_is_ended_only_through_the_person_who_holds_it(as_, app, cast: Cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        suns = session.scalars(select(Appointment.id).where(Appointment.person_id == cast.sun)).one()
    assert as_(cast.bo).get(f"/people/{cast.alice}/appointments/{suns}/end").status_code == 404


def test_whoever_moved_is_seen_by_the_new_unit_and_no_longer_by_the_old(app, as_, cast: Cast) -> None:
    """A6: the last day still belongs to the old unit; from the next on, the person is the new one's."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        alice = session.get_one(Person, cast.alice)
        old = session.scalars(select(Appointment).where(Appointment.person_id == alice.id)).one()
        actions.end_appointment(old, last_day=TODAY, actor=SYSTEM, now=NOW)
        there = session.get_one(Unit, cast.other_community)
        actions.appoint(
            alice, unit=there, post=PostClass.OTHER, starts_on=TODAY + timedelta(days=1), actor=SYSTEM, now=NOW
        )
    assert as_(cast.bo).get(f"/people/{cast.alice}").status_code == 200
    with clock.frozen(NOW + timedelta(days=1)):
        assert as_(cast.bo).get(f"/people/{cast.alice}").status_code == 404
        assert "艾丽丝" not in as_(cast.chen).get("/people/").text
        assert as_(cast.mallory).get(f"/people/{cast.alice}").status_code == 200


def test_who_left_without_a_new_post_stays_with_the_last_unit(app, as_, cast: Cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        old = session.scalars(select(Appointment).where(Appointment.person_id == cast.alice)).one()
        actions.end_appointment(old, last_day=date(2026, 1, 31), actor=SYSTEM, now=NOW)
    assert as_(cast.bo).get(f"/people/{cast.alice}").status_code == 200


def test_a_role_is_given_and_taken_back(as_, app, cast: Cast, trail) -> None:
    client = as_(cast.bo)
    form = {"role": "trainer", "unit": cast.street, "expires_on": "2026-12-31"}
    assert client.post(f"/people/{cast.alice}/grants", data=form).status_code == 303
    assert "培训师" in client.get(f"/people/{cast.alice}").text
    with app.app_context(), db.unit_of_work(app.extensions["database"], write=False) as session:
        given = session.scalars(select(Grant).where(Grant.person_id == cast.alice)).one()
        assert (given.granted_by_id, given.expires_on) == (cast.bo, date(2026, 12, 31))
    assert client.post(f"/people/{cast.alice}/grants/{given.id}/revocation").status_code == 303
    assert client.post(f"/people/{cast.alice}/grants/{given.id}/revocation").status_code == 404
    assert [row.verb for row in trail() if row.verb != "access.denied"] == ["people.grant", "people.revoke"]


@pytest.mark.parametrize("unit", ["county", "city", "riverside", "other_county"])
def test_nobody_gives_a_role_above_or_outside_their_own(as_, cast: Cast, trail, unit) -> None:
    answer = as_(cast.bo).post(f"/people/{cast.alice}/grants", data={"role": "admin", "unit": getattr(cast, unit)})
    assert answer.status_code == 422
    assert not trail()


def test_the_action_itself_refuses_a_role_beyond_ones_own(work, cast: Cast) -> None:
    alice, county = work.get_one(Person, cast.alice), work.get_one(Unit, cast.county)
    with pytest.raises(Refused, match="超出"):
        actions.grant(alice, role=Role.ADMIN, unit=county, actor=actor_of(cast.bo), now=NOW)
    with pytest.raises(Refused, match="超出"):
        actions.revoke(alice, role=Role.ADMIN, unit=county, actor=actor_of(cast.tina), now=NOW)


def test_nobody_administers_themselves(as_, cast: Cast) -> None:
    assert as_(cast.chen).post(f"/people/{cast.chen}/grants", data={}).status_code == 403


@pytest.mark.parametrize(("day", "said"), [("2026-03-01", "到期日不能早于今天"), ("0206-03-01", "1900")])
def test_a_role_that_has_run_out_is_not_given(as_, cast: Cast, day, said) -> None:
    form = {"role": "trainer", "unit": cast.street, "expires_on": day}
    answer = as_(cast.bo).post(f"/people/{cast.alice}/grants", data=form)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_role_that_ran_out_is_over_and_can_be_given_anew(as_, app, cast: Cast) -> None:
    form = {"role": "admin", "unit": cast.street, "expires_on": "2026-03-05"}
    assert as_(cast.bo).post(f"/people/{cast.alice}/grants", data=form).status_code == 303
    with clock.frozen(NOW + timedelta(days=5)):
        assert as_(cast.alice).get("/people/").status_code == 403
        assert "2026年3月5日" not in as_(cast.bo).get(f"/people/{cast.alice}").text
        assert as_(cast.bo).post(f"/people/{cast.alice}/grants", data={**form, "expires_on": ""}).status_code == 303


def test_who_only_had_a_role_is_out_of_sight_once_it_ran_out(as_, app, cast: Cast) -> None:
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        dong, street = session.get_one(Person, cast.dong), session.get_one(Unit, cast.street)
        actions.grant(dong, role=Role.TRAINER, unit=street, expires_on=TODAY, actor=SYSTEM, now=NOW)
    assert as_(cast.bo).get(f"/people/{cast.dong}").status_code == 200
    with clock.frozen(NOW + timedelta(days=1)):
        assert as_(cast.bo).get(f"/people/{cast.dong}").status_code == 404


@pytest.fixture
def numbered(app, cast: Cast) -> int:
    """Somebody in 光明社区 whose identity number is on record."""
    with app.app_context(), db.unit_of_work(app.extensions["database"]) as session:
        person = actions.create_person(name="赵桂", origin="tests", id_number=NUMBER, actor=SYSTEM, now=NOW)
        unit = session.get_one(Unit, cast.guangming)
        actions.appoint(person, unit=unit, post=PostClass.GRID_WORKER, starts_on=TODAY, actor=SYSTEM, now=NOW)
        return person.id


def test_an_identity_number_is_shown_once_and_never_unasked(as_, cast: Cast, trail, numbered) -> None:
    client = as_(cast.bo)
    assert NUMBER not in client.get(f"/people/{numbered}").text
    assert NUMBER not in client.get("/people/?q=赵桂").text
    answer = client.post(f"/people/{numbered}/identity")
    assert NUMBER in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    row = trail()[-1]
    assert (row.verb, row.person_id, row.actor_person_id) == ("people.reveal_identity", numbered, cast.bo)


def test_an_identity_number_is_neither_kept_readable_nor_written_to_the_trail(look, trail, numbered) -> None:
    person = look(Person, numbered)
    assert NUMBER not in f"{person.id_number_cipher} {person.id_number_digest}"
    assert all(NUMBER not in str(row.detail) for row in trail())


def test_an_identity_number_is_on_record_once(work, cast: Cast) -> None:
    actions.create_person(name="甲", origin="tests", id_number="99010119850104024x", actor=SYSTEM, now=NOW)
    with pytest.raises(Refused):
        actions.create_person(name="乙", origin="tests", id_number="99010119850104024X", actor=SYSTEM, now=NOW)


def test_identity_numbers_check_and_mask_themselves() -> None:
    assert identity.check_digit("11010519491231002") == "X"
    assert identity.mask_number(NUMBER) == "990***********0231"
    assert identity.mask_phone("19900000001") == "199****0001"
    assert (identity.mask_phone(None), identity.mask_phone("123")) == ("—", "****")


def test_a_list_is_searched_and_narrowed(as_, cast: Cast) -> None:
    client = as_(cast.chen)
    assert "艾丽丝" in client.get("/people/", query_string={"q": "丽"}).text
    assert "艾丽丝" in client.get("/people/", query_string={"q": "1990000000"}).text
    assert "艾丽丝" not in client.get("/people/", query_string={"post": "party_secretary"}).text
    narrowed = client.get("/people/", query_string={"unit": cast.riverside}).text
    assert "艾丽丝" not in narrowed
    assert "滨河街道" in narrowed


@pytest.mark.parametrize("query", ["post=king", "unit=0", "unit=x", "unit=9223372036854775808", "q=a&q=b", "q=%00"])
def test_a_question_that_no_page_asks_is_400(as_, cast: Cast, query) -> None:
    assert as_(cast.chen).get(f"/people/?{query}").status_code == 400


def test_a_foreign_unit_narrows_nothing_and_is_not_named(as_, cast: Cast) -> None:
    """A3: asking for another county's unit tells not even whether it is there."""
    assert as_(cast.chen).get(f"/people/?unit={cast.other_county}").status_code == 404
    assert as_(cast.chen).get("/people/?unit=99999").status_code == 404


def test_other_modules_add_their_sections(as_, cast: Cast) -> None:
    page = as_(cast.chen).get(f"/people/{cast.alice}").text
    assert 'id="hours"' in page
    assert 'id="account"' in page
    assert len({section.template for section in sections._sections}) == len(sections._sections)


def test_one_rule_says_who_is_seen(work, cast: Cast) -> None:
    """The list asks `administered_by`, the page asks it too: whoever is in one is in the other."""
    for name in ("alice", "bo", "chen", "mallory", "pan", "tina"):
        actor = actor_of(getattr(cast, name))
        listed = set(work.scalars(select(Person.id).where(access.administered_by(actor))))
        for person_id in cast.people.values():
            person = work.get_one(Person, person_id)
            assert access.may_administer(actor, person) == (person_id in listed and person_id != actor.person_id)
