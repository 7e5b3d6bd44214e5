"""How the application takes the module in: its pages, its job, and the facts whose changes move standings."""

from flask import Flask

from lms.core import jobs, proofs
from lms.hours import record_parts
from lms.hours.events import ledger_changed
from lms.people import sections
from lms.people import traces as people_traces
from lms.people.events import people_removed, posts_changed
from lms.policies import cards, keeping, person_views, recomputing, traces, views
from lms.units.actions import unit_moved


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.register_blueprint(person_views.bp)
    ledger_changed.connect(keeping.on_ledger_changed)
    posts_changed.connect(keeping.on_posts_changed)
    people_removed.connect(keeping.on_people_removed)
    unit_moved.connect(keeping.on_unit_moved)
    sections.register(sections.Section("policies/_section.html", person_views.section_of))
    record_parts.register(app, record_parts.Part("policies/_card.html", cards.read))
    people_traces.register(*traces.ALL)
    jobs.register(app, recomputing.JOB)
    proofs.register(app, recomputing.PROOF)
