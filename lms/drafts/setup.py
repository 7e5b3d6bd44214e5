"""How the application takes the module in: its pages."""

from flask import Flask

from lms.drafts import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
