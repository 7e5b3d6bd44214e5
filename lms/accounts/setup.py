"""How the application takes the module in: its pages, its cookies, and who the actor of a request is."""

from flask import Flask

from lms.accounts import administration, my_data, sign_in, use, views, waiting
from lms.accounts.blueprint import bp
from lms.core import web
from lms.people import sections, traces

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, my_data, administration)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    sign_in.init_app(app)
    web.register_actor(app, sign_in.load_actor, waiting.ask_to_sign_in)
    sections.register(sections.Section("accounts/_person.html", administration.read_section))
    traces.register(use.USED)
