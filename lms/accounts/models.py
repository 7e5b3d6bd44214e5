"""Accounts, their one-time codes, sign-ins and tries, and forms that wait for their author.

What ends or disables something is a row or a moment that says when, why and by whom: nothing is
deleted but old tries and parked forms, which serve no purpose any more.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.people.models import Person


class EndedWhy(StrEnum):
    """Why a sign-in is over."""

    SIGNED_OUT = "signed_out"
    ENDED_BY_OWNER = "ended_by_owner"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    RESET = "reset"
    DISABLED = "disabled"
    ROLE_CHANGED = "role_changed"
    SIGN_IN_CHANGED = "sign_in_changed"
    EXPIRED = "expired"


class TryOutcome(StrEnum):
    """What came of a try to sign in."""

    SUCCESS = "success"
    WRONG = "wrong"


class Account(Base):
    """A person's way in; the person exists without it and survives it."""

    __tablename__ = "accounts"
    __table_args__ = ({"comment": "账号: how a person signs in"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="stable identifier")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True, comment="whose account it is")
    sign_in: Mapped[str] = mapped_column(
        String(64), unique=True, comment="sign-in name: the phone number, or a made name where that is missing or taken"
    )
    password_hash: Mapped[str | None] = mapped_column(
        String(255), comment="argon2id with its parameters and salt; empty until a one-time code was used"
    )
    password_set_at: Mapped[datetime | None] = mapped_column(comment="when the owner last chose a password")
    locale: Mapped[str | None] = mapped_column(String(16), comment="language chosen; empty: the browser's")
    created_at: Mapped[datetime] = mapped_column(comment="when the account was opened")

    person: Mapped[Person] = relationship(lazy="raise")


class AccountDisabling(Base):
    """A time during which an account opens nothing."""

    __tablename__ = "account_disablings"
    __table_args__ = (
        Index(
            "uq_account_disablings_open",
            "account_id",
            unique=True,
            sqlite_where=text("enabled_at IS NULL"),
            postgresql_where=text("enabled_at IS NULL"),
        ),
        {"comment": "账号停用: from when to when an account was disabled, and by whom"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="stable identifier")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True, comment="the account disabled")
    reason: Mapped[str] = mapped_column(String(200), comment="why, in the administrator's words; may be empty")
    disabled_at: Mapped[datetime] = mapped_column(comment="from when")
    disabled_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who; empty: a command")
    enabled_at: Mapped[datetime | None] = mapped_column(comment="until when; empty while it lasts")
    enabled_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("persons.id"), comment="who ended it; empty: a command"
    )


class Activation(Base):
    """A one-time code that was issued for an account; only the newest one of an account counts."""

    __tablename__ = "activations"
    __table_args__ = ({"comment": "激活码: one-time codes, kept as keyed hashes"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="the newest of an account is the one that counts")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True, comment="the account it opens")
    digest: Mapped[str] = mapped_column(String(64), comment="HMAC-SHA-256 of person and code with the server's key")
    issued_at: Mapped[datetime] = mapped_column(comment="when it was made")
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who made it; empty: a command")
    expires_at: Mapped[datetime] = mapped_column(comment="from when it opens nothing any more")
    wrong_tries: Mapped[int] = mapped_column(default=0, comment="other codes tried; at six it opens nothing any more")
    used_at: Mapped[datetime | None] = mapped_column(comment="when it opened the account")
    used_from: Mapped[str | None] = mapped_column(
        String(64), comment="digest of the browser's session that used it, which may repeat a try whose answer was lost"
    )


class SignIn(Base):
    """A browser that is, or was, signed in. Its cookie holds a random key; ending the row kills every copy."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        Index("ix_sign_ins_account_id_seen_at", "account_id", "seen_at"),
        {"comment": "登录会话: browsers signed in to accounts"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="stable identifier")
    key_digest: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the random key in the cookie")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), comment="the account signed in to")
    started_at: Mapped[datetime] = mapped_column(comment="when the password or code was right")
    seen_at: Mapped[datetime] = mapped_column(comment="last request, to within ten minutes")
    ended_at: Mapped[datetime | None] = mapped_column(comment="when it was ended; it also ends by not being used")
    ended_why: Mapped[EndedWhy | None] = mapped_column(enum_column(EndedWhy), comment="why it was ended")
    device: Mapped[str] = mapped_column(String(40), comment="kind of browser and system, such as 'wechat android'")
    address: Mapped[str] = mapped_column(String(64), comment="network address at the start")


class SignInTry(Base):
    """A password or code that was tried, right or wrong: what the throttle counts."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        Index("ix_sign_in_tries_name_digest_at", "name_digest", "at"),
        Index("ix_sign_in_tries_address_at", "address", "at"),
        Index("ix_sign_in_tries_device_at", "device", "at"),
        {"comment": "登录尝试: kept for half a year, as logs must be, to slow down guessing"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    at: Mapped[datetime] = mapped_column(comment="when")
    name_digest: Mapped[str] = mapped_column(String(64), comment="keyed hash of the name that was tried, known or not")
    address: Mapped[str] = mapped_column(String(64), comment="network address; for IPv6 the subscriber's /64")
    device: Mapped[str | None] = mapped_column(
        String(64), comment="digest of the device cookie when it belongs to this name; empty: a browser not known"
    )
    outcome: Mapped[TryOutcome] = mapped_column(enum_column(TryOutcome), comment="right or wrong")


class ParkedForm(Base):
    """What somebody sent after their sign-in had ended; it waits a day for them to sign in again."""

    __tablename__ = "parked_forms"
    __table_args__ = ({"comment": "暂存的表单: sent after the sign-in ended, kept a day for its author"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="stable identifier")
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True, comment="whose form; nobody else's")
    path: Mapped[str] = mapped_column(String(2000), comment="where it was sent to, on this site")
    fields: Mapped[list[Any]] = mapped_column(comment="pairs of name and text; no passwords, no files, no tokens")
    left_out: Mapped[list[str]] = mapped_column(comment="names of the fields that were not kept")
    created_at: Mapped[datetime] = mapped_column(comment="when it arrived")
    expires_at: Mapped[datetime] = mapped_column(comment="when it is forgotten")
