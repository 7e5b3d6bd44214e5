"""Our style sheets, scripts and icons: files named by the hash of their content, kept by browsers for a year."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, send_from_directory

from lms.core.web import allow, anyone, let_browsers_keep

YEAR = 365 * 24 * 3600  # seconds


def init_app(app: Flask) -> None:
    app.add_url_rule("/static/<path:filename>", "static", _serve)
    app.jinja_env.globals["asset"] = asset_url
    app.extensions["static_folder"] = _folder()


@allow(anyone)
def _serve(filename: str) -> Response:
    let_browsers_keep(f"public, max-age={YEAR}, immutable")
    return send_from_directory(_folder(), filename)


def asset_url(name: str) -> str:
    """The address of an asset, say `app.css`, in its newest version."""
    return path_of(name)


def path_of(name: str) -> str:
    """The same, outside of a request.

    :raise RuntimeError: the assets were not built.
    """
    file = _manifest().get(name)
    if file is None:
        raise RuntimeError(f"static/dist has no {name}: run `make assets`")
    return f"/static/{file}"


def _folder() -> Path:
    """static/dist of the source tree, or what the wheel carries."""
    package = Path(__file__).parent.parent
    bundled = package / "bundled" / "static"
    return bundled if bundled.is_dir() else package.parent / "static" / "dist"


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    """What the build made; read once, because a build is followed by a restart."""
    path = _folder() / "manifest.json"
    if not path.exists():
        return {}
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names
