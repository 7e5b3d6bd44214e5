<<<<<<< HEAD
"""How the application takes the module in: its pages, the steps it tells of, and the part of lessons that shows cases."""

from flask import Flask

from lms.cases import teaching, telling, traces, views
from lms.cases.events import case_stepped
from lms.courses import parts
=======
"""How the application takes the module in: its pages, what it tells people, and the case that a lesson embeds."""

from flask import Flask

from lms.cases import growth, teaching, telling, traces, views
from lms.cases.events import case_stepped
from lms.courses import parts
from lms.mentoring.growth import Part
from lms.mentoring.growth import register as register_growth
>>>>>>> main
from lms.notices import kinds
from lms.people import traces as people_traces


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    case_stepped.connect(telling.on_case_stepped)
    parts.register(teaching.PART)
<<<<<<< HEAD
=======
    register_growth(Part("cases/_growth.html", growth.read))
>>>>>>> main
    people_traces.register(*traces.ALL)
    kinds.register(*telling.ALL)
