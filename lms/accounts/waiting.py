"""What a browser is told while it is not signed in: to wait, that something of it was kept, or, to a script, a 401."""

import math
from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, make_response, request, session, url_for
from werkzeug.wrappers import Response

from lms.accounts import parking
from lms.accounts.models import SignIn
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext

PARKED = "parked_form"  # in the session of a browser whose form waits
SCRIPT_MODES = frozenset({"cors", "same-origin"})  # how fetch() announces itself; pages say "navigate"


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


def keep(row: SignIn | None, *, now: datetime) -> bool:
    """Park what this request sends, if its sender will come back for it."""
    if (request.endpoint or "").startswith("accounts."):
        return False
    fields = list(request.form.items(multi=True))
    parked = parking.park(row, request.path, fields, request.files.keys(), now=now)
    if parked is not None:
        session[PARKED] = parked.id
    return parked is not None


def is_script() -> bool:
    """Whether a script asks, which could do nothing with a page."""
    if request.headers.get("Sec-Fetch-Mode") in SCRIPT_MODES:
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def refuse_script() -> Response:
    message = _("您的登录已结束，请重新登录。")
    return make_response(jsonify(error=401, message=message, sign_in=url_for("accounts.sign_in")), 401)
