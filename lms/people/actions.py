"""What is done to people: recorded, appointed, granted a role. Each leaves an audit row."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people import identity
from lms.people.access import in_force
from lms.people.events import posts_changed
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import PostClass, Role
from lms.units.actions import unit_closing, unit_merged
from lms.units.models import Unit


def create_person(
    *, name: str, origin: str, id_number: str | None = None, actor: Actor, now: datetime, **facts: Any
) -> Person:
    """Record a person.

    :param id_number: 18 characters, already checked; stored encrypted.
    :param facts: further columns of Person.
    :raise Refused: somebody has that identity number.
    """
    digest = identity.digest(id_number) if id_number else None
    if digest and db.session().scalar(select(Person.id).where(Person.id_number_digest == digest)):
        raise Refused(_l("这个身份证号已有登记。"), "id_number")
    cipher = identity.encrypt(id_number) if id_number else None
    person = Person(name=name, origin=origin, id_number_cipher=cipher, id_number_digest=digest, created_at=now, **facts)
    db.session().add(person)
    db.session().flush()  # appointments and accounts point at the row
    audit.record("people.create", actor=actor, now=now, on=("person", person.id), person_id=person.id)
    return person


def enter_person(
    *,
    name: str,
    phone: str,
    unit: Unit,
    post: PostClass,
    title: str,
    starts_on: date,
    actor: Actor,
    now: datetime,
) -> Person:
    """Record one person with a first post, as an administrator does between two rosters.

    :raise Refused: somebody with that phone number is on record, or the unit is closed.
    """
    if db.session().scalar(select(Person.id).where(Person.phone == phone)):
        raise Refused(_l("这个手机号已有登记。如果是调动，请由原单位结束任职后再登记。"), "phone")
    person = create_person(name=name, phone=phone, origin="page", actor=actor, now=now)
    appoint(person, unit=unit, post=post, title=title, starts_on=starts_on, actor=actor, now=now)
    return person


def appoint(
    person: Person,
    *,
    unit: Unit,
    post: PostClass,
    starts_on: date,
    title: str = "",
    grade: str | None = None,
    actor: Actor,
    now: datetime,
) -> Appointment:
    """Give a person a post; the first open one is the primary one.

    :raise Refused: the unit is closed, or the person already holds this post there.
    """
    if not unit.is_open:
        raise Refused(_l("“%(unit)s”已经撤销。", unit=unit.name), "unit")
    held = select(Appointment).where(Appointment.person_id == person.id, Appointment.ends_on.is_(None))
    open_posts = db.session().scalars(held).all()
    if any(other.unit_id == unit.id and other.post == post for other in open_posts):
        raise Refused(_l("此人已在该单位担任这一职务。"), "post")
    appointment = Appointment(
        person_id=person.id,
        unit_id=unit.id,
        post=post,
        title=title or str(post.label),
        grade=grade,
        starts_on=starts_on,
        is_primary=not any(other.is_primary for other in open_posts),
    )
    db.session().add(appointment)
    db.session().flush()
    audit.record(
        "people.appoint",
        actor=actor,
        now=now,
        on=("appointment", appointment.id),
        unit_id=unit.id,
        person_id=person.id,
        detail={"post": post.value, "from": starts_on.isoformat()},
    )
    posts_changed.send(None, person_ids=[person.id], now=now)
    return appointment


def end_appointment(appointment: Appointment, *, last_day: date, actor: Actor, now: datetime) -> None:
    """End a post; if it was the primary one, the oldest of those still open takes its place.

    :raise Refused: the day lies before its beginning, or it has ended already.
    """
    if appointment.ends_on is not None:
        raise Refused(_l("这项任职已经结束。"))
    if last_day < appointment.starts_on:
        raise Refused(_l("结束日期早于任职日期。"), "last_day")
    appointment.ends_on = last_day
    db.session().flush()  # the unique primary post must be free first
    if appointment.is_primary:
        remaining = select(Appointment).where(
            Appointment.person_id == appointment.person_id, Appointment.ends_on.is_(None)
        )
        heir = db.session().scalars(remaining.order_by(Appointment.starts_on, Appointment.id).limit(1)).first()
        if heir is not None:
            heir.is_primary = True
    audit.record(
        "people.end_appointment",
        actor=actor,
        now=now,
        on=("appointment", appointment.id),
        unit_id=appointment.unit_id,
        person_id=appointment.person_id,
        detail={"last_day": last_day.isoformat()},
    )
    posts_changed.send(None, person_ids=[appointment.person_id], now=now)


def grant(
    person: Person, *, role: Role, unit: Unit, expires_on: date | None = None, actor: Actor, now: datetime
) -> Grant:
    """Give a role over the subtree of `unit`.

    :raise Refused: the actor's own role does not reach that far, the unit is closed, the last day is past, or the
        person has the role already.
    """
    if not actor.has("system") and not actor.covers(unit.path, "admin"):
        raise Refused(_l("不能授予超出自己管理范围的权限。"), "unit")
    if not unit.is_open:
        raise Refused(_l("“%(unit)s”已经撤销。", unit=unit.name), "unit")
    if expires_on is not None and expires_on < clock.local_date(now):
        raise Refused(_l("到期日不能早于今天。"), "expires_on")
    if _find_grant(person, role, unit) is not None:
        raise Refused(_l("此人已有这项权限。"), "role")
    given = Grant(
        person_id=person.id,
        role=role,
        unit_id=unit.id,
        granted_at=now,
        granted_by_id=actor.person_id,
        expires_on=expires_on,
    )
    db.session().add(given)
    _record_grant("people.grant", given, actor=actor, now=now)
    return given


def revoke(person: Person, *, role: Role, unit: Unit, actor: Actor, now: datetime) -> Grant:
    """Take a role back.

    :raise Refused: the person does not have it, or it lies outside the actor's reach.
    """
    if not actor.has("system") and not actor.covers(unit.path, "admin"):
        raise Refused(_l("不能收回超出自己管理范围的权限。"), "unit")
    given = _find_grant(person, role, unit)
    if given is None:
        raise Refused(_l("此人没有这项权限。"), "role")
    given.revoked_at, given.revoked_by_id = now, actor.person_id
    _record_grant("people.revoke", given, actor=actor, now=now)
    return given


def reveal_identity(person: Person, *, actor: Actor, now: datetime) -> str | None:
    """The identity number in full, for an administrator who needs it once; the audit trail remembers."""
    audit.record("people.reveal_identity", actor=actor, now=now, on=("person", person.id), person_id=person.id)
    return identity.decrypt(person.id_number_cipher) if person.id_number_cipher else None


def _find_grant(person: Person, role: Role, unit: Unit) -> Grant | None:
    statement = select(Grant).where(
        Grant.person_id == person.id, Grant.role == role, Grant.unit_id == unit.id, in_force()
    )
    return db.session().scalars(statement.limit(1)).first()


def _record_grant(verb: str, given: Grant, *, actor: Actor, now: datetime) -> None:
    audit.record(
        verb,
        actor=actor,
        now=now,
        on=("grant", f"{given.role}@{given.unit_id}"),
        unit_id=given.unit_id,
        person_id=given.person_id,
    )


@unit_merged.connect
def _carry_over(_sender: object, *, unit: Unit, successor: Unit, actor: Actor, now: datetime) -> None:
    """Those who worked in a merged unit work in its successor from the next day on; roles move along."""
    last_day = unit.valid_to or clock.local_date(now)
    open_here = select(Appointment).where(Appointment.unit_id == unit.id, Appointment.ends_on.is_(None))
    for old in db.session().scalars(open_here.order_by(Appointment.id)).all():
        _move_appointment(old, successor, last_day=last_day, actor=actor, now=now)
    roles = select(Grant).where(Grant.unit_id == unit.id, in_force())
    for given in db.session().scalars(roles.order_by(Grant.id)).all():
        _move_grant(given, successor, actor=actor, now=now)


def _move_appointment(old: Appointment, successor: Unit, *, last_day: date, actor: Actor, now: datetime) -> None:
    """End a post and give the same one in `successor`, unless it is held there already; the primary stays primary."""
    was_primary, last_day = old.is_primary, max(old.starts_on, last_day)
    end_appointment(old, last_day=last_day, actor=actor, now=now)
    held = select(Appointment).where(Appointment.person_id == old.person_id, Appointment.ends_on.is_(None))
    others = db.session().scalars(held).all()
    new = next((other for other in others if other.unit_id == successor.id and other.post == old.post), None)
    if new is None:
        new = appoint(
            db.session().get_one(Person, old.person_id), unit=successor, post=old.post, title=old.title,
            grade=old.grade, starts_on=last_day + timedelta(days=1), actor=actor, now=now,
        )  # fmt: skip
    if was_primary and not new.is_primary:
        for other in others:
            other.is_primary = False
        db.session().flush()  # the unique primary post must be free first
        new.is_primary = True


def _move_grant(given: Grant, successor: Unit, *, actor: Actor, now: datetime) -> None:
    """Let a role reach over `successor` instead; one that the person has there too is taken back."""
    person = db.session().get_one(Person, given.person_id)
    if _find_grant(person, given.role, successor) is not None:
        given.revoked_at, given.revoked_by_id = now, actor.person_id
        _record_grant("people.revoke", given, actor=actor, now=now)
    else:
        given.unit_id = successor.id
        _record_grant("people.grant", given, actor=actor, now=now)


@unit_closing.connect
def _refuse_while_staffed(_sender: object, *, unit: Unit) -> None:
    open_here = select(Appointment.id).where(Appointment.unit_id == unit.id, Appointment.ends_on.is_(None))
    if db.session().scalar(open_here.limit(1)):
        raise Refused(_l("还有人在此任职，请先调整，或者选择并入的单位。"))
