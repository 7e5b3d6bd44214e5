"""Where to go after signing in: only ever a page of this site (no open redirect).

Browsers forgive much: they read a backslash as a slash, drop tabs and line feeds, and take
`//host` and `/\\host` for another host. So nothing is repaired here: what is not plainly a path
of ours is refused, and what looks like one must also be a page that answers GET.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.urls import iri_to_uri

LONGEST = 2000  # characters


def own_path(text: str | None, urls: MapAdapter) -> str | None:
    """The path (with its query) in ASCII when it is a page of ours that answers GET, else None."""
    if not text or len(text) > LONGEST or not _is_plain(text):
        return None
    path, _, query = text.partition("?")
    if not is_local(path):
        return None
    try:
        urls.match(unquote(path), method="GET")
    except (RequestRedirect, HTTPException):
        return None
    return iri_to_uri(f"{path}?{query}" if query else path)


def is_local(path: str) -> bool:
    """Whether a path, however often it is unquoted, stays a path on this host."""
    for _ in range(4):
        if not path.startswith("/") or "//" in path or not _is_plain(path):
            return False
        if any(part in {".", ".."} for part in path.split("/")):
            return False
        try:
            parts = urlsplit(path)
        except ValueError:
            return False
        if parts.scheme or parts.netloc:
            return False
        again = unquote(path, errors="replace")
        if again == path:
            return True
        path = again
    return False  # quoted four times over: nobody's bookmark


def _is_plain(text: str) -> bool:
    """No backslash, fragment, space, control or invisible character, nor bytes that are no text."""
    return all(sign.isprintable() and sign not in "\\# \ufffd" for sign in text)
