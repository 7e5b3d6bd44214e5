"""How the application takes the module in: its pages, its job for large rounds, and what it tells people."""

from flask import Flask

from lms.core import jobs
from lms.notices import kinds as notices_kinds
from lms.pairing import jobs as periodic
from lms.pairing import own_views, telling, traces, views
from lms.pairing.blueprint import bp
from lms.people import traces as people_traces

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, own_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.register(app, periodic.JOB)
    notices_kinds.register(*telling.ALL)
    people_traces.register(*traces.ALL)
