"""`lms coverage`: prove the roll-up against the standings, build it anew."""

import click
from flask import current_app

from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.coverage import rebuilding


@click.group()
def coverage() -> None:
    """The figures of who is trained."""


@coverage.command()
def verify() -> None:
    """Compare the roll-up with the standings, cell by cell; exit code 1 where they differ."""
    with db.unit_of_work(current_app.extensions["database"], write=False):
        found = rebuilding.verify()
    for name, proof in found.items():
        click.echo(_("%(name)s：%(cells)s 格，%(wrong)s 格不符。", name=name, cells=proof.cells, wrong=proof.wrong))
    if any(proof.wrong for proof in found.values()):
        raise Refused(_("汇总表与履训情况不符，请运行 lms coverage rebuild。"))


@coverage.command()
def rebuild() -> None:
    """Build the roll-up anew from the standings; pages show the old figures until it is done."""
    with db.unit_of_work(current_app.extensions["database"]):
        rebuilding.rebuild()
    click.echo(_("汇总表已按履训情况重建。"))
