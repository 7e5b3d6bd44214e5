"""How the application takes the module in: its pages, and a person's ledger on their page."""

from flask import Flask

from lms.core import proofs
from lms.hours import statement_views, traces, verification, views
from lms.people import sections
from lms.people import traces as people_traces


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.register_blueprint(statement_views.bp)
    sections.register(sections.Section("hours/_section.html", views.section_of))
    people_traces.register(*traces.ALL)
    proofs.register(app, verification.PROOF)
