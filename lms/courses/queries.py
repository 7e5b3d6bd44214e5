"""Reads for the pages of courses; each page counts its statements (tests pin them)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, case, cast, func, select
from sqlalchemy.orm import aliased, joinedload

from lms.core import clock, db
from lms.core.db import JsonDict
from lms.core.paging import Listing, Page
from lms.core.sql import contains_words
from lms.core.web import Actor
from lms.courses import limits
from lms.courses.access import Study, paths_of, places_of, readable_by_any
from lms.courses.models import (
    Course,
    CourseFile,
    CourseFinish,
    CourseRevision,
    Enrollment,
    Lesson,
    LessonFinish,
    shown_hours,
)
from lms.courses.naming import name_in_lesson
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.hours.models import HourReversal
from lms.quizzes.models import Paper
from lms.units.models import Unit

CATALOG_SIZE = 20

#: The reader's finish of the year, in the catalog.
ThisYear = aliased(CourseFinish)


@dataclass(frozen=True)
class Filters:
    """What the catalog is narrowed to; empty means everything."""

    tier: Tier | None = None
    ability: Ability | None = None
    training_type: TrainingType | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.tier or self.ability or self.training_type or self.words)

    @property
    def address(self) -> dict[str, str]:
        """The query string that asks for the same again."""
        pairs = {"q": self.words, "tier": self.tier, "type": self.training_type, "ability": self.ability}
        return {name: str(value) for name, value in pairs.items() if value}


@dataclass(frozen=True)
class CatalogRow:
    """A course in a list, with how far the reader has come. `next_position` is the first lesson not finished."""

    course_id: int
    tier: Tier
    title: str
    summary: str
    training_type: TrainingType
    abilities: list[Ability]
    hours: Decimal
    lesson_count: int
    organizer_name: str | None
    begun: bool
    done: int
    next_position: int | None
    finished: bool

    @property
    def worth(self) -> str:
        """The hours as people write them: 2, 0.5, 0.25."""
        return shown_hours(self.hours)

    @property
    def state(self) -> str:
        """done (this year), doing or todo."""
        if self.finished:
            return "done"
        return "doing" if self.begun else "todo"


@dataclass(frozen=True)
class LessonRow:
    """A lesson in a list of contents, with whether the reader has finished it."""

    id: int
    position: int
    title: str
    has_checkpoint: bool
    finished_at: datetime | None
    answer: JsonDict | None


@dataclass(frozen=True)
class Document:
    """A file that a lesson hands out. `size` in bytes; `readable`: there is a page to read it on."""

    name: str
    title: str
    mime: str
    size: int
    readable: bool

    @property
    def about(self) -> str:
        """What to expect of a download: `DOCX, 24 KB`."""
        return f"{self.name.rpartition('.')[2].upper()}, {limits.shown(self.size)}"


def list_catalog(actor: Actor, filters: Filters, *, cursor: str | None = None) -> Page[CatalogRow]:
    """Courses for the actor: those begun first, then those to begin, those finished this year last."""
    listing = _listing(paths_of(actor), CATALOG_SIZE)
    if filters:
        listing = replace(listing, statement=listing.statement.where(*_conditions(filters)))
    page = listing.page(cursor, _reader(actor))
    return Page([_catalog_row(row) for row in page.items], page.next_cursor, page.size)


def list_lessons(study: Study, person_id: int | None) -> Sequence[LessonRow]:
    """The contents of a course in order; the texts stay in the database."""
    values = {"revision_id": study.revision.id, "person_id": person_id}
    return [LessonRow(*row) for row in db.rows(_lessons(), values)]


@cache
def _lessons() -> Select[*tuple[Any, ...]]:
    mine = and_(LessonFinish.lesson_id == Lesson.id, LessonFinish.person_id == bindparam("person_id"))
    return (
        select(
            Lesson.id,
            Lesson.position,
            Lesson.title,
            Lesson.checkpoint_id.is_not(None),
            LessonFinish.finished_at,
            LessonFinish.answer,
        )
        .outerjoin(LessonFinish, mine)
        .where(Lesson.revision_id == bindparam("revision_id"))
        .order_by(Lesson.position)
    )


def count_unfinished(revision_id: int, person_id: int | None) -> int:
    """How many lessons of a revision the person has not finished."""
    values = {"revision_id": revision_id, "person_id": person_id}
    return db.rows(_count_unfinished(), values).scalar() or 0


@cache
def _count_unfinished() -> Select[int]:
    mine = select(LessonFinish.lesson_id).where(LessonFinish.person_id == bindparam("person_id"))
    return select(func.count()).where(Lesson.revision_id == bindparam("revision_id"), Lesson.id.not_in(mine))


def find_course_finish(course_id: int, person_id: int | None, cycle: int) -> CourseFinish | None:
    """The finish of a person, course and calendar year, if its hours stand."""
    return db.session().scalars(finish_of(course_id, person_id, cycle).where(stands())).one_or_none()


def finish_of(course_id: int, person_id: int | None, cycle: int) -> Select[Any]:
    """The finish of a person, course and calendar year, whatever became of its hours."""
    return select(CourseFinish).where(
        CourseFinish.course_id == course_id, CourseFinish.person_id == person_id, CourseFinish.cycle == cycle
    )


def stands(finish: Any = CourseFinish) -> ColumnElement[bool]:
    """A finish counts while its hours do: reversing them opens the course again."""
    return ~select(HourReversal.id).where(HourReversal.entry_id == finish.entry_id).exists()


def get_paper(revision: CourseRevision) -> Paper:
    """The quiz of a revision; each has one."""
    return db.session().get_one(Paper, revision.paper_id)


def find_revision_of_paper(paper_id: int) -> CourseRevision | None:
    return db.session().scalars(_revision_of_paper(), {"paper_id": paper_id}).one_or_none()


@cache
def _revision_of_paper() -> Select[CourseRevision]:
    return select(CourseRevision).where(CourseRevision.paper_id == bindparam("paper_id"))


def list_unchanged(old: CourseRevision, new: CourseRevision, person_id: int) -> Sequence[tuple[int, LessonFinish]]:
    """What a person finished in `old`, beside the lesson of `new` that has the same name and the same text."""
    before, after = aliased(Lesson), aliased(Lesson)
    statement = (
        select(after.id, LessonFinish)
        .join(before, before.id == LessonFinish.lesson_id)
        .join(after, and_(after.slug == before.slug, after.digest == before.digest, after.revision_id == new.id))
        .where(before.revision_id == old.id, LessonFinish.person_id == person_id)
    )
    return [(row[0], row[1]) for row in db.session().execute(statement)]


def list_same_videos(old: CourseRevision, new: CourseRevision) -> Sequence[tuple[Lesson, Lesson]]:
    """The lessons with a video that two revisions share by name."""
    before, after = aliased(Lesson), aliased(Lesson)
    statement = (
        select(before, after)
        .join(after, and_(after.slug == before.slug, after.revision_id == new.id))
        .where(before.revision_id == old.id)
    )
    pairs = [(row[0], row[1]) for row in db.session().execute(statement)]
    return [(one, other) for one, other in pairs if one.video and other.video]


def find_page(revision_id: int, name: str) -> str | None:
    """The HTML of a readable document of a revision."""
    this = (CourseFile.revision_id == revision_id, CourseFile.path == f"media/{name}")
    return db.session().scalar(select(CourseFile.html).where(*this))


def list_documents(lesson: Lesson) -> Sequence[Document]:
    """The files that a lesson hands out, in the order in which it names them; no statement where it names none."""
    if not lesson.documents:
        return []
    paths = [f"media/{name}" for name in lesson.documents]
    statement = (
        select(CourseFile)
        .options(joinedload(CourseFile.file))
        .where(CourseFile.revision_id == lesson.revision_id, CourseFile.path.in_(paths))
    )
    found = {file.path: file for file in db.session().scalars(statement)}
    files = [found[path] for path in paths if path in found]
    titles = {name: name_in_lesson(lesson.html, name) for name in lesson.documents}
    return [
        Document(file.path[6:], titles[file.path[6:]], file.mime, file.file.size, file.html is not None)
        for file in files
    ]


def list_files(revision: CourseRevision) -> Sequence[CourseFile]:
    """Every file of a revision, for export."""
    statement = select(CourseFile).options(joinedload(CourseFile.file)).where(CourseFile.revision_id == revision.id)
    return db.session().scalars(statement.order_by(CourseFile.path)).all()


def list_pages(revision_id: int) -> Sequence[Any]:
    """The lessons of a revision in order: position, video, and the size of the text."""
    columns = (Lesson.position, Lesson.video, func.length(Lesson.html).label("size"))
    return (
        db.session().execute(select(*columns).where(Lesson.revision_id == revision_id).order_by(Lesson.position)).all()
    )


def list_media(revision_id: int) -> Sequence[CourseFile]:
    """The files that lessons show or hand out."""
    media = (CourseFile.revision_id == revision_id, CourseFile.path.startswith("media/"))
    found = select(CourseFile).options(joinedload(CourseFile.file)).where(*media)
    return db.session().scalars(found.order_by(CourseFile.path)).all()


def find_course(slug: str, organizer_id: int | None, *, lock: bool = False) -> Course | None:
    """A course by the name of its folder, among those of one organizer (None: the site's).

    :param lock: nobody else may load a revision of it until this unit of work ends.
    """
    found = select(Course).where(Course.slug == slug, Course.organizer_id.is_not_distinct_from(organizer_id))
    if lock:
        found = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session().scalars(found).one_or_none()


def list_namesakes(slug: str) -> Sequence[tuple[Course, Unit]]:
    """The courses of units by the name of their folder, with the unit of each."""
    statement = select(Course, Unit).join(Unit, Unit.id == Course.organizer_id).where(Course.slug == slug)
    return [(course, unit) for course, unit in db.session().execute(statement.order_by(Unit.place))]


def find_newest(course: Course) -> CourseRevision | None:
    statement = select(CourseRevision).where(
        CourseRevision.course_id == course.id, CourseRevision.number == course.latest
    )
    return db.session().scalars(statement).one_or_none()


@cache
def _listing(paths: int | None, size: int) -> Listing:
    """The catalog in its order."""
    rank = case((ThisYear.id.is_not(None), 2), (Enrollment.id.is_not(None), 0), else_=1)
    tier = case({tier.value: number for number, tier in enumerate(reversed(Tier))}, value=cast(Course.tier, String))
    return Listing(_catalog(paths), (rank, tier, Course.id), size)


@cache
def _catalog(paths: int | None) -> Select[*tuple[Any, ...]]:
    """The statement behind every list of courses, for `_reader(actor)`."""
    person = bindparam("person_id", type_=db.Id)
    mine = and_(Enrollment.course_id == Course.id, Enrollment.person_id == person)
    this_year = and_(
        ThisYear.course_id == Course.id,
        ThisYear.person_id == person,
        ThisYear.cycle == bindparam("year"),
        stands(ThisYear),
    )
    pinned = aliased(CourseRevision)
    my_finish = and_(LessonFinish.lesson_id == Lesson.id, LessonFinish.person_id == person)
    done = select(func.count()).select_from(Lesson).join(LessonFinish, my_finish)
    upcoming = select(func.min(Lesson.position)).outerjoin(LessonFinish, my_finish).where(LessonFinish.id.is_(None))
    here = Lesson.revision_id == Enrollment.revision_id
    return (
        select(
            Course.id,
            Course.tier,
            CourseRevision.title,
            CourseRevision.summary,
            CourseRevision.training_type,
            CourseRevision.abilities,
            CourseRevision.hours,
            CourseRevision.lesson_count,
            Unit.name,
            Enrollment.id.label("enrollment_id"),
            pinned.lesson_count.label("begun_count"),
            done.where(here).correlate(Enrollment).scalar_subquery().label("done"),
            upcoming.where(here).correlate(Enrollment).scalar_subquery().label("next_position"),
            ThisYear.id.label("finish_id"),
        )
        .join(CourseRevision, and_(CourseRevision.course_id == Course.id, CourseRevision.number == Course.latest))
        .outerjoin(Unit, Unit.id == Course.organizer_id)
        .outerjoin(Enrollment, mine)
        .outerjoin(pinned, pinned.id == Enrollment.revision_id)
        .outerjoin(ThisYear, this_year)
        .where(readable_by_any(paths))
    )


def _reader(actor: Actor) -> dict[str, Any]:
    """For whom the catalog is: the values of its statement."""
    return {"person_id": actor.person_id, "year": clock.today().year, **places_of(actor)}


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.tier:
        conditions.append(Course.tier == filters.tier)
    if filters.training_type:
        conditions.append(CourseRevision.training_type == filters.training_type)
    if filters.ability:
        # The list is stored as JSON text; a value stands in it in quotes, so that no name is found inside another.
        stored = cast(CourseRevision.abilities, String)
        conditions.append(stored.contains(f'"{filters.ability.value}"', autoescape=True))
    if filters.words:
        conditions.append(contains_words(filters.words, CourseRevision.title, CourseRevision.summary))
    return conditions


def _catalog_row(row: Row[Any]) -> CatalogRow:
    begun = row.enrollment_id is not None
    return CatalogRow(
        course_id=row.id,
        tier=row.tier,
        title=row.title,
        summary=row.summary,
        training_type=row.training_type,
        abilities=[Ability(value) for value in row.abilities],
        hours=row.hours,
        lesson_count=row.begun_count if begun else row.lesson_count,
        organizer_name=row.name,
        begun=begun,
        done=row.done,
        next_position=row.next_position,
        finished=row.finish_id is not None,
    )
