"""Preparing digests: who has something unread, is due by the weekly rule, and can be reached by a channel."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, select

from lms.accounts.models import Account
from lms.accounts.queries import is_disabled
from lms.core import db, i18n
from lms.notices import confirming, digests, letters
from lms.notices.inserting import insert_new
from lms.notices.models import (
    ChannelKind,
    ContactAddress,
    Digest,
    DigestedNotice,
    Notice,
    NoticeChannel,
    OutboxMessage,
)
from lms.notices.queries import is_unread, is_wanted, title_of
from lms.people.access import belongs_within
from lms.people.models import Person
from lms.units.models import Unit

#: People in one unit of work.
BATCH = 200


def list_open_channels() -> Sequence[Row[int, ChannelKind, str]]:
    """(id, kind, path of the unit) of the channels in use, the deepest first: the nearest one serves."""
    statement = select(NoticeChannel.id, NoticeChannel.kind, Unit.path).join(Unit, Unit.id == NoticeChannel.unit_id)
    return (
        db.session()
        .execute(
            statement.where(NoticeChannel.ended_at.is_(None)).order_by(func.length(Unit.path).desc(), NoticeChannel.id)
        )
        .all()
    )


def prepare_letters(channel_id: int, served: ColumnElement[bool], *, after: int, now: datetime) -> tuple[int, int]:
    """A digest for each of the next people of an e-mail channel.

    :returns: how many were prepared, and after whom to go on (0: nobody is left).
    """
    statement = select(Person.id, Person.name, Account.locale).join(
        ContactAddress, ContactAddress.person_id == Person.id
    )
    statement = statement.where(ContactAddress.confirmed_at.is_not(None))
    people = db.session().execute(_due(statement, served, now).where(Person.id > after).limit(BATCH)).all()
    titles = _waiting(person.id for person in people)
    rows = [
        _message(f"person:{one.id}", channel_id, one.id, _sequence(one), *_words(one, titles[one.id]), now=now)
        for one in people
        if one.id in titles
    ]
    made = insert_new(OutboxMessage, rows, OutboxMessage.id, OutboxMessage.person_id)
    messages = {row.person_id: row.id for row in made}
    digested = _digest([one for one in people if one.id in messages], messages, titles)
    _take_back(set(messages) - digested, messages)
    return len(digested), people[-1].id if len(people) == BATCH else 0


def prepare_codes(channel_id: int, served: ColumnElement[bool], *, now: datetime) -> int:
    """The letters with a code for addresses that were entered before there was a channel; gives how many."""
    since = (OutboxMessage.prepared_at >= ContactAddress.entered_at, OutboxMessage.key.startswith("confirm:"))
    unsent = ~exists().where(OutboxMessage.person_id == Person.id, *since)
    waiting = (
        select(ContactAddress, Account.locale)
        .join(Person, Person.id == ContactAddress.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(served, ContactAddress.confirmed_at.is_(None), unsent, ~is_disabled())
        .order_by(ContactAddress.person_id)
        .limit(BATCH)
    )
    made = 0
    for address, locale in db.session().execute(waiting):
        with i18n.force_locale(locale or i18n.default_locale()):
            row = confirming.letter_for(address, channel_id, now=now)
        made += len(insert_new(OutboxMessage, [row], OutboxMessage.id))
    return made


def prepare_group_message(channel_id: int, served: ColumnElement[bool], *, now: datetime) -> int:
    """One message to a group for all whom it concerns; gives 1, or 0 where it is not due or concerns nobody."""
    count = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.channel_id == channel_id)
    if db.session().scalar(count.where(_too_recent(now))):
        return 0
    people = db.session().execute(_due(select(Person.id, Person.phone), served, now)).all()
    titles = _waiting(person.id for person in people)
    told = [person for person in people if person.id in titles]
    if not told:
        return 0
    mention = db.session().get_one(NoticeChannel, channel_id).settings.get("mention")
    mobiles = [one.phone for one in told if one.phone] if mention else []
    number = (db.session().scalar(count) or 0) + 1
    row = _message(f"channel:{channel_id}", channel_id, None, number, "", letters.group_text(), now=now)
    made = insert_new(OutboxMessage, [{**row, "mobiles": mobiles}], OutboxMessage.id)
    if not made:
        return 0
    _digest(told, {one.id: made[0].id for one in told}, titles)
    return 1


def served_by(path: str, deeper: Iterable[str]) -> ColumnElement[bool]:
    """People of a subtree without those whom a channel further down serves, as a condition on Person."""
    below = tuple(other for other in deeper if other.startswith(path) and other != path)
    return belongs_within((path,)) & ~belongs_within(below) if below else belongs_within((path,))


def _too_recent(now: datetime) -> ColumnElement[bool]:
    """On its way, or gone for less than a week: as a condition on OutboxMessage."""
    gone = func.coalesce(OutboxMessage.sent_at, OutboxMessage.given_up_at)
    return ~OutboxMessage.key.startswith("trial:") & (gone.is_(None) | (gone > now - digests.WEEK))


def _due(statement: Select[*tuple[Any, ...]], served: ColumnElement[bool], now: datetime) -> Select[*tuple[Any, ...]]:
    """People served, with something to mention, and without a message this week; with the number of the last one."""
    waiting = select(Notice.id).where(Notice.person_id == Person.id, _unmentioned()).correlate(Person)
    recent = select(Digest.id).join(OutboxMessage, OutboxMessage.id == Digest.message_id)
    recent = recent.where(Digest.person_id == Person.id, _too_recent(now)).correlate(Person)
    last = select(func.max(Digest.sequence)).where(Digest.person_id == Person.id).correlate(Person).scalar_subquery()
    return (
        statement.add_columns(func.coalesce(last, 0).label("last"))
        .join(Account, Account.person_id == Person.id)
        .where(served, exists(waiting), ~exists(recent), ~is_disabled())
        .order_by(Person.id)
    )


def _unmentioned() -> ColumnElement[bool]:
    mentioned = select(DigestedNotice.notice_id).where(DigestedNotice.notice_id == Notice.id).correlate(Notice)
    return is_unread() & is_wanted() & ~exists(mentioned)


def _waiting(person_ids: Iterable[int]) -> dict[int, list[Notice]]:
    """What is to be mentioned to each of these people, the newest first."""
    ids = list(person_ids)
    found: dict[int, list[Notice]] = {}
    for start in range(0, len(ids), BATCH):
        statement = select(Notice).where(Notice.person_id.in_(ids[start : start + BATCH]), _unmentioned())
        notices = db.session().scalars(statement.order_by(Notice.person_id, Notice.id.desc()))
        found |= {person_id: list(theirs) for person_id, theirs in groupby(notices, lambda one: one.person_id)}
    return found


def _words(person: Row[Any], notices: Sequence[Notice]) -> tuple[str, str]:
    """Subject and text, in the person's language."""
    with i18n.force_locale(person.locale or i18n.default_locale()):
        titles = [title_of(notice) for notice in notices]
        return letters.subject(len(titles)), letters.text(person.name, titles)


def _sequence(person: Row[Any]) -> int:
    return int(person.last) + 1


def _message(
    to: str, channel_id: int, person_id: int | None, number: int, subject: str, text: str, *, now: datetime
) -> dict[str, Any]:
    return {
        "key": f"{to}:{number}",
        "channel_id": channel_id,
        "person_id": person_id,
        "subject": subject[:200],
        "text": text,
        "mobiles": [],
        "prepared_at": now,
        "due_at": now,
        "tries": 0,
    }


def _digest(people: Sequence[Row[Any]], messages: dict[int, int], notices: dict[int, list[Notice]]) -> set[int]:
    """Write that these people are mentioned their notices; gives those for whom nobody else just did."""
    rows = [{"person_id": one.id, "sequence": _sequence(one), "message_id": messages[one.id]} for one in people]
    made = {row.person_id: row.id for row in insert_new(Digest, rows, Digest.id, Digest.person_id)}
    mentioned = [
        {"notice_id": notice.id, "digest_id": digest_id}
        for person_id, digest_id in made.items()
        for notice in notices[person_id]
    ]
    insert_new(DigestedNotice, mentioned, DigestedNotice.notice_id)
    return set(made)


def _take_back(person_ids: set[int], messages: dict[int, int]) -> None:
    """Another process has just prepared a message for them by another channel: theirs counts, ours never was."""
    if person_ids:
        ids = [messages[person_id] for person_id in person_ids]
        db.session().execute(delete(OutboxMessage).where(OutboxMessage.id.in_(ids)))
