"""Working copies of cases: what is being written, its pictures, and what was replaced."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cases.kinds import Section
from lms.cases.models import Case
from lms.core.db import Base
from lms.core.files import StoredFile
from lms.people.models import Person


class CaseDraft(Base):
    """The next version of a case while it is written: one for each case; changed by whoever writes it."""

    __tablename__ = "case_drafts"
    __table_args__ = ({"comment": "案例草稿: the working copy of a case's next version; incomplete, and never public"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True, comment="of which case")
    title: Mapped[str] = mapped_column(String(120), default="", comment="标题")
    summary: Mapped[str] = mapped_column(String(400), default="", comment="one or two sentences")
    abilities: Mapped[list[str]] = mapped_column(default=list, comment="abilities it trains, the first leading")
    themes: Mapped[list[str]] = mapped_column(default=list, comment="主题")
    community_kind: Mapped[str] = mapped_column(String(32), default="", comment="社区类型; empty: not chosen yet")
    region: Mapped[str] = mapped_column(String(80), default="", comment="地区")
    place: Mapped[str] = mapped_column(String(120), default="", comment="the community or unit")
    began: Mapped[str] = mapped_column(String(20), default="", comment="as typed; a month when it is handed in")
    ended: Mapped[str] = mapped_column(String(20), default="", comment="as typed")
    methods: Mapped[list[str]] = mapped_column(default=list, comment="addresses of the methods that it shows")
    evidence: Mapped[str] = mapped_column(String(600), default="", comment="佐证")
    background: Mapped[str] = mapped_column(Text, default="", comment="背景与起因, Markdown")
    process: Mapped[str] = mapped_column(Text, default="", comment="做法与过程, Markdown")
    results: Mapped[str] = mapped_column(Text, default="", comment="成效与反响, Markdown")
    discussion: Mapped[str] = mapped_column(Text, default="", comment="讨论, Markdown")
    destination: Mapped[str] = mapped_column(
        String(40), default="", comment="where it is meant to be handed in, such as call:17; empty: not said"
    )
    sequence: Mapped[int] = mapped_column(default=0, comment="grows with each save: tells who has seen what")
    device: Mapped[str] = mapped_column(String(64), default="", comment="name of the page that saved last")
    blocks: Mapped[list[Any]] = mapped_column(default=list, comment="the Word file in blocks; empty once handed in")
    notes: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="its footnotes by number")
    places: Mapped[list[str]] = mapped_column(default=list, comment="where each block goes: guessed, moved by hand")
    arranged_sequence: Mapped[int] = mapped_column(default=0, comment="the save in which the blocks were put in place")
    started_at: Mapped[datetime] = mapped_column(comment="when")
    saved_at: Mapped[datetime] = mapped_column(comment="when it last changed")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    case: Mapped[Case] = relationship(viewonly=True)
    saved_by: Mapped[Person | None] = relationship(viewonly=True)

    def text_of(self, section: Section) -> str:
        markdown: str = getattr(self, section.value)
        return markdown


class DraftFile(Base):
    """A picture of a draft, or the Word file that it was made from."""

    __tablename__ = "case_draft_files"
    __table_args__ = (
        UniqueConstraint("draft_id", "name", name="uq_case_draft_files_draft_id_name"),
        {"comment": "草稿附件: pictures made safe and small, and the original"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    draft_id: Mapped[int] = mapped_column(ForeignKey("case_drafts.id"), comment="of which draft")
    name: Mapped[str] = mapped_column(String(160), comment="as in the text: files/NAME")
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), comment="the bytes")
    mime: Mapped[str] = mapped_column(String(100), comment="type found by content")
    original: Mapped[bool] = mapped_column(comment="原件: the Word file as it came")
    added_at: Mapped[datetime] = mapped_column(comment="when")

    file: Mapped[StoredFile] = relationship(viewonly=True)


class DraftCopy(Base):
    """What a draft said before somebody replaced it unseen: nothing that was written is lost."""

    __tablename__ = "case_draft_copies"
    __table_args__ = (
        Index("ix_case_draft_copies_draft_id_id", "draft_id", "id"),
        {"comment": "草稿旧稿: kept when one text takes the place of another; gone once the case is handed in"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    draft_id: Mapped[int] = mapped_column(ForeignKey("case_drafts.id"), comment="of which draft")
    why: Mapped[str] = mapped_column(String(32), comment="conflict, arranged, restored, or aside: never stood")
    text: Mapped[dict[str, Any]] = mapped_column(comment="the fields as they were")
    kept_at: Mapped[datetime] = mapped_column(comment="when it was replaced")
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who had written it last")

    saved_by: Mapped[Person | None] = relationship(viewonly=True)
