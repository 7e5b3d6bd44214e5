"""Reading mentors, their steps and the rule of a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.paging import Page, keyset
from lms.core.sql import contains_words
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.mentors import access, rules
from lms.mentors.models import Background, HouseholdTie, Mentor, MentoringRule, MentorRequest, MentorState, MentorStep
from lms.mentors.rules import Rule
from lms.people.access import administered_by, in_force
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import Role
from lms.units import local_rules
from lms.units.models import Level, Unit


def rule_at(unit_path: str | None, on: date) -> Rule:
    """The rule in force on a day: the nearest unit's at or above `unit_path`, else the site's, else the defaults."""
    return _rule(local_rules.find(MentoringRule, unit_path, on))


def rules_at(paths: Iterable[str], on: date) -> dict[str, Rule]:
    """The rule in force on a day at each of many paths, in one statement."""
    shelf = local_rules.Shelf(MentoringRule)
    return {path: _rule(shelf.find(path, on)) for path in set(paths)}


def _rule(adopted: MentoringRule | None) -> Rule:
    return rules.from_body(adopted.body) if adopted else Rule()


def capacity_of(mentor: Mentor, rule: Rule) -> int:
    return rule.places(mentor.capacity)


def find_mentor_of(person_id: int | None) -> Mentor | None:
    """The mentor that a person is, or was, or was asked to be; with person, unit and reach."""
    statement = select(Mentor).where(Mentor.person_id == person_id).options(*access.with_names())
    return db.session().scalars(statement).first()


def list_steps(mentor: Mentor) -> Sequence[MentorStep]:
    """What became of a mentor, the latest first."""
    statement = select(MentorStep).where(MentorStep.mentor_id == mentor.id).options(joinedload(MentorStep.taken_by))
    return db.session().scalars(statement.order_by(MentorStep.id.desc())).all()


def list_administrators(unit: Unit, *, excluding: int | None = None) -> Sequence[int]:
    """Who decides for a unit: its administrators, or those of the nearest unit above that has some."""
    paths = {unit_id: depth for depth, unit_id in enumerate([*unit.ancestor_ids, unit.id])}
    grants = select(Grant.person_id, Grant.unit_id).where(
        Grant.role == Role.ADMIN, Grant.unit_id.in_(paths), in_force()
    )
    found = [(paths[unit_id], person_id) for person_id, unit_id in db.session().execute(grants.order_by(Grant.id))]
    found = [(depth, person_id) for depth, person_id in found if person_id != excluding]
    nearest = max((depth for depth, _person in found), default=0)
    return [person_id for depth, person_id in found if depth == nearest]


def find_request_of(person_id: int | None) -> MentorRequest | None:
    """The open request of a person."""
    mine = MentorRequest.person_id == person_id, MentorRequest.ended_at.is_(None)
    return db.session().scalars(select(MentorRequest).where(*mine)).first()


def find_home_street(person_id: int) -> Unit | None:
    """The unit that decides on an application: the street of the primary or latest post, or a unit of a role."""
    ended_last = (Appointment.ends_on.is_not(None), Appointment.is_primary.desc(), Appointment.ends_on.desc())
    posts = select(Unit).join(Appointment, Appointment.unit_id == Unit.id).where(Appointment.person_id == person_id)
    unit = db.session().scalars(posts.order_by(*ended_last, Appointment.id.desc()).limit(1)).first()
    if unit is None:
        roles = select(Unit).join(Grant, Grant.unit_id == Unit.id).where(Grant.person_id == person_id, in_force())
        return db.session().scalars(roles.order_by(Grant.id).limit(1)).first()
    if unit.level is Level.COMMUNITY and unit.parent_id is not None:
        return db.session().get_one(Unit, unit.parent_id)
    return unit


@dataclass(frozen=True)
class MentorRow:
    """A mentor in a list."""

    id: int
    person_id: int
    name: str
    background: Background
    abilities: Sequence[Ability]
    state: MentorState
    capacity: int | None
    unit_path: str
    unit_name: str
    reach_name: str


def list_mentors(actor: Actor, *, state: str = "", words: str = "", cursor: str | None = None) -> Page[MentorRow]:
    """Mentors whom an administrator sees, by name: their units' own, and active ones who may help their people."""
    statement = _rows().where(or_(access.managed_by(actor), access.offered_to(actor)))
    if state:
        statement = statement.where(Mentor.state == MentorState(state))
    if words:
        statement = statement.where(contains_words(words, Person.name))
    page = keyset(statement, Person.name, Mentor.id, cursor=cursor)
    return Page([_row(row) for row in page.items], page.next_cursor, page.size)


def list_offered(actor: Actor, *, ability: str = "", cursor: str | None = None) -> Page[MentorRow]:
    """Active mentors who may help the actor, by name."""
    statement = _rows().where(access.offered_to(actor), Mentor.person_id != (actor.person_id or 0))
    if ability:
        statement = statement.where(cast(Mentor.abilities, String).contains(f'"{ability}"'))
    page = keyset(statement, Person.name, Mentor.id, cursor=cursor)
    return Page([_row(row) for row in page.items], page.next_cursor, page.size)


def count_waiting(actor: Actor) -> int:
    """Applications that the actor's units have to decide."""
    statement = select(func.count(Mentor.id)).join(Unit, Unit.id == Mentor.unit_id)
    waiting = Mentor.state == MentorState.APPLIED, access.managed_by(actor), Mentor.person_id != actor.person_id
    return db.session().scalar(statement.where(*waiting)) or 0


def _rows() -> Select[*tuple[Any, ...]]:
    columns = (Mentor.id, Mentor.person_id, Person.name, Mentor.background, Mentor.abilities, Mentor.state)
    places = (Unit.path.label("unit_path"), Unit.name.label("unit_name"), access.REACH.name.label("reach_name"))
    return (
        select(*columns, Mentor.capacity, *places)
        .join(Person, Person.id == Mentor.person_id)
        .join(Unit, Unit.id == Mentor.unit_id)
        .join(access.REACH, access.REACH.id == Mentor.reach_id)
    )


def _row(row: Row[Any]) -> MentorRow:
    return MentorRow(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        background=row.background,
        abilities=[Ability(value) for value in row.abilities],
        state=row.state,
        capacity=row.capacity,
        unit_path=row.unit_path,
        unit_name=row.unit_name,
        reach_name=row.reach_name,
    )


def list_household(actor: Actor, person_id: int) -> Sequence[Person]:
    """Those who were declared to live with a person; who belongs to another unit is named to that one alone."""
    ties = select(HouseholdTie.person_id, HouseholdTie.other_id)
    mine = ties.where(or_(HouseholdTie.person_id == person_id, HouseholdTie.other_id == person_id))
    others = [one if other == person_id else other for one, other in db.session().execute(mine)]
    named = select(Person).where(Person.id.in_(others), administered_by(actor))
    return db.session().scalars(named.order_by(Person.id)).all()


def get_by_phone(actor: Actor, phone: str) -> Person:
    """Somebody whom the actor administers, by their number.

    :raise Refused: there is none.
    """
    found = db.session().scalars(select(Person).where(Person.phone == phone, administered_by(actor))).first()
    if found is None:
        raise Refused(_l("在您管理的范围内，没有这个手机号码。"), "phone")
    return found


def read_places(rows: Sequence[MentorRow], on: date) -> dict[int, int]:
    """How many mentees each of these mentors takes at most."""
    rules_of = rules_at((row.unit_path for row in rows), on)
    return {row.id: rules_of[row.unit_path].places(row.capacity) for row in rows}


def has_moved(on: date) -> ColumnElement[bool]:
    """A worker who holds no post in the unit that looks after them as a mentor; a condition on Mentor."""
    home, place = aliased(Unit), aliased(Unit)
    here = func.substr(place.path, 1, func.length(home.path)) == home.path
    posts = (
        select(Appointment.id)
        .join(place, place.id == Appointment.unit_id)
        .join(home, home.id == Mentor.unit_id)
        .where(Appointment.person_id == Mentor.person_id, here, Appointment.starts_on <= on)
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on))
        .correlate(Mentor)
    )
    return (Mentor.background == Background.WORKER) & ~posts.exists()
