"""Calls with their quotas and entries; rounds of review with their comments, experts and scores."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.calls.kinds import Outcome, Phase
from lms.cases.kinds import Section, Theme
from lms.cases.models import Case, CaseVersion
from lms.core.db import Base, enum_column
from lms.people.models import Person
from lms.units.models import Level, Unit

IS_OPEN = text("outcome IS NULL")
STANDS = text("released_at IS NULL")


class CaseCall(Base):
    """A unit calls for cases. Where it stands follows from its days."""

    __tablename__ = "case_calls"
    __table_args__ = (
        Index("ix_case_calls_unit_id", "unit_id"),
        CheckConstraint("opens_on <= closes_on AND closes_on <= ends_on", name="days"),
        {"comment": "案例征集: themes, days, hints for the four sections, weights of the score sheet"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="who calls, for its subtree")
    title: Mapped[str] = mapped_column(String(120), comment="名称")
    about: Mapped[str] = mapped_column(Text, comment="what is wanted, plain text")
    themes: Mapped[list[str]] = mapped_column(comment="主题; empty: any")
    hints: Mapped[dict[str, Any]] = mapped_column(comment="what to write, by section; the template of the call")
    weights: Mapped[dict[str, Any]] = mapped_column(comment="percent by criterion, together 100")
    opens_on: Mapped[date] = mapped_column(comment="first day on which cases come in")
    closes_on: Mapped[date] = mapped_column(comment="last day on which cases come in")
    ends_on: Mapped[date] = mapped_column(comment="last day of reviewing")
    created_at: Mapped[datetime] = mapped_column(comment="when")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    unit: Mapped[Unit] = relationship(viewonly=True)

    @property
    def about_themes(self) -> list[Theme]:
        return [Theme(value) for value in self.themes]

    def phase_on(self, day: date) -> Phase:
        """Where the call stands on a day."""
        if day < self.opens_on:
            return Phase.UPCOMING
        if day <= self.closes_on:
            return Phase.OPEN
        return Phase.REVIEWING if day <= self.ends_on else Phase.ENDED


class CallQuota(Base):
    """How many cases a unit may recommend within a call. No row: as many as it likes."""

    __tablename__ = "call_quotas"
    __table_args__ = ({"comment": "征集名额: checked when a unit recommends upwards"},)

    call_id: Mapped[int] = mapped_column(ForeignKey("case_calls.id"), primary_key=True, comment="in which call")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="which unit")
    most: Mapped[int] = mapped_column(comment="how many at most")


class CallReviewer(Base):
    """A person of the pool from which the experts of a call are taken."""

    __tablename__ = "call_reviewers"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id", name="uq_call_reviewers_call_id_person_id"),
        {"comment": "征集专家库: may be assigned to cases of the call with one press"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    call_id: Mapped[int] = mapped_column(ForeignKey("case_calls.id"), comment="of which call")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True, comment="who")
    added_at: Mapped[datetime] = mapped_column(comment="when")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])


class CallEntry(Base):
    """A case takes part in a call."""

    __tablename__ = "call_entries"
    __table_args__ = (
        UniqueConstraint("call_id", "case_id", name="uq_call_entries_call_id_case_id"),
        Index("ix_call_entries_case_id", "case_id"),
        {"comment": "征集参评: which cases were sent in, by whom"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    call_id: Mapped[int] = mapped_column(ForeignKey("case_calls.id"), comment="in which call")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="which case")
    entered_at: Mapped[datetime] = mapped_column(comment="when")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class CaseReview(Base):
    """A round: one version before one unit. It ends once, by whoever decides first."""

    __tablename__ = "case_reviews"
    __table_args__ = (
        Index("uq_case_reviews_open", "case_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_case_reviews_case_id_id", "case_id", "id"),
        Index("ix_case_reviews_unit_id_outcome", "unit_id", "outcome"),
        Index("ix_case_reviews_call_id_unit_id", "call_id", "unit_id"),
        {"comment": "案例评审: a version before a unit, and what came of it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="which case")
    version_id: Mapped[int] = mapped_column(ForeignKey("case_versions.id"), comment="which version is judged")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="who judges")
    level: Mapped[Level] = mapped_column(enum_column(Level), comment="the level of that unit, at the time")
    call_id: Mapped[int | None] = mapped_column(ForeignKey("case_calls.id"), comment="in which call, if in one")
    weights: Mapped[dict[str, Any]] = mapped_column(comment="percent by criterion, as they were when it began")
    opened_at: Mapped[datetime] = mapped_column(comment="when")
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who sent it here")
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome), comment="how it ended; empty while open")
    reason: Mapped[str] = mapped_column(Text, default="", comment="why, for the authors")
    decided_at: Mapped[datetime | None] = mapped_column(comment="when it ended")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    recommended_at: Mapped[datetime | None] = mapped_column(comment="when the unit recommended it upwards")
    recommended_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    case: Mapped[Case] = relationship(viewonly=True)
    version: Mapped[CaseVersion] = relationship(viewonly=True)
    unit: Mapped[Unit] = relationship(viewonly=True)
    call: Mapped[CaseCall | None] = relationship(viewonly=True)
    decided_by: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[decided_by_id])

    @property
    def is_open(self) -> bool:
        return self.outcome is None


class ReviewComment(Base):
    """A remark on a passage. Authors read it once the round has ended."""

    __tablename__ = "review_comments"
    __table_args__ = (
        Index("ix_review_comments_review_id", "review_id"),
        {"comment": "评审批注: what should be changed, at which passage"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    review_id: Mapped[int] = mapped_column(ForeignKey("case_reviews.id"), comment="in which round")
    section: Mapped[Section] = mapped_column(enum_column(Section), comment="in which section")
    passage: Mapped[int] = mapped_column(comment="which block of the section, from 1; of this version")
    quote: Mapped[str] = mapped_column(String(300), comment="how the passage begins: it outlives the version")
    text: Mapped[str] = mapped_column(String(1000), comment="what to change")
    written_at: Mapped[datetime] = mapped_column(comment="when")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    written_by: Mapped[Person | None] = relationship(viewonly=True)


class ReviewExpert(Base):
    """A person scores a case by themselves; sees it while assigned."""

    __tablename__ = "review_experts"
    __table_args__ = (
        Index("ix_review_experts_person_id", "person_id"),
        Index(
            "uq_review_experts_standing",
            *("review_id", "person_id"),
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        {"comment": "评审专家: assigned to a round, until released"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier; authors know experts by their order only")
    review_id: Mapped[int] = mapped_column(ForeignKey("case_reviews.id"), comment="in which round")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    assigned_at: Mapped[datetime] = mapped_column(comment="when")
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    released_at: Mapped[datetime | None] = mapped_column(comment="when taken off it again, before scoring")
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])
    score: Mapped["ReviewScore | None"] = relationship(viewonly=True)


class ReviewScore(Base):
    """What an expert thinks of it; never changed, for the others' are seen from then on."""

    __tablename__ = "review_scores"
    __table_args__ = ({"comment": "评审打分: points by criterion, and a remark for the authors"},)

    expert_id: Mapped[int] = mapped_column(ForeignKey("review_experts.id"), primary_key=True, comment="whose")
    points: Mapped[dict[str, Any]] = mapped_column(comment="1 to 10 by criterion")
    remark: Mapped[str] = mapped_column(String(1000), comment="评语, which authors read without a name")
    scored_at: Mapped[datetime] = mapped_column(comment="when")
