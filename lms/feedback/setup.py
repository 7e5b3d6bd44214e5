"""How the application takes the module in: its pages, and the link at the foot of every page."""

from flask import Flask

from lms.feedback import kinds, views
from lms.notices import kinds as notices_kinds


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.context_processor(views.footer)
    notices_kinds.register(*kinds.ALL)
