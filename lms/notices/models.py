"""Notices and who read them; opting out; channels, digests and the outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.units.models import Unit

#: In an opt-out: every kind, those of later versions included.
EVERY_KIND = "*"


class Notice(Base):
    """Something that a person is told, once for each source."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("person_id", "source_kind", "source_ref", name="uq_notices_source"),
        {"comment": "消息: what a person was told; the words are made from kind and values when it is read"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who is told")
    kind: Mapped[str] = mapped_column(String(48), comment="as module.word; its words are registered by the module")
    params: Mapped[dict[str, Any]] = mapped_column(comment="values that the words name")
    endpoint: Mapped[str | None] = mapped_column(String(64), comment="the page it leads to; empty: none")
    url_values: Mapped[dict[str, Any]] = mapped_column(comment="values of that page's address")
    source_kind: Mapped[str] = mapped_column(String(32), comment="kind of what it comes from")
    source_ref: Mapped[str] = mapped_column(String(64), comment="what it comes from, within its kind")
    why: Mapped[str] = mapped_column(String(32), comment="code of the reason why this person is told")
    created_at: Mapped[datetime] = mapped_column(comment="when")


class NoticeReading(Base):
    """A notice that its person has opened, or marked as read."""

    __tablename__ = "notice_readings"
    __table_args__ = ({"comment": "消息已读"},)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True, comment="which notice")
    read_at: Mapped[datetime] = mapped_column(comment="when")


class NoticeOptOut(Base):
    """A time during which a person is not reminded of a kind of notices."""

    __tablename__ = "notice_opt_outs"
    __table_args__ = (
        Index(
            "uq_notice_opt_outs_open",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"comment": "消息退订: kinds that a person does not want to be reminded of, from when to when"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    kind: Mapped[str] = mapped_column(String(48), comment="kind of notices; * for every kind")
    since: Mapped[datetime] = mapped_column(comment="from when")
    ended_at: Mapped[datetime | None] = mapped_column(comment="until when; empty while it lasts")


class ContactAddress(Base):
    """Where a person wants digests to go: entered by the person, and by nobody else."""

    __tablename__ = "contact_addresses"
    __table_args__ = ({"comment": "电子邮箱: entered by the person for digests, removed by the person"},)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("persons.id"), primary_key=True, autoincrement=False, comment="whose"
    )
    address: Mapped[str] = mapped_column(String(254), comment="e-mail address")
    entered_at: Mapped[datetime] = mapped_column(comment="when it was entered")
    confirmed_at: Mapped[datetime | None] = mapped_column(
        comment="when its code came back; before, no digest goes there"
    )
    wrong_codes: Mapped[int] = mapped_column(default=0, comment="other codes tried; at six the code opens nothing")


class ChannelKind(StrEnum):
    """How a unit reaches its people outside of the platform."""

    SMTP = "smtp"
    WECOM = "wecom"

    @property
    def label(self) -> LazyString:
        return CHANNEL_LABELS[self]


CHANNEL_LABELS = {ChannelKind.SMTP: _l("电子邮件"), ChannelKind.WECOM: _l("企业微信群机器人")}


class NoticeChannel(Base):
    """A way out that a unit set up, for itself and for the units below that have none of their own."""

    __tablename__ = "notice_channels"
    __table_args__ = (
        Index(
            "uq_notice_channels_open",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"comment": "消息渠道: e-mail server or group robot of a unit; changed by ending it and setting another"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="whose")
    kind: Mapped[ChannelKind] = mapped_column(enum_column(ChannelKind), comment="smtp or wecom")
    settings: Mapped[dict[str, Any]] = mapped_column(comment="what may be shown: server, sender")
    secrets_cipher: Mapped[str] = mapped_column(Text, comment="passwords and keys, encrypted; never shown again")
    created_at: Mapped[datetime] = mapped_column(comment="when it was set up")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it was ended; empty while it lasts")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    unit: Mapped[Unit] = relationship(lazy="raise", viewonly=True)


class OutboxMessage(Base):
    """A message on its way out: claimed, then sent, then marked, so that it never leaves twice."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_due_at",
            "due_at",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
        Index("ix_outbox_messages_channel_id", "channel_id"),
        {"comment": "发件箱: what is to be sent by a channel, and what came of it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    key: Mapped[str] = mapped_column(
        String(64), unique=True, comment="for whom and the how-manyth: what is prepared twice is one message"
    )
    channel_id: Mapped[int] = mapped_column(ForeignKey("notice_channels.id"), comment="by which channel")
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id"), index=True, comment="to whom; empty for a message to a group"
    )
    subject: Mapped[str] = mapped_column(String(200), comment="subject of the e-mail")
    text: Mapped[str] = mapped_column(Text, comment="what it says")
    mobiles: Mapped[list[str]] = mapped_column(comment="numbers mentioned in a group; emptied once it has left")
    prepared_at: Mapped[datetime] = mapped_column(comment="when it was written")
    due_at: Mapped[datetime] = mapped_column(comment="not to be sent before; moved by each failure")
    claimed_at: Mapped[datetime | None] = mapped_column(comment="when a process took it to send it")
    sent_at: Mapped[datetime | None] = mapped_column(comment="when the server accepted it")
    given_up_at: Mapped[datetime | None] = mapped_column(comment="when it was left for good")
    tries: Mapped[int] = mapped_column(default=0, comment="how often sending was tried")
    last_error: Mapped[str | None] = mapped_column(String(32), comment="code of what went wrong last")


class Digest(Base):
    """That a person was mentioned notices in a message: what the weekly rule counts."""

    __tablename__ = "notice_digests"
    __table_args__ = (
        UniqueConstraint("person_id", "sequence", name="uq_notice_digests_person_id_sequence"),
        {"comment": "消息摘要: at most one a week for a person"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="who")
    sequence: Mapped[int] = mapped_column(comment="1 for the person's first, and so on: two at once are one")
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_messages.id"), index=True, comment="in which message")


class DigestedNotice(Base):
    """A notice that was mentioned, once and for all."""

    __tablename__ = "digested_notices"
    __table_args__ = ({"comment": "已写入摘要的消息"},)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True, comment="which notice")
    digest_id: Mapped[int] = mapped_column(ForeignKey("notice_digests.id"), index=True, comment="in which digest")
