"""How the application takes the module in: its pages, what it tells people, and the words for answers that wait."""

from flask import Flask

from lms.accounts import parked_words
from lms.notices import kinds
from lms.people import traces as people_traces
from lms.quizzes import parked, telling, traces, views
from lms.quizzes.events import attempt_regraded


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    attempt_regraded.connect(telling.on_attempt_regraded)
    parked_words.register(parked.read)
    people_traces.register(*traces.ALL)
    kinds.register(*telling.ALL)
