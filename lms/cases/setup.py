"""How the application takes the module in: its pages, what it tells people, and the case that a lesson embeds."""

from flask import Flask

from lms.cases import growth, teaching, telling, traces, views
from lms.cases.events import case_stepped
from lms.courses import parts
from lms.mentoring.growth import Part
from lms.mentoring.growth import register as register_growth
from lms.notices import kinds
from lms.people import traces as people_traces


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    case_stepped.connect(telling.on_case_stepped)
    parts.register(teaching.PART)
    register_growth(Part("cases/_growth.html", growth.read))
    people_traces.register(*traces.ALL)
    kinds.register(*telling.ALL)
