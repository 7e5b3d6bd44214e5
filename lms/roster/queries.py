"""Reads: the units below one, who is on record, loads for the pages, people who await a slip."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import aliased, joinedload

from lms.core import db
from lms.core.paging import Page, keyset
from lms.core.sql import within
from lms.core.web import Actor
from lms.people.models import Appointment, Grant, Person
from lms.roster.access import readable_by
from lms.roster.mapping import Field
from lms.roster.matching import Known, NamePhone, OpenPost, Register
from lms.roster.models import Outcome, RosterEntry, RosterLoad, RosterMapping
from lms.roster.places import Directory, Place
from lms.roster.plan import FACTS
from lms.units.models import Level, Unit
from lms.units.paths import ids_in, ids_on, tops_of

BATCH = 500  # values in one condition: SQLite takes some thousand

PERSON_COLUMNS = (Person.id, Person.id_number_digest, *(getattr(Person, fact) for fact in FACTS))


def batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, BATCH)):
        yield some


def directory_of(top: Unit) -> Directory:
    """The open units at and below `top`, each with the name of its street."""
    columns = (Unit.id, Unit.path, Unit.level, Unit.name, Unit.code)
    statement = select(*columns).where(within(Unit.path, [top.path]), Unit.valid_to.is_(None)).order_by(Unit.place)
    rows = db.session().execute(statement).all()
    streets = {row.path: row.name for row in rows if row.level is Level.STREET}
    if top.level is Level.COMMUNITY and top.parent is not None:
        streets[top.parent.path] = top.parent.name

    def street_of(path: str) -> str:
        return next((streets[one] for one in reversed(tops_of(path)) if one in streets), "")

    places = [Place(row.id, row.path, row.level, row.name, row.code or "", street_of(row.path)) for row in rows]
    first = next(place for place in places if place.id == top.id)
    return Directory(first, [place for place in places if place is not first])


def remembered_for(unit: Unit) -> dict[str, Field]:
    """What headers stand for in the county of `unit`, as chosen there."""
    statement = select(RosterMapping.header, RosterMapping.field).where(RosterMapping.unit_id == county_of(unit))
    return dict(iter(db.session().execute(statement)))


def county_of(unit: Unit) -> int:
    """Identifier of the county that `unit` is or lies in; above a county, its own."""
    statement = select(Unit.id).where(Unit.id.in_([*unit.ancestor_ids, unit.id]), Unit.level == Level.COUNTY)
    return db.session().scalar(statement) or unit.id


def register_for(top: Unit, digests: Sequence[str], name_phones: Sequence[NamePhone]) -> Register:
    """Who holds a post at or below `top`, and whoever else the file's people may be."""
    inside = _inside_posts(top)
    rows = {row.id: row for row in _persons_with_posts(top)}
    for some in batches(digests):
        rows |= {row.id: row for row in _persons(Person.id_number_digest.in_(some))}
    wanted = set(name_phones)
    for some in batches(sorted({phone for _name, phone in wanted})):
        found = _persons(Person.phone.in_(some))
        rows |= {row.id: row for row in found if (row.name, row.phone) in wanted}
    outside = _elsewhere(top, list(rows))
    return Register([_known(row, inside.get(row.id, ()), outside.get(row.id)) for row in rows.values()])


def _known(row: Any, posts: Sequence[OpenPost], outside: bool | None) -> Known:
    facts = {fact: getattr(row, fact) for fact in FACTS}
    return Known(row.id, row.name, facts, row.id_number_digest, posts, outside is not None, bool(outside))


def _persons(*conditions: Any) -> Sequence[Any]:
    return db.session().execute(select(*PERSON_COLUMNS).where(*conditions)).all()


def _persons_with_posts(top: Unit) -> Sequence[Any]:
    posts = _open_posts(top, Appointment.person_id).distinct()
    return _persons(Person.id.in_(posts))


def _open_posts(top: Unit, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Appointment)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(within(Unit.path, [top.path]), Appointment.ends_on.is_(None))
    )


def _inside_posts(top: Unit) -> dict[int, list[OpenPost]]:
    names = ("id", "unit_id", "post", "title", "grade", "starts_on", "is_primary")
    columns = [getattr(Appointment, name) for name in names]
    posts: dict[int, list[OpenPost]] = {}
    ordered = _open_posts(top, Appointment.person_id, *columns).order_by(Appointment.id)
    for person_id, *values in db.session().execute(ordered):
        posts.setdefault(person_id, []).append(OpenPost(*values))
    return posts


def _elsewhere(top: Unit, person_ids: Sequence[int]) -> dict[int, bool]:
    """Those of the given people who hold a post or a role outside of `top`; whether their primary post is there."""
    found: dict[int, bool] = {}
    for some in batches(person_ids):
        outside = ~within(Unit.path, [top.path])
        posts = (
            select(Appointment.person_id, Appointment.is_primary)
            .join(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.person_id.in_(some), Appointment.ends_on.is_(None), outside)
        )
        grants = (
            select(Grant.person_id, literal(False))
            .join(Unit, Unit.id == Grant.unit_id)
            .where(Grant.person_id.in_(some), Grant.revoked_at.is_(None), outside)
        )
        for statement in (posts, grants):
            for person_id, is_primary in db.session().execute(statement):
                found[person_id] = found.get(person_id, False) or is_primary
    return found


# For the pages


def list_loads(actor: Actor, *, cursor: str | None) -> Page[RosterLoad]:
    """Loads within reach, the newest first."""
    order = (-RosterLoad.id,)
    together = joinedload(RosterLoad.unit), joinedload(RosterLoad.undo)
    statement = select(RosterLoad).options(*together).where(readable_by(actor))
    page = keyset(statement, *order, cursor=cursor)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def list_units(actor: Actor) -> list[Unit]:
    """Units that a file may be uploaded for: counties for those above them, one's own county and its streets below."""
    tops = db.session().scalars(select(Unit).where(Unit.path.in_(actor.paths("admin"))).order_by(Unit.place)).all()
    found: dict[int, Unit] = {}
    for top in tops:
        below = Level.COUNTY if top.level.rank < Level.COUNTY.rank else Level.STREET
        inside = select(Unit).where(within(Unit.path, [top.path]), Unit.level == below, Unit.valid_to.is_(None))
        units = db.session().scalars(inside.order_by(Unit.place)).all()
        found |= {unit.id: unit for unit in (top, *units) if unit.is_open}
    return [unit for unit in found.values() if unit.level.rank >= Level.COUNTY.rank]


def find_earlier(load: RosterLoad) -> RosterLoad | None:
    """The last time that the very same file was loaded for the same unit, and not taken back."""
    same = select(RosterLoad).where(
        RosterLoad.unit_id == load.unit_id,
        RosterLoad.file_digest == load.file_digest,
        RosterLoad.loaded_at.is_not(None),
        RosterLoad.id != load.id,
        ~RosterLoad.undo.has(),
    )
    return db.session().scalars(same.order_by(RosterLoad.id.desc()).limit(1)).first()


@dataclass(frozen=True)
class StreetSlips:
    """New people of one street, and how many of them have had their slip printed."""

    street_id: int
    street: str
    people: int
    printed: int


def list_slip_streets(load: RosterLoad) -> list[StreetSlips]:
    """Streets with people whom this load created, in order of their codes."""
    entries = (
        select(Unit.path, RosterEntry.slip_at)
        .join(Unit, Unit.id == RosterEntry.unit_id)
        .where(RosterEntry.load_id == load.id, RosterEntry.outcome == Outcome.CREATED)
    )
    counts: dict[int, list[int]] = {}
    found = db.session().execute(entries).all()
    ids = ids_on(path for path, _slip in found)
    streets = _streets(ids)
    for path, slip_at in found:
        steps = ids_in(path)
        street_id = next((step for step in steps if step in streets), steps[-1])
        count = counts.setdefault(street_id, [0, 0])
        count[0] += 1
        count[1] += slip_at is not None
    names = {**streets, **_names(set(counts) - set(streets))}
    return [StreetSlips(key, names[key], people, printed) for key, (people, printed) in sorted(counts.items())]


def _streets(ids: set[int]) -> dict[int, str]:
    statement = select(Unit.id, Unit.name).where(Unit.id.in_(ids), Unit.level == Level.STREET)
    return dict(iter(db.session().execute(statement)))


def _names(ids: set[int]) -> dict[int, str]:
    return dict(iter(db.session().execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))))


def list_new_people(load: RosterLoad, street: Unit) -> Sequence[tuple[RosterEntry, Person, str]]:
    """People of a street whom this load created and who still hold a post there: entry, person, community."""
    place = aliased(Unit)
    statement = (
        select(RosterEntry, Person, place.name)
        .join(Person, Person.id == RosterEntry.person_id)
        .join(place, place.id == RosterEntry.unit_id)
        .where(
            RosterEntry.load_id == load.id,
            RosterEntry.outcome == Outcome.CREATED,
            within(place.path, [street.path]),
            _open_posts(street, Appointment.id).where(Appointment.person_id == Person.id).exists(),
        )
        .order_by(place.path, RosterEntry.id)
    )
    return [(entry, person, name) for entry, person, name in db.session().execute(statement)]
