"""Persons, appointments, grants."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people.posts import PostClass, Role
from lms.units.models import Unit


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"

    @property
    def label(self) -> LazyString:
        return GENDER_LABELS[self]


GENDER_LABELS = {Gender.MALE: _l("男"), Gender.FEMALE: _l("女")}


class Person(Base):
    """Someone who works, or worked, for a community; or who trains or administers."""

    __tablename__ = "persons"
    __table_args__ = (
        Index("ix_persons_phone", "phone"),
        # The undo of a roster load removes the newest people: SQLite must not give their numbers to others, of whom
        # the audit trail would then tell somebody else's story.
        {
            "comment": "人员: what the roster says of a person; facts about work, not an account",
            "sqlite_autoincrement": True,
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="stable identifier")
    name: Mapped[str] = mapped_column(String(80), comment="as on the roster, NFC, the dot of names as U+00B7")
    gender: Mapped[Gender | None] = mapped_column(enum_column(Gender), comment="as on the roster")
    birth_month: Mapped[str | None] = mapped_column(String(7), comment="YYYY-MM")
    id_number_cipher: Mapped[str | None] = mapped_column(String(200), comment="identity number, encrypted")
    id_number_digest: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="its keyed hash, to find it by"
    )
    phone: Mapped[str | None] = mapped_column(String(20), comment="mobile number, 11 digits; shown masked")
    political_status: Mapped[str | None] = mapped_column(String(40), comment="政治面貌, as on the roster")
    education: Mapped[str | None] = mapped_column(String(40), comment="学历, as on the roster")
    joined_on: Mapped[date | None] = mapped_column(comment="入职时间: first day, or first of the month")
    certificate: Mapped[str | None] = mapped_column(String(40), comment="社工证等级, as on the roster")
    created_at: Mapped[datetime] = mapped_column(comment="when the record was made")
    origin: Mapped[str] = mapped_column(String(32), comment="where the record came from: roster, page, demo, command")

    appointments: Mapped[list["Appointment"]] = relationship(viewonly=True, order_by="Appointment.starts_on")


class Appointment(Base):
    """A post that a person holds in a unit, from a day to a day."""

    __tablename__ = "appointments"
    __table_args__ = (
        Index("ix_appointments_person_id", "person_id"),
        Index("ix_appointments_unit_id_ends_on", "unit_id", "ends_on"),
        Index(
            "uq_appointments_open_primary",
            "person_id",
            unique=True,
            sqlite_where=text("is_primary AND ends_on IS NULL"),
            postgresql_where=text("is_primary AND ends_on IS NULL"),
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="span"),
        {"comment": "任职: who held which post where, from when to when", "sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="where")
    post: Mapped[PostClass] = mapped_column(enum_column(PostClass), comment="职务类别")
    title: Mapped[str] = mapped_column(String(80), default="", comment="职务 as the roster words it")
    grade: Mapped[str | None] = mapped_column(String(20), comment="岗位等级 within the region's scheme")
    starts_on: Mapped[date] = mapped_column(comment="first day")
    ends_on: Mapped[date | None] = mapped_column(comment="last day; empty while it lasts")
    is_primary: Mapped[bool] = mapped_column(comment="the one post that counts where a person must be counted once")

    unit: Mapped[Unit] = relationship(viewonly=True)


class Grant(Base):
    """A role over a unit's subtree."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id", "granted_at", name="uq_grants_person_role_unit"),
        Index("ix_grants_unit_id", "unit_id"),
        {"comment": "授权: who may act as what over which subtree, given by whom, until when"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="to whom")
    role: Mapped[Role] = mapped_column(enum_column(Role), comment="admin or trainer")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="over whose subtree")
    granted_at: Mapped[datetime] = mapped_column(comment="when")
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a command")
    expires_on: Mapped[date | None] = mapped_column(comment="last day, if it was given for a time")
    revoked_at: Mapped[datetime | None] = mapped_column(comment="when it was taken back")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    unit: Mapped[Unit] = relationship(viewonly=True)
