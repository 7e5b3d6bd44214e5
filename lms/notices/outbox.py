"""The outbox: what is prepared once, claimed by one process, sent, and marked.

Claiming and marking are units of work of their own, with the sending between them: no lock is held while a server is
waited for, and of two processes only one gets the claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from lms.core import audit, clock, db
from lms.core.web import Actor
from lms.notices import confirming, digests, letters
from lms.notices.channels.letter import Letter, NotSent
from lms.notices.inserting import insert_new
from lms.notices.models import ChannelKind, NoticeChannel, OutboxMessage
from lms.notices.queries import has_confirmed_address
from lms.units.models import Unit

#: Messages looked up at once.
BATCH = 200


def put_trial(channel: NoticeChannel, unit: Unit, *, actor: Actor, now: datetime) -> datetime | None:
    """Prepare a test message to the actor, or to the channel's group; at most one a minute.

    :returns: when it is due; None: there is no confirmed address to send it to.
    """
    mailed = channel.kind is ChannelKind.SMTP
    if mailed and not has_confirmed_address(actor.person_id or 0):
        return None
    row = {
        "key": f"trial:{channel.id}:{now:%Y%m%d%H%M}",
        "channel_id": channel.id,
        "person_id": actor.person_id if mailed else None,
        "subject": letters.trial(unit.name)[:200],
        "text": letters.trial(unit.name),
        "mobiles": [],
        "prepared_at": now,
        "due_at": digests.out_of_night(now, clock.zone()),
        "tries": 0,
    }
    for made in insert_new(OutboxMessage, [row], OutboxMessage.id):
        on = ("outbox_message", made.id)
        audit.record("notices.test_channel", actor=actor, now=now, on=on, unit_id=channel.unit_id)
    due: datetime = row["due_at"]  # type: ignore[assignment]
    return due


def list_due(now: datetime) -> Sequence[int]:
    """Messages that may leave now, the longest due first."""
    return (
        db.session()
        .scalars(
            select(OutboxMessage.id)
            .where(
                OutboxMessage.sent_at.is_(None),
                OutboxMessage.given_up_at.is_(None),
                OutboxMessage.claimed_at.is_(None),
                OutboxMessage.due_at <= now,
            )
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(BATCH)
        )
        .all()
    )


@dataclass(frozen=True)
class Claimed:
    """A message that this process, and no other, sends now."""

    id: int
    channel: NoticeChannel
    letter: Letter


def claim(message_id: int, *, now: datetime) -> Claimed | None:
    """Take a message; None where another process was faster, or it is no longer to be sent."""
    taken = db.session().execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.claimed_at.is_(None),
            OutboxMessage.due_at <= now,
        )
        .values(claimed_at=now, tries=OutboxMessage.tries + 1)
        .returning(OutboxMessage.id)
    )
    if taken.first() is None:
        return None
    message = db.session().get_one(OutboxMessage, message_id)
    letter = Letter(
        number=message.id,
        subject=message.subject,
        text=message.text,
        to=confirming.address_for(message),
        mobiles=tuple(message.mobiles),
    )
    return Claimed(message.id, db.session().get_one(NoticeChannel, message.channel_id), letter)


def refuse_undeliverable(claimed: Claimed) -> None:
    """:raise NotSent: the channel has ended, or its person has removed the address since."""
    if claimed.channel.ended_at is not None:
        raise NotSent("ended", final=True)
    if claimed.channel.kind is ChannelKind.SMTP and not claimed.letter.to:
        raise NotSent("no_address", final=True)


def mark_sent(message_id: int, *, now: datetime) -> None:
    message = db.session().get_one(OutboxMessage, message_id)
    message.sent_at, message.last_error, message.mobiles = now, None, []


def mark_failed(message_id: int, code: str, *, final: bool, actor: Actor, now: datetime) -> bool:
    """Let a message wait for its next try, or leave it for good; gives whether it was left."""
    message = db.session().get_one(OutboxMessage, message_id)
    message.last_error, message.claimed_at = code, None
    again = None if final else digests.next_try(now, message.tries, clock.zone())
    if again is not None:
        message.due_at = again
        return False
    give_up(message, code, actor=actor, now=now)
    return True


def give_up_lost(*, actor: Actor, now: datetime) -> int:
    """Leave what a process claimed and never marked: it may have left, so nobody sends it again."""
    lost = db.session().scalars(
        select(OutboxMessage).where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.claimed_at < now - digests.CLAIM,
        )
    )
    left = 0
    for message in lost:
        give_up(message, "unsure", actor=actor, now=now)
        left += 1
    return left


def give_up(message: OutboxMessage, code: str, *, actor: Actor, now: datetime) -> None:
    """The administrators of the channel's unit find this in their audit trail."""
    message.given_up_at, message.last_error, message.mobiles = now, code, []
    unit_id = db.session().scalar(select(NoticeChannel.unit_id).where(NoticeChannel.id == message.channel_id))
    audit.record(
        "notices.give_up",
        actor=actor,
        now=now,
        on=("outbox_message", message.id),
        unit_id=unit_id,
        person_id=message.person_id,
        detail={"error": code, "tries": message.tries},
    )
