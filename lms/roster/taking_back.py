"""What taking a load back would do, and what stands in the way: read before anything is undone.

Everything or nothing: a load of which one person has earned hours since is corrected by another file, not undone in
part, for nobody could say afterwards what is on record and why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from lms.accounts import renaming
from lms.accounts.renaming import Renaming
from lms.core import db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.people import traces
from lms.people.models import Person
from lms.roster import queries, states
from lms.roster.models import Outcome, RosterEntry, RosterLoad, RosterUndo
from lms.roster.plan import FACTS
from lms.roster.states import PostState, read_post
from lms.units.models import Unit


@dataclass(frozen=True)
class Touched:
    """Somebody whom the load touched, as the load left them and as they are now."""

    id: int
    name: str
    outcome: Outcome
    had_slip: bool
    changes: Mapping[str, Any]
    facts: Mapping[str, Any]
    posts: Sequence[Any]

    @property
    def is_new(self) -> bool:
        return self.outcome is Outcome.CREATED

    @cached_property
    def before(self) -> dict[int, PostState]:
        return {post.id: post for post in map(read_post, self.changes["posts"][0])}

    @cached_property
    def after(self) -> dict[int, PostState]:
        return {post.id: post for post in map(read_post, self.changes["posts"][1])}

    @property
    def opened(self) -> list[PostState]:
        return [post for key, post in self.after.items() if key not in self.before]

    @property
    def altered(self) -> list[tuple[PostState, PostState]]:
        """Posts that were there before and that the load changed: before, after."""
        pairs = [(before, self.after[key]) for key, before in self.before.items() if key in self.after]
        return [(before, after) for before, after in pairs if before != after]

    @property
    def reopened(self) -> list[PostState]:
        return [before for before, after in self.altered if before.ends_on is None and after.ends_on is not None]

    @property
    def facts_changed(self) -> dict[str, list[Any]]:
        """[before, after] by name."""
        return dict(self.changes.get("facts", {}))

    @property
    def gave_id_number(self) -> bool:
        return bool(self.changes.get("id_number"))


@dataclass(frozen=True)
class Obstacle:
    """Somebody because of whom the load stays, and why."""

    name: str
    reasons: Sequence[LazyString]


@dataclass
class TakingBack:
    """The whole of it."""

    touched: Sequence[Touched]
    units: Mapping[int, str]
    renamings: Sequence[Renaming]
    reasons: dict[int, list[LazyString]] = field(default_factory=dict)

    @property
    def new(self) -> list[Touched]:
        return [one for one in self.touched if one.is_new]

    @property
    def known(self) -> list[Touched]:
        return [one for one in self.touched if not one.is_new]

    @property
    def opened(self) -> list[tuple[Touched, PostState]]:
        """Posts that would be removed, of people who stay."""
        return [(one, post) for one in self.known for post in one.opened]

    @property
    def altered(self) -> list[tuple[Touched, PostState, PostState]]:
        return [(one, before, after) for one in self.known for before, after in one.altered]

    @property
    def set_back(self) -> list[Touched]:
        """People of whom facts would be what they were."""
        return [one for one in self.known if one.facts_changed or one.gave_id_number]

    def name_of(self, person_id: int) -> str:
        return next(one.name for one in self.touched if one.id == person_id)

    @property
    def slips(self) -> int:
        return sum(one.had_slip for one in self.touched)

    @property
    def obstacles(self) -> list[Obstacle]:
        return [Obstacle(one.name, self.reasons[one.id]) for one in self.touched if one.id in self.reasons]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "people": len(self.new),
            "posts": sum(len(one.opened) for one in self.touched),
            "altered": len(self.altered),
            "facts": len(self.set_back),
            "sign_ins": len(self.renamings),
        }


def read(load: RosterLoad) -> TakingBack:
    """What the undo of a load would do, and why it cannot, where it cannot."""
    touched = _touched(load)
    kept = [one.changes["posts"] for one in touched]
    ids = {post[1] for before, after in kept for post in (*before, *after)}
    units = {row.id: row for some in queries.batches(ids) for row in _units(some)}
    accounts = renaming.names_of(one.id for one in touched if "sign_in" in one.changes)
    renamings = [
        Renaming(one.id, accounts[one.id][0], one.changes["sign_in"][1], one.changes["sign_in"][0])
        for one in touched
        if one.id in accounts
    ]
    found = TakingBack(touched, {key: row.name for key, row in units.items()}, renamings)
    closed = {key for key, row in units.items() if row.valid_to is not None}
    for person_id, reason in _reasons(load, found, closed, accounts):
        reasons = found.reasons.setdefault(person_id, [])
        if str(reason) not in map(str, reasons):
            reasons.append(reason)
    return found


def _touched(load: RosterLoad) -> list[Touched]:
    facts = [getattr(Person, name) for name in FACTS]
    columns = (RosterEntry.person_id, RosterEntry.outcome, RosterEntry.slip_at, RosterEntry.changes, *facts)
    statement = select(*columns).join(Person, Person.id == RosterEntry.person_id)
    rows = db.session().execute(statement.where(RosterEntry.load_id == load.id).order_by(RosterEntry.id)).all()
    posts = states.posts_of(row.person_id for row in rows)
    return [
        Touched(
            row.person_id,
            row.name,
            row.outcome,
            row.slip_at is not None,
            row.changes,
            {name: states.plain(getattr(row, name)) for name in FACTS},
            posts.get(row.person_id, []),
        )
        for row in rows
    ]


def _units(ids: Sequence[int]) -> Sequence[Any]:
    return db.session().execute(select(Unit.id, Unit.name, Unit.valid_to).where(Unit.id.in_(ids))).all()


Reasons = Iterator[tuple[int, LazyString]]


def _reasons(load: RosterLoad, found: TakingBack, closed: set[int], accounts: Mapping[int, tuple[int, str]]) -> Reasons:
    """Person and reason, for everything that was built on the load or has changed since."""
    yield from _later_loads(load)
    new, known = [one.id for one in found.new], [one.id for one in found.known]
    yield from traces.find_all(new, since=None)
    yield from traces.find_all(known, since=load.loaded_at, of_sign_in=False)
    yield from traces.find_all([one.person_id for one in found.renamings], since=load.loaded_at, of_sign_in=True)
    for one in found.touched:
        if one.posts != one.changes["posts"][1]:
            yield one.id, _l("任职后来有变动。")
        if any(one.facts[name] != after for name, (_before, after) in one.facts_changed.items()):
            yield one.id, _l("资料后来改过。")
        if any(post.unit_id in closed for post in one.reopened):
            yield one.id, _l("要恢复的任职，单位已经撤销。")
    used = renaming.used_names(one.after for one in found.renamings)
    for one_renamed in found.renamings:
        if accounts[one_renamed.person_id][1] != one_renamed.before:
            yield one_renamed.person_id, _l("登录名后来改过。")
        elif one_renamed.after in used:
            yield one_renamed.person_id, _l("原来的登录名已归别人使用。")


def _later_loads(load: RosterLoad) -> Reasons:
    """People whom a later load touched that still stands."""
    own, later = RosterEntry, aliased(RosterEntry)
    undone = exists().where(RosterUndo.load_id == later.load_id)
    statement = (
        select(own.person_id)
        .join(later, (later.person_id == own.person_id) & (later.id > own.id))
        .where(own.load_id == load.id, ~undone)
        .distinct()
    )
    for person_id in db.session().scalars(statement):
        yield person_id, _l("后来的花名册又载入过此人的变化。")
