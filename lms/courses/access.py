"""Who may read a course: those for whom it is meant, and those who run it.

A course of the site is everyone's. A unit's course is for the people who work, administer or train below that unit, and
for the administrators and trainers above it. Everyone else gets the 404 of a course that does not exist.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select, true
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from lms.core import db
from lms.core.db import Id
from lms.core.errors import Denied
from lms.core.sql import Given, in_slots, path_slots, within
from lms.core.web import Actor, one_or_404, require
from lms.courses import limits
from lms.courses.models import Course, CourseFile, CourseRevision, Enrollment, Lesson
from lms.units.models import Unit

#: Roles that read the courses of the units below.
RUNNING = ("admin", "trainer")


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Courses that the actor may read, as a condition on Course."""
    if actor.has("system"):
        return true()
    reach = actor.paths(*RUNNING)
    return _rule(_units_on(*actor.homes, *reach), reach)


def readable_by_any(paths: int | None) -> ColumnElement[bool]:
    """The same condition for a statement that is built once.

    :param paths: `paths_of(actor)`; the actor's own places go in with `places_of(actor)` when it runs.
    """
    if paths is None:
        return true()
    return _rule(bindparam("units_above", type_=Id, expanding=True), path_slots("reach", paths))


def paths_of(actor: Actor) -> int | None:
    """How many paths the condition on courses speaks of; None for a command, which reads every course."""
    return None if actor.has("system") else len(actor.paths(*RUNNING))


def places_of(actor: Actor) -> dict[str, Any]:
    """The values of `readable_by_any(paths_of(actor))`."""
    reach = actor.paths(*RUNNING)
    return {"units_above": _units_on(*actor.homes, *reach), **in_slots("reach", reach)}


def _rule(above: Sequence[int] | BindParameter[int], reach: Sequence[Given[str]]) -> ColumnElement[bool]:
    """The site's courses, those of the units above one, and those of the units that one runs."""
    rules = [Course.organizer_id.is_(None), Course.organizer_id.in_(above)]
    if reach:
        rules.append(Course.organizer_id.in_(select(Unit.id).where(within(Unit.path, reach))))
    return or_(*rules)


@dataclass(frozen=True)
class Study:
    """A course as one person meets it: on the revision they began, or on the newest before they begin."""

    course: Course
    revision: CourseRevision
    newest: CourseRevision
    enrollment: Enrollment | None
    organizer_name: str | None
    organizer_path: str | None = None

    @property
    def may_move(self) -> bool:
        """Whether a newer revision than the one begun is there to choose."""
        return self.enrollment is not None and self.newest.id != self.revision.id


def get_study(actor: Actor, course_id: int) -> Study:
    """The course with the actor's own place in it, in one statement.

    :raise Denied: no such course for this actor.
    """
    values = {"course_id": course_id, "person_id": actor.person_id, **places_of(actor)}
    row: Any = db.session().execute(_study(paths_of(actor)), values).first()
    if row is None:
        raise Denied()
    course, enrollment, begun, latest, organizer_name, organizer_path = row
    revision = begun if enrollment is not None else latest
    return Study(course, revision, latest, enrollment, organizer_name, organizer_path)


@cache
def _study(paths: int | None) -> Select[*tuple[Any, ...]]:
    """The course `course_id` as `person_id` meets it."""
    pinned, newest = aliased(CourseRevision), aliased(CourseRevision)
    mine = and_(Enrollment.course_id == Course.id, Enrollment.person_id == bindparam("person_id"))
    return (
        select(Course, Enrollment, pinned, newest, Unit.name, Unit.path)
        .join(newest, and_(newest.course_id == Course.id, newest.number == Course.latest))
        .outerjoin(Enrollment, mine)
        .outerjoin(pinned, pinned.id == Enrollment.revision_id)
        .outerjoin(Unit, Unit.id == Course.organizer_id)
        .where(Course.id == bindparam("course_id"), readable_by_any(paths))
    )


def may_run(actor: Actor, study: Study) -> bool:
    """Whether the actor answers for the course: a trainer or administrator whose reach covers its organizer.

    A course of the site is run by whoever trains or administers a unit at the top.
    """
    if study.organizer_path is not None:
        return actor.covers(study.organizer_path, "admin", "trainer")
    return any(path.count(".") == 1 for path in actor.paths("admin", "trainer"))


def get_run(actor: Actor, course_id: int) -> Study:
    """The course, for those who run it.

    :raise Denied: no such course for this actor.
    :raise Forbidden: the actor may read it, and does not run it.
    """
    study = get_study(actor, course_id)
    require(may_run(actor, study))
    return study


def get_lesson(study: Study, position: int) -> Lesson:
    """A lesson with its checkpoint, whose key no page may be given: `checkpoints.view_of` makes what may be shown.

    :raise Denied: the revision has no such lesson.
    """
    return one_or_404(_lesson(), {"revision_id": study.revision.id, "position": position})


@cache
def _lesson() -> Select[Lesson]:
    here = (Lesson.revision_id == bindparam("revision_id"), Lesson.position == bindparam("position"))
    return select(Lesson).where(*here).options(joinedload(Lesson.checkpoint))


def get_lesson_of_course(study: Study, lesson_id: int) -> tuple[Lesson, int]:
    """A lesson of any revision of the course, by its identifier, with the number of the revision.

    :raise Denied: the course has no such lesson.
    """
    statement = (
        select(Lesson, CourseRevision.number)
        .join(CourseRevision, CourseRevision.id == Lesson.revision_id)
        .where(Lesson.id == lesson_id, CourseRevision.course_id == study.course.id)
    )
    row = db.session().execute(statement).first()
    if row is None:
        raise Denied()
    return row[0], row[1]


def get_file(actor: Actor, course_id: int, name: str, revision: int | None) -> CourseFile:
    """A file of `media/` by its name, with its bytes' row; the newest revision's where none is named.

    :raise Denied: the actor may not read the course, or it has no such file.
    """
    if len(name) > limits.NAME_CHARS or not name.isprintable():
        raise NotFound()  # no file can be called so: nothing was denied, and no database is asked
    number = Course.latest if revision is None else revision
    return one_or_404(
        select(CourseFile)
        .join(CourseRevision, CourseRevision.id == CourseFile.revision_id)
        .join(Course, Course.id == CourseRevision.course_id)
        .options(joinedload(CourseFile.file))
        .where(Course.id == course_id, CourseRevision.number == number, CourseFile.path == f"media/{name}")
        .where(readable_by(actor))
    )


def _units_on(*paths: str) -> list[int]:
    """The units on the way from the top to each path, each once: "1.23." names 1 and 23."""
    return sorted({unit_id for path in paths for unit_id in _parts(path)})


def _parts(path: str) -> Iterable[int]:
    return (int(part) for part in path.split(".") if part)
