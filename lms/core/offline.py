"""The site without a signal: installable, with a worker of our own that keeps the pages of courses on this phone.

`static/js/sw.js` keeps what was read, for one reader: each page of a signed-in person names them by a digest, and a
page of anybody else, or of nobody, throws away what was kept. Signing out does, too, and has the browser forget all
that this site stored.
"""

import hashlib
import hmac

from flask import Blueprint, Flask, Response, current_app, g, jsonify, render_template, send_from_directory, url_for

from lms.core.assets import path_of
from lms.core.i18n import gettext as _
from lms.core.web import allow, anyone, let_browsers_keep

bp = Blueprint("offline", __name__)

#: What a browser is told to forget at sign-out: kept pages, queues, unsent answers. Cookies are the session's affair.
FORGET = '"cache", "storage"'


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.after_request(_name_reader)
    app.jinja_env.globals["reader_mark"] = reader_mark


def reader_mark() -> str:
    """Who reads this page, as a digest that says nothing to anybody else; empty for a stranger."""
    actor = g.get("actor")  # known by now to every page that names its reader
    if actor is None or actor.person_id is None:
        return ""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"reader:{actor.person_id}".encode(), hashlib.sha256).hexdigest()[:24]


def _name_reader(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["X-Reader"] = reader_mark()
    return response


@bp.get("/sw.js")
@allow(anyone)
def worker() -> Response:
    """The worker, at the root so that it may serve every page; asked for anew each time."""
    folder = current_app.extensions["static_folder"]
    response = send_from_directory(folder, path_of("sw.js").removeprefix("/static/"), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = "/"
    let_browsers_keep("no-cache")
    return response


@bp.get("/manifest.webmanifest")
@allow(anyone)
def manifest() -> Response:
    name = current_app.config["LMS"].site_name
    icons = [
        {"src": path_of(f"icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for side in (192, 512)
        for purpose in ("any", "maskable")
    ]
    response = jsonify(
        name=name,
        short_name=name,
        lang="zh-Hans-CN",
        start_url=url_for("home.index"),
        scope="/",
        display="standalone",
        background_color="#f8f6f2",
        theme_color="#a3191f",
        icons=icons,
    )
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/offline")
@allow(anyone)
def page() -> str:
    """What can be read on this phone: filled in by a script, because only the phone knows."""
    return render_template("offline.html", title=_("没有信号"))
