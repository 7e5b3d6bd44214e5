"""How the application takes the module in: its pages, its cookies, and who the actor of a request is."""

from typing import Any

from flask import Flask, url_for

from lms.accounts import administration, my_data, sign_in, views, waiting
from lms.accounts.blueprint import bp
from lms.core import web
from lms.core.i18n import gettext as _
from lms.people import sections

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, my_data, administration)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    sign_in.init_app(app)
    web.register_actor(app, sign_in.load_actor, waiting.ask_to_sign_in)
    app.context_processor(_account_links)
    sections.register(sections.Section("accounts/_person.html", administration.read_section))


def _account_links() -> dict[str, Any]:
    """What the menu under the reader's name leads to."""
    return {
        "account_links": [
            {"url": url_for("accounts.my_data"), "label": _("我的数据"), "icon": "account"},
            {"url": url_for("accounts.password"), "label": _("修改密码"), "icon": "settings"},
        ]
    }
