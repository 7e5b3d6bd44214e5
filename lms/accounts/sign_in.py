"""Who is signed in: the one place that knows Flask-Login and the session cookie.

The cookie holds a random key; the row `SignIn` with its digest decides. So whatever ends the row
(sign-out, a new password, a reset, disabling, a role taken back, a week unused) ends every copy of
the cookie at once. Flask-Login's own fingerprint of browsers is off: it trusts X-Forwarded-For.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import update
from structlog import get_logger

from lms.accounts import devices, passwords, queries, throttle
from lms.accounts.models import Account, EndedWhy, SignIn
from lms.accounts.queries import SignInRow
from lms.core import clock, cookies, db, errors
from lms.core.web import Actor

log = get_logger("lms.accounts")

TOUCH_EVERY = timedelta(minutes=10)
COOKIE_LIFETIME = timedelta(days=90)  # the cookie outlives the sign-in, so that a late form finds its author
DEVICE_COOKIE = "device"
DEVICE_LIFETIME = timedelta(days=365)
#: What a person who came with a one-time code may use before choosing a password.
BEFORE_PASSWORD = frozenset({"accounts.password", "accounts.change_password", "accounts.sign_out", "accounts.language"})


@dataclass
class Visitor(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries about: the key, and the live row that it opens."""

    key: str
    row: SignInRow | None = None

    def get_id(self) -> str:
        return self.key


def init_app(app: Flask) -> None:
    """Let the cookie outlive the sign-in, and teach Flask-Login to load by key."""
    app.config.update(SESSION_REFRESH_EACH_REQUEST=False, PERMANENT_SESSION_LIFETIME=COOKIE_LIFETIME)
    # Without its context processor: every page would ask the database, also the one that says that it is away.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    manager.user_loader(_load_visitor)
    app.after_request(_touch)
    passwords.warm_up()


def lifetime() -> timedelta:
    """How long a sign-in lasts without being used."""
    return timedelta(hours=current_app.config["LMS"].session_hours)


def load_actor() -> Actor | None:
    """The actor of this request, in two statements; None for strangers and before a password is chosen."""
    row = find_row()
    if row is None:
        return None
    g.locale = row.locale
    if not row.has_password and request.endpoint not in BEFORE_PASSWORD:
        return None
    if row.seen_at < clock.now() - TOUCH_EVERY:
        g.touch_sign_in = row.id
    return row.actor


def find_row() -> SignInRow | None:
    """The live sign-in of this browser."""
    return cast(SignInRow | None, getattr(current_user, "row", None))


def find_id() -> int | None:
    """The identifier of the live sign-in of this browser."""
    row = find_row()
    return row.id if row is not None else None


def find_dead_row() -> SignIn | None:
    """The sign-in that this browser's cookie names, though it is over."""
    key = session.get("_user_id")
    return queries.find_sign_in(digest(key)) if isinstance(key, str) else None


def start(account: Account, *, now: datetime) -> SignIn:
    """Sign this browser in. Its old session is gone: nobody who fixed it beforehand shares the new one."""
    if (old := find_row()) is not None:
        end_rows([old.id], EndedWhy.SIGNED_OUT, now=now)
    key, row = new_sign_in(account, user_agent=request.user_agent.string, address=request.remote_addr, now=now)
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps the token of the old session for this request
    session.permanent = True
    login_user(Visitor(key))
    g.pop("actor", None)
    return row


def new_sign_in(account: Account, *, user_agent: str, address: str | None, now: datetime) -> tuple[str, SignIn]:
    """A sign-in with the key for its cookie (`session["_user_id"]`), which nothing else keeps."""
    key = secrets.token_urlsafe(32)
    row = SignIn(
        key_digest=digest(key),
        account_id=account.id,
        started_at=now,
        seen_at=now,
        device=devices.kind_of(user_agent),
        address=throttle.address_key(address),
    )
    db.session().add(row)
    db.session().flush()  # the password page must know which sign-in to spare
    return key, row


def leave(*, now: datetime) -> None:
    """Sign this browser out, with every copy of its cookie."""
    if (row := find_row()) is not None:
        end_rows([row.id], EndedWhy.SIGNED_OUT, now=now)
    session.clear()
    g.pop("csrf_token", None)


def end_rows(ids: list[int], why: EndedWhy, *, now: datetime) -> None:
    ending = update(SignIn).where(SignIn.id.in_(ids), SignIn.ended_at.is_(None))
    db.session().execute(ending.values(ended_at=now, ended_why=why))


def end_all(account_id: int, why: EndedWhy, *, now: datetime, spare: int | None = None) -> None:
    """End the sign-ins of an account, all but `spare`."""
    ending = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.id != (spare or 0))
    db.session().execute(ending.values(ended_at=now, ended_why=why))


def set_known_browser(response: Any, cookie: str) -> None:
    """Remember this browser as one that its accounts know."""
    cookies.keep(response, DEVICE_COOKIE, cookie, DEVICE_LIFETIME)


def known_browser() -> str | None:
    """What it was given to be known by."""
    return cookies.read(DEVICE_COOKIE)


def digest(key: str) -> str:
    """How a key is kept. It is random and long, so a plain hash is enough."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def _load_visitor(key: str) -> Visitor | None:
    row = queries.find_live(digest(key), now=clock.now(), lifetime=lifetime())
    return Visitor(key, row) if row is not None else None


def _touch(response: Response) -> Response:
    """Note that the sign-in is in use: at most every ten minutes, in a unit of work of its own."""
    row_id = g.pop("touch_sign_in", None)
    if row_id is not None:
        now = clock.now()
        try:
            with db.unit_of_work(current_app.extensions["database"]):
                stale = update(SignIn).where(SignIn.id == row_id, SignIn.seen_at < now - TOUCH_EVERY)
                db.session().execute(stale.values(seen_at=now))
        except errors.UNAVAILABLE as error:  # the page is ready: a busy database shall not take it away
            log.warning("sign-in not touched", error=str(error)[:200])
    return response
