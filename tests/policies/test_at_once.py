"""Several things at the same moment that move one person's standing: the rows that are left follow from all of them."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lms.core import clock, db
from lms.hours import actions as hours
from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people.models import Person
from lms.policies import actions, exempting, policy_toml, recomputing
from lms.policies.kinds import ExemptionKind
from lms.policies.models import Exemption, Policy, StalePerson, Standing
from lms.units.models import Unit
from tests.at_once import slowly, twice
from tests.cast import SYSTEM
from tests.policies.test_keeping import NOW

AT_ONCE = 4


def award(person_id: int, number: int) -> None:
    hours.award(
        person_id=person_id,
        hours=Decimal(2),
        occurred_on=date(2026, 3, number),
        kind=HourKind.CLASS,
        title=f"第 {number} 期",
        source=("t", str(number)),
        tier=Tier.COUNTY,
        training_type=TrainingType.IN_SERVICE,
        abilities=[],
        organizer_id=None,
        actor=SYSTEM,
        now=NOW,
    )


def test_awards_and_a_round_at_once_all_count(app, cast):
    database, wrong = app.extensions["database"], []
    gate = threading.Barrier(AT_ONCE + 1, timeout=20)

    def at_the_gate(number: int) -> None:
        try:
            with clock.frozen(NOW), app.app_context():
                gate.wait()
                if number:
                    with db.unit_of_work(database):
                        award(cast.sun, number)
                else:
                    recomputing.work_off(database)
        except Exception as error:
            wrong.append(error)

    with clock.frozen(NOW), app.app_context():
        with db.unit_of_work(database) as work:
            opinion = policy_toml.read_pack(policy_toml.OPINION)
            actions.adopt(opinion, unit=work.get_one(Unit, cast.county), actor=SYSTEM, now=NOW)
        with db.unit_of_work(database):
            recomputing.begin(now=NOW)
        threads = [threading.Thread(target=at_the_gate, args=(number,)) for number in range(AT_ONCE + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        recomputing.work_off(database)
        with db.unit_of_work(database, write=False) as work:
            this_year = select(Standing.done, Standing.met_on).where(
                Standing.person_id == cast.sun, Standing.cycle_start == date(2026, 1, 1)
            )
            assert not wrong
            assert work.execute(this_year).one() == (AT_ONCE, date(2026, 3, 1))
            assert not work.scalars(select(StalePerson)).all()


def test_a_policy_adopted_twice_at_once_is_adopted_once(app, cast, monkeypatch):
    opinion, added = policy_toml.read_pack(policy_toml.OPINION), []
    slowly(monkeypatch, actions, "_record")

    def adopt() -> None:
        county = db.session().get_one(Unit, cast.county)
        added.append(len(actions.adopt(opinion, unit=county, actor=SYSTEM, now=NOW)))

    assert twice(app, NOW, adopt) == ["done", "done"]
    assert sorted(added) == [0, 1]


def test_a_policy_ended_twice_at_once_is_ended_once(app, cast, monkeypatch):
    with clock.frozen(NOW), app.app_context(), db.unit_of_work(app.extensions["database"]) as work:
        opinion = policy_toml.read_pack(policy_toml.OPINION)
        (policy,) = actions.adopt(opinion, unit=work.get_one(Unit, cast.county), actor=SYSTEM, now=NOW)
        policy_id = policy.id
    slowly(monkeypatch, actions, "_record")

    def end() -> None:
        policy = db.session().get_one(Policy, policy_id)
        actions.end(policy, last_day=date(2026, 12, 31), actor=SYSTEM, now=NOW)

    assert twice(app, NOW, end) == ["done", "refused"]


def test_the_same_days_are_exempted_once_and_ended_once(app, cast, monkeypatch):
    slowly(monkeypatch, exempting, "_record")

    def grant() -> None:
        person = db.session().get_one(Person, cast.sun)
        exempting.grant(
            person,
            kind=ExemptionKind.LEAVE,
            from_on=date(2026, 6, 1),
            until_on=date(2026, 8, 31),
            reason="产假",
            decided_by="街道",
            actor=SYSTEM,
            now=NOW,
        )

    def end() -> None:
        exemption = db.session().scalars(select(Exemption).where(Exemption.person_id == cast.sun)).one()
        exempting.end(exemption, last_day=date(2026, 7, 1), reason="提前返岗", actor=SYSTEM, now=NOW)

    assert twice(app, NOW, grant) == ["done", "refused"]
    assert twice(app, NOW, end) == ["done", "refused"]
