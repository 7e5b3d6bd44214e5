"""`lms cases`: check the folder of the case library, load it, write it back, index it anew."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import or_, select

from lms.cases import indexing, loading
from lms.cases.library import Reading, read_library
from lms.cases.loading import Outcome
from lms.cases.models import Case, Method, MethodWithdrawal
from lms.cases.queries import standing_withdrawals
from lms.core import clock, db, search
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import system_actor
from lms.courses.faults import Severity
from lms.units.models import Unit
from lms.units.queries import find_by_code

OUTCOMES = {
    Outcome.CREATED: _l("新建"),
    Outcome.REVISED: _l("新版"),
    Outcome.UNCHANGED: _l("未变"),
}


@click.group()
def cases() -> None:
    """Methods and cases as text files: check, load, export. The format is described in case_library/README.md."""


@cases.command()
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """List every fault of a library, of one of its folders or of one file, with file and line.

    Exits with 1 when something keeps it from being loaded; warnings do not.
    """
    reading = _read(path)
    if reading.errors:
        sys.exit(1)
    counts = {"cases": len(reading.cases), "methods": len(reading.methods)}
    click.echo(_("%(cases)s 篇案例、%(methods)s 个工作法，可以载入。", **counts))


@cases.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--unit", "code", metavar="CODE", help="Division code of the unit whose cases they are; without: the site."
)
@in_unit_of_work
def load(path: Path, code: str | None) -> None:
    """Load a library, one of its folders or one file, and publish: all of it, or nothing where a fault is found.

    What did not change stays as it is; what did gets a new version.
    """
    unit = _unit(code)
    reading = _read(path)
    if reading.errors:
        click.echo(_("没有载入任何案例。"), err=True)
        sys.exit(1)
    loaded = loading.load_all(reading, unit=unit, actor=system_actor("lms cases load"), now=clock.now())
    for result in loaded:
        values = {"outcome": OUTCOMES[result.outcome], "slug": result.slug, "title": result.title}
        click.echo(_("%(outcome)s  %(slug)s  %(title)s  第 %(number)s 版", number=result.number, **values))
    for result in loaded:
        if result.withdrawn:
            click.echo(_("提醒：工作法“%(name)s”已经撤回，载入以后仍然不公开。", name=result.title), err=True)


@cases.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--slug", help="Only the case of this name, with the methods that it shows.")
@click.option("--unit", "code", metavar="CODE", help="Division code: only the cases of this unit.")
@in_unit_of_work
def export(path: Path, slug: str | None, code: str | None) -> None:
    """Write published cases and methods into the empty folder PATH, byte for byte as they were loaded."""
    unit = _unit(code)
    wanted = select(Case).where(Case.published_number.is_not(None)).order_by(Case.slug)
    wanted = wanted.where(Case.unit_id == unit.id) if unit else wanted
    found = db.session().scalars(wanted.where(Case.slug == slug) if slug else wanted).all()
    if slug and not found:
        raise Refused(_("没有已发布的案例“%(slug)s”。", slug=slug))
    try:
        count = loading.write_folder(found, _methods(found, everything=not slug and unit is None), path)
    except OSError as error:
        raise Refused(_("无法写入“%(path)s”：%(reason)s", path=str(path), reason=error.strerror)) from error
    click.echo(_("已写入 %(count)s 个文件。", count=count))


@cases.command()
@in_unit_of_work
def reindex() -> None:
    """Make anew what finding needs: the text that is searched, and the facets. Nothing else changes."""
    count = 0
    for case in db.session().scalars(select(Case).order_by(Case.id)):
        indexing.refresh(case)
        count += 1
    for method in db.session().scalars(select(Method).order_by(Method.id)):
        if method.current is not None:
            indexing.refresh_method(method, method.current)
    search.rebuild()
    click.echo(_("已重新整理 %(count)s 篇案例的检索。", count=count))


def _methods(found: Sequence[Case], *, everything: bool) -> Sequence[Method]:
    """Those that the cases show; of everything also the others, but for those that were withdrawn."""
    shown = loading.methods_of(found)
    if not everything:
        return shown
    gone = select(MethodWithdrawal.id).where(standing_withdrawals())
    wanted = or_(~gone.exists(), Method.id.in_([method.id for method in shown]))
    return db.session().scalars(select(Method).where(wanted).order_by(Method.slug)).all()


def _unit(code: str | None) -> Unit | None:
    """:raise Refused: there is no unit with this code."""
    if code is None:
        return None
    unit = find_by_code(code)
    if unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    return unit


def _read(path: Path) -> Reading:
    """What lies at `path`, every fault told as `file:line: sentence`, then how many."""
    reading = read_library(path, shown_as=path.as_posix())
    reading.faults = (*reading.faults, *loading.rendering_faults(reading))
    for fault in reading.faults:
        word = "" if fault.severity is Severity.ERROR else _("提醒：")
        click.echo(f"{fault.where}: {word}{fault.message}", err=True)
    if reading.faults:
        counts = {"errors": reading.errors, "warnings": len(reading.faults) - reading.errors}
        click.echo(_("%(errors)s 处问题，%(warnings)s 处提醒。", **counts), err=True)
    return reading
