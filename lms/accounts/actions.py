"""What is done to accounts: opened, activated, given a new password, reset, disabled. Each leaves an audit row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import insert, select

from lms.accounts import codes, keys, passwords, queries, sign_in, sign_in_names, tries
from lms.accounts.models import Account, AccountDisabling, Activation, EndedWhy
from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.people.models import Person

T = TypeVar("T")

BATCH = 500  # rows in one statement: SQLite takes some thousand values


@dataclass(frozen=True)
class ActivationCode:
    """What is printed on a slip. The code itself is kept nowhere."""

    person_id: int
    sign_in: str
    code: str
    expires_at: datetime


def open_account(person: Person, *, password: str | None = None, actor: Actor, now: datetime) -> Account:
    """The person's account, opened if there is none.

    :param password: set at once, for demonstrations and tests; people choose their own after a one-time code.
    :raise Refused: the password breaks a rule.
    """
    account = queries.find_account_of(person.id)
    if account is None:
        _open_accounts([person], now=now)
        account = db.session().scalars(select(Account).where(Account.person_id == person.id)).one()
        audit.record("accounts.open", actor=actor, now=now, on=("account", account.id), person_id=person.id)
    if password is not None:
        set_password(account, password, phone=person.phone, actor=actor, now=now)
    return account


def issue_activation(person: Person, *, actor: Actor, now: datetime) -> ActivationCode:
    """A new one-time code for a person; it replaces the one before, and an account is opened if there is none."""
    return issue_activations([person], actor=actor, now=now)[0]


def issue_activations(persons: Sequence[Person], *, actor: Actor, now: datetime) -> list[ActivationCode]:
    """One-time codes for many, in the order given; ten thousand take a second or two.

    Passwords and sign-ins stay as they are: `reset` is for those who forgot theirs.
    """
    accounts = _open_accounts(persons, now=now)
    expires_at = now + codes.LIFETIME
    made = [ActivationCode(person.id, accounts[person.id][1], codes.make_code(), expires_at) for person in persons]
    key = keys.key("activation")
    rows = [
        {
            "account_id": accounts[code.person_id][0],
            "digest": codes.digest(key, code.person_id, code.code),
            "issued_at": now,
            "issued_by_id": actor.person_id,
            "expires_at": expires_at,
            "wrong_tries": 0,
        }
        for code in made
    ]
    for batch in _batches(rows):
        db.session().execute(insert(Activation), batch)
    one = len(made) == 1
    audit.record(
        "accounts.issue_activation",
        actor=actor,
        now=now,
        on=("person", made[0].person_id) if one else ("persons", len(made)),
        person_id=made[0].person_id if one else None,
    )
    return made


def set_password(
    account: Account,
    password: str,
    *,
    phone: str | None,
    actor: Actor,
    now: datetime,
    spare: int | None = None,
) -> None:
    """Give an account a new password and end its sign-ins everywhere else.

    :param phone: the owner's number, which must not be the password.
    :param spare: the sign-in that goes on: the one that chose the password.
    :raise Refused: the password breaks a rule, or is the old one again.
    """
    fault = passwords.find_fault(password, phone=phone)
    if fault is not None:
        raise Refused(fault.message, "password")
    account.password_hash = passwords.hash_password(password)
    account.password_set_at = now
    sign_in.end_all(account.id, EndedWhy.PASSWORD_CHANGED, now=now, spare=spare)
    _record("accounts.set_password", account, actor=actor, now=now)


def choose_password(account: Account, password: str, *, spare: int | None, actor: Actor, now: datetime) -> None:
    """Set the password that the owner of an account (loaded with its person) chose.

    :raise Refused: the password breaks a rule.
    """
    set_password(account, password, phone=account.person.phone, actor=actor, now=now, spare=spare)


def reset(person: Person, *, actor: Actor, now: datetime) -> ActivationCode:
    """Take password and sign-ins away and issue a one-time code: for a password forgotten, or known to others.

    Waits that strangers earned are forgotten, so that the code serves at once.
    """
    account = open_account(person, actor=actor, now=now)
    account.password_hash = None
    sign_in.end_all(account.id, EndedWhy.RESET, now=now)
    tries.forgive(account.sign_in)
    _record("accounts.reset", account, actor=actor, now=now)
    return issue_activation(person, actor=actor, now=now)


def disable(person: Person, *, reason: str = "", actor: Actor, now: datetime) -> None:
    """Close an account until it is enabled again; its sign-ins end at once.

    :raise Refused: it is disabled already, or the person has none.
    """
    account = queries.find_account_of(person.id)
    if account is None:
        raise Refused(_l("此人还没有账号。"))
    if queries.find_disabling(account.id) is not None:
        raise Refused(_l("这个账号已经停用。"))
    db.session().add(
        AccountDisabling(account_id=account.id, reason=reason, disabled_at=now, disabled_by_id=actor.person_id)
    )
    sign_in.end_all(account.id, EndedWhy.DISABLED, now=now)
    _record("accounts.disable", account, actor=actor, now=now, detail={"reason": reason} if reason else None)


def enable(person: Person, *, actor: Actor, now: datetime) -> None:
    """Open a disabled account again; the password is the one before.

    :raise Refused: it is not disabled.
    """
    account = queries.find_account_of(person.id)
    disabling = queries.find_disabling(account.id) if account is not None else None
    if account is None or disabling is None:
        raise Refused(_l("这个账号没有停用。"))
    disabling.enabled_at, disabling.enabled_by_id = now, actor.person_id
    _record("accounts.enable", account, actor=actor, now=now)


def end_sign_ins(ids: list[int], *, actor: Actor, now: datetime) -> None:
    """End some of the actor's own sign-ins."""
    sign_in.end_rows(ids, EndedWhy.ENDED_BY_OWNER, now=now)
    audit.record(
        "accounts.end_sign_ins", actor=actor, now=now, on=("account", actor.account_id), person_id=actor.person_id
    )


def choose_language(locale: str, *, actor: Actor, now: datetime) -> None:
    """Remember the language of the actor's account: a preference, too small for the audit trail."""
    if actor.account_id is not None:
        db.session().get_one(Account, actor.account_id).locale = locale


def _open_accounts(persons: Sequence[Person], *, now: datetime) -> dict[int, tuple[int, str]]:
    """Identifier and sign-in name of everybody's account, opened where there was none."""
    found: dict[int, tuple[int, str]] = {}
    for batch in _batches([person.id for person in persons]):
        found |= _accounts_of(batch)
    missing = list({person.id: person for person in persons if person.id not in found}.values())
    taken: set[str] = set()
    for some in _batches(missing):
        phones = [person.phone for person in some if person.phone]
        taken |= set(db.session().scalars(select(Account.sign_in).where(Account.sign_in.in_(phones))))
        rows = []
        for person in some:
            name = sign_in_names.fold(person.phone or "")
            if not sign_in_names.is_phone(name) or name in taken:
                name = sign_in_names.made_name(person.id)
            taken.add(name)
            rows.append({"person_id": person.id, "sign_in": name, "created_at": now})
        db.session().execute(insert(Account), rows)
        found |= _accounts_of([person.id for person in some])
    return found


def _accounts_of(person_ids: list[int]) -> dict[int, tuple[int, str]]:
    statement = select(Account.person_id, Account.id, Account.sign_in).where(Account.person_id.in_(person_ids))
    return {person_id: (account_id, name) for person_id, account_id, name in db.session().execute(statement)}


def _batches(items: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _record(verb: str, account: Account, *, actor: Actor, now: datetime, detail: dict[str, str] | None = None) -> None:
    on = ("account", account.id)
    audit.record(verb, actor=actor, now=now, on=on, person_id=account.person_id, detail=detail)
