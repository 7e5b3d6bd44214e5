"""How the application takes the module in: its pages, and the job that counts large units once a day."""

from flask import Flask

from lms.core import jobs
from lms.workforce import storing, views

JOB = jobs.Job("workforce.count_large", storing.count_large)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    jobs.register(app, JOB)
