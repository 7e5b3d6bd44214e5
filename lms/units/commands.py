"""`lms units`: the tree from a list."""

import sys
from pathlib import Path

import click

from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.i18n import gettext as _
from lms.core.web import system_actor
from lms.units import divisions, loading

SHOWN_FAULTS = 50


@click.group()
def units() -> None:
    """Provinces, cities, counties, streets and communities."""


@units.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@in_unit_of_work
def load(path: Path) -> None:
    """Load the folder of division files, or one CSV with the columns code,name,parent_code,level.

    What is new is added and what was renamed is renamed; nothing is moved, closed or deleted. A list with a fault loads
    nothing and exits with 1.
    """
    try:
        rows = divisions.read(path)
        click.echo(_("已读取 %(count)s 个单位，正在写入……", count=len(rows)))
        result = loading.load(rows, actor=system_actor("lms units load"), now=clock.now())
    except divisions.DivisionFaults as error:
        for fault in error.faults[:SHOWN_FAULTS]:
            click.echo(str(fault), err=True)
        click.echo(_("共 %(count)s 处问题，未写入任何内容。", count=len(error.faults)), err=True)
        sys.exit(1)
    click.echo(
        _(
            "新增 %(created)s 个，更名 %(renamed)s 个，未变 %(unchanged)s 个。",
            created=result.created, renamed=result.renamed, unchanged=result.unchanged,
        )
    )  # fmt: skip
