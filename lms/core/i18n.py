"""The two languages: 简体中文 (the source of every message, and the default) and English."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import flask_babel
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale
from flask_babel.speaklater import LazyString

from lms.core import clock

LOCALES = ("zh_Hans_CN", "en")
LANGUAGE_TAGS = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}
COOKIE = "language"

gettext = cast(Callable[..., str], flask_babel.gettext)
ngettext = cast(Callable[..., str], flask_babel.ngettext)
lazy_gettext = cast(Callable[..., LazyString], flask_babel.lazy_gettext)

__all__ = ["LOCALES", "LazyString", "force_locale", "gettext", "lazy_gettext", "locale_name", "ngettext"]


def init_app(app: Flask) -> None:
    """Choose the language by the account, then the cookie, then the browser; commands speak `LMS_LOCALE`."""
    Babel(
        app,
        default_locale=app.config["LMS"].locale,
        default_timezone=app.config["LMS"].timezone,
        default_translation_directories=str(Path(__file__).parent.parent / "translations"),
        locale_selector=_select_locale,
    )
    app.jinja_env.filters["date"] = show_date
    app.jinja_env.filters["moment"] = show_moment


def locale_name() -> str:
    """The language in use: a member of LOCALES."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh_Hans_CN"


def show_date(value: date | datetime | None) -> str:
    """2026年11月22日, or 22 Nov 2026."""
    if value is None:
        return "—"
    day = clock.local_date(value) if isinstance(value, datetime) else value
    if locale_name() == "en":
        return f"{day.day} {day:%b} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def show_moment(value: datetime | None) -> str:
    """A date with hours and minutes of the installation's zone."""
    return "—" if value is None else f"{show_date(value)} {clock.local(value):%H:%M}"


def _select_locale() -> str | None:
    if not has_request_context():
        return None
    chosen: Any = g.get("locale") or request.cookies.get(COOKIE)
    if chosen in LOCALES:
        return cast(str, chosen)
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans-CN", "en", "en-US"])
    if best is None:
        return None  # the installation's own language
    return "en" if best.startswith("en") else "zh_Hans_CN"


def default_locale() -> str:
    """The language of the installation: what is written to somebody who never chose one."""
    locale: str = current_app.config["LMS"].locale
    return locale
