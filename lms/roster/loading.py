"""A plan carried out: bulk statements in the unit of work that is open, so that ten thousand people take seconds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import insert, update

from lms.accounts import renaming
from lms.accounts.renaming import Renaming
from lms.core import db
from lms.core.audit import AuditRow
from lms.core.web import Actor
from lms.people import identity
from lms.people.events import posts_changed
from lms.people.models import Appointment, Person
from lms.roster import checking, states
from lms.roster.models import Outcome, RosterEntry, RosterLoad
from lms.roster.plan import FACTS, Plan, Step

BATCH = 1_000

Key = str | tuple[str, str | None]


def carry_out(load: RosterLoad, plan: Plan, *, actor: Actor, now: datetime) -> list[Renaming]:
    """Write people, posts, entries of the load and audit rows: endings first, so that a primary post is free.

    :return: the sign-in names that followed a phone number.
    """
    before = states.posts_of(step.known.id for step in plan.steps if step.known is not None and not step.is_idle)
    renamings = renaming.find_following(checking.new_phones(plan)).renamings
    ids = _create_people(plan.creates, now)
    _change_people(plan.changes)
    _end_posts(plan.steps)
    _open_posts(plan.steps, ids)
    renaming.rename(renamings, unit_id=load.unit_id, actor=actor, now=now)
    _write_entries(load, plan.steps, ids, before, {one.person_id: one for one in renamings})
    _record(load, plan, ids, actor=actor, now=now)
    touched = [_person_id(step, ids) for step in plan.steps if not step.is_idle]
    posts_changed.send(None, person_ids=touched, now=now)
    return renamings


def _execute(statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        db.session().execute(statement, list(rows[start : start + BATCH]))


def _create_people(steps: Sequence[Step], now: datetime) -> dict[int, int]:
    """Insert new people; row number -> identifier."""
    rows = [
        {
            **{fact: step.facts.get(fact) for fact in FACTS},
            "id_number_cipher": identity.encrypt(step.id_number) if step.id_number else None,
            "id_number_digest": identity.digest(step.id_number) if step.id_number else None,
            "created_at": now,
            "origin": "roster",
        }
        for step in steps
    ]
    statement = insert(Person).returning(Person.id, Person.id_number_digest, Person.name, Person.phone)
    ids: dict[Key, int] = {}
    for start in range(0, len(rows), BATCH):
        for person_id, digest, name, phone in db.session().execute(statement, rows[start : start + BATCH]):
            ids[digest or (name, phone)] = person_id
    return {step.row.number: ids[_key(row)] for step, row in zip(steps, rows, strict=True)}


def _key(row: dict[str, Any]) -> Key:
    """What tells new people apart: identifiers come back in no order (keeping it costs SQLite a statement each)."""
    return row["id_number_digest"] or (row["name"], row["phone"])


def _change_people(steps: Iterable[Step]) -> None:
    rows = []
    for step in steps:
        values: dict[str, Any] = dict(step.facts)
        if step.id_number:
            values["id_number_cipher"] = identity.encrypt(step.id_number)
            values["id_number_digest"] = identity.digest(step.id_number)
        if values and step.known is not None:
            rows.append({"id": step.known.id, **values})
    _execute(update(Person), rows)


def _end_posts(steps: Sequence[Step]) -> None:
    """End posts, reword those that stay, and let the oldest that stays be the primary one where that has ended."""
    endings = [{"id": ending.post.id, "ends_on": ending.last_day} for step in steps for ending in step.ended]
    _execute(update(Appointment), endings)
    reworded = [
        {"id": post.id, "title": title, "grade": grade} for step in steps for post, title, grade in step.reworded
    ]
    _execute(update(Appointment), reworded)
    heirs = []
    for step in steps:
        ended = {ending.post.id for ending in step.ended}
        if any(ending.post.is_primary for ending in step.ended) and step.known and not step.opened:
            staying = [post for post in step.known.posts if post.id not in ended]
            if staying:
                heir = min(staying, key=lambda post: (post.starts_on, post.id))
                heirs.append({"id": heir.id, "is_primary": True})
    _execute(update(Appointment), heirs)


def _person_id(step: Step, ids: dict[int, int]) -> int:
    return step.known.id if step.known is not None else ids[step.row.number]


def _open_posts(steps: Sequence[Step], ids: dict[int, int]) -> None:
    rows = [
        {
            "person_id": _person_id(step, ids),
            "unit_id": new.place.id,
            "post": new.post,
            "title": new.title,
            "grade": new.grade,
            "starts_on": new.starts_on,
            "is_primary": new.is_primary,
        }
        for step in steps
        for new in step.opened
    ]
    _execute(insert(Appointment), rows)


def _write_entries(
    load: RosterLoad, steps: Sequence[Step], ids: dict[int, int], before: states.Posts, renamed: dict[int, Renaming]
) -> None:
    """Whom the load touched and what it changed of them, so that it can be taken back."""
    touched = [(_person_id(step, ids), step) for step in steps if not step.is_idle]
    after = states.posts_of(person_id for person_id, _step in touched)
    rows = [
        {
            "load_id": load.id,
            "person_id": person_id,
            "unit_id": _unit_of(step) or load.unit_id,
            "outcome": Outcome.CREATED if step.known is None else Outcome.CHANGED,
            "slip_at": None,
            "changes": _changes(step, before.get(person_id, []), after.get(person_id, []), renamed.get(person_id)),
        }
        for person_id, step in touched
    ]
    _execute(insert(RosterEntry), rows)


def _unit_of(step: Step) -> int | None:
    """Where the file says that somebody works."""
    unit_id = next(iter([new.place.id for new in step.opened] + [end.post.unit_id for end in step.ended]), None)
    if unit_id is None and step.known is not None and step.known.posts:
        return step.known.posts[0].unit_id
    return unit_id


def _changes(step: Step, before: list[Any], after: list[Any], renamed: Renaming | None) -> dict[str, Any]:
    """See `states`; of somebody new only the posts, which must still be these when they are taken back."""
    changes: dict[str, Any] = {"posts": [before, after]}
    if step.known is not None:
        changes["facts"] = states.facts_between(step.known.facts, step.facts)
        changes["id_number"] = step.id_number is not None
    if renamed is not None:
        changes["sign_in"] = [renamed.before, renamed.after]
    return changes


def _record(load: RosterLoad, plan: Plan, ids: dict[int, int], *, actor: Actor, now: datetime) -> None:
    """One audit row for each person whom the load touched, in the same transaction."""
    address = (request.remote_addr or "") if has_request_context() else ""
    rows = []
    for step in plan.steps:
        if step.is_idle:
            continue
        place = step.opened[0].place.id if step.opened else None
        detail = {
            "load": load.id,
            "fields": sorted(step.facts) if step.known is not None else [],
            "opened": [[new.place.id, new.post.value] for new in step.opened],
            "ended": [[end.post.id, end.last_day.isoformat()] for end in step.ended],
        }
        person_id = _person_id(step, ids)
        rows.append(
            {
                "at": now,
                "verb": "roster.create" if step.known is None else "roster.change",
                "actor_person_id": actor.person_id,
                "actor_name": actor.name,
                "object_kind": "person",
                "object_id": str(person_id),
                "unit_id": place or load.unit_id,
                "person_id": person_id,
                "address": address,
                "detail": detail,
            }
        )
    _execute(insert(AuditRow), rows)
