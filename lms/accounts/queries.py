"""Reading accounts and sign-ins. The two statements of `find_live` run in every request: plain Core."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    bindparam,
    exists,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload

from lms.accounts import sign_in_names
from lms.accounts.models import Account, AccountDisabling, Activation, ParkedForm, SignIn
from lms.core import clock, db
from lms.core.audit import AuditRow
from lms.core.web import Actor, one_or_404
from lms.people.models import Appointment, Grant, Person
from lms.units.models import Unit

HOME = "home"


@dataclass(frozen=True)
class SignInRow:
    """A live sign-in and whom it belongs to."""

    id: int
    account_id: int
    seen_at: datetime
    has_password: bool
    locale: str | None
    actor: Actor


def is_disabled() -> ColumnElement[bool]:
    """Whether the account of the row is disabled, as a condition beside Account."""
    return exists().where(AccountDisabling.account_id == Account.id, AccountDisabling.enabled_at.is_(None))


def find_live(key_digest: str, *, now: datetime, lifetime: timedelta) -> SignInRow | None:
    """The sign-in with this key if it is alive, with its actor, in two statements."""
    today = clock.local_date(now)
    values = {"key_digest": key_digest, "oldest": now - lifetime, "today": today}
    found = db.rows(_sign_in_with_person(), values).first()
    if found is None:
        return None
    reach: dict[str, list[str]] = {}
    for role, path, revoked_at in db.rows(_reach_of(), {"person_id": found.person_id, "today": today}):
        if revoked_at is None:
            reach.setdefault(role, []).append(path)
        elif revoked_at > found.started_at:
            return None  # a role was taken back since: whoever holds the cookie proves again who they are
    homes = tuple(reach.pop(HOME, ()))
    actor = Actor(
        found.person_id,
        found.account_id,
        found.name,
        unit_id=found.unit_id,
        unit_path=found.path,
        unit_name=found.unit_name or "",
        reach={role: tuple(paths) for role, paths in reach.items()},
        homes=homes,
    )
    return SignInRow(found.id, found.account_id, found.seen_at, found.has_password, found.locale, actor)


@cache
def _sign_in_with_person() -> Select[*tuple[Any, ...]]:
    """By `key_digest`, if used since `oldest`, with the primary post held `today`."""
    primary = (Appointment.person_id == Person.id) & Appointment.is_primary & _held_today()
    live = (SignIn.ended_at.is_(None), SignIn.seen_at > bindparam("oldest"), ~is_disabled())
    return (
        select(
            SignIn.id,
            SignIn.account_id,
            SignIn.started_at,
            SignIn.seen_at,
            Account.person_id,
            Account.password_hash.is_not(None).label("has_password"),
            Account.locale,
            Person.name,
            Unit.id.label("unit_id"),
            Unit.path,
            Unit.name.label("unit_name"),
        )
        .join(Account, Account.id == SignIn.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Appointment, primary)
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(SignIn.key_digest == bindparam("key_digest"), *live)
        .order_by(Appointment.starts_on.desc())
        .limit(1)
    )


@cache
def _reach_of() -> CompoundSelect[Any]:
    """What `person_id` has `today`: roles with their units, also those taken back (with the moment), and the units of
    every post."""
    roles = select(type_coerce(Grant.role, String), Unit.path, Grant.revoked_at).join_from(
        Grant, Unit, Unit.id == Grant.unit_id
    )
    homes = select(literal(HOME), Unit.path, null()).join_from(Appointment, Unit, Unit.id == Appointment.unit_id)
    granted = or_(Grant.expires_on.is_(None), Grant.expires_on >= bindparam("today"))
    return union_all(
        roles.where(Grant.person_id == bindparam("person_id"), granted),
        homes.where(Appointment.person_id == bindparam("person_id"), _held_today()),
    )


def _held_today() -> ColumnElement[bool]:
    today = bindparam("today", type_=Date)
    return (Appointment.starts_on <= today) & or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)


def find_sign_in(key_digest: str) -> SignIn | None:
    return db.session().scalars(select(SignIn).where(SignIn.key_digest == key_digest)).one_or_none()


def find_account(name: str) -> Account | None:
    """The account with this (folded) sign-in name, or the only one whose owner now has this phone number."""
    by_name = Account.sign_in == name
    statement = select(Account).join(Account.person).options(contains_eager(Account.person))
    if sign_in_names.is_phone(name):
        statement = statement.where(or_(by_name, Person.phone == name))
    else:
        statement = statement.where(by_name)
    found = db.session().scalars(statement.order_by(by_name.desc()).limit(2)).all()
    if len(found) > 1 and found[0].sign_in != name:
        return None
    return found[0] if found else None


def find_person(name: str) -> Person | None:
    """Whom a (folded) sign-in name means: an account's owner, or the only person with that phone number."""
    account = find_account(name)
    if account is not None:
        return account.person
    found = db.session().scalars(select(Person).where(Person.phone == name).limit(2)).all()
    return found[0] if len(found) == 1 else None


def get_account(actor: Actor) -> Account:
    """The actor's own account, with its person."""
    statement = select(Account).where(Account.id == actor.account_id).options(joinedload(Account.person))
    return one_or_404(statement)


def find_account_of(person_id: int) -> Account | None:
    return db.session().scalars(select(Account).where(Account.person_id == person_id)).one_or_none()


def find_disabling(account_id: int) -> AccountDisabling | None:
    """The disabling that is in force."""
    open_one = (AccountDisabling.account_id == account_id, AccountDisabling.enabled_at.is_(None))
    return db.session().scalars(select(AccountDisabling).where(*open_one)).one_or_none()


def find_activation(account_id: int) -> Activation | None:
    """The newest one-time code: the only one that counts."""
    newest = select(Activation).where(Activation.account_id == account_id).order_by(Activation.id.desc()).limit(1)
    return db.session().scalars(newest).first()


def list_sign_ins(account_id: int, *, now: datetime, lifetime: timedelta) -> Sequence[SignIn]:
    """The browsers that are signed in, the last used first."""
    alive = (SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.seen_at > now - lifetime)
    return db.session().scalars(select(SignIn).where(*alive).order_by(SignIn.seen_at.desc()).limit(50)).all()


def list_reveals(person_id: int) -> Sequence[AuditRow]:
    """Who saw the identity number of a person in full, the latest first."""
    shown = (AuditRow.person_id == person_id, AuditRow.verb == "people.reveal_identity")
    return db.session().scalars(select(AuditRow).where(*shown).order_by(AuditRow.id.desc()).limit(20)).all()


def list_parked(account_id: int, *, now: datetime) -> Sequence[ParkedForm]:
    """Forms that wait for their author, the latest first."""
    waiting = (ParkedForm.account_id == account_id, ParkedForm.expires_at > now)
    return db.session().scalars(select(ParkedForm).where(*waiting).order_by(ParkedForm.id.desc())).all()
