"""Confirming an e-mail address (确认邮箱): a letter with a code goes there first, and nothing else until it came back.

The code is derived from what was entered and when, with the installation's secret: it is stored nowhere.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from lms.core import audit, clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.notices import digests, letters, queries
from lms.notices.inserting import insert_new
from lms.notices.models import ChannelKind, ContactAddress, OutboxMessage

#: Codes tried for one entry of an address; a million are possible.
MOST_TRIES = 6
#: Letters with a code for one person in a day: whoever types other people's addresses soon stops.
MOST_LETTERS = 5
DAY = timedelta(days=1)


def code_of(row: ContactAddress) -> str:
    """Six digits for this entry of this address."""
    secret: str = current_app.config["LMS"].secret_key
    said = f"{key_of(row)}\n{row.address}".encode()
    number = int.from_bytes(hmac.digest(f"lms address\n{secret}".encode(), said, hashlib.sha256)[:8], "big")
    return f"{number % 1_000_000:06}"


def key_of(row: ContactAddress) -> str:
    """The outbox's key of the letter for this entry."""
    return f"confirm:{row.person_id}:{int(row.entered_at.timestamp() * 1000)}"


def is_confirming(message: OutboxMessage) -> bool:
    """Whether a message carries a code."""
    return message.key.startswith("confirm:")


def address_for(message: OutboxMessage) -> str:
    """Where a message to a person goes now; empty: nowhere. Only the letter with its code goes to a new address."""
    row = queries.find_address(message.person_id) if message.person_id else None
    if row is None:
        return ""
    allowed = message.key == key_of(row) if is_confirming(message) else row.confirmed_at is not None
    return row.address if allowed else ""


def refuse_many(person_id: int, *, now: datetime) -> None:
    """:raise Refused: so many letters with codes went out for the person today that another one would be a nuisance."""
    mine = (OutboxMessage.person_id == person_id, OutboxMessage.key.startswith("confirm:"))
    sent = select(func.count()).select_from(OutboxMessage).where(*mine, OutboxMessage.prepared_at > now - DAY)
    if (db.session().scalar(sent) or 0) >= MOST_LETTERS:
        raise Refused(_l("今天已经发过 %(most)s 次确认码，请明天再换邮箱。", most=MOST_LETTERS), "address")


def put_letter(row: ContactAddress, *, actor: Actor, now: datetime) -> None:
    """Send the code, where the person has a channel that can; else `letters_for` does, once there is one."""
    channel = queries.find_channel_for(actor)
    if channel is not None and channel.kind is ChannelKind.SMTP:
        insert_new(OutboxMessage, [letter_for(row, channel.id, now=now)], OutboxMessage.id)


def letter_for(row: ContactAddress, channel_id: int, *, now: datetime) -> dict[str, Any]:
    """The outbox's row with the code; prepared twice, it is one."""
    return {
        "key": key_of(row),
        "channel_id": channel_id,
        "person_id": row.person_id,
        "subject": letters.confirmation_subject()[:200],
        "text": letters.confirmation(code_of(row)),
        "mobiles": [],
        "prepared_at": now,
        "due_at": digests.out_of_night(now, clock.zone()),
        "tries": 0,
    }


def confirm(code: str, *, actor: Actor, now: datetime) -> None:
    """Take the code that came back; a wrong one is counted, so the unit of work is kept.

    :raise Refused: there is nothing to confirm, the code is wrong, or too many were.
    """
    row = db.session().get(ContactAddress, actor.person_id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise Refused(_l("没有等待确认的邮箱。"))
    if row.wrong_codes >= MOST_TRIES:
        raise Refused(_l("错误次数太多，这个确认码已经作废。请先清空邮箱并保存，再重新填写。"), "code")
    if not hmac.compare_digest(code.encode(), code_of(row).encode()):
        row.wrong_codes += 1
        raise Refused(_l("确认码不对，请核对邮件里的 6 位数字。"), "code")
    row.confirmed_at = now
    audit.record(
        "notices.confirm_address", actor=actor, now=now, on=("person", actor.person_id), person_id=actor.person_id
    )
