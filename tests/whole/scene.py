"""What the matrix of routes and roles acts on: the cast, with one object of every kind that a URL can name.

course      a street's course that Alice has begun; her attempt at its quiz is open; its second `lesson` she has
            finished, and given feedback on it
essay       another attempt of hers, handed in, with an essay to mark (question 1)
attempt_paper, essay_paper  the papers of these two, the county's
entry       two hours in her ledger, with a statement of them (`code` verifies it)
post        her appointment in 光明社区; `extra_role`: Sun trains for the street
load        a roster that Chen checked for the county; `loaded`: one that was loaded, with slips to print
policy      what the Opinion asks, adopted by the county; `exemption`: a leave of Alice's
feedback    a suggestion of Alice's, for the county to answer; `notice`: she was told of the answer to another
back_entry  training of Alice's that Bo entered; `training_file`: a table of more, which he uploaded
paper_batch statements of the street's people
channel     the county's robot in its group
pair        Tina's with Alice, in its last month and evaluated by both, with a `plan_step`, and a `meeting` that Tina
            noted and Alice has not confirmed (one before it she has)
new_pair    Tina's with Sun, whose card nobody has signed; `second_mentor` could take over; `lecture`: one of hers that
            the county has to confirm
duty        a yearly training that the county asks of everybody; `export`: a list of it that Bo asked for
parked      a form of Alice's that waits for her; `device`: another browser in which she is signed in
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from lms.accounts import actions as accounts
from lms.accounts import sign_in
from lms.accounts.models import ParkedForm
from lms.core import clock, db
from lms.courses import access as courses_access
from lms.courses import actions as courses
from lms.courses.folder import read_course
from lms.courses.models import Opinion
from lms.coverage import closing, exporting, inquiry
from lms.coverage.kinds import ExportState
from lms.coverage.models import CoverageExport
from lms.feedback import actions as feedback
from lms.feedback.models import FeedbackKind
from lms.hours import actions as hours
from lms.hours import statements
from lms.hours.kinds import Ability, HourKind, Tier, TrainingType
from lms.mentoring import access, cards, lectures, meetings
from lms.mentoring.kinds import Method, Side
from lms.mentoring.meetings import Note
from lms.notices import actions as notices
from lms.notices.models import ChannelKind, Notice
from lms.people import actions as people
from lms.people import identity
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass, Role
from lms.policies import actions as policies
from lms.policies import exempting, keeping, policy_toml
from lms.policies.kinds import ExemptionKind
from lms.policies.models import Policy
from lms.quizzes import access as quizzes_access
from lms.quizzes import actions as quizzes
from lms.quizzes import gift
from lms.quizzes.answers import Save
from lms.records import actions as back_entries
from lms.records import loads, papers
from lms.records.claims import Claim
from lms.roster import actions as roster
from lms.units.models import Unit
from tests.calls.scene import arrange_calls
from tests.cases.scene import arrange_cases
from tests.cast import SYSTEM, Cast
from tests.conftest import actor_of
from tests.courses.folders import write_course
from tests.drafts.scene import arrange_drafts
from tests.mentoring.pairs import GOALS, activate, begin, evaluate, make_mentor, make_worker
from tests.records import trainings
from tests.whole.scene_pairs import arrange_pairs

COLUMNS = ("姓名", "性别", "身份证号", "所在街道", "所在社区", "职务", "入职时间", "联系电话")
QUIZ = "一：首先做什么？{=先听 ~先记}"
ESSAY = "写一段接待记录。{}"
#: What Tina and Alice said to one another: nobody else may ever read it.
SECRET = "这话只有两人知道"
#: An invented number: its county does not exist.
ID_NUMBER = "99010119850104023"


def arrange(app: Flask, cast: Cast, folder: Path) -> dict[str, Any]:
    """Write everything that the lines of the matrix name, and say under which identifiers."""
    with app.test_request_context(), db.unit_of_work(app.extensions["database"]):
        named: dict[str, Any] = {**cast.units, **cast.people}
        named |= _learning(cast, folder)
        named |= _ledger(cast)
        named |= _offices(cast)
        named |= _rosters(cast)
        named |= _policies(cast)
        named |= _browsers(cast)
        named |= _words(cast)
        named |= _duty(cast)
        named |= _records(cast)
        named |= _mentoring(cast)
        named |= arrange_cases(cast)
        named |= arrange_calls(cast)
        named |= arrange_drafts(cast)
        named |= arrange_pairs(cast)
    return named


def _learning(cast: Cast, folder: Path) -> dict[str, Any]:
    now, alice = clock.now(), actor_of(cast.alice)
    source = read_course(write_course(folder / "courses")).course
    assert source is not None
    street = db.session().get_one(Unit, cast.street)
    course = courses.load_folder(source, organizer=street, actor=SYSTEM, now=now).course
    courses.enroll(courses_access.get_study(alice, course.id), actor=alice, now=now)
    study = courses_access.get_study(alice, course.id)
    lesson = courses_access.get_lesson(study, 2)
    courses.finish_lesson(study, lesson, actor=alice, now=now)
    courses.give_feedback(lesson, opinion=Opinion.USEFUL, sentence="", actor=alice, now=now)
    named = {"course": course.id, "lesson": lesson.id}
    for name, text in (("attempt", QUIZ), ("essay", ESSAY)):
        paper = quizzes.publish_paper(
            title=name, owner=("course_revision", f"0{name}"), questions=gift.parse(text), draws=(), pass_percent=60,
            time_limit_minutes=None, attempts_allowed=None, wait_hours=0, unit_id=cast.county, actor=SYSTEM, now=now,
        )  # fmt: skip
        named[name], named[f"{name}_paper"] = quizzes.start(paper, actor=alice, now=now).id, paper.id
    sitting, item = quizzes_access.get_item(alice, named["essay"], 1)
    written = Save(response={"text": "来访人反映楼道堆物。"}, sequence=1, based_on=0, device="device-one")
    quizzes.save_answer(sitting, item, written, actor=alice, now=now)
    quizzes.submit(quizzes_access.get_sitting(alice, named["essay"]), token=None, actor=alice, now=now)
    return named


def _ledger(cast: Cast) -> dict[str, Any]:
    now = clock.now()
    entry = hours.award(
        person_id=cast.alice, hours=Decimal("2.00"), occurred_on=clock.today(), kind=HourKind.CLASS, title="接待与走访",
        source=("class", "1"), tier=Tier.STREET, training_type=TrainingType.INDUCTION, abilities=[Ability.MASS_WORK],
        organizer_id=cast.street, actor=SYSTEM, now=now,
    )  # fmt: skip
    alice, today = db.session().get_one(Person, cast.alice), clock.today()
    paper = statements.issue(alice, from_on=today, to_on=today, actor=SYSTEM, now=now)
    return {"entry": entry.id, "statement": paper.id, "code": paper.code}


def _offices(cast: Cast) -> dict[str, Any]:
    now = clock.now()
    post = db.session().scalars(select(Appointment.id).where(Appointment.person_id == cast.alice)).one()
    sun, street = db.session().get_one(Person, cast.sun), db.session().get_one(Unit, cast.street)
    given = people.grant(sun, role=Role.TRAINER, unit=street, actor=SYSTEM, now=now)
    db.session().flush()
    return {"post": post, "extra_role": given.id}


def _rosters(cast: Cast) -> dict[str, Any]:
    """Two files for the county: the first was loaded, the second waits to be confirmed."""
    now, county, chen = clock.now(), db.session().get_one(Unit, cast.county), actor_of(cast.chen)
    loaded, _ = roster.check(county, _file("赵桂", "19949594287"), "first.csv", actor=chen, now=now)
    roster.carry_out(loaded, accept_sound=True, confirm_endings=True, actor=chen, now=now)
    load, _ = roster.check(county, _file("赵桂", "19949594288"), "second.csv", actor=chen, now=now)
    return {"loaded": loaded.id, "load": load.id}


def _policies(cast: Cast) -> dict[str, Any]:
    now, county, alice = clock.now(), db.session().get_one(Unit, cast.county), db.session().get_one(Person, cast.alice)
    opinion = policy_toml.read_pack(policy_toml.OPINION)
    adopted = policies.adopt(opinion, unit=county, actor=SYSTEM, now=now)
    exemption = exempting.grant(
        alice, kind=ExemptionKind.LEAVE, from_on=clock.today(), until_on=clock.today() + timedelta(90), reason="产假",
        decided_by="和平街道", actor=SYSTEM, now=now,
    )  # fmt: skip
    return {"policy": adopted[0].id, "exemption": exemption.id}


def _file(name: str, phone: str) -> bytes:
    out = io.StringIO(newline="")
    number = ID_NUMBER + identity.check_digit(ID_NUMBER)
    row = (name, "女", number, "和平街道", "光明社区", "网格员", "2013.05", phone)
    csv.writer(out).writerows([COLUMNS, row])
    return out.getvalue().encode()


def _browsers(cast: Cast) -> dict[str, Any]:
    now = clock.now()
    alice = db.session().get_one(Person, cast.alice)
    account = accounts.open_account(alice, actor=SYSTEM, now=now)
    _key, device = sign_in.new_sign_in(account, user_agent="tests", address="127.0.0.1", now=now)
    parked = ParkedForm(
        account_id=account.id, path="/record/statements", fields=[["from_on", date(2026, 1, 1).isoformat()]],
        left_out=[], created_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    db.session().add(parked)
    db.session().flush()
    return {"device": device.id, "parked": parked.id}


def _duty(cast: Cast) -> dict[str, Any]:
    """A yearly duty of everybody in the county; 2024 is closed in the street; a list that Bo asked for lies ready."""
    now, code = clock.now(), f"{cast.county}:matrix:yearly"
    requirement = {
        "key": "yearly", "title": "每年培训一次", "who": {"posts": [post.value for post in PostClass]},
        "cycle": {"kind": "calendar_year"}, "counts": {"trainings": 1},
    }  # fmt: skip
    policy = Policy(
        unit_id=cast.county, name="matrix", title="县里的要求", version=1, valid_from=date(2024, 1, 1), valid_to=None,
        source="示例", is_example=True, body={"requirements": [requirement]}, adopted_at=now, adopted_by_id=None,
    )  # fmt: skip
    export = CoverageExport(
        person_id=cast.bo, unit_id=cast.street, question={"unit": cast.street, "duty": code}, locale="zh_Hans_CN",
        asked_at=now, state=ExportState.READY, label="名单.xlsx", people=2, size=4, done_at=now,
    )  # fmt: skip
    db.session().add_all([policy, export])
    db.session().flush()
    keeping.refresh([cast.alice, cast.sun])
    path = exporting.path_of(export.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"list")
    asked = inquiry.ask(actor_of(cast.bo), unit_id=cast.street, duty=code, cycle="2024-01-01")
    closed = closing.close(asked.asked, asked.unit, actor=actor_of(cast.bo), now=now)
    return {"duty": code, "export": export.id, "closing": str(closed.id)}


def _words(cast: Cast) -> dict[str, Any]:
    now, alice, county = clock.now(), actor_of(cast.alice), db.session().get_one(Unit, cast.county)
    sent = [
        feedback.send(
            kind=FeedbackKind.SUGGESTION, text=text, page="", contact="", address="127.0.0.1", actor=alice, now=now
        )
        for text in ("想学调解。", "字太小。")
    ]  # fmt: skip
    feedback.answer(sent[0], text="已安排。", actor=SYSTEM, now=now)
    robot = notices.set_channel(
        county, kind=ChannelKind.WECOM, settings={"host": "robots.example", "mention": False}, secrets={"key": "k"},
        actor=SYSTEM, now=now,
    )  # fmt: skip
    db.session().flush()
    told = db.session().scalars(select(Notice.id).where(Notice.person_id == cast.alice)).one()
    return {"feedback": sent[1].id, "notice": told, "channel": robot.id}


def _records(cast: Cast) -> dict[str, Any]:
    """A back-entry and a table of them, as Bo made them; papers that Chen issued for the street."""
    now, bo, street = clock.now(), actor_of(cast.bo), db.session().get_one(Unit, cast.street)
    claim = Claim(
        title="社区矛盾调解实务班", organizer="省委党校", tier=Tier.PROVINCE, training_type=TrainingType.IN_SERVICE,
        abilities=[Ability.MEDIATION], starts_on=date(2025, 6, 10), occurred_on=date(2025, 6, 12), half_days=6,
        hours=Decimal("18.00"), evidence="结业证书 2025-0117",
    )  # fmt: skip
    entry = back_entries.enter(db.session().get_one(Person, cast.alice), claim, actor=bo, now=now)
    data = trainings.xlsx({"姓名": "孙书记", "手机号": "19900000002"})
    load = loads.check(street, data, "trainings.xlsx", actor=bo, now=now)
    batch = papers.issue(street, year=clock.today().year, title=None, actor=actor_of(cast.chen), now=now)
    return {"back_entry": entry.id, "training_file": load.id, "paper_batch": batch.id}


def _mentoring(cast: Cast) -> dict[str, Any]:
    now, today, tina = clock.now(), clock.today(), actor_of(cast.tina)
    mentor = make_mentor(cast.tina, unit_id=cast.county, reach_id=cast.county)
    second = make_mentor(make_worker("郭师傅", cast.guangming).id, unit_id=cast.street, reach_id=cast.county)
    dates = {"starts_on": today - timedelta(days=350), "ends_on": today + timedelta(days=14)}
    pair = begin(mentor, cast.alice, cast.street, now=now, **dates)
    activate(pair, mentor_id=cast.tina, mentee_id=cast.alice, now=now)
    step = cards.add_plan_step(pair, words="整理一份卷宗", actor=tina, now=now)
    noted = [
        meetings.note(
            pair, Side.MENTOR, Note(today, 60, Method.CASE_TALK, f"楼道堆物，{SECRET}", f"下周回访，{SECRET}", token),
            actor=tina, now=now,
        )
        for token in ("first", "second")
    ]  # fmt: skip
    alice = actor_of(cast.alice)
    first = access.get_meeting(access.get_seat(alice, pair.id), noted[0].id)
    meetings.confirm(pair, Side.MENTEE, first, actor=alice, now=now)
    for side, person_id in ((Side.MENTOR, cast.tina), (Side.MENTEE, cast.alice)):
        evaluate(pair, side, actor=actor_of(person_id), now=now)
    new = begin(mentor, cast.sun, cast.street, now=now)
    cards.write(new, goals=GOALS, mentor_does="带教", mentee_does="学习", actor=tina, now=now)
    lecture = lectures.note(mentor, held_on=today, title="劝和六步", audience="网格员", actor=tina, now=now)
    return {
        "pair": pair.id, "plan_step": step.id, "meeting": noted[1].id, "new_pair": new.id, "second_mentor": second.id,
        "lecture": lecture.id,
    }  # fmt: skip
