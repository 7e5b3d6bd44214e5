"""The two languages: 简体中文 (the source of every message, and the default) and English.

Catalogs are Babel's; looking a message up is ours, because it happens a hundred times a page: the language of a request
is found once and kept, and Chinese, being the source, is not looked up at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, total_ordering
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from markupsafe import Markup

from lms.core import clock, cookies

LOCALES = ("zh_Hans_CN", "en")
LANGUAGE_TAGS = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}
COOKIE = "language"
CATALOGS = Path(__file__).parent.parent / "translations"

#: The language in force; None until it is asked for.
_active: ContextVar[str | None] = ContextVar("lms_language", default=None)


def init_app(app: Flask) -> None:
    """Choose the language by the account, then the cookie, then the browser; commands speak `LMS_LOCALE`."""
    app.before_request(forget)
    app.teardown_request(lambda _error: forget())  # nothing of it reaches the next reader served by this thread
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_look_up, _look_up_number, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = _say
    app.jinja_env.filters["date"] = show_date
    app.jinja_env.filters["moment"] = show_moment
    app.jinja_env.filters["month"] = show_month
    app.jinja_env.filters["plain_number"] = show_number


def gettext(message: str, /, **values: Any) -> str:
    """`message` in the reader's language, with `values` for its %(name)s."""
    text = _look_up(message)
    return (text % values) if values else text


def ngettext(singular: str, plural: str, num: int, /, **values: Any) -> str:
    """The form of a message that goes with a number, which is %(num)s in it."""
    return _look_up_number(singular, plural, num) % {"num": num, **values}


@total_ordering
class LazyString:
    """A message that is put into words when it is shown: each reader gets their own language."""

    __slots__ = ("_message", "_values")

    def __init__(self, message: str, /, **values: Any) -> None:
        self._message = message
        self._values = values

    def __str__(self) -> str:
        return gettext(self._message, **self._values)

    def __repr__(self) -> str:
        return f"l{self._message!r}"

    def __mod__(self, values: Any) -> str:
        words: str = str(self) % values
        return words

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(self._message)

    def __len__(self) -> int:
        return len(str(self))

    def __getattr__(self, name: str) -> Any:
        """Whatever else a text can do."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(str(self), name)


lazy_gettext = LazyString


def locale_name() -> str:
    """The language in use: a member of LOCALES."""
    active = _active.get()
    if active is None:
        active = _chosen()
        if has_request_context():  # a command's language is its application's: nothing to keep
            _active.set(active)
    return active


def forget() -> None:
    """Choose the language anew at the next message: a request begins, or its reader has become known."""
    _active.set(None)


@contextmanager
def force_locale(locale: str) -> Iterator[None]:
    """Speak `locale` in the block, whoever reads."""
    token = _active.set("en" if locale.startswith("en") else LOCALES[0])
    try:
        yield
    finally:
        _active.reset(token)


def show_date(value: date | datetime | str | None) -> str:
    """2026年11月22日, or 22 Nov 2026; text is a date in ISO's form, as JSON keeps it."""
    if not value:
        return "—"
    if isinstance(value, str):
        value = date.fromisoformat(value)
    day = clock.local_date(value) if isinstance(value, datetime) else value
    if locale_name() == "en":
        return f"{day.day} {day:%b} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def show_moment(value: datetime | None) -> str:
    """A date with hours and minutes of the installation's zone."""
    return "—" if value is None else f"{show_date(value)} {clock.local(value):%H:%M}"


def show_month(value: str | None) -> str:
    """2023年8月, or Aug 2023, of "2023-08"; a year alone is 2023年, or 2023. What is neither stays as it is."""
    try:
        year, month = (int(part) for part in f"{value or ''}-0".split("-")[:2])
        first = date(year, month or 1, 1)
    except ValueError:
        return value or "—"
    if locale_name() == "en":
        return f"{first:%b} {year}" if month else str(year)
    return f"{year}年{month}月" if month else f"{year}年"


def show_number(value: Decimal) -> str:
    """As one says it: 4, not 4.00; 0.25 stays."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _say(message: str, /, **values: Any) -> Markup:
    """`gettext` of the templates: values are escaped, and %% is a percent sign, as Jinja has it.

    Jinja's own takes three times as long, and a page says fifty things.
    """
    return Markup(_look_up(message)) % values if values else _words(locale_name(), message)


@lru_cache(maxsize=4096)
def _words(locale: str, message: str) -> Markup:
    return Markup(_catalog().gettext(message) if locale == "en" else message) % {}


def _look_up(message: str) -> str:
    return _catalog().gettext(message) if locale_name() == "en" else message


def _look_up_number(singular: str, plural: str, num: int) -> str:
    return _catalog().ngettext(singular, plural, num) if locale_name() == "en" else plural


@lru_cache(maxsize=1)
def _catalog() -> NullTranslations:
    return Translations.load(CATALOGS, ["en"])


def _chosen() -> str:
    """The account's language, else the cookie's, else the browser's; where none is asked for, the configured one."""
    configured: str = current_app.config["LMS"].locale if has_app_context() else LOCALES[0]
    if not has_request_context():
        return configured
    wanted = g.get("locale") or cookies.read(COOKIE)
    if wanted in LOCALES:
        return str(wanted)
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans-CN", "en", "en-US"])
    if best is None:
        return configured
    return "en" if best.startswith("en") else LOCALES[0]


def default_locale() -> str:
    """The language of the installation: what is written to somebody who never chose one."""
    configured: str = current_app.config["LMS"].locale
    return configured
