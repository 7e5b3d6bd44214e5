"""What a browser is told while it is not signed in: where to sign in, to wait, and that something of it was kept."""

import math
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, jsonify, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lms.accounts import parking, sign_in
from lms.accounts.forms import SignInForm
from lms.accounts.models import SignIn
from lms.accounts.next_path import own_path
from lms.core import clock, db
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.core.web import see

START = "/"
PARKED = "parked_form"  # in the session of a browser whose form waits
SCRIPT_MODES = frozenset({"cors", "same-origin"})  # how fetch() announces itself; pages say "navigate"


def ask_to_sign_in() -> ResponseReturnValue:
    """The answer to a stranger, in a unit of work of its own: that of the view has been rolled back.

    A browser that was never signed in is sent to the sign-in page; one whose sign-in is over gets that page as a
    401, and what it sent is parked; a script gets a 401 in JSON.
    """
    if sign_in.find_row() is not None:  # signed in by a one-time code, without a password yet
        return see("accounts.password", next=_here())
    if _is_script():
        return _refuse_script()
    sends = request.method not in {"GET", "HEAD"}
    with db.unit_of_work(current_app.extensions["database"], write=sends):
        row = sign_in.find_dead_row()
        if sends and _keep(row, now=clock.now()):
            return see("accounts.sign_in")
        if row is None:
            return see("accounts.sign_in", next=_here())
        page = render_template("accounts/sign_in.html", form=form_for(_here()), ended=True, **context())
        return page, 401


def next_path(text: str | None) -> str:
    """Where to go next: a page of ours, or the start."""
    adapter = current_app.create_url_adapter(request)
    found = own_path(text, adapter) if adapter is not None else None
    return found if found and not found.startswith("/sign-in") else START


def form_for(target: str | None) -> SignInForm:
    """An empty form that remembers where its reader was going."""
    return SignInForm(formdata=None, next=target if target != START else None)


def context() -> dict[str, Any]:
    """What the sign-in page shows beside the form."""
    return {"kept": PARKED in session, "words_for": words_for}


def answer(page: str, wait: timedelta) -> Response:
    """A page of refusal: 429 with Retry-After where one has to wait, else 422."""
    response = make_response(page, 429 if wait else 422)
    if wait:
        response.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response


def words_for(wait: timedelta) -> str:
    """How long to wait, in words: seconds up to a minute and a half, then minutes."""
    seconds = math.ceil(wait.total_seconds())
    if seconds <= 90:
        return ngettext("%(num)s 秒", "%(num)s 秒", seconds)
    return ngettext("%(num)s 分钟", "%(num)s 分钟", math.ceil(seconds / 60))


def _keep(row: SignIn | None, *, now: datetime) -> bool:
    """Park what this request sends, if its sender will come back for it."""
    if (request.endpoint or "").startswith("accounts."):
        return False
    fields = list(request.form.items(multi=True))
    path = request.full_path if request.query_string else request.path
    parked = parking.park(row, path, fields, request.files.keys(), now=now)
    if parked is not None:
        session[PARKED] = parked.id
    return parked is not None


def _is_script() -> bool:
    """Whether a script asks, which could do nothing with a page."""
    if request.headers.get("Sec-Fetch-Mode") in SCRIPT_MODES:
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _refuse_script() -> Response:
    message = _("您的登录已结束，请重新登录。")
    return make_response(jsonify(error=401, message=message, sign_in=url_for("accounts.sign_in")), 401)


def _here() -> str | None:
    """The page that was asked for, where it can be asked for again."""
    here = next_path(request.full_path) if request.method == "GET" else START
    return here if here != START else None
