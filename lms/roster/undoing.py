"""A load taken back: bulk statements in the unit of work that is open.

The one place where persons and appointments are deleted. They are not facts of the ledger but what a file claimed, and
a wrong file may have claimed people who never worked here: nothing was built on them, which was asked before, and the
foreign keys ask once more. The audit trail keeps who was removed by whom; their numbers are never given to others.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import delete, insert, select, update

from lms.accounts import renaming, use
from lms.core import db
from lms.core.audit import AuditRow
from lms.core.web import Actor
from lms.people.events import people_removed, posts_changed
from lms.people.models import Appointment, Person
from lms.roster import queries, states
from lms.roster.models import RosterEntry, RosterLoad
from lms.roster.states import PostState
from lms.roster.taking_back import TakingBack, Touched

PLAINLY = {"synchronize_session": False}


def lock_people(load: RosterLoad) -> None:
    """Nothing new can point at the people of a load while it is looked at and taken back (SQLite has one writer)."""
    ids = select(RosterEntry.person_id).where(RosterEntry.load_id == load.id)
    for some in queries.batches(db.session().scalars(ids.order_by(RosterEntry.person_id)).all()):
        db.session().execute(select(Person.id).where(Person.id.in_(some)).order_by(Person.id).with_for_update())


def carry_out(load: RosterLoad, found: TakingBack, *, actor: Actor, now: datetime) -> None:
    """Remove what the load made, and set back what it changed."""
    _delete(Appointment, Appointment.id, [post.id for one in found.touched for post in one.opened])
    _set_posts_back([before for _one, before, _after in found.altered])
    _set_facts_back(found.set_back)
    renaming.rename(found.renamings, unit_id=load.unit_id, actor=actor, now=now)
    new = [one.id for one in found.new]
    people_removed.send(None, person_ids=new)
    use.remove_unused(new, actor=actor, now=now)
    _delete(RosterEntry, RosterEntry.person_id, new)
    _delete(Person, Person.id, new)
    _record(load, found.touched, actor=actor, now=now)
    posts_changed.send(None, person_ids=[one.id for one in found.touched if not one.is_new], now=now)


def _delete(kind: Any, column: Any, values: Sequence[int]) -> None:
    for some in queries.batches(values):
        db.session().execute(delete(kind).where(column.in_(some)), execution_options=PLAINLY)


def _set_posts_back(posts: Sequence[PostState]) -> None:
    """The primary post last: no two may be so at once."""
    rows = [
        {
            "id": post.id,
            "title": post.title,
            "grade": post.grade,
            "ends_on": post.ends_on,
            "is_primary": post.is_primary,
        }
        for post in sorted(posts, key=lambda post: post.is_open_primary)
    ]
    ordinary = sum(not post.is_open_primary for post in posts)
    for some in (rows[:ordinary], rows[ordinary:]):
        if some:
            db.session().execute(update(Appointment), some)


def _set_facts_back(people: Sequence[Touched]) -> None:
    for one in people:
        values = {name: states.fact(name, before) for name, (before, _after) in one.facts_changed.items()}
        if one.gave_id_number:
            values |= {"id_number_cipher": None, "id_number_digest": None}
        db.session().execute(update(Person).where(Person.id == one.id).values(values), execution_options=PLAINLY)


def _record(load: RosterLoad, people: Sequence[Touched], *, actor: Actor, now: datetime) -> None:
    """One audit row for each person whom the undo touched."""
    address = (request.remote_addr or "") if has_request_context() else ""
    rows = [
        {
            "at": now,
            "verb": "roster.remove" if one.is_new else "roster.set_back",
            "actor_person_id": actor.person_id,
            "actor_name": actor.name,
            "object_kind": "person",
            "object_id": str(one.id),
            "unit_id": load.unit_id,
            "person_id": one.id,
            "address": address,
            "detail": {
                "load": load.id,
                "fields": sorted(one.facts_changed),
                "removed": [[post.unit_id, post.post.value] for post in one.opened],
                "reopened": [post.id for post in one.reopened],
            },
        }
        for one in people
    ]
    for some in queries.batches(rows):
        db.session().execute(insert(AuditRow), some)
