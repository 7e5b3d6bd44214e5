"""Keeping what of a video was played: one row for a person and lesson, one for a person's used-up time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import db
from lms.courses import watching
from lms.courses.models import Lesson, WatchClock, Watching
from lms.courses.tickets import milliseconds
from lms.courses.watching import Progress, Spans, Ticket


@dataclass(frozen=True)
class Standing:
    """How far a person has come with a video. `state`: kept, known (heard before) or expired (the ticket)."""

    state: str
    watched: Spans
    sequence: int
    is_watched: bool


@dataclass(frozen=True)
class Report:
    """What a page says was played, since its token was issued. Spans and position in milliseconds of the video."""

    token: str
    sequence: int
    claimed: Spans
    position: int


def find(lesson: Lesson, person_id: int | None) -> Watching | None:
    """The row of a person and lesson."""
    return db.session().scalars(_row(), {"lesson": lesson.id, "person": person_id}).one_or_none()


@cache
def _row() -> Select[Watching]:
    return select(Watching).where(Watching.lesson_id == bindparam("lesson"), Watching.person_id == bindparam("person"))


def is_watched(lesson: Lesson, person_id: int | None) -> bool:
    """Whether the person has played enough of the lesson's video."""
    row = find(lesson, person_id)
    return row is not None and watching.is_watched(_spans(row.spans), length_of(lesson))


def length_of(lesson: Lesson) -> int:
    """Milliseconds of the lesson's video; 0 where it has none."""
    return int(lesson.video["length"]) if lesson.video else 0


def credit(
    lesson: Lesson, ticket: Ticket, *, sequence: int, claimed: Iterable[watching.Span], position: int | None,
    now: datetime,
) -> Standing:  # fmt: skip
    """Keep what a report may credit. Reports of one person take their turn: the clock's row is locked.

    :param position: where to resume; None leaves that as it is.
    """
    spent = _lock_clock(ticket.person_id)
    row = find(lesson, ticket.person_id)
    before = _progress(row)
    moment = milliseconds(now)
    accepted = watching.accept(before, spent, ticket, sequence=sequence, claimed=claimed, now=moment)
    if accepted is None:
        alive = ticket.issued_at <= moment <= ticket.issued_at + watching.TICKET_LIFE
        return _standing("known" if alive else "expired", before, ticket, lesson)
    if row is None:
        row = Watching(person_id=ticket.person_id, lesson_id=lesson.id, position=0)
        db.session().add(row)
    after = accepted.progress
    row.spans, row.forgotten_at, row.reported_at = [list(span) for span in after.watched], after.forgotten_at, now
    row.tickets = {nonce: list(known) for nonce, known in after.tickets.items()}
    if position is not None:
        row.position = min(position, length_of(lesson))
    if accepted.spent != spent:
        db.rows(_setting(), {"person": ticket.person_id, "spent": [list(span) for span in accepted.spent]})
    return _standing("kept", after, ticket, lesson)


def carry(old: Lesson, new: Lesson, person_id: int) -> None:
    """Go on in a new revision where the same video stopped in the old one."""
    row = find(old, person_id)
    if row is None or old.video != new.video or find(new, person_id) is not None:
        return
    kept = {"spans": row.spans, "position": row.position, "tickets": {}, "forgotten_at": row.forgotten_at}
    db.session().add(Watching(person_id=person_id, lesson_id=new.id, reported_at=row.reported_at, **kept))


def _standing(state: str, progress: Progress, ticket: Ticket, lesson: Lesson) -> Standing:
    sequence, _at = progress.tickets.get(ticket.nonce, (0, 0))
    return Standing(state, progress.watched, sequence, watching.is_watched(progress.watched, length_of(lesson)))


def _lock_clock(person_id: int) -> Spans:
    """The person's used-up time, its row made where there is none, and locked; one statement."""
    return _spans(db.rows(_locking(db.dialect()), {"person_id": person_id, "spent": []}).scalar_one())


@cache
def _locking(dialect: str) -> Executable:
    new = postgresql.insert(WatchClock) if dialect == "postgresql" else sqlite.insert(WatchClock)
    locked = new.on_conflict_do_update(index_elements=["person_id"], set_={"person_id": new.excluded.person_id})
    return locked.returning(WatchClock.spent)


@cache
def _setting() -> Executable:
    return update(WatchClock).where(WatchClock.person_id == bindparam("person")).values(spent=bindparam("spent"))


def _progress(row: Watching | None) -> Progress:
    if row is None:
        return Progress()
    tickets = {nonce: (known[0], known[1]) for nonce, known in row.tickets.items()}
    return Progress(_spans(row.spans), tickets, row.forgotten_at)


def _spans(stored: list[Any]) -> Spans:
    return tuple((start, end) for start, end in stored)
