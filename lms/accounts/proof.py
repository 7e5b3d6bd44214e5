"""Proving who one is 身份验证: by password or by one-time code, with the same work and words for every failure.

An unknown name, a wrong password, a disabled account and one not yet activated cannot be told apart:
each costs one password hash and is answered alike.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from lms.accounts import codes, keys, passwords, queries, sign_in, sign_in_names, tries
from lms.accounts.models import Account, Activation, EndedWhy, TryOutcome
from lms.core import audit, db
from lms.core.web import Actor

REPEAT_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Proof:
    """What came of a try: an account, or a wait, or neither (wrong)."""

    account: Account | None = None
    wait: timedelta = timedelta()


@dataclass(frozen=True)
class Browser:
    """What a request tells about the browser that tries."""

    address: str | None
    device_cookie: str | None
    session_token: str  # the CSRF secret of the session before signing in


def prove(name: str, secret: str, *, browser: Browser, now: datetime) -> Proof:
    """Check a sign-in name with a password or a one-time code. Every try counts, whatever came of it."""
    name = sign_in_names.fold(name)[: sign_in_names.LONGEST]
    account = queries.find_account(name)
    # an account has one budget, whichever of its names is tried
    source = tries.source_of(account.sign_in if account else name, browser.address, browser.device_cookie)
    wait = tries.wait(source, now=now)
    if wait:
        return Proof(wait=wait)
    account_id = account.id if account else 0  # nobody's: the same statements are run for an unknown name
    if queries.find_disabling(account_id) is not None:
        account = None
    code = queries.find_activation(account_id)
    right = passwords.verify(account.password_hash if account else None, secret)
    if account is not None and code is not None and not right:
        right = _use_code(code, account, secret, browser=browser, now=now)
    tries.record(source, TryOutcome.SUCCESS if right else TryOutcome.WRONG, now=now)
    if account is None or not right:
        return Proof()
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(secret)
    return Proof(account)


def confirm(account: Account, password: str, *, browser: Browser, now: datetime) -> Proof:
    """Check the present password of somebody who is signed in: counted and slowed like any other try."""
    source = tries.source_of(account.sign_in, browser.address, browser.device_cookie)
    wait = tries.wait(source, now=now)
    if wait:
        return Proof(wait=wait)
    right = passwords.verify(account.password_hash, password)
    tries.record(source, TryOutcome.SUCCESS if right else TryOutcome.WRONG, now=now)
    return Proof(account if right else None)


def _use_code(code: Activation, account: Account, typed: str, *, browser: Browser, now: datetime) -> bool:
    """Open the account with its newest one-time code, once.

    A try is counted before the comparison, so that not even tries at the same moment exceed the six. The browser
    that used the code may send it again while no password is chosen: the answer to the first may have been lost.
    """
    if code.expires_at <= now or not codes.looks_like_code(typed):
        return False
    seat = update(Activation).where(Activation.id == code.id, Activation.wrong_tries < codes.TRIES)
    if not db.session().execute(seat.values(wrong_tries=Activation.wrong_tries + 1)).rowcount:  # type: ignore[attr-defined]
        return False
    if not codes.matches(keys.key("activation"), account.person_id, typed, code.digest):
        return False
    token = browser.session_token
    here = hashlib.sha256(token.encode()).hexdigest() if token else None
    if code.used_at is not None:
        repeated = here is not None and code.used_from == here and now - code.used_at < REPEAT_WITHIN
        return repeated and account.password_hash is None
    code.used_at, code.used_from = now, here
    account.password_hash = None  # whoever came with a code chooses a new password, and nobody else may
    sign_in.end_all(account.id, EndedWhy.RESET, now=now)
    owner = Actor(account.person_id, account.id, account.person.name)
    audit.record("accounts.activate", actor=owner, now=now, on=("account", account.id), person_id=account.person_id)
    return True
