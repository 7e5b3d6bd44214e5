"""What the two talked about: the only module that reads or writes it.

A reader must be one of the two, and say so: no list, search, export or file of ours goes around this page of code.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from lms.core import db
from lms.mentoring.access import Seat
from lms.mentoring.models import Meeting, MeetingTalk


@dataclass(frozen=True)
class Talk:
    """The words of one meeting."""

    about: str
    follow_up: str


def keep(meeting: Meeting, *, about: str, follow_up: str) -> None:
    db.session().add(MeetingTalk(meeting_id=meeting.id, about=about, follow_up=follow_up))


def forget(meeting: Meeting) -> None:
    """A note that was taken back leaves no words."""
    db.session().execute(delete(MeetingTalk).where(MeetingTalk.meeting_id == meeting.id))


def read_all(seat: Seat) -> Mapping[int, Talk]:
    """The talks of a pair by meeting, for one of the two; nothing for anybody else, whatever else they may see."""
    if seat.side is None:
        return {}
    statement = (
        select(MeetingTalk)
        .join(Meeting, Meeting.id == MeetingTalk.meeting_id)
        .where(Meeting.pairing_id == seat.pairing.id, ~Meeting.withdrawal.has())
    )
    return {row.meeting_id: Talk(row.about, row.follow_up) for row in db.session().scalars(statement)}
