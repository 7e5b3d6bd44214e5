"""Tables of questions, papers and attempts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.quizzes.kinds import registry
from lms.quizzes.questions import Question

_STILL_OPEN = text("submitted_at IS NULL")


class QuestionVersion(Base):
    """A question as it was written once; a changed question is another version."""

    __tablename__ = "question_versions"
    __table_args__ = ({"comment": "题目版本: immutable; papers and attempts point at the version they were made with"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of kind and content: one row each")
    kind: Mapped[str] = mapped_column(String(32), comment="题型: name in the registry of kinds")
    content: Mapped[dict[str, Any]] = mapped_column(comment="text, answers, feedback; never sent to a browser as it is")
    created_at: Mapped[datetime] = mapped_column(comment="when it was first published")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    @property
    def question(self) -> Question:
        """The question that the row holds."""
        return registry.from_json(self.kind, self.content)


class Paper(Base):
    """What a quiz asks for: how many of which category, and under which rules. Never changed after publishing."""

    __tablename__ = "papers"
    __table_args__ = (
        Index("ix_papers_owner", "owner_kind", "owner_ref"),
        Index("ix_papers_unit_id", "unit_id"),
        CheckConstraint("pass_percent BETWEEN 1 AND 100", name="pass_percent"),
        {"comment": "试卷: a pool of questions, how many are drawn, and the rules of an attempt"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    title: Mapped[str] = mapped_column(String(200), comment="as shown above the questions")
    owner_kind: Mapped[str] = mapped_column(String(32), comment="kind of thing it belongs to, such as course_revision")
    owner_ref: Mapped[str] = mapped_column(String(64), comment="which one")
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), comment="whose trainers mark its essays; empty: those of the learner's own units"
    )
    draws: Mapped[list[Any]] = mapped_column(comment="[category, count] of each draw; empty: every question")
    pass_percent: Mapped[int] = mapped_column(comment="percent of the points that pass")
    time_limit_minutes: Mapped[int | None] = mapped_column(comment="minutes from start to deadline; empty: none")
    attempts_allowed: Mapped[int | None] = mapped_column(comment="attempts of one person; empty: any number")
    wait_hours: Mapped[int] = mapped_column(comment="hours between a submission and the next start")
    created_at: Mapped[datetime] = mapped_column(comment="when it was published")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")


class PaperQuestion(Base):
    """A question in the pool of a paper."""

    __tablename__ = "paper_questions"
    __table_args__ = ({"comment": "试卷题库: the questions that a paper draws from"},)

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True, comment="paper")
    position: Mapped[int] = mapped_column(primary_key=True, comment="place in the author's file, from 1")
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), comment="question")
    category: Mapped[str] = mapped_column(String(200), comment="$CATEGORY of the file, from which draws are made")


class Attempt(Base):
    """One person's go at a paper: open, then submitted, then (after essays are marked) graded."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "paper_id", "number", name="uq_attempts_person_paper_number"),
        Index(
            "uq_attempts_open",
            "person_id",
            "paper_id",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
        Index("ix_attempts_paper_id", "paper_id"),
        CheckConstraint("graded_at IS NULL OR submitted_at IS NOT NULL", name="order"),
        {"comment": "作答: one person's go at a paper; at most one open for a person and paper"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), comment="paper")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="the person's unit at the time")
    number: Mapped[int] = mapped_column(comment="1 for the first go of this person at this paper")
    seed: Mapped[str] = mapped_column(String(64), comment="draws the questions and lays out the options; kept secret")
    started_at: Mapped[datetime] = mapped_column(comment="when it was started")
    deadline_at: Mapped[datetime | None] = mapped_column(comment="when it closes, by the server's clock; empty: never")
    submitted_at: Mapped[datetime | None] = mapped_column(comment="交卷: by the person, or at the deadline")
    submit_token: Mapped[str | None] = mapped_column(String(64), comment="the page that submitted it; empty: the clock")
    graded_at: Mapped[datetime | None] = mapped_column(comment="when the score became final")
    percent: Mapped[Decimal | None] = mapped_column(comment="score, 0.00 to 100.00; empty until it is final")
    passed: Mapped[bool | None] = mapped_column(comment="whether the score passes; empty until it is final")


class AttemptQuestion(Base):
    """A question that an attempt drew: the version stays as it was, whatever becomes of the question."""

    __tablename__ = "attempt_questions"
    __table_args__ = ({"comment": "作答题目: the versions drawn; their layout follows from the seed and the position"},)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, comment="attempt")
    position: Mapped[int] = mapped_column(primary_key=True, comment="number of the question on the page, from 1")
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), comment="question as drawn")
    regraded_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_versions.id"), comment="更正后的版本: by which a regrade judges it; empty: as drawn"
    )

    @classmethod
    def judged_by(cls) -> ColumnElement[int]:
        """The version that the answer is judged by, in SQL."""
        return func.coalesce(cls.regraded_version_id, cls.version_id)


class AttemptAnswer(Base):
    """The newest answer given to a question of an attempt; it is the record of its own saving."""

    __tablename__ = "attempt_answers"
    __table_args__ = ({"comment": "作答答案: saved when given; a higher sequence replaces a lower one"},)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, comment="attempt")
    position: Mapped[int] = mapped_column(primary_key=True, comment="number of the question")
    response: Mapped[dict[str, Any] | None] = mapped_column(
        comment="what was answered; null: the answer was taken back"
    )
    sequence: Mapped[int] = mapped_column(comment="the page's own count of what it sent, growing")
    device: Mapped[str] = mapped_column(String(64), comment="random name of the page that sent it, to tell two apart")
    saved_at: Mapped[datetime] = mapped_column(comment="when it arrived")


class EssayMark(Base):
    """A trainer's mark for an essay; the newest of an essay counts, the others stay readable."""

    __tablename__ = "essay_marks"
    __table_args__ = (
        Index("ix_essay_marks_attempt_id", "attempt_id"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        {"comment": "问答题评分: who gave how much, with what comment; appended, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), comment="attempt")
    position: Mapped[int] = mapped_column(comment="number of the question")
    percent: Mapped[int] = mapped_column(comment="0 to 100 percent of the question")
    comment: Mapped[str] = mapped_column(String(2000), comment="what the trainer says to the learner")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who")
    marked_at: Mapped[datetime] = mapped_column(comment="when")


class QuestionCorrection(Base):
    """A question of a paper put right after people had answered it: the one change that a published paper takes."""

    __tablename__ = "question_corrections"
    __table_args__ = (
        Index("ix_question_corrections_paper_id", "paper_id"),
        {"comment": "题目更正: which version took the place of which, by whom and why"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), comment="paper")
    position: Mapped[int] = mapped_column(comment="place of the question in the paper's pool")
    from_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), comment="as it was answered")
    to_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), comment="as it is judged now")
    reason: Mapped[str] = mapped_column(String(200), comment="what was wrong; those concerned read it")
    corrected_at: Mapped[datetime] = mapped_column(comment="when")
    corrected_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class AttemptRegrade(Base):
    """A result that a correction changed: what it was, what it is, and what became of the hours."""

    __tablename__ = "attempt_regrades"
    __table_args__ = (
        UniqueConstraint("attempt_id", "correction_id", name="uq_attempt_regrades_attempt_id_correction_id"),
        {"comment": "重新评分: appended; the former result stays readable"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    correction_id: Mapped[int] = mapped_column(ForeignKey("question_corrections.id"), comment="which correction")
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), comment="whose result changed")
    old_percent: Mapped[Decimal] = mapped_column(comment="score before")
    old_passed: Mapped[bool] = mapped_column(comment="whether it passed before")
    new_percent: Mapped[Decimal] = mapped_column(comment="score after")
    new_passed: Mapped[bool] = mapped_column(comment="whether it passes after")
    reversal_id: Mapped[int | None] = mapped_column(
        ForeignKey("hour_reversals.id"), index=True, comment="冲销: hours that it took back; empty: none"
    )
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("hour_entries.id"), comment="hours that it earned, or kept by another attempt; empty: none"
    )

    correction: Mapped[QuestionCorrection] = relationship(viewonly=True)
