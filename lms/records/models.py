"""Back-entries, the decisions on them, the files they came in; and papers issued together."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.files import StoredFile
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.people.models import Person
from lms.units.models import Unit


class State(StrEnum):
    """What has become of a back-entry; all but the first are verdicts of a decision."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> LazyString:
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        """How a tag of it looks."""
        return {"waiting": "info", "approved": "good", "rejected": "warn"}.get(self.value, "neutral")


STATE_LABELS = {
    State.WAITING: _l("待审批"),
    State.APPROVED: _l("已批准"),
    State.REJECTED: _l("未批准"),
    State.WITHDRAWN: _l("已撤回"),
}


class BackEntry(Base):
    """Training done elsewhere, as somebody entered it; it earns hours once a second person has approved it."""

    __tablename__ = "back_entries"
    __table_args__ = (
        Index("ix_back_entries_person_id_occurred_on", "person_id", "occurred_on"),
        Index("ix_back_entries_unit_id", "unit_id"),
        Index("ix_back_entries_entered_by_id", "entered_by_id"),
        CheckConstraint("occurred_on >= starts_on", name="span"),
        {"comment": "补录: training done elsewhere, entered by one person, decided on by another; never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who was trained")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), comment="时任单位, on the last day of it")
    title: Mapped[str] = mapped_column(String(200), comment="name of the training")
    organizer: Mapped[str] = mapped_column(String(80), comment="主办单位, in words: it need not be a unit of ours")
    tier: Mapped[Tier] = mapped_column(enum_column(Tier), comment="tier of the organizer")
    training_type: Mapped[TrainingType] = mapped_column(enum_column(TrainingType), comment="培训类型")
    abilities: Mapped[list[str]] = mapped_column(comment="abilities trained")
    starts_on: Mapped[date] = mapped_column(comment="first day")
    occurred_on: Mapped[date] = mapped_column(comment="last day, on which it was completed")
    half_days: Mapped[int | None] = mapped_column(comment="length in half days, if it was taught by the day")
    hours: Mapped[Decimal] = mapped_column(comment="credit hours claimed")
    evidence: Mapped[str] = mapped_column(String(110), comment="依据: number of a document or certificate, in words")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), comment="a file that proves it, if any")
    load_id: Mapped[int | None] = mapped_column(
        ForeignKey("back_entry_loads.id"), index=True, comment="the spreadsheet it came in, if it did"
    )
    entered_at: Mapped[datetime] = mapped_column(comment="when")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])
    entered_by: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[entered_by_id])
    unit: Mapped[Unit | None] = relationship(viewonly=True)
    file: Mapped[StoredFile | None] = relationship(viewonly=True)
    decision: Mapped["BackEntryDecision | None"] = relationship(viewonly=True, uselist=False)

    @property
    def state(self) -> State:
        return self.decision.verdict if self.decision is not None else State.WAITING

    @property
    def ability_labels(self) -> list[LazyString]:
        return [Ability(one).label for one in self.abilities]


class BackEntryDecision(Base):
    """What became of a back-entry: by whom, when and why, once."""

    __tablename__ = "back_entry_decisions"
    __table_args__ = (
        {"comment": "补录审批: approved or rejected by a second person, or withdrawn; appended, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    back_entry_id: Mapped[int] = mapped_column(ForeignKey("back_entries.id"), unique=True, comment="on what, once")
    verdict: Mapped[State] = mapped_column(enum_column(State), comment="approved, rejected or withdrawn")
    reason: Mapped[str] = mapped_column(
        String(400), comment="why; of an approval what was checked, if anything was said"
    )
    decided_at: Mapped[datetime] = mapped_column(comment="when")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("hour_entries.id"), comment="the hours it earned")

    decided_by: Mapped[Person | None] = relationship(viewonly=True)


class LoadStage(StrEnum):
    """How far a file has come; computed from its row."""

    CHECKED = "checked"
    LOADED = "loaded"
    DISCARDED = "discarded"

    @property
    def label(self) -> LazyString:
        return STAGE_LABELS[self]


STAGE_LABELS = {
    LoadStage.CHECKED: _l("待确认"),
    LoadStage.LOADED: _l("已载入"),
    LoadStage.DISCARDED: _l("已放弃"),
}


class BackEntryLoad(Base):
    """A spreadsheet of training done elsewhere: checked, then loaded or given up."""

    __tablename__ = "back_entry_loads"
    __table_args__ = (
        Index("ix_back_entry_loads_unit_id", "unit_id", "id"),
        {"comment": "补录表: a file of back-entries, checked, then loaded or discarded"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="whose people it is about")
    file_name: Mapped[str] = mapped_column(String(160), comment="cleaned name of the file, for people")
    content: Mapped[str | None] = mapped_column(
        Text, deferred=True, comment="the file, encrypted; emptied when it was loaded or discarded"
    )
    understood: Mapped[dict[str, Any]] = mapped_column(comment="sheet, header row, columns, counts of rows")
    findings: Mapped[list[Any]] = mapped_column(deferred=True, comment="code, row, column, params; no identity numbers")
    evidence_id: Mapped[int | None] = mapped_column(
        ForeignKey("stored_files.id"), comment="a file that proves all of its rows, if any"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when it was uploaded")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")
    loaded_at: Mapped[datetime | None] = mapped_column(comment="when its sound rows became back-entries")
    discarded_at: Mapped[datetime | None] = mapped_column(comment="when it was given up")

    unit: Mapped[Unit] = relationship(viewonly=True)
    created_by: Mapped[Person | None] = relationship(viewonly=True)

    @property
    def stage(self) -> LoadStage:
        if self.loaded_at is not None:
            return LoadStage.LOADED
        return LoadStage.DISCARDED if self.discarded_at is not None else LoadStage.CHECKED


class PaperBatch(Base):
    """Statements or certificates of a unit's people, issued together to be printed in one go."""

    __tablename__ = "paper_batches"
    __table_args__ = (
        Index("ix_paper_batches_unit_id", "unit_id", "id"),
        {"comment": "批量证明: papers issued together for the people of a unit and a year"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="for whose people")
    year: Mapped[int] = mapped_column(comment="of which year")
    title: Mapped[str] = mapped_column(String(200), comment="the training certified; empty: statements of the year")
    issued_at: Mapped[datetime] = mapped_column(comment="when")
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    unit: Mapped[Unit] = relationship(viewonly=True)


class PaperBatchLine(Base):
    """A paper of a batch, in its place."""

    __tablename__ = "paper_batch_lines"
    __table_args__ = ({"comment": "批量证明所含的证明"},)

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batches.id"), primary_key=True, comment="of which batch")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="place in it, from 1")
    statement_id: Mapped[int] = mapped_column(ForeignKey("hour_statements.id"), index=True, comment="which paper")
