"""Mentors and their steps, requests for a mentor, declared households, versions of the rule."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people.models import Person
from lms.units.local_rules import LocalRule
from lms.units.models import Unit


class MentorState(StrEnum):
    """Where a mentor stands. Only an active mentor is proposed to anybody."""

    INVITED = "invited"
    APPLIED = "applied"
    ACTIVE = "active"
    PAUSED = "paused"
    REFUSED = "refused"
    ENDED = "ended"

    @property
    def label(self) -> LazyString:
        return STATE_LABELS[self]


STATE_LABELS = {
    MentorState.INVITED: _l("已邀请，待本人答复"),
    MentorState.APPLIED: _l("已申请，待单位审核"),
    MentorState.ACTIVE: _l("在任导师"),
    MentorState.PAUSED: _l("已暂停"),
    MentorState.REFUSED: _l("未成为导师"),
    MentorState.ENDED: _l("已卸任"),
}


class Background(StrEnum):
    """Where a mentor comes from."""

    WORKER = "worker"
    RETIRED = "retired"
    LECTURER = "lecturer"
    OUTSIDE = "outside"

    @property
    def label(self) -> LazyString:
        return BACKGROUND_LABELS[self]


BACKGROUND_LABELS = {
    Background.WORKER: _l("在职社区工作者"),
    Background.RETIRED: _l("退休书记、主任"),
    Background.LECTURER: _l("讲师"),
    Background.OUTSIDE: _l("外部专业人士"),
}


class Mentor(Base):
    """Somebody who helps others along, or was asked to: one profile for a person, kept when they leave."""

    __tablename__ = "mentors"
    __table_args__ = (
        Index("ix_mentors_unit_id", "unit_id"),
        CheckConstraint("capacity IS NULL OR capacity >= 1", name="capacity"),
        {"comment": "导师: abilities offered, capacity, reach, and how to be met"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True, comment="who; one profile a person")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit that approves and looks after them")
    reach_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="mentees belong to this unit's subtree")
    background: Mapped[Background] = mapped_column(
        enum_column(Background), comment="worker, retired, lecturer, outside"
    )
    abilities: Mapped[list[str]] = mapped_column(comment="abilities offered")
    experience: Mapped[str] = mapped_column(Text, default="", comment="what they have done, in words")
    works: Mapped[str] = mapped_column(Text, default="", comment="methods and cases written, in words")
    availability: Mapped[str] = mapped_column(String(300), default="", comment="when and how they can be met")
    capacity: Mapped[int | None] = mapped_column(comment="own limit of mentees; empty: what the rule says")
    state: Mapped[MentorState] = mapped_column(enum_column(MentorState), comment="what the latest step says")
    state_at: Mapped[datetime] = mapped_column(comment="when that step was taken")

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    unit: Mapped[Unit] = relationship(lazy="raise", viewonly=True, foreign_keys=[unit_id])
    reach: Mapped[Unit] = relationship(lazy="raise", viewonly=True, foreign_keys=[reach_id])


class MentorStep(Base):
    """A change of where a mentor stands: who, when, why."""

    __tablename__ = "mentor_steps"
    __table_args__ = (
        Index("ix_mentor_steps_mentor_id", "mentor_id", "id"),
        {"comment": "导师状态变化: appended, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id"), comment="whose")
    state: Mapped[MentorState] = mapped_column(enum_column(MentorState), comment="the state from here on")
    reason: Mapped[str] = mapped_column(String(300), comment="why, in words; may be empty")
    taken_at: Mapped[datetime] = mapped_column(comment="when")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    taken_by: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)


class MentorRequest(Base):
    """Somebody asked for a mentor; withdrawn, or ended when they have one."""

    __tablename__ = "mentor_requests"
    __table_args__ = (
        Index(
            "uq_mentor_requests_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"comment": "申请导师: one open request a person"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who asks")
    abilities: Mapped[list[str]] = mapped_column(comment="abilities in which help is wanted; may be empty")
    note: Mapped[str] = mapped_column(String(300), comment="what for, in words")
    asked_at: Mapped[datetime] = mapped_column(comment="when")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it was withdrawn or granted")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class HouseholdTie(Base):
    """Two people who declared that they belong to one household: they are never paired."""

    __tablename__ = "household_ties"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id", name="uq_household_ties_pair"),
        Index("ix_household_ties_other_id", "other_id"),
        CheckConstraint("person_id < other_id", name="order"),
        {"comment": "同住亲属申报: said by one of the two or by their unit"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="the one with the smaller identifier")
    other_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="the other")
    declared_at: Mapped[datetime] = mapped_column(comment="when")
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class MentoringRule(LocalRule, Base):
    """A version of a place's rule of mentorship."""

    __tablename__ = "mentoring_rules"
    __table_args__ = (
        UniqueConstraint("name", "version", "unit_id", name="uq_mentoring_rules_name_version"),
        {"comment": "帮带规则: versioned data with its source"},
    )
