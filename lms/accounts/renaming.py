"""A sign-in name that is a phone number follows it: the old number may belong to a stranger one day.

A made name, given to somebody without a number of their own, stays as it is. What follows is found out first, so that
a roster can say so before it is loaded, and done later.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from flask import has_request_context, request
from sqlalchemy import insert, select, update

from lms.accounts import sign_in_names
from lms.accounts.models import Account, EndedWhy, SignIn
from lms.core import db
from lms.core.audit import AuditRow
from lms.core.web import Actor
from lms.people import identity

T = TypeVar("T")

BATCH = 500  # values in one condition: SQLite takes some thousand

#: Old and new phone number, by identifier of the person.
Phones = Mapping[int, tuple[str | None, str | None]]


@dataclass(frozen=True)
class Renaming:
    """One account's sign-in name, before and after."""

    person_id: int
    account_id: int
    before: str
    after: str


@dataclass
class Following:
    """What comes of new phone numbers.

    :param taken: people whose new number is the sign-in name of another account: theirs stays as it is.
    """

    renamings: list[Renaming] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


def find_following(phones: Phones) -> Following:
    """Which sign-in names would follow these phone numbers."""
    found = Following()
    own = names_of(phones)
    wanted = {person_id: sign_in_names.fold(phones[person_id][1] or "") for person_id in own}
    used = used_names(wanted.values())
    for person_id in sorted(own):
        (account_id, name), new = own[person_id], wanted[person_id]
        if name != sign_in_names.fold(phones[person_id][0] or "") or name == new or not sign_in_names.is_phone(new):
            continue
        if new in used:
            found.taken.add(person_id)
        else:
            found.renamings.append(Renaming(person_id, account_id, name, new))
            used.add(new)
    return found


def rename(renamings: Sequence[Renaming], *, unit_id: int, actor: Actor, now: datetime) -> None:
    """Change sign-in names and end the sign-ins under the old ones; an audit row for each, numbers masked."""
    if not renamings:
        return
    db.session().execute(update(Account), [{"id": one.account_id, "sign_in": one.after} for one in renamings])
    for some in _batches(one.account_id for one in renamings):
        alive = update(SignIn).where(SignIn.account_id.in_(some), SignIn.ended_at.is_(None))
        db.session().execute(alive.values(ended_at=now, ended_why=EndedWhy.SIGN_IN_CHANGED))
    _record(renamings, unit_id, actor=actor, now=now)


def _record(renamings: Sequence[Renaming], unit_id: int, *, actor: Actor, now: datetime) -> None:
    """One audit row for each account, in one statement."""
    address = (request.remote_addr or "") if has_request_context() else ""
    trail = [
        {
            "at": now,
            "verb": "accounts.change_sign_in",
            "actor_person_id": actor.person_id,
            "actor_name": actor.name,
            "object_kind": "account",
            "object_id": str(one.account_id),
            "unit_id": unit_id,
            "person_id": one.person_id,
            "address": address,
            "detail": {"before": identity.mask_phone(one.before), "after": identity.mask_phone(one.after)},
        }
        for one in renamings
    ]
    db.session().execute(insert(AuditRow), trail)


def names_of(person_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Identifier and sign-in name of the accounts that these people have."""
    found: dict[int, tuple[int, str]] = {}
    for some in _batches(person_ids):
        accounts = select(Account.person_id, Account.id, Account.sign_in).where(Account.person_id.in_(some))
        found |= {person_id: (key, name) for person_id, key, name in db.session().execute(accounts)}
    return found


def used_names(names: Iterable[str]) -> set[str]:
    """Those of the given sign-in names that an account has."""
    found: set[str] = set()
    for some in _batches(names):
        found |= set(db.session().scalars(select(Account.sign_in).where(Account.sign_in.in_(some))))
    return found


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
