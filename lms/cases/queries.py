"""Reads for the pages of a case: what it says, how it came to be, who uses it, what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.cases.access import methods_run_by, readable_by
from lms.cases.kinds import State
from lms.cases.models import (
    Case,
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
    MethodWithdrawal,
)
from lms.core import db
from lms.core.i18n import force_locale
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.courses.access import readable_by as courses_readable_by
from lms.courses.models import Course, CourseRevision, Lesson
from lms.people.access import in_force
from lms.people.models import Appointment, Grant, Person
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
    was_public = (Case.published_at.is_not(None), Case.published_number.is_(None))
    statement = (
        select(Case.slug, CaseStep.taken_at, CaseStep.reason)
        .outerjoin(CaseStep, and_(CaseStep.case_id == Case.id, CaseStep.state == State.WITHDRAWN))
        .where(Case.slug == slug[:80], *was_public)  # also while its authors write it anew
        .order_by(CaseStep.id.desc())
        .limit(1)
    )
    row = db.session().execute(statement).first()
    return Gone(row.slug, row.taken_at, row.reason or "") if row else None


def standing_withdrawals() -> ColumnElement[bool]:
    """Withdrawals of methods that were not put back, as a condition on MethodWithdrawal to join it to Method by."""
    return and_(MethodWithdrawal.method_id == Method.id, MethodWithdrawal.restored_at.is_(None))


def find_withdrawal(method: Method) -> MethodWithdrawal | None:
    """Why a method is not read by everyone now; None: it is."""
    standing = (MethodWithdrawal.method_id == method.id, MethodWithdrawal.restored_at.is_(None))
    return db.session().scalars(select(MethodWithdrawal).where(*standing)).one_or_none()


def list_withdrawals(method: Method) -> Sequence[Any]:
    """(withdrawal, who, who put it back), the newest first."""
    back = aliased(Person)
    statement = (
        select(MethodWithdrawal, Person.name.label("who"), back.name.label("back"))
        .outerjoin(Person, Person.id == MethodWithdrawal.withdrawn_by_id)
        .outerjoin(back, back.id == MethodWithdrawal.restored_by_id)
        .where(MethodWithdrawal.method_id == method.id)
        .order_by(MethodWithdrawal.id.desc())
    )
    return db.session().execute(statement).all()


def list_methods_of(version: CaseVersion) -> Sequence[Any]:
    """(slug, name, idea, withdrawn) of the methods that a version shows, in its order."""
    withdrawn = MethodWithdrawal.id.is_not(None).label("withdrawn")
    statement = (
        select(Method.slug, MethodVersion.name, MethodVersion.idea, withdrawn)
        .join(CaseMethod, CaseMethod.method_id == Method.id)
        .join(MethodVersion, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .outerjoin(MethodWithdrawal, standing_withdrawals())
        .where(CaseMethod.version_id == version.id)
        .order_by(CaseMethod.position)
    )
    return db.session().execute(statement).all()


def list_methods(actor: Actor, *, most: int = 200) -> Sequence[Any]:
    """(slug, version, count of public cases that show it, withdrawn) of every method, by name.

    Of those that were withdrawn only the ones that the actor could put back.
    """
    withdrawn = MethodWithdrawal.id.is_not(None).label("withdrawn")
    public = and_(Case.id == CaseVersion.case_id, Case.published_number == CaseVersion.number)
    shown = (
        select(CaseMethod.method_id, func.count().label("cases"))
        .join(CaseVersion, CaseVersion.id == CaseMethod.version_id)
        .join(Case, public)
        .group_by(CaseMethod.method_id)
        .subquery()
    )
    statement = (
        select(Method.slug, MethodVersion, func.coalesce(shown.c.cases, 0).label("cases"), withdrawn)
        .join(MethodVersion, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .outerjoin(shown, shown.c.method_id == Method.id)
        .outerjoin(MethodWithdrawal, standing_withdrawals())
        .where(or_(MethodWithdrawal.id.is_(None), methods_run_by(actor)))
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


def list_labels(case: Case, version: CaseVersion) -> Sequence[CaseLabel]:
    """The labels that stand, from the highest level down: of this version and those before it.

    What a newer version earned is nobody's business before that one is public.
    """
    standing = select(CaseLabel).where(CaseLabel.case_id == case.id, CaseLabel.revoked_at.is_(None))
    standing = standing.join(CaseVersion, CaseVersion.id == CaseLabel.version_id)
    standing = standing.where(CaseVersion.number <= version.number)
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


def find_public_title(case: Case) -> str:
    """The title under which it was public last."""
    published = (CaseStep.case_id == case.id, CaseStep.state == State.PUBLISHED)
    statement = select(CaseVersion.title).join(CaseStep, CaseStep.version_id == CaseVersion.id).where(*published)
    return db.session().scalar(statement.order_by(CaseStep.id.desc()).limit(1)) or ""


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


def list_method_writers(method: Method) -> list[int]:
    """Whoever wrote one of its versions in the page."""
    mine = (MethodVersion.method_id == method.id, MethodVersion.created_by_id.is_not(None))
    return list(db.session().scalars(select(MethodVersion.created_by_id).where(*mine).distinct()))


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


def list_user_ids(case: Case) -> Sequence[int]:
    """Who noted that their unit works as the case describes."""
    standing = (CaseUse.case_id == case.id, CaseUse.taken_back_at.is_(None))
    return db.session().scalars(select(CaseUse.noted_by_id).where(*standing)).all()


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


def list_teacher_ids(case: Case) -> Sequence[int]:
    """Administrators and trainers of the very units whose current courses show the case."""
    organizers = (
        select(Course.organizer_id)
        .join(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.number == Course.latest))
        .join(Lesson, Lesson.revision_id == CourseRevision.id)
        .join(CaseTeaching, CaseTeaching.lesson_id == Lesson.id)
        .join(CaseVersion, CaseVersion.id == CaseTeaching.version_id)
        .where(CaseVersion.case_id == case.id)
    )
    grants = select(Grant.person_id).where(Grant.unit_id.in_(organizers), in_force())
    return db.session().scalars(grants.distinct()).all()


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
