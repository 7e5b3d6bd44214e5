"""What people sent, and what came of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people.models import Person
from lms.units.models import Unit


class FeedbackKind(StrEnum):
    """What it is, in the sender's eyes."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    QUESTION = "question"

    @property
    def label(self) -> LazyString:
        return KIND_LABELS[self]


KIND_LABELS = {
    FeedbackKind.COMPLAINT: _l("投诉"),
    FeedbackKind.SUGGESTION: _l("建议"),
    FeedbackKind.QUESTION: _l("咨询"),
}


class Outcome(StrEnum):
    """What came of it."""

    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> LazyString:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {Outcome.ANSWERED: _l("已答复"), Outcome.CLOSED: _l("已关闭")}


class Feedback(Base):
    """A complaint, suggestion or question, as it was sent."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_handler_id", "handler_id", "id"),
        Index("ix_feedback_person_id", "person_id", "id"),
        Index("ix_feedback_address_sent_at", "address", "sent_at"),
        {"comment": "意见与投诉: sent from the foot of any page; never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    kind: Mapped[FeedbackKind] = mapped_column(enum_column(FeedbackKind), comment="complaint, suggestion or question")
    text: Mapped[str] = mapped_column(Text, comment="what was written")
    page: Mapped[str] = mapped_column(String(200), comment="path of the page it was sent from; empty: unknown")
    contact: Mapped[str] = mapped_column(String(100), comment="how a stranger may be reached, if they said so")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="who; empty for a stranger")
    unit_name: Mapped[str] = mapped_column(String(200), comment="the sender's unit at the time")
    handler_id: Mapped[int | None] = mapped_column(
        ForeignKey("units.id"), comment="the unit that answers; empty: the units at the top"
    )
    address: Mapped[str] = mapped_column(String(64), comment="network address, to limit how much one sends")
    sent_at: Mapped[datetime] = mapped_column(comment="when")

    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    handler: Mapped[Unit | None] = relationship(lazy="raise", viewonly=True)
    reply: Mapped["FeedbackReply | None"] = relationship(lazy="raise", viewonly=True, uselist=False)


class FeedbackReply(Base):
    """The one answer to it, or the reason why it was closed without one."""

    __tablename__ = "feedback_replies"
    __table_args__ = ({"comment": "意见与投诉的答复: one for each"},)

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"), unique=True, comment="to what, once")
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome), comment="answered, or closed without an answer")
    text: Mapped[str] = mapped_column(Text, comment="the answer, or the reason")
    replied_at: Mapped[datetime] = mapped_column(comment="when")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
