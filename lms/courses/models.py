"""Courses, their revisions, and what each learner has finished."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.files import StoredFile
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.quizzes.models import QuestionVersion
from lms.units.models import Unit


def shown_hours(hours: Decimal) -> str:
    """Credit hours without trailing zeros."""
    return f"{hours:.2f}".rstrip("0").rstrip(".")


class Course(Base):
    """A course as it is known through all its revisions."""

    __tablename__ = "courses"
    __table_args__ = (
        UniqueConstraint("organizer_id", "slug", name="uq_courses_organizer_id_slug"),
        Index(
            "uq_courses_slug_of_site",
            "slug",
            unique=True,
            sqlite_where=text("organizer_id IS NULL"),
            postgresql_where=text("organizer_id IS NULL"),
        ),
        {"comment": "课程: offered by a unit to the people below it, or by the site to everyone"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    slug: Mapped[str] = mapped_column(String(60), comment="name of the folder; unique for an organizer")
    tier: Mapped[Tier] = mapped_column(enum_column(Tier), comment="级别: whose training it is")
    organizer_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), comment="主办单位; empty: the site's own, offered to everyone"
    )
    origin: Mapped[str] = mapped_column(String(32), comment="where it came from: folder")
    latest: Mapped[int] = mapped_column(default=0, comment="number of the newest revision")
    created_at: Mapped[datetime] = mapped_column(comment="when it was first loaded")

    organizer: Mapped[Unit | None] = relationship(viewonly=True)


class CourseRevision(Base):
    """One state of a course, as it was loaded; never changed."""

    __tablename__ = "course_revisions"
    __table_args__ = (
        UniqueConstraint("course_id", "number", name="uq_course_revisions_course_id_number"),
        CheckConstraint("hours > 0", name="hours"),
        {"comment": "课程版本: what a learner studies, from the day they begin until they choose to move"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), comment="of which course")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 within the course")
    title: Mapped[str] = mapped_column(String(120), comment="标题")
    summary: Mapped[str] = mapped_column(String(400), comment="one or two sentences")
    audience: Mapped[str] = mapped_column(String(400), comment="for whom, in a sentence")
    authors: Mapped[list[str]] = mapped_column(comment="who wrote it")
    hours: Mapped[Decimal] = mapped_column(comment="学时: credit hours it declares")
    training_type: Mapped[TrainingType] = mapped_column(enum_column(TrainingType), comment="培训类型")
    abilities: Mapped[list[str]] = mapped_column(comment="abilities it trains")
    lesson_count: Mapped[int] = mapped_column(comment="number of lessons")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over names and bytes of its files")
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"), index=True, comment="随堂测验")
    loaded_at: Mapped[datetime] = mapped_column(comment="when")
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    @property
    def worth(self) -> str:
        """The hours as people write them: 2, 0.5, 0.25."""
        return shown_hours(self.hours)

    @property
    def trained(self) -> list[Ability]:
        """The abilities, as they have labels."""
        return [Ability(value) for value in self.abilities]


class Lesson(Base):
    """One lesson of a revision, rendered when it was loaded."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("revision_id", "position", name="uq_lessons_revision_id_position"),
        UniqueConstraint("revision_id", "slug", name="uq_lessons_revision_id_slug"),
        {"comment": "课时"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revisions.id"), comment="of which revision")
    position: Mapped[int] = mapped_column(comment="1, 2, 3 within the revision")
    slug: Mapped[str] = mapped_column(String(80), comment="name that stays through revisions")
    title: Mapped[str] = mapped_column(String(120), comment="标题")
    html: Mapped[str] = mapped_column(Text, comment="the text, sanitized")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of its file: tells whether a revision changed it")
    documents: Mapped[list[str]] = mapped_column(comment="names of the files it hands out")
    checkpoint_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_versions.id"), comment="想一想: the question that finishes it; empty: marked as read"
    )

    video: Mapped[dict[str, Any] | None] = mapped_column(
        comment="视频: name, label, title, length in milliseconds, names of captions and transcript"
    )
    parts: Mapped[list[Any]] = mapped_column(
        default=list, comment="what modules above put into the text: kind, argument and body of each"
    )

    checkpoint: Mapped[QuestionVersion | None] = relationship(viewonly=True)

    def seed_for(self, person_id: int | None) -> str:
        """The order of the checkpoint's options: fixed for a person and a text, so that it survives a new revision."""
        return f"{self.digest[:16]}:{person_id}"


class CourseFile(Base):
    """A file of a revision's folder, byte for byte: the originals for export, the media for learners."""

    __tablename__ = "course_files"
    __table_args__ = (
        UniqueConstraint("revision_id", "path", name="uq_course_files_revision_id_path"),
        {"comment": "课程文件: what export gives back and lessons hand out"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revisions.id"), comment="of which revision")
    path: Mapped[str] = mapped_column(String(160), comment="as in the folder: course.toml, media/form.md")
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), comment="the bytes")
    mime: Mapped[str] = mapped_column(String(100), comment="type found by content when it was checked")
    html: Mapped[str | None] = mapped_column(Text, comment="for a Markdown document: the page to read, sanitized")

    file: Mapped[StoredFile] = relationship(viewonly=True)


class Enrollment(Base):
    """A person has begun a course, on the revision of that day."""

    __tablename__ = "enrollments"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", name="uq_enrollments_person_id_course_id"),
        Index("ix_enrollments_course_id", "course_id"),
        {"comment": "选课: who studies what, on which revision"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), comment="what")
    revision_id: Mapped[int] = mapped_column(
        ForeignKey("course_revisions.id"), comment="the revision begun, until the learner chooses to move"
    )
    enrolled_at: Mapped[datetime] = mapped_column(comment="when")


class LessonFinish(Base):
    """A lesson finished: its video watched, its checkpoint answered, or marked as read where it has neither."""

    __tablename__ = "lesson_finishes"
    __table_args__ = (
        UniqueConstraint("person_id", "lesson_id", name="uq_lesson_finishes_person_id_lesson_id"),
        {"comment": "课时完成: a fact with its day; how long it took is not known to anyone"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), comment="which")
    finished_at: Mapped[datetime] = mapped_column(comment="when")
    answer: Mapped[dict[str, Any] | None] = mapped_column(comment="the first answer to its checkpoint")
    carried_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("lesson_finishes.id"), comment="the same lesson in the revision moved from, unchanged"
    )


class Opinion(StrEnum):
    """What a learner says of a lesson with one tap."""

    USEFUL = "useful"
    UNCLEAR = "unclear"
    UNTRUE = "untrue"

    @property
    def label(self) -> LazyString:
        """What the button says."""
        return _OPINIONS[self]


_OPINIONS = {
    Opinion.USEFUL: _l("有用"),
    Opinion.UNCLEAR: _l("没讲清"),
    Opinion.UNTRUE: _l("与实际不符"),
}


class LessonFeedback(Base):
    """What a learner said of a lesson; said again, it replaces what was said before."""

    __tablename__ = "lesson_feedback"
    __table_args__ = (
        UniqueConstraint("person_id", "lesson_id", name="uq_lesson_feedback_person_id_lesson_id"),
        Index("ix_lesson_feedback_lesson_id", "lesson_id"),
        {"comment": "课时反馈: for those who run the course, without the name"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="whose; shown to nobody else")
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), comment="about which lesson of which revision")
    opinion: Mapped[Opinion] = mapped_column(enum_column(Opinion), comment="有用, 没讲清 or 与实际不符")
    sentence: Mapped[str] = mapped_column(String(300), comment="a sentence to it; empty: none")
    given_at: Mapped[datetime] = mapped_column(comment="when it was said last")


class LessonReply(Base):
    """An answer to all who gave feedback on a lesson."""

    __tablename__ = "lesson_replies"
    __table_args__ = (
        Index("ix_lesson_replies_lesson_id", "lesson_id"),
        {"comment": "反馈答复: one for all, shown below the lesson to those who gave feedback"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), comment="about which lesson")
    text: Mapped[str] = mapped_column(String(1000), comment="what is answered")
    replied_at: Mapped[datetime] = mapped_column(comment="when")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class Watching(Base):
    """How far a person has come with a lesson's video: one row, however long it is watched."""

    __tablename__ = "watchings"
    __table_args__ = (
        UniqueConstraint("person_id", "lesson_id", name="uq_watchings_person_id_lesson_id"),
        {"comment": "视频进度: which parts were played, to resume and to finish; shown and reported to nobody"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), comment="which")
    spans: Mapped[list[Any]] = mapped_column(comment="parts played: pairs of milliseconds, merged")
    position: Mapped[int] = mapped_column(comment="where to resume, milliseconds")
    tickets: Mapped[dict[str, Any]] = mapped_column(comment="pages that report: highest sequence and when")
    forgotten_at: Mapped[int] = mapped_column(comment="last report of the pages no longer told apart, milliseconds")
    reported_at: Mapped[datetime] = mapped_column(comment="when the last report came")


class WatchClock(Base):
    """Which of a person's time video reports have used up, so that two pages at once share it."""

    __tablename__ = "watch_clocks"
    __table_args__ = ({"comment": "视频计时依据: bounds what reports may credit; emptied after two weeks"},)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, comment="who")
    spent: Mapped[list[Any]] = mapped_column(comment="used-up stretches: pairs of milliseconds since 1970, merged")


class CourseFinish(Base):
    """A course finished in a calendar year: every lesson, and the quiz passed."""

    __tablename__ = "course_finishes"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle", name="uq_course_finishes_person_id_course_id_cycle"),
        Index("ix_course_finishes_course_id_cycle", "course_id", "cycle"),
        {"comment": "课程完成: once for each person, course and year; the hours stand in the ledger"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), comment="what")
    revision_id: Mapped[int] = mapped_column(ForeignKey("course_revisions.id"), comment="the revision finished")
    cycle: Mapped[int] = mapped_column(comment="calendar year, in the installation's zone")
    finished_on: Mapped[date] = mapped_column(comment="local date of the passed quiz")
    finished_at: Mapped[datetime] = mapped_column(comment="when it was recorded")
    attempt_id: Mapped[int] = mapped_column(comment="the passed attempt")
    entry_id: Mapped[int] = mapped_column(ForeignKey("hour_entries.id"), comment="the hours it earned")
