"""Facts behind the coverage, in a line each: a policy, posts, trainings; and standings computed from them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lms.core import db
from lms.hours import actions as hours
from lms.hours.kinds import Ability, HourKind, Tier, TrainingType
from lms.hours.models import HourEntry
from lms.people import actions as people
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.policies import keeping
from lms.policies.models import Policy
from lms.units.models import Unit
from tests.cast import SYSTEM

#: When these tests act: 2025 is over and not closed yet, 2026 is open.
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ORIGIN = date(2025, 1, 1)

EVERYBODY = [post.value for post in PostClass]
YEARLY = {
    "key": "yearly",
    "title": "每年培训一次",
    "who": {"posts": EVERYBODY},
    "cycle": {"kind": "calendar_year"},
    "counts": {"trainings": 1},
}
BLOCK = {
    "key": "block",
    "title": "三年轮训一次",
    "who": {"posts": ["grid_worker", "full_time_staff"]},
    "cycle": {"kind": "fixed_block", "years": 3, "first_year": 2024},
    "counts": {"trainings": 2},
    "grace": {"newcomer_months": 6},
}
ROLLING = {
    "key": "rolling",
    "title": "每三年至少一次",
    "who": {"posts": EVERYBODY},
    "cycle": {"kind": "rolling", "years": 1},
    "counts": {"trainings": 1},
}


def adopt(unit_id: int, *requirements: dict[str, Any], name: str = "test", since: date = ORIGIN) -> Policy:
    """A policy in force below a unit."""
    policy = Policy(
        unit_id=unit_id, name=name, title="测试政策", version=1, valid_from=since, valid_to=None, source="测试",
        is_example=True, body={"requirements": list(requirements or (YEARLY,))}, adopted_at=NOW, adopted_by_id=None,
    )  # fmt: skip
    db.session().add(policy)
    db.session().flush()
    return policy


def refresh() -> None:
    """Compute the standings of everybody."""
    keeping.refresh(db.session().scalars(select(Person.id)).all())


def work_in(unit_id: int, name: str, *, since: date = date(2024, 1, 6), post: str = "grid_worker") -> int:
    """Somebody new with a post in a unit."""
    person = people.create_person(name=name, origin="tests", actor=SYSTEM, now=NOW)
    appoint(person.id, unit_id, since=since, post=post)
    return person.id


def appoint(person_id: int, unit_id: int, *, since: date, post: str = "grid_worker") -> Appointment:
    return people.appoint(
        db.session().get_one(Person, person_id), unit=db.session().get_one(Unit, unit_id), post=PostClass(post),
        starts_on=since, actor=SYSTEM, now=NOW,
    )  # fmt: skip


def leave(person_id: int, *, last_day: date) -> None:
    held = select(Appointment).where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
    for appointment in db.session().scalars(held).all():
        people.end_appointment(appointment, last_day=last_day, actor=SYSTEM, now=NOW)


def train(
    person_id: int,
    on: date = TODAY,
    *,
    title: str = "集中培训",
    tier: Tier = Tier.COUNTY,
    training_type: TrainingType = TrainingType.IN_SERVICE,
    ability: Ability = Ability.MEDIATION,
    now: datetime = NOW,
) -> HourEntry:
    """A training on the ledger."""
    return hours.award(
        person_id=person_id, hours=Decimal("4.00"), occurred_on=on, kind=HourKind.CLASS, title=title,
        source=("class", f"{title} {on}"), tier=tier, training_type=training_type, abilities=[ability],
        organizer_id=None, actor=SYSTEM, now=now,
    )  # fmt: skip
