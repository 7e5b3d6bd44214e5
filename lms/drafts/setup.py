"""How the application takes the module in: its pages, what it tells authors, and what a person leaves in them."""

from flask import Flask

from lms.core import waiting
from lms.drafts import author_views, queries, telling, traces, views
from lms.notices import kinds
from lms.people import traces as people_traces


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.register_blueprint(author_views.bp)
    kinds.register(*telling.ALL)
    people_traces.register(*traces.ALL)
    waiting.register(queries.TO_ANSWER, queries.to_answer_by)
