"""What can go wrong, in four words, and the pages that say so.

`Refused`: a rule of the business said no; the form shows the sentence and keeps what was typed (422).
`Denied`: outside one's reach, or not there: the same 404. `Forbidden`: seen, but not allowed: 403. `BadInput`: 400.
"""

import errno
from typing import Any

from blinker import Signal
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from structlog import get_logger
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    SecurityError,
)

from lms.core import db
from lms.core.i18n import lazy_gettext as _l

log = get_logger("lms.errors")

#: Codes that have a page of their own; any other HTTP error is shown by the page of its hundred.
PAGES = frozenset({400, 401, 403, 404, 405, 413, 422, 429, 500, 503})


#: What a database says that is locked, away, or has no connection left: nothing was stored.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)

#: What a disk says that is full, or can only be read.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})

#: The one moment at which nobody knows.
MAYBE_STORED = _l("保存到最后一刻时连接中断，这一步可能已经保存。请重新打开页面看一看。")

#: Sent when `Denied` is answered, after the request's unit of work was rolled back: the audit trail listens.
denied = Signal()


class Refused(Exception):
    """A rule said no.

    :param message: a whole sentence in the reader's language (lazy text is welcome).
    :param field: the name of the form field concerned, if it is one.
    """

    def __init__(self, message: Any, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class Denied(NotFound):
    """Outside the actor's reach. The answer is that of an object that does not exist; the audit trail knows more."""


class BadInput(BadRequest):
    """Input of a shape that no page of ours can have sent.

    :param message: a sentence for the reader.
    """

    def __init__(self, message: Any = None) -> None:
        super().__init__(str(message) if message is not None else None)
        self.message = message


__all__ = ["BadInput", "Denied", "Forbidden", "Refused"]


def init_app(app: Flask) -> None:
    """Every error leaves as a page of ours, in the reader's language, or as JSON where a script asked."""
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_stale_page)
    app.register_error_handler(SecurityError, _refuse_host)
    app.register_error_handler(Refused, _show_refusal)
    for kind in UNAVAILABLE:
        app.register_error_handler(kind, _show_unavailable)
    app.register_error_handler(OSError, _show_full)


def _show_refusal(error: Refused) -> Response:
    return _page(422, error.message)


def _refuse_host(_error: SecurityError) -> Response:
    """A forged Host: no page of ours, for none of its links could be trusted."""
    return Response(str(_l("这里没有您要访问的网站。")), 400, mimetype="text/plain")


def _show_stale_page(_error: CSRFError) -> Response:
    return _page(400, _l("这个页面打开以后登录已经更换。请重新打开页面，再提交一次。"))


def _show_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return current_app.make_response(error.response)
    if isinstance(error, Denied):
        denied.send(error)
    code = error.code or 500
    if isinstance(error, InternalServerError):
        log.error("unexpected", request_id=g.get("request_id"), path=request.path, exc_info=error.original_exception)
    response = _page(code, getattr(error, "message", None))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _show_unavailable(error: Exception) -> Response:
    """The database is locked or away: trying again is safe, and nothing was stored unless the page says otherwise."""
    log.warning("database unavailable", request_id=g.get("request_id"), path=request.path, error=str(error)[:200])
    g.database_away = True  # the page must not ask the database who is reading it
    response = _page(503, MAYBE_STORED if db.is_unsure(error) else None)
    response.headers["Retry-After"] = "5"
    return response


def _show_full(error: OSError) -> Response:
    """No room on the disk, or none that may be written: as bad as a database that is away, and as short-lived."""
    if error.errno not in FULL:
        raise error
    log.error("no room", request_id=g.get("request_id"), path=request.path, error=str(error))
    response = _page(503, None)
    response.headers["Retry-After"] = "60"
    return response


def _page(code: int, message: Any) -> Response:
    """The page of an error; it names the reader, so it opens a unit of work if the view's has ended."""
    try:
        with db.unit_of_work(current_app.extensions["database"], write=False):
            return _render(code, message)
    except UNAVAILABLE:
        g.database_away = True
        g.pop("actor", None)
        return _render(code, message)


def _render(code: int, message: Any) -> Response:
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    if wanted == "application/json":
        response: Response = jsonify(error=code, message=None if message is None else str(message))
    else:
        page = code if code in PAGES else (500 if code >= 500 else 400)
        response = Response(render_template(f"errors/{page}.html", code=code, message=message), mimetype="text/html")
    response.status_code = code
    return response
