"""How the application takes the module in: its pages hang on one blueprint."""

from flask import Flask

from lms.mentoring import card_views, end_views, meeting_views, unit_views, views
from lms.mentoring.blueprint import bp

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, card_views, meeting_views, end_views, unit_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
