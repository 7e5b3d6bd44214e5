"""Who wrote a case: those who are its authors now, and whom of them each version names."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.people.models import Person


class CaseAuthor(Base):
    """Whoever is named as an author of a case: a person of this site, who reads and changes its drafts, or a name."""

    __tablename__ = "case_authors"
    __table_args__ = (
        Index("ix_case_authors_case_id_position", "case_id", "position"),
        Index("ix_case_authors_person_id", "person_id"),
        Index(
            "uq_case_authors_standing",
            *("case_id", "person_id"),
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(person_id IS NULL) = (name <> '')", name="named"),
        {"comment": "案例作者: who may see and change a draft, and whom its next version names, in which order"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), comment="which case")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who; empty for a printed name")
    name: Mapped[str] = mapped_column(String(80), default="", comment="a name of somebody who is no person of the site")
    position: Mapped[int] = mapped_column(comment="1, 2, 3: the order in which they are named")
    added_at: Mapped[datetime] = mapped_column(comment="when")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")
    agreed_at: Mapped[datetime | None] = mapped_column(comment="同意署名: when the person agreed to be named")
    wrote_at: Mapped[datetime | None] = mapped_column(comment="when the person first changed a draft of the case")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when they stopped being an author")
    ended_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id"), comment="by whom; by the person: 谢绝署名, they stepped back"
    )

    person: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[person_id])
    added_by: Mapped[Person | None] = relationship(viewonly=True, foreign_keys=[added_by_id])

    @property
    def is_own(self) -> bool:
        """Whether the person put themselves there."""
        return self.added_by_id is not None and self.added_by_id == self.person_id

    @property
    def printed(self) -> str:
        """The name as the next version prints it."""
        return self.person.name if self.person else self.name


class CaseByline(Base):
    """Which of the names that a version prints is which person of this site; never changed."""

    __tablename__ = "case_bylines"
    __table_args__ = (
        Index("ix_case_bylines_person_id", "person_id"),
        {"comment": "案例署名: the persons among the authors that a version names"},
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("case_versions.id"), primary_key=True, comment="which version")
    position: Mapped[int] = mapped_column(primary_key=True, comment="1, 2, 3 among its authors")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
