"""What the yearly appraisal may look up (M2): met or not met, and which trainings; no time spent on them (N1)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Row, Select, or_, select

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import Page, keyset
from lms.core.spreadsheets import Table, Value
from lms.core.sql import contains_words, within
from lms.core.web import Actor
from lms.hours.kinds import Tier, TrainingType
from lms.hours.models import HourEntry, HourReversal
from lms.people import headcount
from lms.people.access import administered_by
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.policies.duties import compute_duties
from lms.policies.kinds import State
from lms.policies.models import Policy, StalePerson, Standing
from lms.policies.states import state_on
from lms.units.models import Unit

#: A workbook of more would keep the other readers waiting.
MOST_PEOPLE = 20_000
WORST_FIRST = (State.OVERDUE, State.DUE, State.NOT_YET_DUE, State.WAIVED, State.MET)
BATCH = 500


@dataclass(frozen=True)
class Question:
    """Whom the appraisal asks about, and for which year."""

    actor: Actor
    unit: Unit
    year: int
    words: str = ""

    @property
    def day(self) -> date:
        """The day on which people and duties are looked at."""
        return headcount.day_of(self.year, clock.today())


@dataclass(frozen=True)
class Training:
    """A training of the year: what, when, from whom; not how long."""

    entry_id: int
    title: str
    occurred_on: date
    tier: Tier | None
    training_type: TrainingType | None


@dataclass(frozen=True)
class Duty:
    """A requirement of the year and whether it is met."""

    title: str
    cycle: str
    state: State


@dataclass(frozen=True)
class Answer:
    """A person with the duties and trainings of the year."""

    person_id: int
    name: str
    unit_name: str
    post: PostClass
    title: str
    duties: list[Duty] = field(default_factory=list)
    trainings: list[Training] = field(default_factory=list)


def look_up(question: Question, *, cursor: str | None = None) -> Page[Answer]:
    """A page of people by name."""
    page = keyset(_people(question), Person.name, Person.id, cursor=cursor)
    return Page(_answers(question, page.items), page.next_cursor, page.size)


def table(question: Question) -> Table:
    """All of them, for a workbook.

    :raise Refused: there are too many.
    """
    rows = db.session().execute(_people(question).order_by(Person.name, Person.id).limit(MOST_PEOPLE + 1)).all()
    if len(rows) > MOST_PEOPLE:
        raise Refused(_l("一次最多导出 %(most)s 人。请到下一级单位分别导出。", most=MOST_PEOPLE))
    head = [_("姓名"), _("单位"), _("职务"), _("培训要求"), _("培训次数"), _("参加的培训")]
    return Table(_("年度考核查询"), head, _cells(question, rows), widths=[12, 24, 20, 48, 10, 60])


def record_export(question: Question, *, actor: Actor, now: datetime) -> None:
    """Remember who took which unit's answers away."""
    unit, detail = question.unit, {"year": question.year}
    audit.record("records.export_appraisal", actor=actor, now=now, on=("unit", unit.id), unit_id=unit.id, detail=detail)


def _cells(question: Question, rows: Sequence[Row[Any]]) -> Iterator[Sequence[Value]]:
    joint = _("；")
    for start in range(0, len(rows), BATCH):
        for one in _answers(question, rows[start : start + BATCH]):
            duties = joint.join(f"{duty.title} {duty.cycle} {duty.state.label}" for duty in one.duties)
            trainings = joint.join(f"{done.occurred_on.isoformat()} {done.title}" for done in one.trainings)
            post = one.title or str(one.post.label)
            yield one.name, one.unit_name, post, duties, len(one.trainings), trainings


def _people(question: Question) -> Select[*tuple[Any, ...]]:
    """Those who count for the unit on the day and are the actor's people today."""
    statement: Select[*tuple[Any, ...]] = (
        select(Unit.name.label("unit_name"), Appointment.post, Appointment.title, Person.name, Person.id)
        .select_from(Unit)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(within(Unit.path, [question.unit.path]), headcount.counted(question.day))
        .where(administered_by(question.actor))
    )
    return statement.where(contains_words(question.words, Person.name)) if question.words else statement


def _answers(question: Question, rows: Sequence[Row[Any]]) -> list[Answer]:
    answers = {row.id: Answer(row.id, row.name, row.unit_name, row.post, row.title) for row in rows}
    for person_id, training in _trainings(list(answers), question.year):
        answers[person_id].trainings.append(training)
    for (person_id, *_key), duty in _strictest(_duties(list(answers), question)).items():
        answers[person_id].duties.append(duty)
    return list(answers.values())


def _strictest(found: Iterable[tuple[int, Duty]]) -> dict[tuple[int, str, str], Duty]:
    """One duty where several units adopted the same: whoever has not met one of them has not met it."""
    strictest: dict[tuple[int, str, str], Duty] = {}
    for person_id, duty in found:
        key = (person_id, duty.title, duty.cycle)
        if key not in strictest or WORST_FIRST.index(duty.state) < WORST_FIRST.index(strictest[key].state):
            strictest[key] = duty
    return strictest


def _trainings(person_ids: Sequence[int], year: int) -> Iterator[tuple[int, Training]]:
    columns = (HourEntry.id, HourEntry.title, HourEntry.occurred_on, HourEntry.tier, HourEntry.training_type)
    statement = (
        select(HourEntry.person_id, *columns)
        .outerjoin(HourReversal, HourReversal.entry_id == HourEntry.id)
        .where(HourEntry.person_id.in_(person_ids), HourReversal.id.is_(None))
        .where(HourEntry.occurred_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(HourEntry.occurred_on, HourEntry.id)
    )
    for row in db.session().execute(statement):
        yield row.person_id, Training(row.id, row.title, row.occurred_on, row.tier, row.training_type)


def _duties(person_ids: Sequence[int], question: Question) -> Iterator[tuple[int, Duty]]:
    """What is owed on the day, in cycles that run or whose grace does; of people whose facts changed, computed anew."""
    day = question.day
    stale = set(db.session().scalars(select(StalePerson.person_id).where(StalePerson.person_id.in_(person_ids))))
    for person_id, duties in sorted(compute_duties(sorted(stale), day).items()) if stale else ():
        for duty in duties:
            if duty.is_current:
                yield person_id, Duty(duty.requirement.title, _span(duty.standing), duty.state)
    statement = (
        select(Standing, Policy.body)
        .join(Policy, Policy.id == Standing.policy_id)
        .where(Standing.person_id.in_(set(person_ids) - stale), Standing.cycle_start <= day)
        .where(or_(Standing.cycle_end > day, Standing.due_on >= day))
        .order_by(Policy.name, Standing.requirement, Standing.cycle_start)
    )
    for standing, body in db.session().execute(statement):
        title = next((one["title"] for one in body["requirements"] if one["key"] == standing.requirement), "")
        yield standing.person_id, Duty(title, _span(standing), state_on(standing, day))


class Spanning(Protocol):
    """A standing's first and last day, as a row or as a computed one."""

    @property
    def cycle_start(self) -> date: ...
    @property
    def due_on(self) -> date: ...


def _span(standing: Spanning) -> str:
    first, last = standing.cycle_start.year, standing.due_on.year
    return str(first) if first == last else f"{first}—{last}"
