"""How the application takes the module in: pages, nightly job, notices, and its part of a person's page."""

from flask import Flask

from lms.core import jobs
from lms.mentoring import card_views, end_views, files, meeting_views, telling, traces, unit_views, views
from lms.mentoring import jobs as periodic
from lms.mentoring.blueprint import bp
from lms.notices import kinds
from lms.people import sections
from lms.people import traces as people_traces

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, card_views, meeting_views, end_views, unit_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.register(app, periodic.JOB)
    kinds.register(*telling.ALL)
    sections.register(sections.Section("mentoring/_section.html", files.section_of))
    people_traces.register(*traces.ALL)
