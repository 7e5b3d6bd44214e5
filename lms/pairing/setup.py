"""How the application takes the module in: its pages, its job, what it tells people, and what waits for them."""

from flask import Flask

from lms.core import jobs, waiting
from lms.notices import kinds as notices_kinds
from lms.pairing import cards, own_views, queries, telling, traces, views
from lms.pairing import jobs as periodic
from lms.pairing.blueprint import bp
from lms.people import traces as people_traces

#: The files whose views hang on the shared blueprint; importing them is what registers the views.
PAGES = (views, own_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    jobs.register(app, periodic.JOB)
    notices_kinds.register(*telling.ALL)
    people_traces.register(*traces.ALL)
    waiting.register(cards.PROPOSALS, queries.proposals_waiting_for)
    waiting.register(cards.INVITATIONS, queries.invitations_waiting_for)
