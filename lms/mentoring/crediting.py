"""How mentoring becomes hours: facts for the credit rule in force, and the entries that it makes of them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from lms.core import clock, db
from lms.core.web import Actor
from lms.hours.actions import award_training
from lms.hours.kinds import Ability, HourKind
from lms.hours.models import HourEntry
from lms.hours.rules import Training
from lms.mentoring.kinds import Side
from lms.mentoring.models import CardGoal, Meeting, MeetingConfirmation, MentorLecture, Pairing
from lms.mentors.models import Mentor

NOTHING_DECLARED = Decimal("0.00")
#: The ledger is a document: its titles are kept in Chinese, as those of courses are, and name nobody else.
TITLES = {Side.MENTOR: "导师帮带：带教一期", Side.MENTEE: "导师帮带：完成一期"}
LECTURE = "导师授课："


def confirmed_minutes(pairing: Pairing) -> int:
    """The nominal length of the meetings that the other side confirmed."""
    statement = (
        select(func.coalesce(func.sum(Meeting.minutes), 0))
        .join(MeetingConfirmation, MeetingConfirmation.meeting_id == Meeting.id)
        .where(Meeting.pairing_id == pairing.id)
    )
    return int(db.session().scalar(statement) or 0)


def award_term(pairing: Pairing, *, actor: Actor, now: datetime) -> list[HourEntry]:
    """Enter the hours of a completed term, once for each of the two; nothing where no meeting was confirmed."""
    minutes = confirmed_minutes(pairing)
    if not minutes:
        return []
    mentor = db.session().get_one(Mentor, pairing.mentor_id)
    goals = db.session().scalars(select(CardGoal.ability).where(CardGoal.pairing_id == pairing.id))
    abilities = [Ability(ability) for ability in goals]
    return [
        award_training(
            Training(NOTHING_DECLARED, mentoring_minutes=minutes, taught=side is Side.MENTOR),
            person_id=mentor.person_id if side is Side.MENTOR else pairing.mentee_id,
            occurred_on=min(clock.local_date(now), pairing.ends_on),
            kind=HourKind.MENTORING,
            title=TITLES[side],
            source=("pairing", f"{pairing.id}/{side.value}"),
            tier=None,  # no tier of training organized it: it must not meet a duty that asks for one
            training_type=None,
            abilities=abilities,
            organizer_id=pairing.unit_id,
            actor=actor,
            now=now,
        )
        for side in Side
    ]


def award_lecture(lecture: MentorLecture, mentor: Mentor, *, actor: Actor, now: datetime) -> HourEntry:
    """Enter the hours of a confirmed lecture, once."""
    return award_training(
        Training(NOTHING_DECLARED, mentor_lectures=1, taught=True),
        person_id=mentor.person_id,
        occurred_on=lecture.held_on,
        kind=HourKind.MENTORING,
        title=LECTURE + lecture.title,
        source=("mentor_lecture", str(lecture.id)),
        tier=None,
        training_type=None,
        abilities=[],
        organizer_id=mentor.unit_id,
        actor=actor,
        now=now,
    )
