"""Keeping answers when two pages may send them: which one stands, and who is told.

Each page has a random name (device) and counts what it sends (sequence). It also says on which stored answer its own
is based. From the same page a higher sequence replaces a lower one, and a late or repeated message changes nothing.
From another page an answer is taken only if it is based on the newest one; else that page is told what stands.
A page that was loaded again names those before it (formers) with the last number that each may have sent: their answers
it knows, though no reply said that they were stored. A tab and its copy name the same formers; the first one wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import db
from lms.quizzes.access import Item
from lms.quizzes.kinds.base import Response
from lms.quizzes.models import Attempt, AttemptAnswer


@dataclass(frozen=True, slots=True)
class Save:
    """What a page sends. ``based_on`` is the sequence of the answer that it last saw stored; 0: none."""

    response: Response | None
    sequence: int
    based_on: int
    device: str
    formers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands now. ``state`` is ``saved``, or ``conflict`` where another page's newer answer was kept."""

    state: str
    sequence: int
    response: Response | None


def keep(attempt: Attempt, item: Item, save: Save, now: datetime) -> Saved:
    """Store an answer if it is the newest; one statement, more only where two arrive at the same instant."""
    for _chance in range(3):
        decided = _decide(item, save)
        if decided is not None:
            return decided
        values = {
            "attempt_id": attempt.id,
            "position": item.position,
            "response": save.response,
            "sequence": save.sequence,
            "device": save.device,
            "saved_at": now,
            "seen_sequence": item.sequence,
            "seen_device": item.device,
        }
        statement = db.on_both(lambda: _upsert(sqlite.insert), lambda: _upsert(postgresql.insert))
        if db.session().execute(statement, values).first() is not None:
            item.response, item.sequence, item.device = save.response, save.sequence, save.device
            return Saved("saved", save.sequence, save.response)
        _reload(attempt, item)
    return Saved("conflict", item.sequence, item.response)


def _decide(item: Item, save: Save) -> Saved | None:
    """Return what to answer without storing, or None where the answer is to be stored."""
    if not item.sequence or (save.sequence > item.sequence and _is_known(item, save)):
        return None
    state = "saved" if save.response == item.response else "conflict"
    return Saved(state, item.sequence, item.response)


def _is_known(item: Item, save: Save) -> bool:
    """Tell whether the page has seen what is stored, or it or one of its formers has sent it."""
    known = save.device == item.device or save.based_on == item.sequence
    return known or save.formers.get(item.device, 0) >= item.sequence


@cache
def _upsert(insert: Any) -> Any:
    """Insert or replace, unless the stored answer is no longer the one that was read. Built once for each database."""
    stored: Any = AttemptAnswer.__table__
    statement = insert(stored)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={"response": new.response, "sequence": new.sequence, "device": new.device, "saved_at": new.saved_at},
        where=(stored.c.sequence == bindparam("seen_sequence")) & (stored.c.device == bindparam("seen_device")),
    ).returning(stored.c.position)


def _reload(attempt: Attempt, item: Item) -> None:
    stored = db.session().execute(
        select(AttemptAnswer.response, AttemptAnswer.sequence, AttemptAnswer.device).where(
            AttemptAnswer.attempt_id == attempt.id, AttemptAnswer.position == item.position
        )
    ).one()  # fmt: skip
    item.response, item.sequence, item.device = stored
