"""The term of a pair: its steps, card, plan, meetings and evaluations; and mentors' lectures."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, enum_column
from lms.hours.kinds import Ability
from lms.mentoring.kinds import Cause, Choice, Method, Progress, Side, Stage, State
from lms.mentors.models import Mentor
from lms.people.models import Person
from lms.units.models import Unit

IS_OPEN = text("state IN ('accepted', 'active', 'paused')")


class Pairing(Base):
    """A mentor and a mentee for one term; their next term is another row."""

    __tablename__ = "pairings"
    __table_args__ = (
        Index(
            "uq_pairings_open", "mentor_id", "mentee_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
        ),
        Index("ix_pairings_mentor_id_state", "mentor_id", "state"),
        Index("ix_pairings_mentee_id", "mentee_id"),
        Index("ix_pairings_unit_id_state", "unit_id", "state"),
        CheckConstraint("ends_on > starts_on", name="span"),
        {"comment": "结对: one term of a mentor and a mentee"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id"), comment="the mentor's profile")
    mentee_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="帮带对象")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), comment="the unit that looks after the pair")
    topic: Mapped[str] = mapped_column(String(100), default="", comment="what it is about, where a mentee has several")
    starts_on: Mapped[date] = mapped_column(comment="first day of the term")
    ends_on: Mapped[date] = mapped_column(comment="last day of the term, as agreed")
    half_way_on: Mapped[date] = mapped_column(comment="from this day on both may evaluate half-way")
    state: Mapped[State] = mapped_column(enum_column(State), comment="what the latest step says")
    state_at: Mapped[datetime] = mapped_column(comment="when that step was taken")
    previous_id: Mapped[int | None] = mapped_column(
        ForeignKey("pairings.id"), index=True, comment="the term that this one continues or takes over"
    )

    mentor: Mapped[Mentor] = relationship(lazy="raise", viewonly=True)
    mentee: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    unit: Mapped[Unit] = relationship(lazy="raise", viewonly=True)


class PairingStep(Base):
    """A change of a pair's state: who, when, why."""

    __tablename__ = "pairing_steps"
    __table_args__ = (
        Index("ix_pairing_steps_pairing_id", "pairing_id", "id"),
        {"comment": "结对状态变化: appended, never changed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with time")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="of which pair")
    state: Mapped[State] = mapped_column(enum_column(State), comment="the state from here on")
    reason: Mapped[str] = mapped_column(String(300), comment="why, in words; may be empty")
    is_quiet: Mapped[bool] = mapped_column(default=False, comment="who and why are for the unit's administrators alone")
    taken_at: Mapped[datetime] = mapped_column(comment="when")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom; empty for a job")

    taken_by: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)


class PairingDecision(Base):
    """What the unit decided of a pair whose mentor left, paused or moved."""

    __tablename__ = "pairing_decisions"
    __table_args__ = (
        Index("ix_pairing_decisions_pairing_id", "pairing_id"),
        {"comment": "导师变动后的安排: keep, hand over, pause or end"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="of which pair")
    cause: Mapped[Cause] = mapped_column(enum_column(Cause), comment="what had become of the mentor")
    choice: Mapped[Choice] = mapped_column(enum_column(Choice), comment="keep, hand_over, pause or end")
    reason: Mapped[str] = mapped_column(String(300), comment="why, in words")
    decided_on: Mapped[date] = mapped_column(comment="local date: a move before it was known then")
    decided_at: Mapped[datetime] = mapped_column(comment="when")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class PairingCard(Base):
    """结对卡: what each side does. It stands once both have signed the same revision."""

    __tablename__ = "pairing_cards"
    __table_args__ = ({"comment": "结对卡: one for each pair, changed until both have signed"},)

    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), primary_key=True, comment="of which pair")
    mentor_does: Mapped[str] = mapped_column(Text, comment="what the mentor does")
    mentee_does: Mapped[str] = mapped_column(Text, comment="what the mentee does")
    revision: Mapped[int] = mapped_column(comment="grows with every change: a signature is for one of them")
    written_at: Mapped[datetime] = mapped_column(comment="when this revision was written")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class CardGoal(Base):
    """A goal on the card, in one of the abilities."""

    __tablename__ = "card_goals"
    __table_args__ = (
        UniqueConstraint("pairing_id", "ability", name="uq_card_goals_ability"),
        {"comment": "结对卡上的目标: at most one for each ability"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="on whose card")
    ability: Mapped[Ability] = mapped_column(enum_column(Ability), comment="political quality or one of the seven")
    aim: Mapped[str] = mapped_column(String(200), comment="what shall have been reached, in words")


class CardSignature(Base):
    """A side has signed a revision of the card."""

    __tablename__ = "card_signatures"
    __table_args__ = (
        UniqueConstraint("pairing_id", "side", "revision", name="uq_card_signatures_side"),
        {"comment": "结对卡签署: once for each side and revision"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="of which pair")
    side: Mapped[Side] = mapped_column(enum_column(Side), comment="mentor or mentee")
    revision: Mapped[int] = mapped_column(comment="of the card as it was signed")
    position: Mapped[str] = mapped_column(String(300), comment="unit and post on that day, in words")
    signed_at: Mapped[datetime] = mapped_column(comment="when")
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class PlanStep(Base):
    """A small step of the plan: for the two; others see how many are done."""

    __tablename__ = "plan_steps"
    __table_args__ = (Index("ix_plan_steps_pairing_id", "pairing_id", "id"), {"comment": "帮带计划的一步"})

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="of which pair")
    words: Mapped[str] = mapped_column(String(120), comment="what to do")
    added_at: Mapped[datetime] = mapped_column(comment="when it was added")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
    done_at: Mapped[datetime | None] = mapped_column(comment="when it was ticked; empty while it is open")
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class Meeting(Base):
    """A meeting as one side noted it; it counts once the other side confirms."""

    __tablename__ = "pairing_meetings"
    __table_args__ = (
        UniqueConstraint("pairing_id", "noted_by_id", "token", name="uq_pairing_meetings_token"),
        Index("ix_pairing_meetings_pairing_id", "pairing_id", "held_on"),
        CheckConstraint("minutes > 0", name="minutes"),
        {"comment": "帮带见面: when, how long, how; what was said lies in meeting_talks"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="of which pair")
    held_on: Mapped[date] = mapped_column(comment="local date")
    minutes: Mapped[int] = mapped_column(comment="nominal length, chosen from a list; never measured")
    method: Mapped[Method] = mapped_column(enum_column(Method), comment="how they met")
    side: Mapped[Side] = mapped_column(enum_column(Side), comment="which side noted it: the other confirms")
    token: Mapped[str] = mapped_column(String(40), comment="of the form: the same one sent twice is one meeting")
    noted_at: Mapped[datetime] = mapped_column(comment="when")
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    confirmation: Mapped["MeetingConfirmation | None"] = relationship(lazy="raise", viewonly=True, uselist=False)
    withdrawal: Mapped["MeetingWithdrawal | None"] = relationship(lazy="raise", viewonly=True, uselist=False)


class MeetingTalk(Base):
    """What was talked about: for the two, and for nobody else. Only talks.py reads it."""

    __tablename__ = "meeting_talks"
    __table_args__ = ({"comment": "谈话记录: only the two ever see it, also after the pair has ended"},)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("pairing_meetings.id"), primary_key=True, comment="of which")
    about: Mapped[str] = mapped_column(Text, comment="what about")
    follow_up: Mapped[str] = mapped_column(String(200), comment="what follows, in one line; may be empty")


class MeetingConfirmation(Base):
    """The other side says that it was so."""

    __tablename__ = "meeting_confirmations"
    __table_args__ = ({"comment": "见面确认: by the other side, once"},)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("pairing_meetings.id"), primary_key=True, comment="which")
    confirmed_at: Mapped[datetime] = mapped_column(comment="when")
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class MeetingWithdrawal(Base):
    """Whoever noted it takes it back, before it was confirmed."""

    __tablename__ = "meeting_withdrawals"
    __table_args__ = ({"comment": "见面记录撤回: by whoever noted it, while it is unconfirmed"},)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("pairing_meetings.id"), primary_key=True, comment="which")
    withdrawn_at: Mapped[datetime] = mapped_column(comment="when")
    withdrawn_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="by whom")


class Evaluation(Base):
    """What one side says half-way or at the end: read by both and by the unit."""

    __tablename__ = "pairing_evaluations"
    __table_args__ = (
        UniqueConstraint("pairing_id", "side", "stage", name="uq_pairing_evaluations_stage"),
        {"comment": "帮带评价: once for each side and stage"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), comment="of which pair")
    side: Mapped[Side] = mapped_column(enum_column(Side), comment="who speaks: mentor or mentee")
    stage: Mapped[Stage] = mapped_column(enum_column(Stage), comment="half-way or at the end")
    words: Mapped[str] = mapped_column(String(500), comment="in words; may be empty")
    written_at: Mapped[datetime] = mapped_column(comment="when")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    marks: Mapped[list["EvaluationMark"]] = relationship(lazy="raise", viewonly=True)


class EvaluationMark(Base):
    """How far one goal has come, in the eyes of whoever evaluates."""

    __tablename__ = "evaluation_marks"
    __table_args__ = ({"comment": "对每个目标的评价: three words, no points"},)

    evaluation_id: Mapped[int] = mapped_column(
        ForeignKey("pairing_evaluations.id"), primary_key=True, comment="in which evaluation"
    )
    goal_id: Mapped[int] = mapped_column(ForeignKey("card_goals.id"), primary_key=True, index=True, comment="of which")
    progress: Mapped[Progress] = mapped_column(enum_column(Progress), comment="begun, on the way, or reached")


class MentorLecture(Base):
    """A lecture that a mentor gave, noted by the mentor or the unit; it counts once the other of them confirms."""

    __tablename__ = "mentor_lectures"
    __table_args__ = (
        Index("ix_mentor_lectures_mentor_id", "mentor_id", "held_on"),
        UniqueConstraint("mentor_id", "held_on", "title", name="uq_mentor_lectures_title"),
        {"comment": "导师授课: noted by the mentor or the unit"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="identifier")
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id"), comment="who spoke")
    held_on: Mapped[date] = mapped_column(comment="local date")
    title: Mapped[str] = mapped_column(String(120), comment="about what")
    audience: Mapped[str] = mapped_column(String(120), comment="before whom, in words")
    noted_at: Mapped[datetime] = mapped_column(comment="when")
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")

    mentor: Mapped[Mentor] = relationship(lazy="raise", viewonly=True)
    confirmation: Mapped["LectureConfirmation | None"] = relationship(lazy="raise", viewonly=True, uselist=False)


class LectureConfirmation(Base):
    """Somebody else than who noted it says that the lecture took place: the unit, or the mentor."""

    __tablename__ = "lecture_confirmations"
    __table_args__ = ({"comment": "授课确认: by an administrator of the mentor's unit, once"},)

    lecture_id: Mapped[int] = mapped_column(ForeignKey("mentor_lectures.id"), primary_key=True, comment="which")
    confirmed_at: Mapped[datetime] = mapped_column(comment="when")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), comment="by whom")
