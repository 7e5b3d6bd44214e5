"""Reads for the pages of a case: what it says, how it came to be, who uses it, what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.cases.access import readable_by
from lms.cases.kinds import State
from lms.cases.models import (
    Case,
    CaseAuthor,
    CaseComment,
    CaseFile,
    CaseLabel,
    CaseMethod,
    CaseStep,
    CaseTeaching,
    CaseUse,
    CaseVersion,
    Method,
    MethodVersion,
)
from lms.core import db
from lms.core.i18n import force_locale
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.courses.access import readable_by as courses_readable_by
from lms.courses.models import Course, CourseRevision, Lesson
from lms.people.models import Appointment, Person
from lms.units.models import Unit

COMMENTS = 30


@dataclass(frozen=True)
class Gone:
    """A case that was public once and is no more."""

    slug: str
    withdrawn_at: datetime | None
    reason: str


def find_gone(slug: str) -> Gone | None:
    """What everyone may know of a withdrawn case: that it was public, since when it is not, and why."""
    case = db.session().scalars(select(Case).where(Case.slug == slug[:80], Case.state == State.WITHDRAWN)).first()
    if case is None or case.published_at is None or case.is_public:
        return None
    last = select(CaseStep).where(CaseStep.case_id == case.id, CaseStep.state == State.WITHDRAWN)
    step = db.session().scalars(last.order_by(CaseStep.id.desc()).limit(1)).first()
    return Gone(case.slug, step.taken_at if step else None, step.reason if step else "")


def list_methods_of(version: CaseVersion) -> Sequence[Any]:
    """(slug, name, idea) of the methods that a version shows, in its order."""
    statement = (
        select(Method.slug, MethodVersion.name, MethodVersion.idea)
        .join(CaseMethod, CaseMethod.method_id == Method.id)
        .join(MethodVersion, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .where(CaseMethod.version_id == version.id)
        .order_by(CaseMethod.position)
    )
    return db.session().execute(statement).all()


def list_methods(*, most: int = 200) -> Sequence[Any]:
    """(slug, version, count of public cases that show it) of every method, by name."""
    public = and_(Case.id == CaseVersion.case_id, Case.published_number == CaseVersion.number)
    shown = (
        select(CaseMethod.method_id, func.count().label("cases"))
        .join(CaseVersion, CaseVersion.id == CaseMethod.version_id)
        .join(Case, public)
        .group_by(CaseMethod.method_id)
        .subquery()
    )
    statement = (
        select(Method.slug, MethodVersion, func.coalesce(shown.c.cases, 0).label("cases"))
        .join(MethodVersion, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .outerjoin(shown, shown.c.method_id == Method.id)
        .order_by(MethodVersion.initials, Method.id)
        .limit(most)
    )
    return db.session().execute(statement).all()


def cases_showing(method: Method) -> Select[Any]:
    """The identifiers of cases whose shown version shows the method."""
    number = func.coalesce(Case.published_number, Case.latest_number)
    return (
        select(Case.id)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == number))
        .join(CaseMethod, CaseMethod.version_id == CaseVersion.id)
        .where(CaseMethod.method_id == method.id)
    )


def list_labels(case: Case) -> Sequence[CaseLabel]:
    """The labels that stand, from the highest level down."""
    standing = select(CaseLabel).where(CaseLabel.case_id == case.id, CaseLabel.revoked_at.is_(None))
    found = db.session().scalars(standing.options(joinedload(CaseLabel.unit))).all()
    return sorted(found, key=lambda label: (label.level.rank, label.awarded_at))


def list_documents(version: CaseVersion, *, originals: bool) -> Sequence[CaseFile]:
    """The files that are not shown within the text; the originals only for those who may have them."""
    wanted = select(CaseFile).where(CaseFile.version_id == version.id, CaseFile.mime.not_like("image/%"))
    wanted = wanted if originals else wanted.where(CaseFile.original.is_(False))
    return db.session().scalars(wanted.options(joinedload(CaseFile.file)).order_by(CaseFile.name)).all()


def list_versions(case: Case) -> Sequence[CaseVersion]:
    versions = select(CaseVersion).where(CaseVersion.case_id == case.id).order_by(CaseVersion.number.desc())
    return db.session().scalars(versions).all()


def list_steps(case: Case) -> Sequence[Any]:
    """(step, number of the version, who, for which unit), newest first."""
    statement = (
        select(CaseStep, CaseVersion.number, Person.name.label("who"), Unit.name.label("unit"))
        .outerjoin(CaseVersion, CaseVersion.id == CaseStep.version_id)
        .outerjoin(Person, Person.id == CaseStep.taken_by_id)
        .outerjoin(Unit, Unit.id == CaseStep.unit_id)
        .where(CaseStep.case_id == case.id)
        .order_by(CaseStep.id.desc())
    )
    return db.session().execute(statement).all()


def list_author_ids(case: Case) -> list[int]:
    return list(db.session().scalars(select(CaseAuthor.person_id).where(CaseAuthor.case_id == case.id)))


def find_successor(actor: Actor, case: Case) -> tuple[str, str] | None:
    """(address, title) of what took the place of a superseded case, if the actor may read it."""
    if case.successor_id is None:
        return None
    statement = (
        select(Case.slug, CaseVersion.title)
        .join(CaseVersion, and_(Case.id == CaseVersion.case_id, Case.published_number == CaseVersion.number))
        .where(Case.id == case.successor_id, readable_by(actor))
    )
    row = db.session().execute(statement).first()
    return (row.slug, row.title) if row else None


def list_method_versions(method: Method, *, most: int = 100) -> Sequence[Any]:
    """(number, name, created_at) of the versions of a method, the newest first."""
    statement = (
        select(MethodVersion.number, MethodVersion.name, MethodVersion.created_at)
        .where(MethodVersion.method_id == method.id)
        .order_by(MethodVersion.number.desc())
        .limit(most)
    )
    return db.session().execute(statement).all()


# Uses


@dataclass
class Place:
    """A unit on the way of a case, with the notes of those who use it there, and the units below."""

    unit: Unit
    uses: list[CaseUse] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)


def list_uses(case: Case) -> Sequence[CaseUse]:
    """The notes that stand, newest first."""
    standing = select(CaseUse).where(CaseUse.case_id == case.id, CaseUse.taken_back_at.is_(None))
    loads = (joinedload(CaseUse.unit), joinedload(CaseUse.noted_by))
    return db.session().scalars(standing.options(*loads).order_by(CaseUse.id.desc())).all()


def find_use(case: Case, unit_id: int | None) -> CaseUse | None:
    """What a unit said of its use of the case."""
    if unit_id is None:
        return None
    here = (CaseUse.case_id == case.id, CaseUse.unit_id == unit_id, CaseUse.taken_back_at.is_(None))
    return db.session().scalars(select(CaseUse).where(*here)).first()


def tree_of(uses: Sequence[CaseUse]) -> list[Place]:
    """Where a case travelled: the units with a note, below those that they lie in, as on a map of the tree."""
    ids = {unit_id for use in uses for unit_id in (*use.unit.ancestor_ids, use.unit_id)}
    if not ids:
        return []
    units = db.session().scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.place)).all()
    places = {unit.id: Place(unit) for unit in units}
    tops: list[Place] = []
    for unit in units:
        above = places.get(unit.parent_id) if unit.parent_id else None
        (above.below if above else tops).append(places[unit.id])
    for use in uses:
        places[use.unit_id].uses.append(use)
    return tops


# Comments


def list_comments(case: Case, actor: Actor, *, moderates: bool, cursor: str | None = None) -> Page[CaseComment]:
    """A page of comments, newest first; hidden ones for whoever wrote or moderates them."""
    statement = select(CaseComment).where(CaseComment.case_id == case.id)
    if not moderates:
        seen = or_(CaseComment.hidden_at.is_(None), CaseComment.person_id == (actor.person_id or 0))
        statement = statement.where(seen)
    statement = statement.options(joinedload(CaseComment.person))
    page = keyset(statement, CaseComment.id, cursor=cursor, size=COMMENTS, descending=True)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def find_comment(case: Case, comment_id: int) -> CaseComment | None:
    here = (CaseComment.id == comment_id, CaseComment.case_id == case.id)
    return db.session().scalars(select(CaseComment).where(*here)).first()


def post_of(person_id: int) -> str:
    """Unit and post of a person today, as they are printed beside what the person says."""
    statement = (
        select(Unit.name, Appointment.title, Appointment.post)
        .join(Appointment, Appointment.unit_id == Unit.id)
        .where(Appointment.person_id == person_id, Appointment.is_primary, Appointment.ends_on.is_(None))
    )
    row = db.session().execute(statement).first()
    with force_locale("zh"):  # it is kept as it is: every reader sees the same
        return f"{row.name} {row.title or row.post.label}" if row else ""


# Teaching


def list_teaching(actor: Actor, case: Case) -> Sequence[Any]:
    """(course_id, title, position, lesson, number) of lessons in current courses that show the case."""
    newest = aliased(CourseRevision)
    statement = (
        select(Course.id, newest.title, Lesson.position, Lesson.title.label("lesson"), CaseVersion.number)
        .join(newest, and_(newest.course_id == Course.id, newest.number == Course.latest))
        .join(Lesson, Lesson.revision_id == newest.id)
        .join(CaseTeaching, CaseTeaching.lesson_id == Lesson.id)
        .join(CaseVersion, CaseVersion.id == CaseTeaching.version_id)
        .where(CaseVersion.case_id == case.id, courses_readable_by(actor))
        .order_by(newest.title, Lesson.position)
        .distinct()
    )
    return db.session().execute(statement).all()
