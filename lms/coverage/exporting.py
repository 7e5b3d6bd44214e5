"""Lists that are too long to wait for: asked for on the page, written by the job, fetched, thrown away after a week.

The job writes with no unit of work open for longer than a batch takes to read, into a file that nobody can reach until
it is whole. It acts in the name of whoever asked, with the reach that they have then.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update
from structlog import get_logger

from lms.core import audit, clock, db, i18n
from lms.core.db import Database
from lms.core.errors import Denied
from lms.core.files import clean_label
from lms.core.i18n import gettext as _
from lms.core.paging import Page
from lms.core.spreadsheets import Table, write_xlsx, write_xlsx_to
from lms.core.web import Actor
from lms.coverage import changes, frozen, inquiry, sheets, telling
from lms.coverage.changes import Changes
from lms.coverage.frozen import Frozen
from lms.coverage.kinds import ExportState, Trait
from lms.coverage.models import CoverageExport
from lms.coverage.names import Group, Selection, next_people
from lms.notices.actions import Link, tell
from lms.people.access import list_administered
from lms.people.models import Person
from lms.people.posts import PostClass

log = get_logger("lms.coverage")

#: Rows read at once.
BATCH = 5_000
#: A file is kept for so long.
KEPT = timedelta(days=7)
#: A job that has written for so long is gone: another one begins anew.
LOST = timedelta(hours=1)


#: What a list is of.
Wanted = Selection | Frozen | Changes


@dataclass(frozen=True)
class Kind:
    """How lists of one kind are called in the job's table, read on, and put into a workbook."""

    name: str
    read_next: Callable[..., Page[Any]]
    table: Callable[[Iterable[Any]], Table]
    title: Callable[[Any], str]


def _closed_title(one: Frozen) -> str:
    return f"{_('结账名单')}-{one.group.label}-{one.closing.counted_on}"


KINDS: Mapping[type, Kind] = {
    Selection: Kind("people", next_people, sheets.people, lambda one: f"{one.group.label}-{one.inquiry.day}"),
    Frozen: Kind("closed_people", frozen.next_people, sheets.closed_people, _closed_title),
    Changes: Kind("closed_changes", changes.next_changes, sheets.closed_changes, lambda one: _("名单变化")),
}


def label_of(wanted: Wanted) -> str:
    """The name of the file, for people."""
    asked = wanted.inquiry
    return clean_label(f"{asked.unit.name}-{asked.asked.duty.title}-{KINDS[type(wanted)].title(wanted)}.xlsx")


def ask(wanted: Wanted, *, actor: Actor, now: datetime) -> CoverageExport:
    """Put a list on the table for the job; asked for again before it is written, it stays one."""
    unit, question = wanted.inquiry.unit, {"list": KINDS[type(wanted)].name, **wanted.args()}
    waiting = select(CoverageExport).where(
        CoverageExport.person_id == actor.person_id, CoverageExport.state == ExportState.WAITING
    )
    same = next((one for one in db.session().scalars(waiting) if one.question == question), None)
    if same is not None:
        return same
    export = CoverageExport(
        person_id=actor.person_id,
        unit_id=unit.id,
        question=question,
        locale=i18n.locale_name(),
        asked_at=now,
        state=ExportState.WAITING,
        label=label_of(wanted),
    )
    db.session().add(export)
    db.session().flush()
    record(wanted, actor=actor, now=now, export=export.id)
    return export


def write_now(wanted: Wanted, *, most: int, actor: Actor, now: datetime) -> bytes:
    """A short list as a workbook."""
    kind = KINDS[type(wanted)]
    record(wanted, actor=actor, now=now)
    return write_xlsx([kind.table(kind.read_next(wanted, size=most, cursor=None).items)])


def record(wanted: Wanted, *, actor: Actor, now: datetime, **detail: object) -> None:
    """Taking names out of the site leaves a row in the audit trail."""
    asked = wanted.inquiry
    told = {name: value for name, value in wanted.args().items() if name != "q"}
    audit.record(
        "coverage.export",
        actor=actor,
        now=now,
        on=("coverage", asked.asked.duty.code),
        unit_id=asked.unit.id,
        detail={"list": KINDS[type(wanted)].name, **told, **detail},
    )


def path_of(export_id: int) -> Path:
    root: Path = current_app.config["LMS"].data_dir
    return root / "exports" / f"{export_id}.xlsx"


def write_waiting(database: Database) -> int:
    """Write what waits; outside of any unit of work, because it opens its own. Gives how many were written."""
    written = 0
    while True:
        with db.unit_of_work(database):
            export_id = _claim(now=clock.now())
        if export_id is None:
            return written
        written += _write(database, export_id)


def throw_away_old(database: Database) -> None:
    """Files that nobody fetched for a week."""
    with db.unit_of_work(database):
        done = CoverageExport.state.in_([ExportState.READY, ExportState.FAILED])
        old = select(CoverageExport).where(done, CoverageExport.done_at < clock.now() - KEPT)
        for export in db.session().scalars(old):
            path_of(export.id).unlink(missing_ok=True)
            export.state = ExportState.GONE


def _claim(*, now: datetime) -> int | None:
    """Take the oldest one that waits, or whose job is gone: of two jobs at one moment, one gets it."""
    lost = (CoverageExport.state == ExportState.RUNNING) & (CoverageExport.claimed_at < now - LOST)
    free = or_(CoverageExport.state == ExportState.WAITING, lost)
    oldest = select(CoverageExport.id).where(free).order_by(CoverageExport.id).limit(1).scalar_subquery()
    claim = update(CoverageExport).where(CoverageExport.id == oldest, free).returning(CoverageExport.id)
    return db.session().scalar(
        claim.values(state=ExportState.RUNNING, claimed_at=now).execution_options(synchronize_session=False)
    )


def _write(database: Database, export_id: int) -> bool:
    path = path_of(export_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        people = _fill(database, export_id, part)
        part.replace(path)
    except Exception as error:  # whatever is wrong with one list must not keep the others
        part.unlink(missing_ok=True)
        if not isinstance(error, Denied):
            log.error("unexpected while writing a list", export=export_id, exc_info=error)
        with db.unit_of_work(database) as opened:
            export = opened.get_one(CoverageExport, export_id)
            export.state, export.done_at = ExportState.FAILED, clock.now()
        return False
    with db.unit_of_work(database) as opened:
        export = opened.get_one(CoverageExport, export_id)
        export.state, export.done_at = ExportState.READY, clock.now()
        export.people, export.size = people, path.stat().st_size
        _tell(export)
    return True


def _tell(export: CoverageExport) -> None:
    tell(
        [export.person_id],
        kind=telling.READY.name,
        params={"label": export.label, "people": export.people, "days": KEPT.days},
        link=Link("coverage.exports"),
        source=("coverage_export", str(export.id)),
        why="asked",
        actor=Actor(export.person_id, None, _("导出任务")),
        now=clock.now(),
    )


def _fill(database: Database, export_id: int, part: Path) -> int:
    """Write the list; gives how many rows it has."""
    counted = [0]

    def rows() -> Iterator[Any]:
        for row in _rows(database, export_id):
            counted[0] += 1
            yield row

    with db.unit_of_work(database, write=False) as opened:
        export = opened.get_one(CoverageExport, export_id)
        locale, table = export.locale, _kind(export).table
    with i18n.force_locale(locale), part.open("w+b") as file:
        write_xlsx_to(file, [table(rows())])
    return counted[0]


def _rows(database: Database, export_id: int) -> Iterator[Any]:
    """Batch by batch, each in a unit of work of its own."""
    cursor: str | None = None
    while True:
        with db.unit_of_work(database, write=False):
            wanted = _wanted(export_id)
            page = KINDS[type(wanted)].read_next(wanted, size=BATCH, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _kind(export: CoverageExport) -> Kind:
    return next(kind for kind in KINDS.values() if kind.name == export.question["list"])


def _wanted(export_id: int) -> Wanted:
    """The question, asked again by whoever asked it.

    :raise Denied: they no longer administer the unit.
    """
    export = db.session().get_one(CoverageExport, export_id)
    person, question = db.session().get_one(Person, export.person_id), export.question
    actor = Actor(person.id, None, person.name, reach={"admin": list_administered(person.id)})
    words: dict[str, Any] = {name: question.get(name, "") for name in ("duty", "cycle", "day")}
    asked = inquiry.ask(actor, unit_id=question["unit"], **words)
    if question["list"] == "closed_changes":
        return changes.get_changes(asked, question.get("closing", 0))
    narrowed: dict[str, Any] = {
        "group": Group(question.get("group", Group.ALL)),
        "direct": bool(question.get("direct")),
        "post": PostClass(question["post"]) if "post" in question else None,
        "words": question.get("q", ""),
    }
    if question["list"] == "closed_people":
        return Frozen(asked, frozen.get_statement(asked, question["closing"])[0], **narrowed)
    kind, _dot, value = question.get("trait", "").partition(".")
    return Selection(asked, mine=bool(question.get("mine")), trait=(Trait(kind), value) if kind else None, **narrowed)
