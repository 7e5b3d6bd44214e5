"""What is done about those who are late: tell them, or put them into a course. One request, all of them or nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from lms.core import audit, clock, db
from lms.core.errors import Denied, Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses.assigning import OfferedCourse, enroll_people
from lms.coverage import names, telling
from lms.coverage.inquiry import Inquiry
from lms.coverage.names import Group, Selection
from lms.notices.actions import Link, tell
from lms.notices.models import Notice
from lms.people.models import Person
from lms.policies.models import Standing
from lms.policies.states import state_sql
from lms.units.models import Unit

#: More people at once are the business of the units below.
MOST = 2000
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Done:
    """How many people were told, or put into the course; and of how many it was not necessary, or not allowed yet."""

    people: int
    left_out: int


def remind(selection: Selection, chosen: Sequence[int] | None, *, actor: Actor, now: datetime) -> Done:
    """Tell people what they still owe, in one notice each; nobody is told twice within a week.

    :param chosen: identifiers of people of the selection; None: all of it.
    :raise Denied: one of them is not among the people of the selection.
    """
    people = _people(selection, chosen)
    recently = select(Notice.person_id).where(
        Notice.person_id.in_(people), Notice.kind == telling.REMINDER.name, Notice.created_at > now - WEEK
    )
    told = set(db.session().scalars(recently))
    owed = _owed(selection.inquiry, [person_id for person_id in people if person_id not in told])
    year, week, _day = clock.local_date(now).isocalendar()
    count = sum(
        tell(
            group,
            kind=telling.REMINDER.name,
            params={"what": what, "unit": selection.inquiry.unit.name, "who": actor.name},
            link=Link("hours.record"),
            source=("coverage_week", f"{year}-{week}"),
            why="listed",
            actor=actor,
            now=now,
        )
        for what, group in owed.items()
    )
    _record("coverage.remind", selection, count, actor=actor, now=now)
    return Done(count, len(chosen or people) - count)


def put_into(
    selection: Selection, chosen: Sequence[int] | None, course: OfferedCourse, *, actor: Actor, now: datetime
) -> Done:
    """Begin a course for people who still owe the training, and tell them so.

    :raise Denied: one of them is not among the people of the selection.
    """
    people, span = _people(selection, chosen), selection.inquiry.asked
    begun = enroll_people(course, people, unit_id=selection.inquiry.unit.id, actor=actor, now=now)
    params = {
        "course": course.title,
        "title": span.duty.title,
        "unit": selection.inquiry.unit.name,
        "who": actor.name,
    }
    tell(
        begun,
        kind=telling.PUT_INTO.name,
        params=params,
        link=Link("courses.show", {"course_id": course.id}),
        source=("coverage_course", str(course.id)),
        why="listed",
        actor=actor,
        now=now,
    )
    _record("coverage.put_into", selection, len(begun), actor=actor, now=now, course=course.id)
    return Done(len(begun), len(chosen or people) - len(begun))


def _people(selection: Selection, chosen: Sequence[int] | None) -> list[int]:
    """Those of the chosen who still owe it. Who has been trained since the page was opened is left alone.

    :raise Denied: somebody is chosen who is not of this unit and requirement, or has moved away.
    :raise Refused: nobody is, or too many are.
    """
    asked = selection.inquiry
    everyone = names.selected(selection if chosen is None else Selection(asked), Standing.person_id)
    everyone = everyone.join(Person, Person.id == Standing.person_id).where(names.visible(asked))
    if chosen is None:
        found = list(db.session().scalars(everyone.limit(MOST + 1)))
    else:
        wanted = set(chosen)
        found = list(db.session().scalars(everyone.where(Standing.person_id.in_(wanted))))
        if wanted - set(found):
            raise Denied()
        missing = names.selected(Selection(asked, Group.MISSING), Standing.person_id)
        found = list(db.session().scalars(missing.where(Standing.person_id.in_(wanted))))
        if not wanted:
            raise Refused(_l("请先在名单中选人。"))
    if len(found) > MOST:
        raise Refused(_l("一次最多处理 %(most)s 人，请到下一级单位分别处理。", most=MOST))
    return sorted(set(found))


def _owed(asked: Inquiry, people: Iterable[int]) -> dict[str, list[int]]:
    """What each of them owes today, in words, under all of the requirements: those who owe the same together."""
    titles = {(period.version.id, duty.line.key): duty.title for duty in asked.offered for period in duty.line.periods}
    rows = db.rows(_missing(asked, list(people)))
    owed: dict[int, list[str]] = {}
    for person_id, policy_id, requirement, due_on in rows:
        title = titles.get((policy_id, requirement), requirement)
        owed.setdefault(person_id, []).append(f"{title}（{due_on.isoformat()}）")
    groups: dict[str, list[int]] = {}
    for person_id, words in owed.items():
        groups.setdefault("、".join(dict.fromkeys(words)), []).append(person_id)
    return groups


def _missing(asked: Inquiry, people: list[int]) -> Any:
    columns = Standing.person_id, Standing.policy_id, Standing.requirement, Standing.due_on
    state = state_sql(asked.today).in_([state.value for state in Group.MISSING.states])
    running = and_(Standing.cycle_start <= asked.today, Standing.cycle_end > asked.today)
    here = or_(running, asked.asked.holds(Standing, asked.day))  # of what is over, only what was asked about
    rows = select(*columns).where(Standing.person_id.in_(people), state, here)
    return rows.order_by(Standing.person_id, Standing.due_on)


def _record(verb: str, selection: Selection, people: int, *, actor: Actor, now: datetime, **detail: object) -> None:
    asked: Unit = selection.inquiry.unit
    on = ("coverage", selection.inquiry.asked.duty.code)
    audit.record(verb, actor=actor, now=now, on=on, unit_id=asked.id, detail={"people": people, **detail})
