"""Papers for the people of a unit and a year: statements of the year, or certificates of one training."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.forms import SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.core.sql import within
from lms.core.web import Actor
from lms.hours import statements
from lms.hours.models import HourEntry, HourReversal
from lms.people import headcount
from lms.people.access import administered_by
from lms.people.models import Appointment, Person
from lms.records.models import PaperBatch, PaperBatchLine
from lms.units.models import Level, Unit

MOST = 500  # papers in a batch: a browser prints no more with ease
MOST_TRAININGS = 200
MOST_UNITS = 2000


def issue(unit: Unit, *, year: int, title: str | None, actor: Actor, now: datetime) -> PaperBatch:
    """Issue a paper for everybody of the unit who has something in the year.

    :param title: certificates of the training of that name; None: statements of the year.
    :raise Refused: nobody has, too many people, or no training was chosen.
    """
    if title == "":
        raise Refused(_l("请选择一次培训。"), "title")
    today = clock.local_date(now)
    people = db.session().scalars(_people(actor, unit, year, today).limit(MOST + 1)).all()
    if len(people) > MOST:
        raise Refused(_l("这个单位超过 %(most)s 人，请到下一级单位分别开具。", most=MOST))
    span = {"from_on": date(year, 1, 1), "to_on": min(today, date(year, 12, 31))}
    if title is None:
        issued = statements.issue_many(people, **span, actor=actor, now=now)
    else:
        issued = statements.certify_many(people, title=title, **span, actor=actor, now=now)
    if not issued:
        raise Refused(_l("这个单位的人员在这一年没有可以证明的学时记录。"))
    batch = PaperBatch(unit_id=unit.id, year=year, title=title or "", issued_at=now, issued_by_id=actor.person_id)
    db.session().add(batch)
    db.session().flush()  # the lines point at it
    db.session().add_all(
        PaperBatchLine(batch_id=batch.id, position=number, statement_id=paper.id)
        for number, paper in enumerate(issued, 1)
    )
    detail = {"year": year, "title": title or "", "papers": len(issued)}
    on = ("paper_batch", batch.id)
    audit.record("records.issue_batch", actor=actor, now=now, on=on, unit_id=unit.id, detail=detail)
    return batch


def training_choices(actor: Actor, unit: Unit, year: int) -> list[SelectChoice]:
    """Trainings that people of the unit completed in the year, those of most people first."""
    today = clock.today()
    people = _people(actor, unit, year, today).with_only_columns(Person.id).order_by(None)
    count = func.count(HourEntry.person_id.distinct())
    statement = (
        select(HourEntry.title, count)
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(HourEntry.person_id.in_(people), HourReversal.id.is_(None))
        .where(HourEntry.occurred_on.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(HourEntry.title)
        .order_by(count.desc(), HourEntry.title)
        .limit(MOST_TRAININGS)
    )
    rows = db.session().execute(statement)
    return [SelectChoice("", _l("请选择")), *(SelectChoice(row[0], f"{row[0]} ({row[1]})") for row in rows)]


def list_batches(actor: Actor) -> Sequence[PaperBatch]:
    """The latest ones for units that the actor administers."""
    units = select(Unit.id).where(Unit.id == PaperBatch.unit_id, within(Unit.path, actor.paths("admin"))).exists()
    statement = select(PaperBatch).where(units).options(joinedload(PaperBatch.unit))
    return db.session().scalars(statement.order_by(PaperBatch.id.desc()).limit(30)).all()


def list_units(actor: Actor) -> list[SelectChoice]:
    """Open units that the actor administers, down to communities, in their order."""
    statement = (
        select(Unit.id, Unit.name, Unit.level)
        .where(within(Unit.path, actor.paths("admin")), Unit.valid_to.is_(None))
        .where(Unit.level.in_([Level.COUNTY, Level.STREET, Level.COMMUNITY]))
        .order_by(Unit.place)
        .limit(MOST_UNITS)
    )
    return [
        SelectChoice(str(row.id), ("　" if row.level is Level.COMMUNITY else "") + row.name)
        for row in db.session().execute(statement)
    ]


def sheets_of(batch: PaperBatch) -> list[statements.Sheet]:
    """The papers in their order."""
    lines = select(PaperBatchLine.statement_id).where(PaperBatchLine.batch_id == batch.id)
    return statements.get_sheets(db.session().scalars(lines.order_by(PaperBatchLine.position)).all())


def _people(actor: Actor, unit: Unit, year: int, today: date) -> Select[Person]:
    """Those who count for the unit in the year and are the actor's people today, by unit and name."""
    return (
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(within(Unit.path, [unit.path]), headcount.counted(headcount.day_of(year, today)))
        .where(administered_by(actor))
        .order_by(Unit.place, Person.name, Person.id)
    )
