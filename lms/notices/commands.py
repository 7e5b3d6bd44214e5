"""`lms jobs run`: the periodic work, for cron or a timer."""

import click
from flask import current_app

from lms.core.i18n import gettext as _
from lms.core.jobs import all_jobs
from lms.core.web import system_actor
from lms.notices import jobs as periodic


@click.group()
def jobs() -> None:
    """Work that is done from time to time."""


@jobs.command()
def run() -> None:
    """Do what modules do from time to time, then prepare digests and send what is in the outbox; safe at any time."""
    database, actor = current_app.extensions["database"], system_actor("lms jobs run")
    for job in all_jobs(current_app):
        done = job.run(database, actor)
        if done is not None:
            click.echo(done)
    tally = periodic.run(database, actor=actor)
    click.echo(
        _(
            "准备 %(prepared)s 条，发出 %(sent)s 条，稍后重试 %(failed)s 条，放弃 %(given_up)s 条。",
            prepared=tally.prepared,
            sent=tally.sent,
            failed=tally.failed,
            given_up=tally.given_up,
        )
    )
