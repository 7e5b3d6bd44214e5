"""Our cookies: out of reach of scripts and of other sites, and over https bound to this very host."""

from datetime import timedelta

from flask import Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse


def name_of(name: str, *, https: bool) -> str:
    """What a cookie is called: browsers take the prefix only from this host, by https, and for all its paths."""
    return f"__Host-{name}" if https else name


def read(name: str) -> str | None:
    return request.cookies.get(name_of(name, https=current_app.config["LMS"].https))


def keep(response: Response | BaseResponse, name: str, value: str, lifetime: timedelta) -> None:
    """Let this browser keep a value."""
    https = current_app.config["LMS"].https
    response.set_cookie(
        name_of(name, https=https), value, max_age=lifetime, secure=https, httponly=True, samesite="Lax", path="/"
    )
