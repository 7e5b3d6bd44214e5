"""How the application takes the module in: its pages, its nightly job, and what it tells people."""

from flask import Flask

from lms.core import jobs
from lms.mentoring import card_views, end_views, meeting_views, telling, unit_views, views
from lms.mentoring import jobs as periodic
from lms.mentoring.blueprint import bp
from lms.notices import kinds

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, card_views, meeting_views, end_views, unit_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.register(app, periodic.JOB)
    kinds.register(*telling.ALL)
