"""The module's pages, in the order of their files."""

from flask import Flask

from lms.records import appraisal_views, file_views, load_views, paper_views, views
from lms.records.blueprint import bp

PAGES = (views, load_views, file_views, paper_views, appraisal_views)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
