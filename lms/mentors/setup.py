"""How the application takes the module in: its pages, what it tells people, its part of a person's page."""

from flask import Flask

from lms.mentors import kinds, views
from lms.notices import kinds as notices_kinds
from lms.people import sections


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    notices_kinds.register(*kinds.ALL)
    sections.register(sections.Section("mentors/_section.html", views.section_of))
