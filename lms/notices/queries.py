"""Reading notices, in the words of the reader's language; channels and what became of their messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, select
from sqlalchemy.orm import contains_eager
from werkzeug.routing import BuildError

from lms.core import db
from lms.core.forms import SelectChoice
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.notices import kinds
from lms.notices.access import owned_by, readable_by
from lms.notices.models import (
    EVERY_KIND,
    ContactAddress,
    Notice,
    NoticeChannel,
    NoticeOptOut,
    NoticeReading,
    OutboxMessage,
)
from lms.units.access import administered_by as units_administered_by
from lms.units.models import Level, Unit

#: Messages of a channel that its page shows.
SHOWN_MESSAGES = 10
MOST_CHOICES = 500


@dataclass(frozen=True)
class ShownNotice:
    """A notice as its person reads it."""

    id: int
    title: str
    body: str
    origin: str
    why: str
    created_at: datetime
    unread: bool
    #: where it leads; None where that page is gone, or where there never was one
    url: str | None


def show(notice: Notice, *, unread: bool) -> ShownNotice:
    """Its words, made now."""
    kind = kinds.find_kind(notice.kind)
    reason = kind.reasons.get(notice.why)
    return ShownNotice(
        id=notice.id,
        title=title_of(notice),
        body=kinds.fill(kind.body, notice.params),
        origin=str(kind.origin),
        why=kinds.fill(reason, notice.params) if reason is not None else "",
        created_at=notice.created_at,
        unread=unread,
        url=_address(notice),
    )


def title_of(notice: Notice) -> str:
    return kinds.fill(kinds.find_kind(notice.kind).title, notice.params)


def _address(notice: Notice) -> str | None:
    if notice.endpoint is None:
        return None
    try:
        return url_for(notice.endpoint, **notice.url_values)
    except BuildError:
        return None


def is_unread() -> ColumnElement[bool]:
    """Not opened yet, as a condition on Notice."""
    return ~exists(select(NoticeReading.notice_id).where(NoticeReading.notice_id == Notice.id).correlate(Notice))


def is_wanted() -> ColumnElement[bool]:
    """Of a kind that its person wants to be reminded of, as a condition on Notice."""
    out = select(NoticeOptOut.id).where(
        NoticeOptOut.person_id == Notice.person_id,
        NoticeOptOut.ended_at.is_(None),
        NoticeOptOut.kind.in_([Notice.kind, EVERY_KIND]),
    )
    return ~exists(out.correlate(Notice))


def count_unread(actor: Actor) -> int:
    """Unread notices of the kinds that the actor wants to be reminded of."""
    return db.rows(_count_unread(), {"person_id": actor.person_id}).scalar() or 0


@cache
def _count_unread() -> Select[int]:
    mine = owned_by(bindparam("person_id"))
    return select(func.count()).select_from(Notice).where(mine, is_unread(), is_wanted())


def list_notices(actor: Actor, *, cursor: str | None = None) -> Page[ShownNotice]:
    """Unread first, then the newest first."""
    unread = case((is_unread(), 1), else_=0)
    statement = select(Notice, unread.label("unread")).where(readable_by(actor))
    page = keyset(statement, unread, Notice.id, cursor=cursor, descending=True)
    return Page([show(row[0], unread=bool(row.unread)) for row in page.items], page.next_cursor, page.size)


def newest_unread(actor: Actor, most: int) -> tuple[list[ShownNotice], int]:
    """The newest, and how many unread ones there are in all: `count_unread` without a statement of its own."""
    values = {"person_id": actor.person_id, "most": most}
    found = db.session().execute(_newest_unread(), values).all()
    return [show(one, unread=True) for one, _all in found], found[0][1] if found else 0


@cache
def _newest_unread() -> Select[*tuple[Notice, int]]:
    mine = owned_by(bindparam("person_id"))
    statement = select(Notice, func.count().over()).where(mine, is_unread(), is_wanted())
    return statement.order_by(Notice.id.desc()).limit(bindparam("most"))


def unwanted_kinds(person_id: int) -> set[str]:
    """Kinds that the person opted out of; EVERY_KIND among them means all."""
    statement = select(NoticeOptOut.kind).where(NoticeOptOut.person_id == person_id, NoticeOptOut.ended_at.is_(None))
    return set(db.session().scalars(statement))


def find_address(person_id: int) -> ContactAddress | None:
    return db.session().get(ContactAddress, person_id)


def has_confirmed_address(person_id: int) -> bool:
    row = find_address(person_id)
    return row is not None and row.confirmed_at is not None


# Channels


def find_channel_for(actor: Actor) -> NoticeChannel | None:
    """The channel of the nearest unit that has one, at or above the actor's own, or the one that the actor runs."""
    path = actor.unit_path or min(actor.paths("admin", "trainer"), key=len, default="")
    ids = [int(part) for part in path.split(".")[:-1]]
    statement = (
        select(NoticeChannel)
        .join(Unit, Unit.id == NoticeChannel.unit_id)
        .options(contains_eager(NoticeChannel.unit))
        .where(NoticeChannel.unit_id.in_(ids), NoticeChannel.ended_at.is_(None))
        .order_by(func.length(Unit.path).desc())
        .limit(1)
    )
    return db.session().scalars(statement).first()


def find_channel_of(unit: Unit) -> NoticeChannel | None:
    """The channel that the unit itself has now."""
    statement = select(NoticeChannel).where(NoticeChannel.unit_id == unit.id, NoticeChannel.ended_at.is_(None))
    return db.session().scalars(statement).one_or_none()


def list_channels(actor: Actor) -> Sequence[NoticeChannel]:
    """Channels in use of the units that the actor administers, from the top down."""
    statement = (
        select(NoticeChannel)
        .join(Unit, Unit.id == NoticeChannel.unit_id)
        .options(contains_eager(NoticeChannel.unit))
        .where(NoticeChannel.ended_at.is_(None), units_administered_by(actor))
        .order_by(Unit.place)
        .limit(MOST_CHOICES)
    )
    return db.session().scalars(statement).all()


def list_messages(channels: Sequence[NoticeChannel]) -> dict[int, list[Row[Any]]]:
    """The last messages of each channel, without what they say: that is between them and their person."""
    number = func.row_number().over(partition_by=OutboxMessage.channel_id, order_by=OutboxMessage.id.desc())
    columns = (
        OutboxMessage.channel_id,
        OutboxMessage.prepared_at,
        OutboxMessage.due_at,
        OutboxMessage.sent_at,
        OutboxMessage.given_up_at,
        OutboxMessage.tries,
        OutboxMessage.last_error,
    )
    ids = [channel.id for channel in channels]
    ranked = select(*columns, number.label("number")).where(OutboxMessage.channel_id.in_(ids)).subquery()
    found: dict[int, list[Row[Any]]] = {channel.id: [] for channel in channels}
    statement = select(ranked).where(ranked.c.number <= SHOWN_MESSAGES).order_by(ranked.c.number)
    for row in db.session().execute(statement):
        found[row.channel_id].append(row)
    return found


def channel_units(actor: Actor) -> list[SelectChoice]:
    """Open units, down to streets, for which the actor may set a channel."""
    statement = (
        select(Unit.id, Unit.name, Unit.code)
        .where(units_administered_by(actor), Unit.valid_to.is_(None), Unit.level != Level.COMMUNITY)
        .order_by(Unit.place)
        .limit(MOST_CHOICES)
    )
    rows = db.session().execute(statement)
    return [SelectChoice(str(row.id), f"{row.name} {row.code}" if row.code else row.name) for row in rows]
