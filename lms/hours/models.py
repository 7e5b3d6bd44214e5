"""The ledger: entries, reversals, balances; and the versions of the credit rules."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people.posts import PostClass
from lms.units.local_rules import LocalRule


class CreditRule(LocalRule, Base):
    """A version of the rules that turn completed training into hours; entries name the version they were made by."""

    __tablename__ = "credit_rules"
    __table_args__ = (
        UniqueConstraint("name", "version", "unit_id", name="uq_credit_rules_name_version"),
        {"comment": "学时规则: versioned data with its source; never an if in the code"},
    )


class HourEntry(Base):
    """Hours that a person earned, once for each source."""

    __tablename__ = "hour_entries"
    __table_args__ = (
        UniqueConstraint("person_id", "source_kind", "source_ref", "sequence", name="uq_hour_entries_source"),
        Index("ix_hour_entries_person_id_occurred_on", "person_id", "occurred_on"),
        CheckConstraint("hours > 0", name="positive"),
        {"comment": "学时台账: appended, never changed or deleted; undone by hour_reversals"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who earned them")
    hours: Mapped[Decimal] = mapped_column(comment="credit hours, two decimals")
    occurred_on: Mapped[date] = mapped_column(comment="local date on which the training was completed")
    recorded_at: Mapped[datetime] = mapped_column(comment="when the entry was written")
    kind: Mapped[HourKind] = mapped_column(enum_column(HourKind), comment="what earned them")
    title: Mapped[str] = mapped_column(String(200), comment="name of the training at the time")
    tier: Mapped[Tier | None] = mapped_column(enum_column(Tier), comment="tier of the organizer")
    training_type: Mapped[TrainingType | None] = mapped_column(enum_column(TrainingType), comment="培训类型")
    abilities: Mapped[list[str]] = mapped_column(comment="abilities trained")
    organizer_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="主办单位, if it is a unit")
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), comment="时任单位: the person's unit at the time"
    )
    unit_name: Mapped[str] = mapped_column(String(200), comment="its name at the time")
    post: Mapped[PostClass | None] = mapped_column(enum_column(PostClass), comment="post at the time")
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("credit_rules.id"), comment="version of the rule applied")
    source_kind: Mapped[str] = mapped_column(String(32), comment="kind of the source")
    source_ref: Mapped[str] = mapped_column(String(64), comment="the source within its kind")
    sequence: Mapped[int] = mapped_column(default=1, comment="1, or one more than the reversed entry of this source")
    evidence: Mapped[str | None] = mapped_column(String(200), comment="what proves it, in words or as a reference")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who caused the entry")

    reversal: Mapped["HourReversal | None"] = relationship(viewonly=True, uselist=False)


class HourReversal(Base):
    """An entry undone: by whom, when and why. The entry itself stays readable."""

    __tablename__ = "hour_reversals"
    __table_args__ = ({"comment": "冲销: a reversal names the entry it undoes"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    entry_id: Mapped[int] = mapped_column(ForeignKey("hour_entries.id"), unique=True, comment="what it undoes, once")
    reversed_at: Mapped[datetime] = mapped_column(comment="when")
    reversed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    reason: Mapped[str] = mapped_column(String(400), comment="why, in words")


class PaperKind(StrEnum):
    """What a paper certifies: the hours of a span, or that one training was completed."""

    HOURS = "hours"
    COMPLETION = "completion"

    @property
    def label(self) -> LazyString:
        return PAPER_LABELS[self]


PAPER_LABELS = {PaperKind.HOURS: _l("学时证明"), PaperKind.COMPLETION: _l("结业证明")}


class HourStatement(Base):
    """学时证明, 结业证明: what the ledger said of a person and a span, or a training, on the day it was issued."""

    __tablename__ = "hour_statements"
    __table_args__ = (
        Index("ix_hour_statements_person_id", "person_id"),
        CheckConstraint("to_on >= from_on", name="span"),
        {"comment": "学时证明: issued once, verified by anyone who holds its code, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    code: Mapped[str] = mapped_column(
        String(32), unique=True, comment="random, printed on the statement; opens /verify"
    )
    kind: Mapped[PaperKind] = mapped_column(
        enum_column(PaperKind), default=PaperKind.HOURS, comment="hours of a span, or one training completed"
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="about whom")
    person_name: Mapped[str] = mapped_column(String(80), comment="name on the day of issue")
    position: Mapped[str] = mapped_column(String(300), comment="unit and post on the day of issue, in words")
    from_on: Mapped[date] = mapped_column(comment="first day of the span")
    to_on: Mapped[date] = mapped_column(comment="last day of the span")
    hours: Mapped[Decimal] = mapped_column(comment="sum of the entries on it")
    issued_at: Mapped[datetime] = mapped_column(comment="when")
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who asked for it")
    issuer: Mapped[str] = mapped_column(String(200), comment="the site in whose name it was issued")


class HourStatementLine(Base):
    """An entry that stands on a statement."""

    __tablename__ = "hour_statement_lines"
    __table_args__ = ({"comment": "学时证明所列的记录"},)

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("hour_statements.id"), primary_key=True, comment="on which statement"
    )
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("hour_entries.id"), primary_key=True, index=True, comment="which entry"
    )


class Balance(Base):
    """Hours of a person in a calendar year: kept in the transaction of the entry, rebuildable from the ledger."""

    __tablename__ = "hour_balances"
    __table_args__ = ({"comment": "学时余额: sum of the entries of a person and year that stand"},)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, comment="who")
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="calendar year of occurred_on")
    hours: Mapped[Decimal] = mapped_column(comment="credit hours that stand")
    entries: Mapped[int] = mapped_column(comment="number of entries that stand")
