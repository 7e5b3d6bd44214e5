"""Facts that the reports sum up, written in a line each: courses, finishes, posts."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select

from lms.core import db
from lms.courses.models import Course, CourseFinish, CourseRevision, Enrollment
from lms.hours import actions as hours
from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.hours.models import HourEntry
from lms.people import actions as people
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.cast import SYSTEM

#: When these tests act: a day of 2026, so that 2025 is a year that is over.
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def offer(title: str, *, organizer: int | None = None, tier: Tier = Tier.STREET) -> int:
    """A course offered by a unit, or by the site."""
    course = Course(slug=f"course-{title}", tier=tier, organizer_id=organizer, origin="tests", latest=1, created_at=NOW)
    db.session().add(course)
    db.session().flush()
    revision = CourseRevision(
        course_id=course.id, number=1, title=title, summary="", audience="", authors=[], hours=Decimal("2.00"),
        training_type=TrainingType.SPECIAL, abilities=[], lesson_count=1, digest="0" * 64, loaded_at=NOW,
    )  # fmt: skip
    db.session().add(revision)
    db.session().flush()
    return course.id


def enroll(person_id: int, course_id: int, *, at: datetime = NOW) -> None:
    revision_id = _revision_of(course_id)
    db.session().add(Enrollment(person_id=person_id, course_id=course_id, revision_id=revision_id, enrolled_at=at))
    db.session().flush()


def finish(person_id: int, course_id: int, *, on: date = TODAY) -> HourEntry:
    """A finished course with its hours, as `courses` leaves them."""
    known = select(Enrollment.id).where(Enrollment.person_id == person_id, Enrollment.course_id == course_id)
    at = datetime(on.year, on.month, on.day, 2, 0, tzinfo=UTC)
    if db.session().scalar(known) is None:
        enroll(person_id, course_id, at=at)
    entry = hours.award(
        person_id=person_id, hours=Decimal("2.00"), occurred_on=on, kind=HourKind.COURSE, title="课程",
        source=("course", f"{course_id}:{on.year}"), tier=Tier.STREET, training_type=TrainingType.SPECIAL,
        abilities=[], organizer_id=None, actor=SYSTEM, now=at,
    )  # fmt: skip
    db.session().add(
        CourseFinish(
            person_id=person_id, course_id=course_id, revision_id=_revision_of(course_id), cycle=on.year,
            finished_on=on, finished_at=at, attempt_id=1, entry_id=entry.id,
        )
    )  # fmt: skip
    db.session().flush()
    return entry


def work_in(unit_id: int, name: str, *, since: date = date(2025, 1, 6), phone: str | None = None) -> int:
    """Somebody new with a post in a unit."""
    person = people.create_person(name=name, origin="tests", phone=phone, actor=SYSTEM, now=NOW)
    appoint(person.id, unit_id, since=since)
    return person.id


def appoint(person_id: int, unit_id: int, *, since: date) -> Appointment:
    return people.appoint(
        db.session().get_one(Person, person_id), unit=db.session().get_one(Unit, unit_id), post=PostClass.GRID_WORKER,
        starts_on=since, actor=SYSTEM, now=NOW,
    )  # fmt: skip


def leave(person_id: int, *, last_day: date, unit_id: int | None = None) -> None:
    """End the person's open posts, or the one in a unit."""
    held = select(Appointment).where(Appointment.person_id == person_id, Appointment.ends_on.is_(None))
    if unit_id is not None:
        held = held.where(Appointment.unit_id == unit_id)
    for appointment in db.session().scalars(held).all():
        people.end_appointment(appointment, last_day=last_day, actor=SYSTEM, now=NOW)


def _revision_of(course_id: int) -> int:
    return db.session().scalars(select(CourseRevision.id).where(CourseRevision.course_id == course_id)).one()
