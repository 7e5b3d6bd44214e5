"""How the application takes the module in: its page; app.py says which cards stand on it."""

from flask import Flask

from lms.home import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
