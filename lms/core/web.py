"""Requests: who may come in, on whose behalf, and what a query string may say.

Every endpoint declares who may come with `@allow`; `check_every_endpoint_is_declared` makes the application refuse to
start when one does not. Each request is one unit of work: returning commits, raising or answering 4xx rolls back.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, flash, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse

from lms.core import db, fields, i18n
from lms.core import heavy as crowd
from lms.core.errors import BadInput, Denied
from lms.core.i18n import lazy_gettext as _l

LARGEST_ID = 2**63 - 1
LONGEST_TEXT = 200

T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Actor:
    """Who acts, and how far: loaded once a request by the loader that `accounts` registers."""

    person_id: int | None
    account_id: int | None
    name: str
    unit_id: int | None = None
    unit_path: str | None = None
    unit_name: str = ""
    #: role -> paths of the units for whose subtree it was granted
    reach: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: paths of every unit where the person now holds a post
    homes: tuple[str, ...] = ()

    def has(self, *roles: str) -> bool:
        return any(self.reach.get(role) for role in roles)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """The units below which this actor acts in one of `roles`."""
        return tuple(path for role in roles for path in self.reach.get(role, ()))

    def covers(self, path: str, *roles: str) -> bool:
        """Whether the unit at `path` lies in the actor's reach as one of `roles`."""
        return any(path.startswith(top) for top in self.paths(*roles))


def system_actor(name: str) -> Actor:
    """The actor of a command or a job: it reaches everything, and the audit trail names it."""
    return Actor(None, None, name, reach={"system": ("",)})


Rule = Callable[[Actor | None], bool]


def anyone(_actor: Actor | None) -> bool:
    return True


def signed_in(actor: Actor | None) -> bool:
    return actor is not None


def roles(*names: str) -> Rule:
    """Signed in with at least one of these roles somewhere; what is reached is decided by loading it."""

    def rule(actor: Actor | None) -> bool:
        return actor is not None and actor.has(*names)

    rule.__name__ = f"roles({', '.join(names)})"
    return rule


def allow(rule: Rule, *, writes: bool | None = None, heavy: bool = False) -> Callable[[View], View]:
    """Declare who may call a view: the decorator closest to it.

    :param writes: say so where a GET leaves a row, as an audited export does.
    :param heavy: it adds up or lists a whole subtree: only a few at once are answered.
    """

    def declare(view: View) -> View:
        view.__allow__ = rule  # type: ignore[attr-defined]
        view.__writes__ = writes  # type: ignore[attr-defined]
        view.__heavy__ = heavy  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    return getattr(app.view_functions[endpoint], "__allow__", None)


def check_every_endpoint_is_declared(app: Flask) -> None:
    """:raise RuntimeError: naming the endpoints that say nothing about who may call them."""
    silent = sorted(endpoint for endpoint in app.view_functions if rule_of(app, endpoint) is None)
    if silent:
        raise RuntimeError(f"endpoints without @allow: {', '.join(silent)}")


class IdConverter(IntegerConverter):
    """An identifier in a URL: 1 to 2**63-1. Anything else is not found."""

    regex = r"[1-9][0-9]{0,18}"

    def __init__(self, url_map: Any) -> None:
        super().__init__(url_map, min=1, max=LARGEST_ID)


class Academy(Flask):
    """Flask with one unit of work around each view, inside the error handlers, and a memory for addresses."""

    request_class = fields.SentRequest

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As Flask's. A page names forty addresses, most of them those of every other page: they are made once."""
        if not has_request_context() or not _is_plain(endpoint, values):
            return super().url_for(endpoint, **values)
        return self._addresses(request.root_path, endpoint, **values)

    @cached_property
    def _addresses(self) -> Callable[..., str]:
        make = super().url_for
        return lru_cache(maxsize=4096, typed=True)(lambda _root, endpoint, **values: make(endpoint, **values))

    def dispatch_request(self) -> ResponseReturnValue:
        if request.routing_exception is not None or request.endpoint in UNRECORDED:
            return super().dispatch_request()
        with db.unit_of_work(self.extensions["database"], write=_writes()):
            _admit()
            with crowd.place_for(self.view_functions[cast(str, request.endpoint)]):
                response = self.make_response(super().dispatch_request())
            if response.status_code != 409:  # what came too late is not looked at further
                fields.log_ignored()
            if response.status_code >= 400:
                db.refuse()
        return response


def _is_plain(endpoint: str, values: Mapping[str, Any]) -> bool:
    """Whether an address depends on nothing else, and is no long text that somebody searched for."""
    if endpoint.startswith(".") or "_external" in values or "_scheme" in values:
        return False
    return all(
        value is None or isinstance(value, int) or (isinstance(value, str) and len(value) <= 40)
        for value in values.values()
    )


def _writes() -> bool:
    view = current_app.view_functions[cast(str, request.endpoint)]
    return request.method not in {"GET", "HEAD", "OPTIONS"} or bool(getattr(view, "__writes__", False))


#: Endpoints that need no database.
UNRECORDED = frozenset({"static"})


class SignInNeeded(Exception):
    """A stranger asked for a page that needs an account."""


ActorLoader = Callable[[], Actor | None]
SignInAnswer = Callable[[], ResponseReturnValue]


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
    app.extensions["load_actor"] = cast(ActorLoader, lambda: None)
    app.extensions["ask_to_sign_in"] = cast(SignInAnswer, lambda: ("", 401))
    app.register_error_handler(SignInNeeded, lambda _error: app.extensions["ask_to_sign_in"]())
    app.before_request(_name_request)
    app.after_request(_protect)


def register_actor(app: Flask, load: ActorLoader, ask_to_sign_in: SignInAnswer) -> None:
    """Say how the actor of a request is found, and what a stranger gets where one must be signed in."""
    app.extensions["load_actor"] = load
    app.extensions["ask_to_sign_in"] = ask_to_sign_in


def find_actor() -> Actor | None:
    """Who is signed in, if anybody; loaded once a request."""
    if "actor" not in g:
        g.actor = None if g.get("database_away") else current_app.extensions["load_actor"]()
        i18n.forget()  # the account may prefer another language than the browser
    return cast(Actor | None, g.actor)


def current_actor() -> Actor:
    """Who is signed in.

    :raise Forbidden: nobody, in a view that is open to anyone.
    """
    actor = find_actor()
    if actor is None:
        raise Forbidden()
    return actor


def _admit() -> None:
    rule = rule_of(current_app, cast(str, request.endpoint))
    if rule is None:
        raise Forbidden()
    if rule is anyone:
        return
    actor = find_actor()
    if actor is None:
        raise SignInNeeded()
    if not rule(actor):
        raise Forbidden()


def one_or_404(statement: Select[T], values: Mapping[str, Any] | None = None) -> T:
    """The one object of `statement`; its conditions are the permission.

    :param values: what its parameters stand for, where it was built once: then it asks for one row by itself.
    :raise Denied: there is none, or none that the actor may see: the answer is the same.
    """
    found = db.session().scalars(statement if values else statement.limit(1), values).first()
    if found is None:
        raise Denied()
    return found


def require(permitted: bool) -> None:
    """:raise Forbidden: what was loaded may be seen, but this may not be done with it."""
    if not permitted:
        raise Forbidden()


# What a query string may say


def arg_int(name: str, default: int, low: int, high: int) -> int:
    """:raise BadInput: given twice, not a number, or outside low..high."""
    text = _arg(name)
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and low <= int(text) <= high):
        raise BadInput(_l("地址中的 %(name)s 应为 %(low)s 至 %(high)s 之间的数。", name=name, low=low, high=high))
    return int(text)


def arg_choice(name: str, choices: Sequence[str], default: str = "") -> str:
    """One of `choices`, or `default` where it is absent or empty.

    :raise BadInput: anything else.
    """
    text = _arg(name)
    if not text:
        return default
    if text not in choices:
        raise BadInput(_l("地址中的 %(name)s 不是可选的值。", name=name))
    return text


def arg_text(name: str, longest: int = LONGEST_TEXT) -> str:
    """Free text, trimmed and cut to `longest` characters: a search of ten kilobytes finds nothing more.

    :raise BadInput: it holds a NUL.
    """
    text = (_arg(name) or "").strip()
    if "\x00" in text:
        raise BadInput(_l("地址中含有无法识别的字符。"))
    return text[:longest]


def arg_day(name: str, default: date, low: date, high: date) -> date:
    """A date as `2026-11-22`, or `default` where it is absent or empty.

    :raise BadInput: anything else, or outside low..high.
    """
    text = _arg(name)
    if not text:
        return default
    try:
        day = date.fromisoformat(text) if len(text) == 10 else date.min
    except ValueError:
        day = date.min
    if not low <= day <= high:
        raise BadInput(_l("地址中的 %(name)s 应为 %(low)s 至 %(high)s 之间的日期。", name=name, low=low, high=high))
    return day


def _arg(name: str) -> str | None:
    values = request.args.getlist(name)
    if len(values) > 1:
        raise BadInput(_l("地址中的 %(name)s 重复出现。", name=name))
    return values[0] if values else None


# Answers


def see(endpoint: str, **values: Any) -> BaseResponse:
    """Redirect with 303: after a change, look at it with GET."""
    return redirect(url_for(endpoint, **values), 303)


def flash_done(message: Any) -> None:
    """Say at the top of the next page what was done."""
    flash(str(message), "done")


# Headers


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)
    if "\x00" in request.path:
        raise NotFound()  # no name of ours holds a NUL, and PostgreSQL cannot even look for one


def allow_media_by_script() -> None:
    """For a page whose script puts a video together out of its pieces: it plays from a `blob:` address."""
    g.media_by_script = True


def let_browsers_keep(policy: str) -> None:
    """For an answer that may be kept, with its `Cache-Control`: any other is gone once its reader leaves the page."""
    g.cache_policy = policy


def _protect(response: Response) -> Response:
    headers = response.headers
    media = "'self' blob:" if g.get("media_by_script") else "'self'"
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src {media}; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    )
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    headers["X-Request-Id"] = g.get("request_id", "")
    kept = g.get("cache_policy", "no-store") if response.status_code < 400 else "no-store"  # an error names its reader
    headers["Cache-Control"] = kept
    if not kept.startswith("public"):
        headers.setdefault("Vary", "Cookie")
    return response
