"""Rounds, who is in them, what the administrator changed; proposals and replies; wishes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.mentoring.kinds import Side
from lms.mentors.models import Mentor
from lms.people.models import Person
from lms.units.models import Unit


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    SENT = "sent"
    CLOSED = "closed"

    @property
    def label(self) -> LazyString:
        return ROUND_LABELS[self]


ROUND_LABELS = {RoundState.DRAFT: _l("草案"), RoundState.SENT: _l("已发出"), RoundState.CLOSED: _l("已结束")}


class Solving(StrEnum):
    """What the solver does with a round."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ChangeKind(StrEnum):
    """What an administrator says of a round."""

    FIX = "fix"
    FORBID = "forbid"
    WITHOUT_MENTEE = "without_mentee"
    WITHOUT_MENTOR = "without_mentor"

    @property
    def label(self) -> LazyString:
        return CHANGE_LABELS[self]


CHANGE_LABELS = {
    ChangeKind.FIX: _l("固定结对"),
    ChangeKind.FORBID: _l("不要结对"),
    ChangeKind.WITHOUT_MENTEE: _l("移出帮带对象"),
    ChangeKind.WITHOUT_MENTOR: _l("移出导师"),
}


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"

    @property
    def label(self) -> LazyString:
        return PROPOSAL_LABELS[self]


PROPOSAL_LABELS = {
    ProposalState.DRAFT: _l("未发出"),
    ProposalState.SENT: _l("等待答复"),
    ProposalState.ACCEPTED: _l("双方同意"),
    ProposalState.DECLINED: _l("已谢绝"),
    ProposalState.REPLACED: _l("已被替换"),
}


class Origin(StrEnum):
    """Who thought of the pair."""

    ROUND = "round"
    HAND = "hand"
    ASKED = "asked"


class PairingRound(Base):
    """A proposal for all who need a mentor in a unit, as a whole."""

    __tablename__ = "pairing_rounds"
    __table_args__ = (
        Index("ix_pairing_rounds_unit_id", "unit_id", "id"),
        CheckConstraint("ends_on > starts_on", name="span"),
        {"comment": "结对方案: one try to give everybody in a unit who needs one a mentor"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="for whose people")
    topic: Mapped[str] = mapped_column(String(100), comment="what it is about; empty: mentorship as a whole")
    abilities: Mapped[list[str]] = mapped_column(comment="the only abilities that count; empty: all")
    starts_on: Mapped[date] = mapped_column(comment="first day of the terms")
    ends_on: Mapped[date] = mapped_column(comment="last day of the terms")
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState), comment="draft, sent, closed")
    solving: Mapped[Solving] = mapped_column(enum_column(Solving), comment="what the solver does with it")
    progress: Mapped[int] = mapped_column(comment="how far the solver is, in percent")
    revision: Mapped[int] = mapped_column(comment="grows with every change: a solution is for one of them")
    solved_revision: Mapped[int] = mapped_column(comment="the revision that the proposals are for")
    value: Mapped[int] = mapped_column(comment="sum of the fits of the latest solution")
    fault: Mapped[str] = mapped_column(String(300), comment="why the solver gave up, in words; empty if it did not")
    created_at: Mapped[datetime] = mapped_column(comment="when")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    unit: Mapped[Unit] = relationship(lazy="raise", viewonly=True)


class RoundMentee(Base):
    """Somebody who needs a mentor, as a round saw them on the day it was made."""

    __tablename__ = "round_mentees"
    __table_args__ = (Index("ix_round_mentees_person_id", "person_id"), {"comment": "方案中的帮带对象"})

    round_id: Mapped[int] = mapped_column(ForeignKey("pairing_rounds.id"), primary_key=True, comment="in which round")
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, comment="who")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit of the primary post on that day")
    reasons: Mapped[list[str]] = mapped_column(comment="why they need one")
    abilities: Mapped[list[str]] = mapped_column(comment="in what")
    others: Mapped[list[Any]] = mapped_column(default=list, comment="the next best mentors of the latest solution")
    possible: Mapped[int] = mapped_column(default=0, comment="how many mentors the hard rules leave")


class RoundMentor(Base):
    """A mentor in a round."""

    __tablename__ = "round_mentors"
    __table_args__ = (Index("ix_round_mentors_mentor_id", "mentor_id"), {"comment": "方案中的导师"})

    round_id: Mapped[int] = mapped_column(ForeignKey("pairing_rounds.id"), primary_key=True, comment="in which round")
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id"), primary_key=True, comment="who")


class RoundChange(Base):
    """What an administrator fixed, forbade or took out; undone, it stays on record."""

    __tablename__ = "round_changes"
    __table_args__ = (
        Index("ix_round_changes_round_id", "round_id", "id"),
        {"comment": "对方案的调整: the rest is solved around it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    round_id: Mapped[int] = mapped_column(ForeignKey("pairing_rounds.id"), comment="in which round")
    kind: Mapped[ChangeKind] = mapped_column(enum_column(ChangeKind), comment="what is said")
    mentee_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="of whom, if of a mentee")
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentors.id"), comment="of whom, if of a mentor")
    made_at: Mapped[datetime] = mapped_column(comment="when")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    undone_at: Mapped[datetime | None] = mapped_column(comment="when it was undone")
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    mentee: Mapped[Person | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[mentee_id])
    mentor: Mapped[Mentor | None] = relationship(lazy="raise", viewonly=True)


class Proposal(Base):
    """A pair that is proposed: by a round, by hand, or by the mentee."""

    __tablename__ = "pairing_proposals"
    __table_args__ = (
        Index("ix_pairing_proposals_round_id", "round_id", "state"),
        Index("ix_pairing_proposals_mentor_id", "mentor_id", "state"),
        Index("ix_pairing_proposals_mentee_id", "mentee_id", "state"),
        Index("ix_pairing_proposals_unit_id", "unit_id", "state"),
        Index(
            "uq_pairing_proposals_open",
            "mentor_id",
            "mentee_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
        CheckConstraint("ends_on > starts_on", name="span"),
        {"comment": "结对建议: accepted or declined by both sides; a draft is seen by the unit alone"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("pairing_rounds.id"), comment="of which round, if of one")
    origin: Mapped[Origin] = mapped_column(enum_column(Origin), comment="round, by hand, or asked by the mentee")
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id"), comment="the mentor's profile")
    mentee_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="帮带对象")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit that will look after the pair")
    topic: Mapped[str] = mapped_column(String(100), comment="what it is about; empty: as a whole")
    starts_on: Mapped[date] = mapped_column(comment="first day of the term")
    ends_on: Mapped[date] = mapped_column(comment="last day of the term")
    fit: Mapped[int] = mapped_column(comment="how well they fit, as fit.py adds it up")
    facts: Mapped[dict[str, Any]] = mapped_column(comment="what speaks for it: reasons.py puts it in words")
    note: Mapped[str] = mapped_column(String(300), default="", comment="what whoever proposed it added")
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState), comment="where it stands")
    state_at: Mapped[datetime] = mapped_column(comment="since when")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    pairing_id: Mapped[int | None] = mapped_column(
        ForeignKey("pairings.id"), unique=True, comment="the term that came of it"
    )

    mentor: Mapped[Mentor] = relationship(lazy="raise", viewonly=True)
    mentee: Mapped[Person] = relationship(lazy="raise", viewonly=True, foreign_keys=[mentee_id])
    unit: Mapped[Unit] = relationship(lazy="raise", viewonly=True)
    replies: Mapped[list["ProposalReply"]] = relationship(lazy="raise", viewonly=True, order_by="ProposalReply.id")


class ProposalReply(Base):
    """What one side said to a proposal, once."""

    __tablename__ = "proposal_replies"
    __table_args__ = (
        UniqueConstraint("proposal_id", "side", name="uq_proposal_replies_side"),
        {"comment": "对结对建议的答复: once for each side"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    proposal_id: Mapped[int] = mapped_column(ForeignKey("pairing_proposals.id"), comment="to what")
    side: Mapped[Side] = mapped_column(enum_column(Side), comment="whose answer it is")
    accepts: Mapped[bool] = mapped_column(comment="yes or no")
    reason: Mapped[str] = mapped_column(String(300), comment="why not, in words")
    on_behalf: Mapped[bool] = mapped_column(comment="noted by the unit for somebody who cannot answer here")
    replied_at: Mapped[datetime] = mapped_column(comment="when")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class PairingWish(Base):
    """Whom somebody would like to be paired with: first, second or third."""

    __tablename__ = "pairing_wishes"
    __table_args__ = (
        UniqueConstraint("side", "mentor_id", "mentee_id", name="uq_pairing_wishes_pair"),
        Index("ix_pairing_wishes_mentee_id", "mentee_id"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
        {"comment": "结对志愿: of a mentee for a mentor, or of a mentor for a mentee"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    side: Mapped[Side] = mapped_column(enum_column(Side), comment="whose wish it is")
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id"), comment="the mentor")
    mentee_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="the mentee")
    rank: Mapped[int] = mapped_column(comment="1 to 3")
    wished_at: Mapped[datetime] = mapped_column(comment="when")
