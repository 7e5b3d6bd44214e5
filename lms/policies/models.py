"""Policies, exemptions, and what is kept of standings.

How to read `standings` (the seam to coverage):

- One row per person, requirement and cycle; no row means that the person is not in that duty. All of it follows from
  facts alone, nothing from the day of asking, except how far ahead rows reach (`standing.horizon`).
- The state on a day comes from `states.state_on(row, day)`, or `states.state_sql(day)` in SQL; both say the same. A
  row that is met stays met, also where an exemption would waive it.
- Calendar years and fixed blocks: `cycle_start` and `cycle_end` are those of the calendar for everybody, and who has a
  row is who held a post of the duty on the head-count date: the last day of the cycle, or the one that the policy
  names. Posts that are open are taken to last. A row says where the person is counted (`unit_id`): the unit of the
  primary post on that day if it lies below the adopting unit, else that of the post which brings the duty (`post`).
- Rolling years and "once" have cycles of one's own. A rolling window is opened by a training and met by it from its
  first day on; the next training ends it and opens the next; a window that nobody met is overdue after `due_on`.
  The windows of a person do not overlap: on a day, at most one has `cycle_start <= day < cycle_end`. One that is open
  ends on `cycles.FAR`, or with the person's time in the duty.
- Several versions of one policy have different `policy_id`s: a cycle is judged by the version in force on its first
  day (or by the first that came into force within it), the same one for everybody. So group a fixed cycle by
  (`policies.name`, `policies.unit_id`, `requirement`, `cycle_start`), or take `policy_id` as the cycle has it.
- Policies of several units add up: each has its own rows for the people of its own subtree, so that the sums of the
  children equal the parent. None replaces another; pages show the strictest of those with one name.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.policies.kinds import ExemptionKind
from lms.units.models import Unit


class Policy(Base):
    """A version of a policy, adopted by a unit for its subtree."""

    __tablename__ = "policies"
    __table_args__ = (
        UniqueConstraint("unit_id", "name", "version", name="uq_policies_unit_id"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        {"comment": "培训要求: versioned data with its source; the past keeps its own version"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier of this version")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="who adopted it, for its subtree")
    name: Mapped[str] = mapped_column(String(64), comment="name of the policy, the same in all versions")
    title: Mapped[str] = mapped_column(String(120), comment="what people call it")
    version: Mapped[int] = mapped_column(comment="grows with every change")
    valid_from: Mapped[date] = mapped_column(comment="first day on which it is in force")
    valid_to: Mapped[date | None] = mapped_column(comment="last day; empty while nothing takes its place")
    source: Mapped[str] = mapped_column(String(300), comment="the document it comes from")
    is_example: Mapped[bool] = mapped_column(default=False, comment="an example, to be replaced by local rules")
    body: Mapped[dict[str, Any]] = mapped_column(comment="its requirements, as rules.py reads them")
    adopted_at: Mapped[datetime] = mapped_column(comment="when")
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    unit: Mapped[Unit] = relationship(viewonly=True)


class Exemption(Base):
    """免训: a span in which a person need not be trained, and who decided so."""

    __tablename__ = "exemptions"
    __table_args__ = (
        Index("ix_exemptions_person_id", "person_id"),
        CheckConstraint("until_on >= from_on", name="span"),
        {"comment": "免训: leave, secondment, long illness; decided by whom, until when"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    kind: Mapped[ExemptionKind] = mapped_column(enum_column(ExemptionKind), comment="why, as the policies know it")
    from_on: Mapped[date] = mapped_column(comment="first day")
    until_on: Mapped[date] = mapped_column(comment="last day, as decided")
    reason: Mapped[str] = mapped_column(String(200), comment="why, in words")
    decided_by: Mapped[str] = mapped_column(String(120), comment="who decided, in words")
    granted_at: Mapped[datetime] = mapped_column(comment="when it was entered")
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who entered it")
    ended_on: Mapped[date | None] = mapped_column(
        comment="last day after all, if it was ended early; before the first day: it never held"
    )
    ended_at: Mapped[datetime | None] = mapped_column(comment="when that was entered")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who entered that")
    end_reason: Mapped[str] = mapped_column(String(200), default="", comment="why it was ended")

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])

    @property
    def last_day(self) -> date:
        """The day on which it really ends, as known now."""
        return self.ended_on or self.until_on


class Standing(Base):
    """What a person owes under one requirement in one cycle: derived, rebuildable; see the top of this file."""

    __tablename__ = "standings"
    __table_args__ = (
        Index("ix_standings_policy_id", "policy_id", "requirement", "cycle_start", "unit_id"),
        Index("ix_standings_unit_id", "unit_id"),
        {"comment": "履训情况: what is owed and what met it; derived from facts, rebuilt at any time"},
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="who"
    )
    policy_id: Mapped[int] = mapped_column(
        ForeignKey("policies.id"), primary_key=True, autoincrement=False, comment="the version that judges this cycle"
    )
    requirement: Mapped[str] = mapped_column(String(40), primary_key=True, comment="key of the requirement within it")
    cycle_start: Mapped[date] = mapped_column(primary_key=True, comment="first day of the cycle")
    cycle_end: Mapped[date] = mapped_column(comment="the day after its last")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="where the person is counted")
    post: Mapped[PostClass] = mapped_column(enum_column(PostClass), comment="the post that brings the duty")
    owed_from: Mapped[date] = mapped_column(comment="first day on which it is owed")
    due_on: Mapped[date] = mapped_column(comment="last day in time, with grace")
    met_on: Mapped[date | None] = mapped_column(comment="day on which it was met")
    waived_from: Mapped[date | None] = mapped_column(comment="first day of the exemption that applies")
    waived_until: Mapped[date | None] = mapped_column(
        comment="last day on which nothing is asked; year 9999 where the whole cycle is waived"
    )
    waived_by_id: Mapped[int | None] = mapped_column(ForeignKey("exemptions.id"), comment="the exemption")
    done: Mapped[int] = mapped_column(comment="completed trainings that count")
    hours: Mapped[Decimal] = mapped_column(comment="hours that count, with caps and what was carried over")
    carried: Mapped[Decimal] = mapped_column(comment="of these, carried over from the cycle before")
    entries: Mapped[list[Any]] = mapped_column(comment="ledger entries that count, the earliest first")


class StalePerson(Base):
    """Somebody whose facts changed after their standings were computed."""

    __tablename__ = "stale_people"
    __table_args__ = ({"comment": "待重算: whose standings must be computed anew; emptied as it is done"},)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, comment="who"
    )
    since: Mapped[datetime] = mapped_column(comment="when the first of the changes happened")


class StandingRun(Base):
    """A round in which everybody's standings are computed anew: at most one begins on a day."""

    __tablename__ = "standing_runs"
    __table_args__ = ({"comment": "重算批次: when everybody was computed anew, and how far that has come"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    begun_at: Mapped[datetime] = mapped_column(comment="when it began")
    reaches_to: Mapped[date] = mapped_column(comment="cycles that begin before this day have rows")
    people: Mapped[int] = mapped_column(comment="how many people there were to compute")
    finished_at: Mapped[datetime | None] = mapped_column(comment="when the last of them was done")
