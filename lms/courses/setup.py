"""How the application takes the module in: its pages, and the attempts at its quizzes that it hears of."""

from flask import Flask

from lms.courses import actions, pages, regrades, telling, traces, views, ways
from lms.notices import kinds
from lms.people import traces as people_traces
from lms.policies import offers
from lms.quizzes import homes
from lms.quizzes.events import attempt_graded, attempt_regraded


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    attempt_graded.connect(actions.on_attempt_graded)
    attempt_regraded.connect(regrades.on_attempt_regraded)
    homes.register("course_revision", pages.way_back)
    people_traces.register(*traces.ALL)
    kinds.register(*telling.ALL)
    offers.register(app, ways.find)
