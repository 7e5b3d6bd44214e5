"""Methods, cases, their versions, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.cases.kinds import CommunityKind, Facet, Section, State, Theme
from lms.cases.texts import show_span
from lms.core.db import Base, enum_column
from lms.core.files import StoredFile
from lms.hours.kinds import Ability
from lms.people.models import Person
from lms.units.models import Level, Unit


class Method(Base):
    """A way of working, as it is known through all its versions."""

    __tablename__ = "methods"
    __table_args__ = ({"comment": "社区工作法: a name, an idea, steps; read by everyone"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    slug: Mapped[str] = mapped_column(String(60), unique=True, comment="its address, and the name of its file")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True, comment="whose; empty: the site's")
    origin: Mapped[str] = mapped_column(String(32), comment="where it came from: folder, page")
    latest_number: Mapped[int] = mapped_column(default=0, comment="number of the newest version, the one that is read")
    created_at: Mapped[datetime] = mapped_column(comment="when")

    current: Mapped["MethodVersion | None"] = relationship(
        viewonly=True,
        primaryjoin="and_(foreign(MethodVersion.method_id) == Method.id, MethodVersion.number == Method.latest_number)",
        uselist=False,
    )


class MethodWithdrawal(Base):
    """A method was taken from the public, until it is restored: who, when and why."""

    __tablename__ = "method_withdrawals"
    __table_args__ = (
        Index(
            "uq_method_withdrawals_standing",
            "method_id",
            unique=True,
            sqlite_where=text("restored_at IS NULL"),
            postgresql_where=text("restored_at IS NULL"),
        ),
        CheckConstraint("reason <> ''", name="reason"),
        {"comment": "工作法撤回: said wherever the method is named"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    method_id: Mapped[int] = mapped_column(ForeignKey("methods.id"), index=True, comment="which method")
    reason: Mapped[str] = mapped_column(String(400), comment="why, for everybody")
    withdrawn_at: Mapped[datetime] = mapped_column(comment="when")
    withdrawn_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id"), comment="by whom; empty for a command"
    )
    restored_at: Mapped[datetime | None] = mapped_column(comment="when it was put back")
    restored_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class MethodVersion(Base):
    """One state of a method; never changed."""

    __tablename__ = "method_versions"
    __table_args__ = (
        UniqueConstraint("method_id", "number", name="uq_method_versions_method_id_number"),
        {"comment": "工作法版本: rendered when it was written"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    method_id: Mapped[int] = mapped_column(ForeignKey("methods.id"), comment="of which method")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 within the method")
    name: Mapped[str] = mapped_column(String(80), comment="名称")
    initials: Mapped[str] = mapped_column(String(80), comment="pinyin initials of the name, to find it by")
    idea: Mapped[str] = mapped_column(String(300), comment="what it is, in one sentence")
    abilities: Mapped[list[str]] = mapped_column(comment="abilities it trains")
    authors: Mapped[list[str]] = mapped_column(comment="names of those who set it down")
    steps: Mapped[str] = mapped_column(Text, comment="步骤, Markdown")
    fits: Mapped[str] = mapped_column(Text, comment="适用: where it works, Markdown")
    unfit: Mapped[str] = mapped_column(Text, comment="不适用: where it does not, Markdown")
    html: Mapped[dict[str, Any]] = mapped_column(comment="steps, fits, unfit: rendered and sanitized")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of its file: tells whether a load changed it")
    source_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), comment="its file, byte for byte")
    created_at: Mapped[datetime] = mapped_column(comment="when")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    @property
    def trained(self) -> list[Ability]:
        return [Ability(value) for value in self.abilities]


class Case(Base):
    """A case as it is known through all its versions."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_published_at_id", "published_at", "id"),
        {"comment": "案例: a method at work in one place; where it stands, and which version the public reads"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    slug: Mapped[str] = mapped_column(String(60), unique=True, comment="its address, to cite; never changes")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True, comment="whose; empty: the site's")
    origin: Mapped[str] = mapped_column(String(32), comment="where it came from: folder, page, word")
    state: Mapped[State] = mapped_column(enum_column(State), comment="where the newest version stands: its newest step")
    level: Mapped[Level | None] = mapped_column(
        enum_column(Level), comment="at which level it was accepted or recommended"
    )
    latest_number: Mapped[int] = mapped_column(default=0, comment="number of the newest version")
    published_number: Mapped[int | None] = mapped_column(
        comment="number of the version that the public reads; empty: none"
    )
    published_at: Mapped[datetime | None] = mapped_column(comment="when it was first published; kept when withdrawn")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), comment="the case that took its place")
    created_at: Mapped[datetime] = mapped_column(comment="when")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    unit: Mapped[Unit | None] = relationship(viewonly=True)
    latest: Mapped["CaseVersion | None"] = relationship(
        viewonly=True,
        primaryjoin="and_(foreign(CaseVersion.case_id) == Case.id, CaseVersion.number == Case.latest_number)",
        uselist=False,
    )
    published: Mapped["CaseVersion | None"] = relationship(
        viewonly=True,
        primaryjoin="and_(foreign(CaseVersion.case_id) == Case.id, CaseVersion.number == Case.published_number)",
        uselist=False,
    )

    @property
    def is_public(self) -> bool:
        return self.published_number is not None


class CaseVersion(Base):
    """One state of a case, as it was written; never changed."""

    __tablename__ = "case_versions"
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_case_versions_case_id_number"),
        {"comment": "案例版本: four sections with what is known of place, time and consent"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="of which case")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 within the case")
    title: Mapped[str] = mapped_column(String(120), comment="标题")
    summary: Mapped[str] = mapped_column(String(400), comment="one or two sentences")
    abilities: Mapped[list[str]] = mapped_column(comment="abilities it trains, the first leading")
    themes: Mapped[list[str]] = mapped_column(comment="主题")
    community_kind: Mapped[CommunityKind] = mapped_column(enum_column(CommunityKind), comment="社区类型")
    region: Mapped[str] = mapped_column(String(80), comment="地区, as far as it may be known")
    place: Mapped[str] = mapped_column(String(120), comment="the community or unit")
    began: Mapped[str] = mapped_column(String(7), comment="YYYY or YYYY-MM: when the practice began")
    ended: Mapped[str | None] = mapped_column(String(7), comment="when it ended; empty: it goes on, or nobody says")
    authors: Mapped[list[str]] = mapped_column(comment="names of those who wrote it, as printed")
    evidence: Mapped[str] = mapped_column(String(600), comment="佐证: what supports it")
    illustration: Mapped[bool] = mapped_column(comment="教学示例: made up for teaching")
    consent: Mapped[bool] = mapped_column(comment="those told of agreed")
    anonymized: Mapped[bool] = mapped_column(comment="nobody told of can be recognized")
    background: Mapped[str] = mapped_column(Text, comment="背景与起因, Markdown")
    process: Mapped[str] = mapped_column(Text, comment="做法与过程, Markdown")
    results: Mapped[str] = mapped_column(Text, comment="成效与反响, Markdown")
    discussion: Mapped[str] = mapped_column(Text, comment="讨论, Markdown")
    html: Mapped[dict[str, Any]] = mapped_column(comment="the sections by name: rendered and sanitized")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over its file and attachments")
    source_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), comment="its file in the folder format")
    note: Mapped[str] = mapped_column(String(400), default="", comment="what changed; empty for the first")
    created_at: Mapped[datetime] = mapped_column(comment="when")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")

    @property
    def trained(self) -> list[Ability]:
        return [Ability(value) for value in self.abilities]

    @property
    def about(self) -> list[Theme]:
        return [Theme(value) for value in self.themes]

    def text_of(self, section: Section) -> str:
        markdown: str = getattr(self, section.value)
        return markdown

    @property
    def when(self) -> str:
        """The time of the practice, from month to month."""
        return show_span(self.began, self.ended)


class CaseFile(Base):
    """A picture or document of a version, named as its text names it; or the original that it was made from."""

    __tablename__ = "case_files"
    __table_args__ = (
        UniqueConstraint("version_id", "name", name="uq_case_files_version_id_name"),
        {"comment": "案例附件: pictures in the text, documents, the Word file it came from"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    version_id: Mapped[int] = mapped_column(ForeignKey("case_versions.id"), comment="of which version")
    name: Mapped[str] = mapped_column(String(160), comment="as in the text: files/NAME")
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), comment="the bytes")
    mime: Mapped[str] = mapped_column(String(100), comment="type found by content")
    original: Mapped[bool] = mapped_column(comment="原件: only for those who write and review it, never for readers")

    file: Mapped[StoredFile] = relationship(viewonly=True)


class CaseStep(Base):
    """Something that was done with a case: who, when and why."""

    __tablename__ = "case_steps"
    __table_args__ = (
        Index("ix_case_steps_case_id_id", "case_id", "id"),
        {"comment": "案例经过: from draft to published and back; appended, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="which case")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("case_versions.id"), comment="which version, if one")
    state: Mapped[State] = mapped_column(enum_column(State), comment="where it came to")
    level: Mapped[Level | None] = mapped_column(
        enum_column(Level), comment="of accepted and recommended: at which level"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), comment="for which unit it was done, if for one"
    )
    reason: Mapped[str] = mapped_column(Text, comment="why; empty where nothing needs saying")
    taken_at: Mapped[datetime] = mapped_column(comment="when")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")


class CaseMethod(Base):
    """A version of a case shows a method at work."""

    __tablename__ = "case_methods"
    __table_args__ = (
        Index("ix_case_methods_method_id", "method_id"),
        {"comment": "案例所用工作法: links both pages"},
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("case_versions.id"), primary_key=True, comment="which version")
    method_id: Mapped[int] = mapped_column(ForeignKey("methods.id"), primary_key=True, comment="which method")
    position: Mapped[int] = mapped_column(comment="1, 2, 3: the order in which it names them")


class CaseLabel(Base):
    """What a level thought of a case. Each stands on its own: what a higher level decides does not touch it."""

    __tablename__ = "case_labels"
    __table_args__ = (
        Index("ix_case_labels_case_id", "case_id"),
        Index(
            "uq_case_labels_standing",
            *("case_id", "unit_id", "name"),
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        {"comment": "案例称号: 县级优秀案例 and the like, given by a unit for a version"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="which case")
    version_id: Mapped[int] = mapped_column(ForeignKey("case_versions.id"), comment="which version was judged")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="who gave it")
    level: Mapped[Level] = mapped_column(enum_column(Level), comment="the level of that unit, at the time")
    name: Mapped[str] = mapped_column(String(60), comment="称号 as printed: 清河区优秀案例")
    awarded_at: Mapped[datetime] = mapped_column(comment="when")
    awarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="when it was taken back")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    revoked_why: Mapped[str] = mapped_column(String(400), default="", comment="why it was taken back")

    unit: Mapped[Unit] = relationship(viewonly=True)


class CaseUse(Base):
    """本社区已借鉴: a unit works as the case describes."""

    __tablename__ = "case_uses"
    __table_args__ = (
        Index("ix_case_uses_unit_id", "unit_id"),
        Index(
            "uq_case_uses_standing",
            *("case_id", "unit_id"),
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
        {"comment": "案例借鉴: where a case travelled, how it went there and whom to ask; not a vote"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="which case")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="where it is used")
    sentence: Mapped[str] = mapped_column(String(400), comment="how it went, in a sentence")
    contact: Mapped[str] = mapped_column(String(120), comment="whom to ask, as they wish to be asked")
    noted_at: Mapped[datetime] = mapped_column(comment="when")
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    taken_back_at: Mapped[datetime | None] = mapped_column(comment="when the note was taken back")
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    unit: Mapped[Unit] = relationship(viewonly=True)
    noted_by: Mapped[Person] = relationship(viewonly=True, foreign_keys=[noted_by_id])


class CaseComment(Base):
    """A question or remark below a case."""

    __tablename__ = "case_comments"
    __table_args__ = (
        Index("ix_case_comments_case_id_id", "case_id", "id"),
        CheckConstraint("hidden_at IS NULL OR hidden_why <> ''", name="hidden_why"),
        {"comment": "案例留言: with the post of whoever wrote it; hidden by the case's unit with a reason"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="below which case")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who wrote it")
    post: Mapped[str] = mapped_column(String(200), comment="时任单位及职务, as it was on that day")
    text: Mapped[str] = mapped_column(String(2000), comment="what was written")
    written_at: Mapped[datetime] = mapped_column(comment="when")
    hidden_at: Mapped[datetime | None] = mapped_column(comment="when it was hidden")
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    hidden_why: Mapped[str] = mapped_column(String(400), default="", comment="why, for whoever wrote it")

    person: Mapped[Person] = relationship(viewonly=True, foreign_keys=[person_id])


class CaseFacet(Base):
    """What readers narrow a search by: derived from the version that is shown, its labels and its unit."""

    __tablename__ = "case_facets"
    __table_args__ = (
        Index("ix_case_facets_facet_value", "facet", "value", "case_id"),
        {"comment": "案例检索项: derived, written anew with each step"},
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, comment="which case")
    facet: Mapped[Facet] = mapped_column(enum_column(Facet, 12), primary_key=True, comment="ability, theme, region ...")
    value: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="one of its values; a unit's number for regions"
    )


class CaseKey(Base):
    """A stretch of letters that the shown version of a case has, by its hash: what near-duplicates are found by."""

    __tablename__ = "case_keys"
    __table_args__ = (
        Index("ix_case_keys_case_id", "case_id"),
        {"comment": "案例查重键: derived, an eighth of the stretches of seven letters", "sqlite_with_rowid": False},
    )

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="hash of the stretch, below 2**32")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, comment="which case")


class CaseTeaching(Base):
    """A lesson shows a version of a case, or a part of it: written when the course is loaded, never changed."""

    __tablename__ = "case_teachings"
    __table_args__ = (
        UniqueConstraint("lesson_id", "position", name="uq_case_teachings_lesson_id_position"),
        Index("ix_case_teachings_version_id", "version_id"),
        {"comment": "案例用于教学: which lesson is pinned to which version"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), comment="which lesson of which revision")
    position: Mapped[int] = mapped_column(comment="0, 1, 2: which of the lesson's parts")
    version_id: Mapped[int] = mapped_column(ForeignKey("case_versions.id"), comment="which version of which case")
