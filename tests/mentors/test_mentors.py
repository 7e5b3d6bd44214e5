"""Becoming a mentor, being one, leaving; who needs one; the rule of a place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import clock, db, i18n
from lms.core.errors import Refused
from lms.hours import actions as hours
from lms.hours.kinds import Ability, HourKind
from lms.mentors import actions, needs, queries, rules
from lms.mentors.actions import Profile
from lms.mentors.hard_rules import Side, find_fault, is_superior
from lms.mentors.models import Background, Mentor, MentorRequest, MentorState
from lms.mentors.needs import Reason
from lms.mentors.rules import Rule
from lms.notices.models import Notice
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.local_rules import RuleFault
from lms.units.models import Unit
from tests.cast import SYSTEM

PROFILE = {"background": "retired", "abilities": ["mediation", "mass_work"], "experience": "做了三十年书记"}
INVITE = {**PROFILE, "name": "老周", "phone": "19933330001"}


@pytest.fixture(autouse=True)
def _now():
    i18n.forget()
    with clock.frozen(clock.now().replace(year=2026, month=3, day=2)):
        yield


@pytest.fixture
def ask(app):
    def run(question):
        with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
            return question()

    return run


def mentor_of(person_id):
    found = queries.find_mentor_of(person_id)
    assert found is not None
    return found


@pytest.fixture
def outsider(as_, ask, cast):
    """Old Zhou, retired, invited by Bo for the street: (mentor, person)."""
    as_(cast.bo).post("/mentors/invite", data={**INVITE, "reach": cast.street})
    mentor = ask(lambda: db.session().scalars(select(Mentor)).one())
    return mentor.id, mentor.person_id


def test_somebody_from_outside_is_invited_gets_a_code_and_accepts(as_, ask, cast, outsider, trail):
    mentor_id, person_id = outsider
    assert ask(lambda: db.session().scalars(select(Notice.kind).where(Notice.person_id == person_id)).all()) == [
        "mentors.invited"
    ]
    page = as_(cast.bo).post(f"/mentors/{mentor_id}/slip")
    assert page.status_code == 200 and "激活码" in page.text
    zhou = as_(person_id)
    assert as_(cast.bo).post(f"/mentors/{mentor_id}/slip").status_code == 403  # in use, and no yes to this unit so far
    assert zhou.post(f"/mentors/{mentor_id}/accept").status_code == 303
    assert ask(lambda: mentor_of(person_id).state) is MentorState.ACTIVE
    assert "已经答复" in as_(person_id).post(f"/mentors/{mentor_id}/accept").text
    assert [row.verb for row in trail() if row.verb.startswith("mentors.")] == ["mentors.invite", "mentors.accept"]
    assert as_(cast.bo).post("/mentors/invite", data={**INVITE, "reach": cast.street}).status_code == 422
    wrong = as_(cast.bo).post("/mentors/invite", data={**INVITE, "name": "老李", "reach": cast.street})
    assert "另一个姓名" in wrong.text


def test_who_said_yes_in_person_and_forgot_the_password_gets_a_new_code(as_, ask, cast, outsider):
    mentor_id, person_id = outsider
    bo, zhou = as_(cast.bo), as_(person_id)
    assert zhou.post(f"/mentors/{mentor_id}/accept").status_code == 303
    assert "已有的密码和登录都会失效" in bo.get(f"/mentors/{mentor_id}").text
    assert as_(cast.mallory).post(f"/mentors/{mentor_id}/slip").status_code == 404
    assert "激活码" in bo.post(f"/mentors/{mentor_id}/slip").text
    assert zhou.get("/mentors/mine").status_code == 401  # signed out
    bo.post(f"/mentors/{mentor_id}/end", data={"reason": "搬家"})
    as_(person_id)  # a password of their own again
    bo.post("/mentors/invite", data={**INVITE, "reach": cast.street})
    assert bo.post(f"/mentors/{mentor_id}/accept").status_code == 303  # on behalf
    assert bo.post(f"/mentors/{mentor_id}/slip").status_code == 403


def test_no_code_for_whoever_has_a_unit_of_their_own(as_, ask, cast):
    """A code opens an account: Bo must not get one for somebody of another county whom he invited."""
    form = {**INVITE, "name": "文江", "phone": "19900000003", "reach": cast.street}
    assert as_(cast.bo).post("/mentors/invite", data=form).status_code == 303
    mentor = ask(lambda: mentor_of(cast.wen))
    assert as_(cast.bo).post(f"/mentors/{mentor.id}/slip").status_code == 403


def test_applied_approved_paused_resumed_ended_and_asked_again(as_, ask, cast):
    alice, bo = as_(cast.alice), as_(cast.bo)
    assert alice.post("/mentors/apply", data={**PROFILE, "abilities": []}).status_code == 422
    assert "最多同时带 3 人" in alice.post("/mentors/apply", data={**PROFILE, "capacity": "9"}).text
    assert alice.post("/mentors/apply", data=PROFILE).status_code == 303
    mentor_id = ask(lambda: mentor_of(cast.alice).id)
    assert bo.post(f"/mentors/{mentor_id}/approve", data={"reach": cast.street}).status_code == 303
    assert bo.post(f"/mentors/{mentor_id}/approve", data={"reach": cast.street}).status_code == 422
    assert alice.post(f"/mentors/{mentor_id}/edit", data={**PROFILE, "capacity": "2"}).status_code == 303
    assert alice.post(f"/mentors/{mentor_id}/pause", data={"reason": ""}).status_code == 422
    assert alice.post(f"/mentors/{mentor_id}/pause", data={"reason": "住院"}).status_code == 303
    assert bo.post(f"/mentors/{mentor_id}/resume").status_code == 303
    assert bo.post(f"/mentors/{mentor_id}/end", data={"reason": "退休"}).status_code == 303
    assert alice.post("/mentors/apply", data=PROFILE).status_code == 303
    states = ask(lambda: [step.state.value for step in queries.list_steps(mentor_of(cast.alice))])
    assert states == ["applied", "ended", "active", "paused", "active", "applied"]
    assert "住院" in alice.get("/mentors/mine").text


def test_nobody_approves_themselves(as_, ask, cast):
    as_(cast.bo).post("/mentors/apply", data=PROFILE)
    mentor_id = ask(lambda: mentor_of(cast.bo).id)
    assert as_(cast.bo).post(f"/mentors/{mentor_id}/approve", data={"reach": cast.street}).status_code == 403
    assert as_(cast.chen).post(f"/mentors/{mentor_id}/approve", data={"reach": cast.county}).status_code == 303


def test_strangers_from_another_county_do_not_see_them(as_, cast, outsider):
    mentor_id, _person = outsider
    for path in ("", "/edit", "/pause", "/household"):
        assert as_(cast.mallory).get(f"/mentors/{mentor_id}{path}").status_code == 404
    assert as_(cast.wen).get(f"/mentors/{mentor_id}").status_code == 404
    assert as_(cast.alice).get(f"/mentors/{mentor_id}").status_code == 404  # invited, not active yet
    assert as_(cast.alice).post("/mentors/invite", data=INVITE).status_code == 403
    assert as_(cast.bo).get(f"/mentors/{mentor_id}/approve").status_code == 405


def test_lists_and_empty_pages(as_, cast):
    assert "还没有导师" in as_(cast.bo).get("/mentors/").text
    as_(cast.bo).post("/mentors/invite", data={**INVITE, "reach": cast.street})
    assert "老周" in as_(cast.chen).get("/mentors/?state=invited&q=周").text
    assert "没有找到" in as_(cast.bo).get("/mentors/?state=ended").text
    assert "老周" not in as_(cast.mallory).get("/mentors/").text


def test_asking_for_a_mentor_once_and_withdrawing(as_, ask, cast):
    alice = as_(cast.alice)
    assert alice.post("/mentors/ask", data={"abilities": ["mediation"], "note": "想学"}).status_code == 303
    assert alice.post("/mentors/ask", data={}).status_code == 422
    assert alice.post("/mentors/ask/withdraw").status_code == 303
    assert ask(lambda: db.session().scalars(select(MentorRequest)).one().ended_at) is not None
    assert as_(cast.bo).post(f"/mentors/people/{cast.alice}/ask").status_code == 303


def test_households_are_declared_once(as_, ask, cast, outsider):
    path = f"/mentors/{outsider[0]}/household"
    assert as_(cast.bo).post(path, data={"phone": "19900000001"}).status_code == 303
    assert "已经申报过" in as_(cast.bo).post(path, data={"phone": "19900000001"}).text
    assert "没有这个手机号码" in as_(cast.bo).post(path, data={"phone": "19900000003"}).text


def test_another_unit_that_invites_somebody_is_told_no_name_of_the_household(as_, cast, outsider):
    as_(cast.bo).post(f"/mentors/{outsider[0]}/household", data={"phone": "19900000002"})
    assert "孙书记" in as_(cast.bo).get(f"/mentors/{outsider[0]}").text

    as_(cast.bo).post(f"/mentors/{outsider[0]}/household", data={"phone": "19900000001"})
    invited = {**PROFILE, "name": "艾丽丝", "phone": "19900000001", "reach": str(cast.other_street)}
    page = as_(cast.mallory).post("/mentors/invite", data=invited, follow_redirects=True).text
    assert "艾丽丝" in page and "老周" not in page


# Who needs one


def needed(unit_id, **rule):
    unit = db.session().get_one(Unit, unit_id)
    found = needs.find_needs(unit, rule=Rule(**rule), on=clock.today())
    return {need.name: {reason.value for reason in need.reasons} for need in found}


def test_needs_come_from_roster_and_ledger(ask, cast):
    def set_up():
        now, session = clock.now(), db.session()
        place = session.get_one(Unit, cast.guangming)
        new = people.create_person(name="新来", origin="tests", actor=SYSTEM, now=now)
        people.appoint(new, unit=place, post=PostClass.GRID_WORKER, starts_on=date(2025, 9, 1), actor=SYSTEM, now=now)
        boss = people.create_person(name="新官", origin="tests", joined_on=date(2012, 1, 1), actor=SYSTEM, now=now)
        first = people.appoint(
            boss, unit=place, post=PostClass.GRID_WORKER, starts_on=date(2012, 1, 1), actor=SYSTEM, now=now
        )
        people.end_appointment(first, last_day=date(2025, 12, 31), actor=SYSTEM, now=now)
        people.appoint(
            boss, unit=place, post=PostClass.COMMITTEE_DIRECTOR, starts_on=date(2026, 1, 1), actor=SYSTEM, now=now
        )
        for person_id, abilities in ((cast.alice, list(Ability)), (cast.sun, [Ability.MEDIATION])):
            hours.award(
                person_id=person_id, hours=hours.CENT * 100, occurred_on=date(2026, 1, 9), kind=HourKind.COURSE,
                title="课", source=("test", str(person_id)), tier=None, training_type=None, abilities=abilities,
                organizer_id=None, actor=SYSTEM, now=now,
            )  # fmt: skip

    ask(set_up)
    found = ask(lambda: needed(cast.street))
    assert found == {"孙书记": {"gap"}, "新来": {"newcomer", "gap"}, "新官": {"new_leader", "gap"}}
    assert "艾丽丝" not in found  # no gap, in office since January of last year
    assert ask(lambda: needed(cast.street, newcomer_months=3))["新来"] == {"gap"}
    ask(
        lambda: actions.ask(
            db.session().get_one(Person, cast.alice), abilities=[], note="", actor=SYSTEM, now=clock.now()
        )
    )
    assert ask(lambda: needed(cast.street))["艾丽丝"] == {"asked"}


def test_a_year_ends_on_the_same_day():
    assert needs.months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert needs.months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)
    args: dict[str, Any] = {
        "leads_since": None,
        "led_before": False,
        "asked": False,
        "gaps": (),
        "rule": Rule(),
        "on": date(2026, 3, 2),
    }
    assert needs.reasons_of(began_on=date(2025, 3, 3), **args) == (Reason.NEWCOMER,)
    assert needs.reasons_of(began_on=date(2025, 3, 2), **args) == ()


# Rules


def test_the_nearest_unit_s_rule_holds(ask, cast, tmp_path):
    path = tmp_path / "rule.toml"
    shipped = (rules.SHIPPED / "default.toml").read_text(encoding="utf-8")
    path.write_text(shipped.replace("most_mentees = 3", "most_mentees = 5"), encoding="utf-8")

    def adopt():
        county = db.session().get_one(Unit, cast.county)
        return actions.adopt_rule(rules.read(path), unit=county, actor=SYSTEM, now=clock.now()).version

    assert ask(adopt) == ask(adopt) == 1
    street = ask(lambda: db.session().get_one(Unit, cast.street).path)
    other = ask(lambda: db.session().get_one(Unit, cast.other_county).path)
    assert ask(lambda: queries.rule_at(street, clock.today()).most_mentees) == 5
    assert ask(lambda: queries.rule_at(other, clock.today()).most_mentees) == 3
    assert ask(lambda: queries.rule_at(street, date(2023, 12, 31)).most_mentees) == 3
    path.write_text(shipped.replace("most_mentees = 3", "most_mentees = 6"), encoding="utf-8")
    with pytest.raises(Refused, match="版本 1"):
        ask(adopt)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("most_mentees = 3", "most_mentees = 0"),
        ("true", '"yes"'),
        ("gap_years", "gap_age"),
        ("version = 1", "version = true"),
        ("version = 1", "version = " + "9" * 5000),
        ("version = 1", "version = " + "[" * 5000),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(tmp_path, old, new):
    path = tmp_path / "rule.toml"
    shipped = (rules.SHIPPED / "default.toml").read_text(encoding="utf-8")
    path.write_text(shipped.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleFault):
        rules.read(path)


# Hard rules


def test_a_superior_leads_the_mentee_s_unit_or_one_above_it():
    secretary, director, worker = PostClass.PARTY_SECRETARY, PostClass.COMMITTEE_DIRECTOR, PostClass.GRID_WORKER
    boss, second = Side(1, (("1.2.", secretary),)), Side(2, (("1.2.", director),))
    hand, above = Side(3, (("1.2.", worker),)), Side(4, (("1.", secretary),))
    assert is_superior(boss, hand) and is_superior(boss, second) and is_superior(above, boss)
    assert not is_superior(second, boss) and not is_superior(hand, boss) and not is_superior(boss, above)
    assert find_fault(boss, hand, reach_path="1.", ties=set(), rule=Rule(forbid_superior=False)) is None
    for fault in (
        find_fault(hand, hand, reach_path="1.", ties=set(), rule=Rule()),
        find_fault(boss, hand, reach_path="1.", ties=set(), rule=Rule()),
        find_fault(hand, second, reach_path="1.3.", ties=set(), rule=Rule()),
        find_fault(hand, second, reach_path="1.", ties={(2, 3)}, rule=Rule()),
    ):
        assert fault is not None


def test_a_profile_is_one_a_person(work, cast):
    street, sun = work.get_one(Unit, cast.street), work.get_one(Person, cast.sun)
    profile = Profile(Background.WORKER, [Ability.MEDIATION])
    actions.invite(sun, reach=street, profile=profile, actor=SYSTEM, now=clock.now())
    with pytest.raises(Refused, match="已经是导师"):
        actions.apply(sun, unit=street, profile=profile, actor=SYSTEM, now=clock.now())
