"""Rows follow the facts in the unit of work that changes them; many are worked off by a job that can be stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lms.core import clock, db
from lms.core.errors import Refused
from lms.hours import actions as hours
from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people import actions as people
from lms.people.events import people_removed
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.policies import actions, events, exempting, keeping, policy_toml, recomputing
from lms.policies.duties import list_current
from lms.policies.kinds import ExemptionKind, State
from lms.policies.models import StalePerson, Standing, StandingRun
from lms.policies.states import state_on, state_sql
from lms.units import actions as units
from lms.units.models import Unit
from tests.cast import SYSTEM
from tests.conftest import actor_of

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def today():
    with clock.frozen(NOW):
        yield NOW


def adopt(unit_id: int) -> None:
    text = policy_toml.read_pack(policy_toml.OPINION)
    actions.adopt(text, unit=db.session().get_one(Unit, unit_id), actor=SYSTEM, now=NOW)
    keeping.settle()


def award(person_id: int, on: date = date(2026, 3, 1)):
    return hours.award(
        person_id=person_id,
        hours=Decimal(2),
        occurred_on=on,
        kind=HourKind.CLASS,
        title="书记培训班",
        source=("t", "1"),
        tier=Tier.COUNTY,
        training_type=TrainingType.IN_SERVICE,
        abilities=[],
        organizer_id=None,
        actor=SYSTEM,
        now=NOW,
    )


def standing(person_id: int, year: int = 2026) -> Standing | None:
    keeping.settle()
    rows = select(Standing).where(Standing.person_id == person_id, Standing.cycle_start == date(year, 1, 1))
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def test_an_award_meets_and_its_reversal_undoes(work, cast, today):
    adopt(cast.county)
    entry = award(cast.sun)

    row = standing(cast.sun)
    assert row is not None and (row.met_on, row.entries, row.done) == (date(2026, 3, 1), [entry.id], 1)
    hours.reverse(entry, reason="重复", actor=SYSTEM, now=NOW)
    row = standing(cast.sun)
    assert row is not None and (row.met_on, row.entries) == (None, [])
    again = award(cast.sun)
    row = standing(cast.sun)
    assert row is not None and row.entries == [again.id]


def test_the_unit_of_work_computes_the_few_whom_it_changed(app, cast, today):
    with app.app_context():
        with db.unit_of_work(app.extensions["database"]):
            actions.adopt(
                policy_toml.read_pack(policy_toml.OPINION),
                unit=db.session().get_one(Unit, cast.county),
                actor=SYSTEM,
                now=NOW,
            )
        with db.unit_of_work(app.extensions["database"]):
            award(cast.sun)
        with db.unit_of_work(app.extensions["database"], write=False):
            assert not db.session().scalars(select(StalePerson)).all()
            assert [duty.state for duty in list_current(cast.sun)] == [State.MET]


def test_posts_and_their_ends_move_the_duty(work, cast, today):
    adopt(cast.county)
    post = db.session().scalars(select(Appointment).where(Appointment.person_id == cast.sun)).one()

    people.end_appointment(post, last_day=date(2026, 3, 15), actor=SYSTEM, now=NOW)
    assert standing(cast.sun) is None
    sun, xinhua = db.session().get_one(Person, cast.sun), db.session().get_one(Unit, cast.xinhua)
    people.appoint(sun, unit=xinhua, post=PostClass.PARTY_SECRETARY, starts_on=date(2026, 5, 1), actor=SYSTEM, now=NOW)
    row = standing(cast.sun)
    assert row is not None and (row.unit_id, row.owed_from) == (cast.xinhua, date(2026, 5, 1))


def test_a_merged_unit_and_a_moved_street_take_their_people_along(work, cast, today):
    adopt(cast.county)
    found = {name: db.session().get_one(Unit, cast.units[name]) for name in ("guangming", "xinhua", "street")}

    units.close(found["guangming"], last_day=date(2026, 5, 31), successor=found["xinhua"], actor=SYSTEM, now=NOW)
    row = standing(cast.sun)
    assert row is not None and (row.unit_id, row.owed_from) == (cast.xinhua, date(2026, 1, 1))
    units.move(found["street"], parent=db.session().get_one(Unit, cast.other_county), actor=SYSTEM, now=NOW)
    assert standing(cast.sun) is None


def test_an_exemption_waives_and_its_end_asks_again(work, cast, today):
    adopt(cast.county)
    sun = db.session().get_one(Person, cast.sun)
    leave: dict[str, Any] = {"kind": ExemptionKind.LEAVE, "reason": "产假", "decided_by": "街道"}
    leave |= {"actor": SYSTEM, "now": NOW}

    exemption = exempting.grant(sun, from_on=date(2026, 6, 1), until_on=date(2027, 2, 1), **leave)
    row = standing(cast.sun)
    assert row is not None and row.waived_by_id == exemption.id and state_on(row, date(2026, 12, 31)) is State.WAIVED
    with pytest.raises(Refused):
        exempting.grant(sun, from_on=date(2026, 12, 1), until_on=date(2026, 12, 2), **leave)
    exempting.end(exemption, last_day=date(2026, 5, 31), reason="没有休", actor=SYSTEM, now=NOW)
    row = standing(cast.sun)
    assert row is not None and state_on(row, date(2026, 12, 31)) is State.DUE


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [(date(2026, 6, 2), date(2026, 6, 1)), (date(2026, 6, 1), date(2029, 6, 1))],
)
def test_days_out_of_order_or_too_many_are_refused(work, cast, today, from_on, until_on):
    sun = db.session().get_one(Person, cast.sun)
    with pytest.raises(Refused):
        exempting.grant(
            sun, kind=ExemptionKind.LEAVE, from_on=from_on, until_on=until_on, reason="x", decided_by="y", actor=SYSTEM,
            now=NOW,
        )  # fmt: skip


def test_nobody_exempts_themselves(work, cast, today):
    with pytest.raises(Refused):
        exempting.grant(
            db.session().get_one(Person, cast.bo), kind=ExemptionKind.LEAVE, from_on=date(2026, 6, 1),
            until_on=date(2026, 7, 1), reason="x", decided_by="y", actor=actor_of(cast.bo), now=NOW,
        )  # fmt: skip


def test_who_is_stale_is_computed_on_the_spot(work, cast, today):
    adopt(cast.county)
    award(cast.sun)
    db.session().flush()

    assert db.session().get(StalePerson, cast.sun)
    assert [duty.sentence for duty in list_current(cast.sun)] == [
        "2026 年度：应参加县级以上培训 1 次，已完成 1 次，已于 2026年3月1日达到"
    ]


def test_a_round_is_resumed_where_it_stopped_and_changes_nothing(app, cast, today, monkeypatch):
    database = app.extensions["database"]
    monkeypatch.setattr(recomputing, "BATCH", 3)
    with app.app_context():
        with db.unit_of_work(database):
            adopt(cast.county)
        with db.unit_of_work(database):
            db.session().execute(delete(Standing).where(Standing.person_id == cast.sun))
            recomputing.begin(now=NOW)
            people_marked = recomputing.count_marked()
        told = []

        def stop_after_one(done: int, total: int) -> None:
            told.append((done, total))
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            recomputing.work_off(database, stop_after_one)
        with db.unit_of_work(database):
            assert recomputing.count_marked() == people_marked - 3
            recomputing.begin(now=NOW)
            assert recomputing.count_marked() == people_marked - 3
        heard = []
        with events.standings_changed.connected_to(lambda _sender, **rows: heard.append(rows)):
            assert recomputing.work_off(database) == people_marked - 3
        with db.unit_of_work(database, write=False):
            assert db.session().scalars(select(StandingRun)).one().finished_at == NOW
            assert db.session().scalar(select(Standing.person_id).where(Standing.person_id == cast.sun).limit(1))
    assert told == [(3, people_marked)] and not heard


def test_the_job_begins_one_round_a_day(app, cast, today):
    database = app.extensions["database"]
    with app.app_context():
        assert recomputing.run(database, SYSTEM) is None
        with db.unit_of_work(database):
            adopt(cast.county)
        assert recomputing.run(database, SYSTEM) is not None
        assert recomputing.run(database, SYSTEM) is None
        with clock.frozen(NOW + timedelta(days=1)):
            assert recomputing.run(database, SYSTEM) is not None


def test_the_proof_names_whose_standings_are_not_what_the_facts_say(app, cast, today):
    database = app.extensions["database"]
    with app.app_context():
        with db.unit_of_work(database):
            adopt(cast.county)
            assert recomputing.prove().skipped is not None
        recomputing.run(database, SYSTEM)
        with db.unit_of_work(database) as opened:
            found = recomputing.prove()
            assert (found.skipped, found.wrong) == (None, 0) and found.looked_at > 3
            changed = update(Standing).where(Standing.person_id == cast.sun).values(met_on=date(2026, 2, 2))
            opened.execute(changed)
            found = recomputing.prove()
    assert found.named == [f"{cast.sun} 号人员的履训情况与事实不符"]


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
MAYBE = st.none() | DAYS


@given(st.lists(st.tuples(DAYS, DAYS, MAYBE, MAYBE, MAYBE), min_size=1, max_size=20), DAYS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_state_in_sql_is_the_state_in_python(work, cast, dates, day):
    with clock.frozen(NOW):
        adopt(cast.county)
    template = db.session().scalars(select(Standing).limit(1)).one()
    db.session().execute(delete(Standing))
    for number, (owed, due, met, waived, until) in enumerate(dates):
        exempt = (waived, until) if waived and until else (None, None)
        row = Standing(
            person_id=template.person_id, policy_id=template.policy_id, requirement=f"r{number}",
            cycle_start=date(2026, 1, 1), cycle_end=date(2027, 1, 1), unit_id=template.unit_id, post=template.post,
            owed_from=owed, due_on=due, met_on=met, waived_from=exempt[0], waived_until=exempt[1], done=0,
            hours=Decimal(0), carried=Decimal(0), entries=[],
        )  # fmt: skip
        db.session().add(row)
    db.session().flush()

    for row, word in db.session().execute(select(Standing, state_sql(day))):
        assert state_on(row, day) == word
    db.session().rollback()


def test_people_whose_load_is_taken_back_go_with_their_rows(work, cast, today):
    adopt(cast.county)
    person = people.create_person(name="赵桂", origin="tests", actor=SYSTEM, now=NOW)
    unit = db.session().get_one(Unit, cast.xinhua)
    people.appoint(person, unit=unit, post=PostClass.PARTY_SECRETARY, starts_on=date(2026, 5, 1), actor=SYSTEM, now=NOW)
    assert standing(person.id) is not None
    heard: list[Any] = []

    with events.standings_changed.connected_to(lambda _sender, **rows: heard.append(rows)):
        people_removed.send(None, person_ids=[person.id])
    db.session().execute(delete(Appointment).where(Appointment.person_id == person.id))
    db.session().execute(delete(Person).where(Person.id == person.id))

    assert [(len(rows["removed"]), rows["added"]) for rows in heard] == [(2, [])]
    assert standing(person.id) is None
