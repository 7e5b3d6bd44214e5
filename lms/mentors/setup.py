"""How the application takes the module in: its pages, and what it tells people."""

from flask import Flask

from lms.mentors import kinds, views
from lms.notices import kinds as notices_kinds


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    notices_kinds.register(*kinds.ALL)
