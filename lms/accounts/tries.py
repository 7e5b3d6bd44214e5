"""The table behind the throttle, and the cookie by which an account knows a browser again.

Every way of proving who one is passes through here: sign-in by password or by code, and the
present password that a change asks for.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import ColumnElement, CompoundSelect, Select, delete, func, insert, literal, select, union_all

from lms.accounts import keys, throttle
from lms.accounts.models import SignInTry, TryOutcome
from lms.accounts.throttle import Failures, Recent
from lms.core import db

KEPT = timedelta(days=180)  # the least time that the law on network security asks of logs
COOKIE_LIFETIME = timedelta(days=365)
ACCOUNTS_IN_COOKIE = 4  # a shared phone in a community office


@dataclass(frozen=True)
class Source:
    """Where a try comes from: the name tried, the address, and the browser if the account knows it."""

    name_digest: str
    address: str
    device: str | None


def source_of(name: str, address: str | None, cookie: str | None) -> Source:
    """The source of a try for the (folded) `name`."""
    name_digest = keys.digest("name", name)
    known = dict(_read_cookie(cookie)).get(name_digest[:16])
    device = hashlib.sha256(f"{name_digest}{known}".encode()).hexdigest() if known else None
    return Source(name_digest, throttle.address_key(address), device)


def wait(source: Source, *, now: datetime) -> timedelta:
    """How long a try from `source` has to wait; zero when it may be made now."""
    if not _take_turn(source):
        return timedelta(seconds=2)
    return throttle.wait(_recent(source, now=now), now=now)


def record(source: Source, outcome: TryOutcome, *, now: datetime) -> None:
    """Note a try that was made. Those refused for being early are not noted, so nobody's wait grows by them."""
    db.session().execute(
        insert(SignInTry).values(
            at=now, name_digest=source.name_digest, address=source.address, device=source.device, outcome=outcome
        )
    )


def forgive(name: str) -> None:
    """Forget the wrong tries for a (folded) name: an administrator vouched for its owner."""
    wrong = (SignInTry.name_digest == keys.digest("name", name), SignInTry.outcome == TryOutcome.WRONG)
    db.session().execute(delete(SignInTry).where(*wrong))


def sweep(*, now: datetime) -> None:
    """Delete what is older than the log has to be."""
    db.session().execute(delete(SignInTry).where(SignInTry.at < now - KEPT))


def known_browser_cookie(name: str, old: str | None) -> str:
    """The cookie after a success for the (folded) `name`: it says that this browser is known to the account."""
    mark = keys.digest("name", name)[:16]
    others = [pair for pair in _read_cookie(old) if pair[0] != mark]
    return str(_serializer().dumps([(mark, secrets.token_urlsafe(12)), *others][:ACCOUNTS_IN_COOKIE]))


def _recent(source: Source, *, now: datetime) -> Recent:
    """All counters in one statement."""
    day, hour = SignInTry.at > now - throttle.WINDOW, SignInTry.at > now - throttle.ADDRESS_WINDOW
    name, address = SignInTry.name_digest == source.name_digest, SignInTry.address == source.address
    wrong, strange = SignInTry.outcome == TryOutcome.WRONG, SignInTry.device.is_(None)
    good = select(literal("good"), func.count(SignInTry.name_digest.distinct()), func.max(SignInTry.at)).where(
        address, hour, SignInTry.outcome == TryOutcome.SUCCESS
    )
    counted: CompoundSelect[Any] = union_all(
        _count("pair", name, address, day, wrong, strange),
        _count("name", name, day, wrong, strange),
        _count("address", address, hour, wrong, strange),
        _count("device", SignInTry.device == (source.device or ""), day, wrong),
        good,
    )
    found = {kind: Failures(count, latest) for kind, count, latest in db.session().execute(counted)}
    return Recent(
        found["pair"],
        found["name"],
        found["address"],
        accounts_at_address=found["good"].count,
        device=found["device"] if source.device else None,
    )


def _count(kind: str, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(literal(kind), func.count(SignInTry.id), func.max(SignInTry.at)).where(*conditions)


def _take_turn(source: Source) -> bool:
    """One try at a time for each budget: fifty at once must not all be made before the first is noted.

    SQLite has one writer anyway. The known browser has a lock of its own, so strangers cannot hold it.
    """
    number = int((source.device or source.name_digest)[:15], 16)
    lock = select(func.pg_try_advisory_xact_lock(number))
    return bool(db.on_both(lambda: True, lambda: db.session().scalar(lock)))


def _read_cookie(cookie: str | None) -> list[tuple[str, str]]:
    """What our own signature vouches for; nothing else."""
    if not cookie or len(cookie) > 1000:
        return []
    try:
        pairs = _serializer().loads(cookie, max_age=int(COOKIE_LIFETIME.total_seconds()))
    except BadData:
        return []
    return [(str(mark), str(nonce)) for mark, nonce in pairs]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["LMS"].secret_key, salt="lms known browser")
