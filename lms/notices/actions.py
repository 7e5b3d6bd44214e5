"""Tell, read, opt out; where a digest goes; set up and end a channel."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.notices import confirming, kinds, queries, sealing
from lms.notices.inserting import insert_new
from lms.notices.models import (
    EVERY_KIND,
    ChannelKind,
    ContactAddress,
    Notice,
    NoticeChannel,
    NoticeOptOut,
    NoticeReading,
)
from lms.units.models import Unit


@dataclass(frozen=True)
class Link:
    """The page that a notice leads to."""

    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)


def tell(
    person_ids: Iterable[int],
    *,
    kind: str,
    params: dict[str, Any],
    link: Link | None,
    source: tuple[str, str],
    why: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Tell people something, each of them once for a source; gives how many had not been told yet.

    :param params: texts and numbers that the words of the kind name.
    :param why: the code of one of the kind's reasons.
    :raise KeyError: no module registered such a kind, or it has no such reason.
    """
    _reason = kinds.get_kind(kind).reasons[why]
    row = {
        "kind": kind,
        "params": params,
        "endpoint": link.endpoint if link else None,
        "url_values": link.values if link else {},
        "source_kind": source[0],
        "source_ref": source[1],
        "why": why,
        "created_at": now,
    }
    rows = [{"person_id": person_id, **row} for person_id in dict.fromkeys(person_ids)]
    told = insert_new(Notice, rows, Notice.id)
    if told:
        audit.record("notices.tell", actor=actor, now=now, on=source, detail={"kind": kind, "people": len(told)})
    return len(told)


def mark_read(notice: Notice, *, actor: Actor, now: datetime) -> None:
    """The row itself says who read what when: the notice is the actor's own."""
    insert_new(NoticeReading, [{"notice_id": notice.id, "read_at": now}], NoticeReading.notice_id)


def mark_all_read(*, actor: Actor, now: datetime) -> int:
    """Mark all of the actor's notices as read."""
    unread = db.session().scalars(select(Notice.id).where(Notice.person_id == actor.person_id, queries.is_unread()))
    rows = [{"notice_id": notice_id, "read_at": now} for notice_id in unread]
    return len(insert_new(NoticeReading, rows, NoticeReading.notice_id))


def opt_out(kind: str, *, actor: Actor, now: datetime) -> None:
    """Stop reminding the actor of a kind (EVERY_KIND: of any); the notices themselves still come."""
    row = {"person_id": actor.person_id, "kind": kind, "since": now}
    if insert_new(NoticeOptOut, [row], NoticeOptOut.id):
        _record("notices.opt_out", actor, kind, now=now)


def opt_in(kind: str, *, actor: Actor, now: datetime) -> None:
    """Remind the actor of a kind again."""
    mine = select(NoticeOptOut).where(
        NoticeOptOut.person_id == actor.person_id, NoticeOptOut.kind == kind, NoticeOptOut.ended_at.is_(None)
    )
    for row in db.session().scalars(mine):
        row.ended_at = now
        _record("notices.opt_in", actor, kind, now=now)


def choose_kinds(wanted: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Be reminded of these kinds, and of no other that is offered to the actor today."""
    chosen, out = set(wanted), queries.unwanted_kinds(actor.person_id or 0)
    if EVERY_KIND in out and chosen:
        opt_in(EVERY_KIND, actor=actor, now=now)
    for kind in kinds.offered_to(actor):
        if kind.name in chosen and kind.name in out:
            opt_in(kind.name, actor=actor, now=now)
        elif kind.name not in chosen and kind.name not in out:
            opt_out(kind.name, actor=actor, now=now)


def set_address(address: str, *, actor: Actor, now: datetime) -> None:
    """Say where the actor's digests go; an empty address: nowhere. A new one has to be confirmed first.

    :raise Refused: too many addresses were entered today.
    """
    row = queries.find_address(actor.person_id or 0)
    if address == (row.address if row else ""):
        return
    if row is not None and not address:
        db.session().delete(row)
    else:
        confirming.refuse_many(actor.person_id or 0, now=now)
        row = row or ContactAddress(person_id=actor.person_id)
        row.address, row.entered_at, row.confirmed_at, row.wrong_codes = address, now, None, 0
        db.session().add(row)
        confirming.put_letter(row, actor=actor, now=now)
    verb = "notices.set_address" if address else "notices.remove_address"
    audit.record(verb, actor=actor, now=now, on=("person", actor.person_id), person_id=actor.person_id)


def set_channel(
    unit: Unit,
    *,
    kind: ChannelKind,
    settings: dict[str, Any],
    secrets: dict[str, str],
    actor: Actor,
    now: datetime,
) -> NoticeChannel:
    """Give a unit a channel, in place of the one that it has.

    :raise Refused: somebody else set one at the same moment.
    """
    standing = queries.find_channel_of(unit)
    if standing is not None:
        end_channel(standing, actor=actor, now=now)
        db.session().flush()  # the unique index allows the new one only after the old one has ended
    channel = NoticeChannel(
        unit_id=unit.id,
        kind=kind,
        settings=settings,
        secrets_cipher=sealing.seal(secrets),
        created_at=now,
        created_by_id=actor.person_id,
    )
    try:
        with db.session().begin_nested():
            db.session().add(channel)
    except IntegrityError as error:
        raise Refused(_l("刚才已有人为这个单位设置了渠道，请刷新页面查看。")) from error
    _record_channel("notices.set_channel", channel, actor=actor, now=now)
    return channel


def end_channel(channel: NoticeChannel, *, actor: Actor, now: datetime) -> None:
    """Stop using a channel; what is still in its outbox is left."""
    channel.ended_at, channel.ended_by_id = now, actor.person_id
    _record_channel("notices.end_channel", channel, actor=actor, now=now)


def _record(verb: str, actor: Actor, kind: str, *, now: datetime) -> None:
    on = ("notice_kind", kind)
    audit.record(verb, actor=actor, now=now, on=on, person_id=actor.person_id)


def _record_channel(verb: str, channel: NoticeChannel, *, actor: Actor, now: datetime) -> None:
    on, detail = ("notice_channel", channel.id), {"kind": channel.kind.value, "host": channel.settings.get("host")}
    audit.record(verb, actor=actor, now=now, on=on, unit_id=channel.unit_id, detail=detail)
