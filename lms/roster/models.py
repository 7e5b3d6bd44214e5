"""Loads of rosters, whom each one touched, and the columns that a county's headers stand for."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people.models import Person
from lms.roster.mapping import Field
from lms.units.models import Unit


class Stage(StrEnum):
    """How far a load has come; computed from its row."""

    CHECKED = "checked"
    LOADED = "loaded"
    DISCARDED = "discarded"
    UNDONE = "undone"

    @property
    def label(self) -> LazyString:
        return STAGE_LABELS[self]


STAGE_LABELS = {
    Stage.CHECKED: _l("待确认"),
    Stage.LOADED: _l("已载入"),
    Stage.DISCARDED: _l("已放弃"),
    Stage.UNDONE: _l("已撤回"),
}


class Outcome(StrEnum):
    """What a load did to somebody."""

    CREATED = "created"
    CHANGED = "changed"

    @property
    def label(self) -> LazyString:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {Outcome.CREATED: _l("新建人员"), Outcome.CHANGED: _l("变更人员")}


class RosterLoad(Base):
    """A file that was uploaded for a unit: what was understood of it, and what came of it."""

    __tablename__ = "roster_loads"
    __table_args__ = (
        Index("ix_roster_loads_unit_id_id", "unit_id", "id"),
        {"comment": "花名册载入: a roster file, checked, then loaded or discarded"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="for whose subtree it was uploaded")
    file_name: Mapped[str] = mapped_column(String(160), comment="cleaned name of the file, for people")
    file_digest: Mapped[str] = mapped_column(String(64), index=True, comment="SHA-256 of the file")
    content: Mapped[str | None] = mapped_column(
        Text, deferred=True, comment="the file, encrypted; emptied when it was loaded or discarded"
    )
    chosen: Mapped[dict[str, Any] | None] = mapped_column(comment="column number to field, where somebody chose")
    understood: Mapped[dict[str, Any]] = mapped_column(comment="sheet, header rows, columns, counts of rows and plan")
    findings: Mapped[list[Any]] = mapped_column(deferred=True, comment="code, row, column, params; no identity numbers")
    details: Mapped[dict[str, Any]] = mapped_column(
        deferred=True, comment="by name, up to a few hundred each: to create, change, end, left out, missing"
    )
    created_at: Mapped[datetime] = mapped_column(comment="when it was uploaded")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")
    loaded_at: Mapped[datetime | None] = mapped_column(comment="when it was loaded")
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")
    discarded_at: Mapped[datetime | None] = mapped_column(comment="when it was given up")

    unit: Mapped[Unit] = relationship(viewonly=True)
    undo: Mapped["RosterUndo | None"] = relationship(viewonly=True, uselist=False)

    @property
    def stage(self) -> Stage:
        if self.loaded_at is not None:
            return Stage.UNDONE if self.undo is not None else Stage.LOADED
        return Stage.DISCARDED if self.discarded_at is not None else Stage.CHECKED


class RosterEntry(Base):
    """Somebody whom a load created or changed, and when the slip was printed."""

    __tablename__ = "roster_entries"
    __table_args__ = (
        UniqueConstraint("load_id", "person_id"),
        Index("ix_roster_entries_person_id", "person_id"),
        {"comment": "载入结果: whom a load touched"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    load_id: Mapped[int] = mapped_column(ForeignKey("roster_loads.id"), comment="by which load")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="where the file says that they work")
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome), comment="created or changed")
    slip_at: Mapped[datetime | None] = mapped_column(comment="when the activation slip was last printed")
    changes: Mapped[dict[str, Any]] = mapped_column(
        deferred=True, comment="what was changed, before and after: facts, posts, sign-in name; no identity numbers"
    )

    person: Mapped[Person] = relationship(viewonly=True)


class RosterUndo(Base):
    """A load taken back, once and whole: who did, when and why. Whom it had created is on record no more."""

    __tablename__ = "roster_undos"
    __table_args__ = ({"comment": "撤回载入: a roster load taken back"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    load_id: Mapped[int] = mapped_column(ForeignKey("roster_loads.id"), unique=True, comment="which load, once")
    undone_at: Mapped[datetime] = mapped_column(comment="when")
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")
    reason: Mapped[str] = mapped_column(String(400), comment="why, in words")
    counts: Mapped[dict[str, Any]] = mapped_column(comment="people and posts removed, posts and facts set back")

    undone_by: Mapped[Person | None] = relationship(viewonly=True)


class RosterMapping(Base):
    """What a header stands for in the files of a county, as somebody chose there."""

    __tablename__ = "roster_mappings"
    __table_args__ = (
        UniqueConstraint("unit_id", "header"),
        {"comment": "列对应: headers of a county's rosters and the fields chosen for them"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the county, or the unit itself above one")
    header: Mapped[str] = mapped_column(String(80), comment="the header without spaces, remarks and marks")
    field: Mapped[Field] = mapped_column(enum_column(Field), comment="what it stands for; unused: it is not read")
    chosen_at: Mapped[datetime] = mapped_column(comment="when this was last chosen")
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty: a command")
