"""How the application takes the module in: its pages, the cases that it hears of, and the door for experts."""

from flask import Flask

from lms.calls import (
    access,
    cards,
    handing_in,
    progress,
    queries,
    remarks,
    review_views,
    rounds,
    telling,
    traces,
    views,
)
from lms.cases import access as cases
from lms.cases import standing
from lms.cases.events import case_stepped, version_added
from lms.core import waiting
from lms.drafts import destinations, holding
from lms.drafts import remarks as draft_remarks
from lms.drafts.events import case_submitted
from lms.notices import kinds
from lms.people import traces as people_traces


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.register_blueprint(review_views.bp)
    case_stepped.connect(rounds.on_case_stepped)
    version_added.connect(rounds.on_version_added)
    destinations.register("calls", handing_in.list_destinations)
    holding.register("calls", handing_in.say_who_judges)
    draft_remarks.register("calls", remarks.opinions_on)
    standing.register("calls", progress.line_of)
    case_submitted.connect(handing_in.on_case_submitted)
    cases.open_door("calls", access.cases_under_review_by)
    kinds.register(*telling.ALL)
    people_traces.register(*traces.ALL)
    waiting.register(cards.TO_SCORE, queries.to_score_by)
