"""The periodic work of this module: prepare digests, send what is due.

Running it twice, late, or in two processes at once changes nothing else: what is prepared has a key, what is sent was
claimed. It may run every few minutes.
"""

from dataclasses import dataclass

from structlog import get_logger

from lms.core import clock, db
from lms.core.db import Database
from lms.core.web import Actor
from lms.notices import digests, outbox, preparing
from lms.notices.channels.letter import NotSent, Unsure
from lms.notices.channels.opening import open_channel
from lms.notices.models import ChannelKind
from lms.notices.outbox import Claimed

log = get_logger("lms.notices")


@dataclass
class Tally:
    """What a run did."""

    prepared: int = 0
    sent: int = 0
    failed: int = 0
    given_up: int = 0


def run(database: Database, *, actor: Actor) -> Tally:
    """Prepare and send; outside of any unit of work, because it opens its own."""
    tally = Tally()
    with db.unit_of_work(database):
        tally.given_up += outbox.give_up_lost(actor=actor, now=clock.now())
    prepare(database, tally)
    send(database, tally, actor=actor)
    return tally


def prepare(database: Database, tally: Tally) -> None:
    """Write the digests that are due; by night none is."""
    if digests.is_night(clock.now(), clock.zone()):
        return
    with db.unit_of_work(database, write=False):
        channels = preparing.list_open_channels()
    paths = [path for _id, _kind, path in channels]
    for channel_id, kind, path in channels:
        if kind is ChannelKind.WECOM:
            with db.unit_of_work(database):
                served = preparing.served_by(path, paths)
                tally.prepared += preparing.prepare_group_message(channel_id, served, now=clock.now())
        else:
            with db.unit_of_work(database):
                tally.prepared += preparing.prepare_codes(channel_id, preparing.served_by(path, paths), now=clock.now())
            tally.prepared += _prepare_letters(database, channel_id, path, paths)


def _prepare_letters(database: Database, channel_id: int, path: str, paths: list[str]) -> int:
    """Batch by batch, so that a page that wants to write waits for a moment only."""
    prepared, after, more = 0, 0, True
    while more:
        with db.unit_of_work(database):
            served = preparing.served_by(path, paths)
            count, after = preparing.prepare_letters(channel_id, served, after=after, now=clock.now())
        prepared, more = prepared + count, after > 0
    return prepared


def send(database: Database, tally: Tally, *, actor: Actor) -> None:
    """Send what is due, until nothing is left or the night begins."""
    tried: set[int] = set()
    while True:
        with db.unit_of_work(database, write=False):
            due = [message_id for message_id in outbox.list_due(clock.now()) if message_id not in tried]
        if not due:
            return
        for message_id in due:
            tried.add(message_id)
            if digests.is_night(clock.now(), clock.zone()):
                return
            _send_one(database, message_id, tally, actor=actor)


def _send_one(database: Database, message_id: int, tally: Tally, *, actor: Actor) -> None:
    with db.unit_of_work(database):
        claimed = outbox.claim(message_id, now=clock.now())
    if claimed is None:
        return
    code, final = _hand_over(claimed)
    with db.unit_of_work(database):
        if code is None:
            outbox.mark_sent(message_id, now=clock.now())
            tally.sent += 1
        elif outbox.mark_failed(message_id, code, final=final, actor=actor, now=clock.now()):
            tally.given_up += 1
        else:
            tally.failed += 1


def _hand_over(claimed: Claimed) -> tuple[str | None, bool]:
    """(what went wrong, whether for good), with no unit of work open: a server may take its time."""
    try:
        outbox.refuse_undeliverable(claimed)
        open_channel(claimed.channel).send(claimed.letter)
    except NotSent as error:
        return error.code, error.final
    except Unsure as error:
        return error.code, True
    except Exception as error:  # whatever is wrong with one message must not keep the others
        log.error("unexpected while sending", message=claimed.id, exc_info=error)
        return "unsure", True
    return None, False
