"""The roll-up of the standings, closed years and their figures, and exports that take a while.

`coverage_counts` and `coverage_traits` are sums kept as differences: whoever changes a standing appends the person to
one cell and takes them out of another, for the unit where they count and for every unit above it. Nothing is updated,
so that two people who finish a training at the same moment do not wait for each other at the province's row; the
nightly job adds the differences up. Months stand for days where a day says no more: see `cells.py`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Path, enum_column
from lms.coverage.kinds import ExportState, Trait
from lms.people.posts import PostClass
from lms.policies.kinds import State
from lms.units.models import Unit


class CoverageCount(Base):
    """A difference in the number of people with the same dates, in a unit and all that is below it."""

    __tablename__ = "coverage_counts"
    __table_args__ = (
        Index("ix_coverage_counts_unit_id", "unit_id", "policy_id", "requirement", "cycle_start"),
        {"comment": "培训覆盖汇总: differences that add up to people by their dates; rebuilt from standings"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), comment="version of the policy")
    requirement: Mapped[str] = mapped_column(String(40), comment="key of the requirement within it")
    cycle_start: Mapped[date] = mapped_column(comment="first day of the month in which the cycle begins")
    cycle_end: Mapped[date] = mapped_column(comment="the day after the cycle's last")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="in or below which they are counted")
    post: Mapped[PostClass] = mapped_column(enum_column(PostClass), comment="the post that brings the duty")
    owed_from: Mapped[date] = mapped_column(comment="first day on which it is owed")
    due_on: Mapped[date] = mapped_column(comment="last day in time")
    met_on: Mapped[date | None] = mapped_column(comment="first day of the month in which it was met")
    waived_from: Mapped[date | None] = mapped_column(comment="first day of the exemption")
    waived_until: Mapped[date | None] = mapped_column(comment="last day of the exemption")
    people: Mapped[int] = mapped_column(comment="how many came (or, negative, went)")


class CoverageTrait(Base):
    """A difference in the number of people whose counting trainings were of a tier, of a type, or for an ability."""

    __tablename__ = "coverage_traits"
    __table_args__ = (
        Index("ix_coverage_traits_unit_id", "unit_id", "policy_id", "requirement", "cycle_start"),
        {"comment": "培训覆盖按层级、类型、能力汇总: differences; somebody with two trainings may count under two"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), comment="version of the policy")
    requirement: Mapped[str] = mapped_column(String(40), comment="key of the requirement within it")
    cycle_start: Mapped[date] = mapped_column(comment="first day of the month in which the cycle begins")
    cycle_end: Mapped[date] = mapped_column(comment="the day after the cycle's last")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="in or below which they are counted")
    trait: Mapped[Trait] = mapped_column(enum_column(Trait), comment="tier, training_type or ability")
    value: Mapped[str] = mapped_column(String(32), comment="which one")
    people: Mapped[int] = mapped_column(comment="how many came (or, negative, went)")


class YearClosing(Base):
    """结账或更正: the figures of a requirement's cycle were stored for a unit and all below it, and are kept."""

    __tablename__ = "year_closings"
    __table_args__ = (
        UniqueConstraint("duty", "cycle_start", "unit_id", "number", name="uq_year_closings_duty"),
        {"comment": "年度结账: who stated the figures of a cycle, when and why; stated anew, the old ones stay"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="the newest that covers a unit is the one that counts")
    duty: Mapped[str] = mapped_column(String(160), comment="adopting unit, policy and requirement: every version")
    cycle_start: Mapped[date] = mapped_column(comment="first day of the cycle")
    cycle_end: Mapped[date] = mapped_column(comment="the day after its last")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="for whose subtree")
    number: Mapped[int] = mapped_column(comment="1 for the closing, then one more for each restatement of this unit")
    counted_on: Mapped[date] = mapped_column(comment="the day of which the figures speak")
    closed_at: Mapped[datetime] = mapped_column(comment="when")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for the job")
    closed_by: Mapped[str] = mapped_column(String(120), comment="their name at the time")
    reason: Mapped[str] = mapped_column(String(400), comment="why it was stated anew; empty for the closing")

    unit: Mapped[Unit] = relationship(viewonly=True)


class ClosedFigure(Base):
    """What a closing says of a unit."""

    __tablename__ = "closed_figures"
    __table_args__ = (
        Index("ix_closed_figures_unit_id", "unit_id"),
        {"comment": "结账数: the figures of a unit as they were stated; never changed"},
    )

    closing_id: Mapped[int] = mapped_column(ForeignKey("year_closings.id"), primary_key=True, comment="by which act")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, comment="of which unit")
    place: Mapped[str] = mapped_column(Path, comment="where the unit stood: below it are the names behind the figure")
    met: Mapped[int] = mapped_column(comment="trained")
    waived: Mapped[int] = mapped_column(comment="waived")
    overdue: Mapped[int] = mapped_column(comment="overdue")
    due: Mapped[int] = mapped_column(comment="due, not trained yet")
    not_yet_due: Mapped[int] = mapped_column(comment="not owed yet")


class ClosedPerson(Base):
    """A name behind the figures that were stated: who counted where and how, from one act until another ended it.

    The list of an act is what was written by it or before, and ended by none up to it. So an act that states a cycle
    anew writes what changed and no more, and what changed is told from the rows themselves.
    """

    __tablename__ = "closed_people"
    __table_args__ = (
        Index("ix_closed_people_roll_id", "roll_id", "place", "id"),
        Index("ix_closed_people_person_id", "person_id"),
        {"comment": "结账名单: the names behind closed figures as they were stated; a later act may end one"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time, within an act in the order of the list")
    roll_id: Mapped[int] = mapped_column(ForeignKey("year_closings.id"), comment="the first act of the same cycle")
    closing_id: Mapped[int] = mapped_column(ForeignKey("year_closings.id"), comment="the act that wrote it")
    ended_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("year_closings.id"), comment="the act by which it holds no more; empty while it does"
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id", ondelete="SET NULL"), comment="who; empty once the record of the person was removed"
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="where they counted")
    place: Mapped[str] = mapped_column(Path, comment="the unit's place at the time: order and subtree of that time")
    post: Mapped[PostClass] = mapped_column(enum_column(PostClass), comment="the post that brought the duty")
    state: Mapped[State] = mapped_column(enum_column(State), comment="how the cycle ended for them")
    due_on: Mapped[date] = mapped_column(comment="last day in time")
    met_on: Mapped[date | None] = mapped_column(comment="day on which it was met")


class CoverageExport(Base):
    """A list that is too long to wait for: asked for, written by the job, fetched, thrown away after some days."""

    __tablename__ = "coverage_exports"
    __table_args__ = (
        Index("ix_coverage_exports_person_id", "person_id"),
        Index("ix_coverage_exports_state", "state"),
        {"comment": "名单导出: who asked for which list, and what came of it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who asked, and alone may fetch it")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="of which unit")
    question: Mapped[dict[str, Any]] = mapped_column(comment="the list's address: unit, requirement, cycle, day, state")
    locale: Mapped[str] = mapped_column(String(16), comment="language of the list")
    asked_at: Mapped[datetime] = mapped_column(comment="when")
    state: Mapped[ExportState] = mapped_column(
        enum_column(ExportState), comment="waiting, running, ready, failed, gone"
    )
    claimed_at: Mapped[datetime | None] = mapped_column(comment="when a job began to write it")
    done_at: Mapped[datetime | None] = mapped_column(comment="when it was ready, or failed")
    people: Mapped[int | None] = mapped_column(comment="how many rows it has")
    size: Mapped[int | None] = mapped_column(comment="bytes")
    label: Mapped[str] = mapped_column(String(160), comment="name of the file, for people")

    unit: Mapped[Unit] = relationship(viewonly=True)
