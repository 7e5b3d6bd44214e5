"""Which people an actor may see: themselves, and those who now hold a post, or were granted a role, below them.

A worker who moves to another county is its people from that day on: the old unit keeps the rows of its own time, and
no longer sees the person.
"""

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from lms.core import clock, db
from lms.core.db import Path
from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import Role
from lms.units.access import administered_by as units_administered_by
from lms.units.models import Unit


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Persons whom the actor may see, as a condition on Person."""
    return or_(Person.id == actor.person_id, administered_by(actor))


def known_to(actor: Actor) -> ColumnElement[bool]:
    """Persons whom the actor may find by name, to do something together: whom they may see, and their colleagues.

    A colleague has a post or a role in one of the very units in which the actor has one; not above, not below.
    """
    paths = {*actor.homes, *(path for tops in actor.reach.values() for path in tops)}
    own = select(Unit.id).where(Unit.path.in_(paths))
    open_post = Appointment.ends_on.is_(None) | (Appointment.ends_on >= clock.today())
    posts = select(Appointment.person_id).where(Appointment.unit_id.in_(own), open_post)
    roles = select(Grant.person_id).where(Grant.unit_id.in_(own), in_force())
    return or_(readable_by(actor), Person.id.in_(posts), Person.id.in_(roles))


def administered_by(actor: Actor) -> ColumnElement[bool]:
    """Persons with a post (now or last) or a role below a unit that the actor administers."""
    if actor.has("system"):
        return true()
    return belongs_within(actor.paths("admin"))


def belongs_within(paths: tuple[str, ...]) -> ColumnElement[bool]:
    """Persons who belong to a subtree: by a post held there today; by their last post, if they hold none; by a role."""
    open_post = Appointment.ends_on.is_(None) | (Appointment.ends_on >= clock.today())
    other = Appointment.__table__.alias("other_appointment")
    newer = (
        select(other.c.id)
        .where(
            other.c.person_id == Appointment.person_id,
            (other.c.ends_on.is_(None)) | (other.c.ends_on > Appointment.ends_on),
        )
        .correlate(Appointment)
        .exists()
    )
    posts = (
        select(Appointment.id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id == Person.id, within(Unit.path, paths), or_(open_post, ~newer))
        .correlate(Person)
    )
    roles = (
        select(Grant.id)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(Grant.person_id == Person.id, in_force(), within(Unit.path, paths))
        .correlate(Person)
    )
    return or_(exists(posts), exists(roles))


def in_force() -> ColumnElement[bool]:
    """Grants that were neither taken back nor ran out, as a condition on Grant."""
    return Grant.revoked_at.is_(None) & or_(Grant.expires_on.is_(None), Grant.expires_on >= clock.today())


def list_administered(person_id: int) -> tuple[str, ...]:
    """The paths of the units that a person administers today: for work that is done in their name later."""
    paths = select(Unit.path).join(Grant, Grant.unit_id == Unit.id)
    return tuple(db.session().scalars(paths.where(Grant.person_id == person_id, Grant.role == Role.ADMIN, in_force())))


def units_left_to(unit: Unit) -> ColumnElement[bool]:
    """Units below which nobody administers but who administers `unit` or more, as a condition on Unit."""
    nearer, below = aliased(Unit), aliased(Unit)
    end = func.substr(nearer.path, 1, func.length(nearer.path) - 1) + literal("/", Path)
    others = (
        select(below.id)
        .select_from(Grant)
        .join(nearer, nearer.id == Grant.unit_id)
        .join(below, and_(below.path >= nearer.path, below.path < end))
        .where(Grant.role == Role.ADMIN, in_force(), within(nearer.path, [unit.path]), nearer.id != unit.id)
    )
    return Unit.id.not_in(others)


def get_person(actor: Actor, person_id: int) -> Person:
    """:raise Denied: no such person within the actor's reach."""
    return one_or_404(select(Person).where(Person.id == person_id, readable_by(actor)))


def known_by_name(actor: Actor, name: str) -> ColumnElement[bool]:
    """Persons of the units that the actor trains, for whoever can say their whole name: trainers browse nobody."""
    return and_(belongs_within(actor.paths("trainer")), Person.name == name)


def find_known(actor: Actor, person_id: int, name: str) -> Person | None:
    """Somebody whom the actor may find by name, or found by this whole name."""
    known = or_(known_to(actor), known_by_name(actor, name))
    return db.session().scalars(select(Person).where(Person.id == person_id, known)).first()


def get_administered(actor: Actor, person_id: int) -> Person:
    """:raise Denied: no such person among those whom the actor administers."""
    return one_or_404(select(Person).where(Person.id == person_id, administered_by(actor)))


def may_administer(actor: Actor, person: Person) -> bool:
    """Whether the actor runs a unit the person belongs to; nobody administers themselves."""
    found = select(Person.id).where(Person.id == person.id, administered_by(actor))
    return person.id != actor.person_id and db.session().scalar(found) is not None


def get_appointment(actor: Actor, person: Person, appointment_id: int) -> Appointment:
    """:raise Denied: the person holds no such post in a unit that the actor administers."""
    statement = select(Appointment).join(Unit, Unit.id == Appointment.unit_id)
    mine = Appointment.id == appointment_id, Appointment.person_id == person.id
    return one_or_404(statement.where(*mine, units_administered_by(actor)))


def get_grant(actor: Actor, person: Person, grant_id: int) -> Grant:
    """:raise Denied: the person has no such role over a unit that the actor administers."""
    statement = select(Grant).join(Unit, Unit.id == Grant.unit_id)
    mine = Grant.id == grant_id, Grant.person_id == person.id, in_force()
    return one_or_404(statement.where(*mine, units_administered_by(actor)))
