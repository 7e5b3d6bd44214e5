"""How the application takes the module in: its pages, a person's file, and the sections of it that are known here."""

from flask import Flask

from lms.notices import kinds as notices_kinds
from lms.people import sections as people_sections
from lms.people import traces as people_traces
from lms.records import (
    appraisal_views,
    file_views,
    kinds,
    load_views,
    own_sections,
    paper_views,
    sections,
    traces,
    views,
)
from lms.records.blueprint import bp

PAGES = (views, load_views, file_views, paper_views, appraisal_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    people_sections.register(people_sections.Section("records/_section.html", file_views.section_of))
    people_traces.register(*traces.ALL)
    notices_kinds.register(*kinds.ALL)
    sections.register(*own_sections.ALL)
