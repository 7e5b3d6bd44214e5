"""`lms courses`: check course folders, load them, write them back."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from lms.core import clock
from lms.core.commands import in_unit_of_work
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import system_actor
from lms.courses import actions, loading, queries
from lms.courses.actions import Loaded
from lms.courses.faults import Fault, Severity
from lms.courses.folder import CourseSource, find_courses, read_course
from lms.courses.models import Course
from lms.units.models import Unit
from lms.units.queries import find_by_code

OUTCOMES = {
    Loaded.CREATED: _l("新建"),
    Loaded.REVISED: _l("新版"),
    Loaded.UNCHANGED: _l("未变"),
}


@click.group()
def courses() -> None:
    """Courses as folders of text: check, load, export. The format is described in courses/README.md."""


@courses.command()
@click.argument("path", type=click.Path(path_type=Path))
def check(path: Path) -> None:
    """List every fault of a course folder, of a tier's folder or of the whole tree, with file and line.

    Exits with 1 when something keeps a course from being loaded; warnings do not.
    """
    sound, faults = _read(path)
    _tell(faults)
    if _errors(faults):
        sys.exit(1)
    click.echo(_("%(count)s 门课程，可以载入。", count=len(sound)))


@courses.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--unit", "code", metavar="CODE", help="Division code of the unit that offers them; without: the site.")
@in_unit_of_work
def load(path: Path, code: str | None) -> None:
    """Load a course folder, a tier's folder or the whole tree: all of it, or nothing where a fault is found.

    A course that did not change stays as it is; one that did gets a new revision.
    """
    organizer = _organizer(code)
    sound, faults = _read(path)
    _tell(faults)
    if _errors(faults):
        click.echo(_("没有载入任何课程。"), err=True)
        sys.exit(1)
    actor = system_actor("lms courses load")
    for source in sound:
        result = actions.load_folder(source, organizer=organizer, actor=actor, now=clock.now())
        values = {"outcome": OUTCOMES[result.outcome], "slug": source.slug, "title": source.facts.title}
        click.echo(_("%(outcome)s  %(slug)s  %(title)s  第 %(number)s 版", number=result.revision.number, **values))


@courses.command()
@click.argument("slug")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--unit", "code", metavar="CODE", help="Division code of the unit that offers it, if several do.")
@in_unit_of_work
def export(slug: str, path: Path, code: str | None) -> None:
    """Write the newest revision of a course into the empty folder PATH, byte for byte as it was loaded."""
    course = _course(slug, code)
    revision = queries.find_newest(course)
    if revision is None:
        raise Refused(_("没有课程“%(slug)s”。", slug=slug))
    try:
        count = loading.write_folder(revision, path)
    except OSError as error:
        raise Refused(_("无法写入“%(path)s”：%(reason)s", path=str(path), reason=error.strerror)) from error
    click.echo(_("已写入 %(count)s 个文件，第 %(number)s 版。", count=count, number=revision.number))


def _course(slug: str, code: str | None) -> Course:
    """The course of a unit, where one is named; else the site's, else the only one of that name.

    :raise Refused: there is none, or several units offer one and none was named.
    """
    if code is not None:
        organizer = _organizer(code)
        found = queries.find_course(slug, organizer.id if organizer else None)
    else:
        found = queries.find_course(slug, None)
        others = [] if found else queries.list_namesakes(slug)
        if len(others) > 1:
            units = ", ".join(f"{unit.name} {unit.code or ''}".strip() for _course, unit in others)
            raise Refused(_("课程“%(slug)s”有几个单位主办，请用 --unit 指明：%(units)s", slug=slug, units=units))
        found = others[0][0] if others else found
    if found is None:
        raise Refused(_("没有课程“%(slug)s”。", slug=slug))
    return found


def _organizer(code: str | None) -> Unit | None:
    """:raise Refused: there is no unit with this code."""
    if code is None:
        return None
    unit = find_by_code(code)
    if unit is None:
        raise Refused(_("没有代码为 %(code)s 的单位。", code=code))
    return unit


def _read(path: Path) -> tuple[list[CourseSource], list[Fault]]:
    """Every course at `path` that was found sound, and every fault; files are named as the caller named `path`."""
    folders, around = find_courses(path, shown_as=path.as_posix())
    faults = list(around)
    sound = []
    for folder in folders:
        shown_as = (path / folder.relative_to(path.resolve())).as_posix()
        reading = read_course(folder, shown_as=shown_as)
        faults += reading.faults
        if reading.course is not None:
            faults += loading.rendering_faults(reading.course, shown_as)
            sound.append(reading.course)
    return sound, faults


def _errors(faults: Sequence[Fault]) -> int:
    return sum(fault.severity is Severity.ERROR for fault in faults)


def _tell(faults: Sequence[Fault]) -> None:
    """Each fault as `file:line: sentence`, then how many; nothing where there are none."""
    for fault in faults:
        word = "" if fault.severity is Severity.ERROR else _("提醒：")
        click.echo(f"{fault.where}: {word}{fault.message}", err=True)
    if faults:
        errors = _errors(faults)
        click.echo(
            _("%(errors)s 处问题，%(warnings)s 处提醒。", errors=errors, warnings=len(faults) - errors), err=True
        )
