"""Meetings: noted by one side in under a minute, confirmed by the other with one tap; else it counts for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import steps, talks, telling
from lms.mentoring.kinds import LENGTHS, Method, Side, State
from lms.mentoring.models import Meeting, MeetingConfirmation, MeetingWithdrawal, Pairing


@dataclass(frozen=True)
class Note:
    """A meeting as somebody notes it.

    :param token: of the form, so that the same one sent twice is one meeting.
    """

    held_on: date
    minutes: int
    method: Method
    about: str
    follow_up: str
    token: str


def note(pairing: Pairing, side: Side, given: Note, *, actor: Actor, now: datetime) -> Meeting:
    """Note a meeting, and ask the other side to confirm it.

    :raise Refused: the pair is not active, or the day lies ahead or before the pair existed.
    """
    steps.lock(pairing)
    _refuse_unsound(pairing, given, now=now)
    known = _find_same(pairing, given, actor)
    if known is not None:
        return known
    meeting = Meeting(
        pairing_id=pairing.id,
        held_on=given.held_on,
        minutes=given.minutes,
        method=given.method,
        side=side,
        token=given.token,
        noted_at=now,
        noted_by_id=actor.person_id,
    )
    db.session().add(meeting)
    db.session().flush()
    talks.keep(meeting, about=given.about, follow_up=given.follow_up)
    steps.record("mentoring.note", pairing, actor=actor, now=now, meeting=str(meeting.id))
    source = ("pairing_meeting", str(meeting.id))
    telling.tell_two(pairing, telling.TO_DO, "confirm", source=source, actor=actor, now=now)
    return meeting


def confirm(pairing: Pairing, side: Side, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Say that it was so. Asked again, it stays confirmed.

    :raise Refused: one's own note; it was taken back; the term has ended, so that nothing counts any more.
    """
    if meeting.side is side:
        raise Refused(_l("自己记的见面要由对方确认。"))
    steps.lock(pairing)
    steps.refuse_ended(pairing)
    if _is_withdrawn(meeting):
        raise Refused(_l("对方已经撤回这次见面的记录。"))
    if meeting.confirmation is not None:
        return
    row = MeetingConfirmation(meeting_id=meeting.id, confirmed_at=now, confirmed_by_id=actor.person_id)
    try:
        with db.session().begin_nested():
            db.session().add(row)
    except IntegrityError:  # the same tap, sent twice
        return
    steps.record("mentoring.confirm", pairing, actor=actor, now=now, meeting=str(meeting.id))


def withdraw(pairing: Pairing, side: Side, meeting: Meeting, *, actor: Actor, now: datetime) -> None:
    """Take back what one noted, while nobody has confirmed it. Asked again, it stays taken back.

    :raise Refused: it is not one's own, or it was confirmed.
    """
    if meeting.side is not side:
        raise Refused(_l("只能撤回自己记的见面。"))
    steps.lock(pairing)
    if db.session().get(MeetingConfirmation, meeting.id) is not None:
        raise Refused(_l("对方已经确认，不能撤回。"))
    if _is_withdrawn(meeting):
        return
    db.session().add(MeetingWithdrawal(meeting_id=meeting.id, withdrawn_at=now, withdrawn_by_id=actor.person_id))
    talks.forget(meeting)
    steps.record("mentoring.withdraw", pairing, actor=actor, now=now, meeting=str(meeting.id))


def _is_withdrawn(meeting: Meeting) -> bool:
    """As it is now: the pair is locked."""
    return db.session().get(MeetingWithdrawal, meeting.id) is not None


def list_meetings(pairing: Pairing) -> Sequence[Meeting]:
    """What was noted and not taken back, the latest first; without the talks."""
    statement = (
        select(Meeting)
        .where(Meeting.pairing_id == pairing.id, ~Meeting.withdrawal.has())
        .options(joinedload(Meeting.confirmation))
    )
    return db.session().scalars(statement.order_by(Meeting.held_on.desc(), Meeting.id.desc())).all()


def count_confirmed(pairing_ids: Sequence[int]) -> dict[int, tuple[int, date]]:
    """How many confirmed meetings each pair has had, and the day of the last one."""
    statement = (
        select(Meeting.pairing_id, func.count(), func.max(Meeting.held_on))
        .join(MeetingConfirmation, MeetingConfirmation.meeting_id == Meeting.id)
        .where(Meeting.pairing_id.in_(pairing_ids))
        .group_by(Meeting.pairing_id)
    )
    return {pairing_id: (count, last) for pairing_id, count, last in db.session().execute(statement)}


def _refuse_unsound(pairing: Pairing, given: Note, *, now: datetime) -> None:
    if pairing.state is State.ACCEPTED:
        raise Refused(_l("双方签好结对卡以后再记见面。"))
    if pairing.state is State.PAUSED:
        raise Refused(_l("结对已暂停，恢复以后再记见面。"))
    steps.refuse_ended(pairing)
    if given.held_on > clock.local_date(now):
        raise Refused(_l("见面的日期还没有到，见过以后再记。"), "held_on")
    if given.held_on < pairing.starts_on:
        raise Refused(_l("这一天两人还没有结对。"), "held_on")
    if given.minutes not in LENGTHS:
        raise Refused(_l("请选择大约多长时间。"), "minutes")


def _find_same(pairing: Pairing, given: Note, actor: Actor) -> Meeting | None:
    mine = (Meeting.pairing_id == pairing.id, Meeting.noted_by_id == actor.person_id, Meeting.token == given.token)
    return db.session().scalars(select(Meeting).where(*mine)).first()
