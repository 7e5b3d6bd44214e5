"""How the application takes the module in: its pages, and what a person leaves in them."""

from flask import Flask

from lms.drafts import traces, views
from lms.people import traces as people_traces


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    people_traces.register(*traces.ALL)
