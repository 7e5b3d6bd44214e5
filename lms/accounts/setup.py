"""How the application takes the module in: its pages, its cookies, and who the actor of a request is."""

from flask import Flask

from lms.accounts import administration, my_data, sign_in, views
from lms.core import web

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, my_data, administration)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    sign_in.init_app(app)
    web.register_actor(app, sign_in.load_actor, views.ask_to_sign_in)
