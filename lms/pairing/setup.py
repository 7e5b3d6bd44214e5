"""How the application takes the module in: its pages hang on one blueprint."""

from flask import Flask

from lms.pairing import own_views, views
from lms.pairing.blueprint import bp

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, own_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
