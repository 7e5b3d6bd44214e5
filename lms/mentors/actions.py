"""Invite, apply, approve, refuse, pause, resume, end; ask for a mentor; declare a household; adopt a rule.

Each step of a mentor is a row and an audit row; whoever it concerns is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.mentors import kinds, queries
from lms.mentors.hard_rules import tie
from lms.mentors.models import Background, HouseholdTie, Mentor, MentoringRule, MentorRequest, MentorState, MentorStep
from lms.notices.actions import Link, tell
from lms.people import actions as people
from lms.people.models import Person
from lms.units import local_rules
from lms.units.local_rules import RuleFile
from lms.units.models import Unit

GONE = frozenset({MentorState.REFUSED, MentorState.ENDED})


@dataclass(frozen=True)
class Profile:
    """What a mentor offers."""

    background: Background
    abilities: Sequence[Ability]
    experience: str = ""
    works: str = ""
    availability: str = ""
    capacity: int | None = None


def find_or_enter(*, name: str, phone: str, actor: Actor, now: datetime) -> Person:
    """The person with that name and number; recorded without any post if the number is new: somebody from outside.

    :raise Refused: the number is somebody else's.
    """
    found = db.session().scalars(select(Person).where(Person.phone == phone).limit(1)).first()
    if found is None:
        return people.create_person(name=name, phone=phone, origin="page", actor=actor, now=now)
    if found.name != name:
        raise Refused(_l("这个手机号码登记在另一个姓名下，请核对。"), "phone")
    return found


def invite(person: Person, *, reach: Unit, profile: Profile, actor: Actor, now: datetime) -> Mentor:
    """Ask somebody to be a mentor for the people of `reach`, whose administrators look after them.

    :raise Refused: they are a mentor, or were asked, already; more mentees than the rule allows; the actor themselves.
    """
    if person.id == actor.person_id:
        raise Refused(_l("不能邀请自己。想当导师请在“找导师、当导师”中申请。"))
    mentor = _open(person, reach, profile, MentorState.INVITED, reason="", actor=actor, now=now)
    _record("mentors.invite", mentor, actor=actor, now=now)
    _tell_mentor(mentor, kinds.INVITED.name, actor=actor, now=now)
    return mentor


def apply(person: Person, *, unit: Unit, profile: Profile, actor: Actor, now: datetime) -> Mentor:
    """Ask to be a mentor in `unit`, whose administrators decide.

    :raise Refused: as for `invite`.
    """
    mentor = _open(person, unit, profile, MentorState.APPLIED, reason="", actor=actor, now=now)
    _record("mentors.apply", mentor, actor=actor, now=now)
    tell(
        queries.list_administrators(unit, excluding=person.id),
        kind=kinds.APPLIED.name,
        params={"name": person.name},
        link=Link("mentors.show", {"mentor_id": mentor.id}),
        source=("mentor_application", f"{mentor.id} {now.isoformat()}"),
        why="admin",
        actor=actor,
        now=now,
    )
    return mentor


def _open(
    person: Person, unit: Unit, profile: Profile, state: MentorState, *, reason: str, actor: Actor, now: datetime
) -> Mentor:
    """The profile in its first state, or the one of an earlier time begun anew."""
    if not unit.is_open:
        raise Refused(_l("“%(unit)s”已经撤销。", unit=unit.name), "unit")
    _refuse_capacity(profile.capacity, unit, now=now)
    mentor = queries.find_mentor_of(person.id)
    if mentor is not None and mentor.state not in GONE:
        raise Refused(_l("%(name)s 已经是导师，或者正等待答复、审核。", name=person.name), "phone")
    if mentor is None:
        mentor = Mentor(person_id=person.id, unit_id=unit.id, reach_id=unit.id, state=state, state_at=now)
        _fill(mentor, profile)
        try:
            with db.session().begin_nested():
                db.session().add(mentor)
        except IntegrityError as error:
            raise Refused(_l("%(name)s 已经是导师，或者正等待答复、审核。", name=person.name), "phone") from error
    else:
        mentor.unit_id = mentor.reach_id = unit.id
        _fill(mentor, profile)
    _step(mentor, state, reason, actor=actor, now=now)
    return mentor


def accept(mentor: Mentor, *, actor: Actor, now: datetime) -> None:
    """The invited person agrees; or the unit notes that they did.

    :raise Refused: there is no invitation to answer.
    """
    _require(mentor, {MentorState.INVITED})
    _step(mentor, MentorState.ACTIVE, "", actor=actor, now=now)
    _record("mentors.accept", mentor, actor=actor, now=now, on_behalf=actor.person_id != mentor.person_id)


def decline(mentor: Mentor, *, reason: str, actor: Actor, now: datetime) -> None:
    """The invited person does not agree.

    :raise Refused: there is no invitation to answer.
    """
    _require(mentor, {MentorState.INVITED})
    _step(mentor, MentorState.REFUSED, reason, actor=actor, now=now)
    _record("mentors.decline", mentor, actor=actor, now=now, on_behalf=actor.person_id != mentor.person_id)


def approve(mentor: Mentor, *, reach: Unit, actor: Actor, now: datetime) -> None:
    """The unit takes an applicant as a mentor for the people of `reach`.

    :raise Refused: there is no application to decide.
    """
    _require(mentor, {MentorState.APPLIED})
    mentor.reach_id = reach.id
    _step(mentor, MentorState.ACTIVE, "", actor=actor, now=now)
    _record("mentors.approve", mentor, actor=actor, now=now)
    _tell_mentor(mentor, kinds.APPROVED.name, actor=actor, now=now)


def refuse(mentor: Mentor, *, reason: str, actor: Actor, now: datetime) -> None:
    """The unit does not take an applicant.

    :raise Refused: there is no application to decide.
    """
    _require(mentor, {MentorState.APPLIED})
    _step(mentor, MentorState.REFUSED, reason, actor=actor, now=now)
    _record("mentors.refuse", mentor, actor=actor, now=now)
    _tell_mentor(mentor, kinds.REFUSED.name, actor=actor, now=now)


def edit(mentor: Mentor, profile: Profile, *, reach: Unit | None = None, actor: Actor, now: datetime) -> None:
    """Change what a mentor offers.

    :param reach: set by the unit alone.
    :raise Refused: more mentees than the rule allows.
    """
    _refuse_capacity(profile.capacity, mentor.unit, now=now)
    _fill(mentor, profile)
    if reach is not None:
        mentor.reach_id = reach.id
    _record("mentors.edit", mentor, actor=actor, now=now)


def pause(mentor: Mentor, *, reason: str, actor: Actor, now: datetime) -> None:
    """No new mentees for a while; what becomes of each pair is asked of the unit.

    :raise Refused: the mentor is not active.
    """
    _require(mentor, {MentorState.ACTIVE})
    _step(mentor, MentorState.PAUSED, reason, actor=actor, now=now)
    _record("mentors.pause", mentor, actor=actor, now=now)


def resume(mentor: Mentor, *, actor: Actor, now: datetime) -> None:
    """:raise Refused: the mentor is not paused."""
    _require(mentor, {MentorState.PAUSED})
    _step(mentor, MentorState.ACTIVE, "", actor=actor, now=now)
    _record("mentors.resume", mentor, actor=actor, now=now)


def end(mentor: Mentor, *, reason: str, actor: Actor, now: datetime) -> None:
    """Somebody is no longer a mentor; what becomes of each pair is asked of the unit. History stays.

    :raise Refused: they are none.
    """
    _require(mentor, {MentorState.ACTIVE, MentorState.PAUSED})
    _step(mentor, MentorState.ENDED, reason, actor=actor, now=now)
    _record("mentors.end", mentor, actor=actor, now=now)


def ask(person: Person, *, abilities: Sequence[Ability], note: str, actor: Actor, now: datetime) -> MentorRequest:
    """Ask for a mentor.

    :raise Refused: one was asked for already.
    """
    request = MentorRequest(
        person_id=person.id, abilities=[ability.value for ability in abilities], note=note, asked_at=now
    )
    try:
        with db.session().begin_nested():
            db.session().add(request)
    except IntegrityError as error:
        raise Refused(_l("您已经申请过导师，正在等待安排。")) from error
    audit.record("mentors.ask", actor=actor, now=now, on=("mentor_request", request.id), person_id=person.id)
    return request


def end_request(request: MentorRequest, *, actor: Actor, now: datetime) -> None:
    """Withdraw a request, or end it because it was granted."""
    request.ended_at, request.ended_by_id = now, actor.person_id
    on = ("mentor_request", request.id)
    audit.record("mentors.end_request", actor=actor, now=now, on=on, person_id=request.person_id)


def declare_household(person: Person, other: Person, *, actor: Actor, now: datetime) -> HouseholdTie:
    """Two people belong to one household: they are never proposed to one another.

    :raise Refused: they are one and the same, or it was declared before.
    """
    if person.id == other.id:
        raise Refused(_l("这是同一个人。"), "phone")
    low, high = tie(person.id, other.id)
    row = HouseholdTie(person_id=low, other_id=high, declared_at=now, declared_by_id=actor.person_id)
    try:
        with db.session().begin_nested():
            db.session().add(row)
    except IntegrityError as error:
        raise Refused(_l("这两人已经申报过。"), "phone") from error
    audit.record("mentors.declare_household", actor=actor, now=now, on=("household", row.id), person_id=person.id)
    return row


def adopt_rule(file: RuleFile, *, unit: Unit | None, actor: Actor, now: datetime) -> MentoringRule:
    """Put a version of a rule into force for a unit's subtree, or for the site; the past keeps its own.

    :raise Refused: this version was adopted before with another content.
    """
    rule, is_new = local_rules.adopt(MentoringRule, file, unit)
    if is_new:
        on = ("mentoring_rule", f"{file.name} {file.version}")
        audit.record("mentors.adopt_rule", actor=actor, now=now, on=on, unit_id=rule.unit_id)
    return rule


def _fill(mentor: Mentor, profile: Profile) -> None:
    mentor.background = profile.background
    mentor.abilities = [ability.value for ability in profile.abilities]
    mentor.experience, mentor.works = profile.experience, profile.works
    mentor.availability, mentor.capacity = profile.availability, profile.capacity


def _refuse_capacity(capacity: int | None, unit: Unit, *, now: datetime) -> None:
    most = queries.rule_at(unit.path, clock.local_date(now)).most_mentees
    if capacity is not None and capacity > most:
        raise Refused(_l("按本地规则，一位导师最多同时带 %(most)s 人。", most=most), "capacity")


REQUIRED: dict[MentorState, LazyString] = {
    MentorState.INVITED: _l("这项邀请已经答复，请刷新页面查看。"),
    MentorState.APPLIED: _l("这项申请已经审核，请刷新页面查看。"),
}


def _require(mentor: Mentor, states: set[MentorState]) -> None:
    """The state as it is now, the row held until the unit of work ends."""
    db.session().refresh(mentor, ["state"], with_for_update=True)
    if mentor.state not in states:
        sentence = next((REQUIRED[state] for state in states if state in REQUIRED), None)
        raise Refused(sentence or _l("导师的状态刚才已经变化，请刷新页面查看。"))


def _step(mentor: Mentor, state: MentorState, reason: str, *, actor: Actor, now: datetime) -> None:
    mentor.state, mentor.state_at = state, now
    db.session().add(
        MentorStep(mentor_id=mentor.id, state=state, reason=reason, taken_at=now, taken_by_id=actor.person_id)
    )


def _tell_mentor(mentor: Mentor, kind: str, *, actor: Actor, now: datetime) -> None:
    if mentor.person_id == actor.person_id:
        return
    tell(
        [mentor.person_id],
        kind=kind,
        params={"unit": actor.unit_name or actor.name},
        link=Link("mentors.mine"),
        source=("mentor_step", f"{mentor.id} {now.isoformat()}"),
        why="person",
        actor=actor,
        now=now,
    )


def _record(verb: str, mentor: Mentor, *, actor: Actor, now: datetime, **detail: object) -> None:
    """Not why: that is between the mentor and the unit."""
    on, unit_id, person_id = ("mentor", mentor.id), mentor.unit_id, mentor.person_id
    audit.record(verb, actor=actor, now=now, on=on, unit_id=unit_id, person_id=person_id, detail=detail)
