"""Reading people for pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from lms.core import clock, db
from lms.core.forms import SelectChoice
from lms.core.paging import Page, keyset
from lms.core.sql import contains_words, within
from lms.core.web import Actor
from lms.people.access import administered_by, in_force, known_by_name, known_to
from lms.people.models import Appointment, Grant, Person
from lms.people.posts import PostClass
from lms.units.access import administered_by as units_administered_by
from lms.units.models import Level, Unit


@dataclass(frozen=True)
class PersonRow:
    """A person in a list, with the post that counts."""

    id: int
    name: str
    phone: str | None
    unit_name: str | None
    post: PostClass | None
    title: str | None


def list_people(
    actor: Actor, *, words: str = "", unit: Unit | None = None, post: str = "", cursor: str | None = None
) -> Page[PersonRow]:
    """People whom the actor administers, by name.

    :param words: parts of the name, or the beginning of a phone number.
    :param unit: only those below it.
    """
    statement = (
        select(Person.id, Person.name, Person.phone, Unit.name.label("unit_name"), Appointment.post, Appointment.title)
        .outerjoin(
            Appointment,
            (Appointment.person_id == Person.id) & Appointment.is_primary & Appointment.ends_on.is_(None),
        )
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
        .where(administered_by(actor))
    )
    if words:
        by_name = contains_words(words, Person.name)
        by_phone = Person.phone.startswith(words, autoescape=True)
        statement = statement.where(or_(by_name, by_phone) if words.isdigit() else by_name)
    if unit is not None:
        statement = statement.where(within(Unit.path, [unit.path]))
    if post:
        statement = statement.where(Appointment.post == PostClass(post))
    page = keyset(statement, Person.name, Person.id, cursor=cursor)
    rows = [PersonRow(r.id, r.name, r.phone, r.unit_name, r.post, r.title) for r in page.items]
    return Page(rows, page.next_cursor, page.size)


@dataclass(frozen=True)
class KnownRow:
    """Somebody to choose: by name, and by unit and post, because names repeat."""

    id: int
    name: str
    unit_name: str | None
    post: PostClass | None
    title: str | None


def list_known(actor: Actor, words: str, *, most: int) -> Sequence[KnownRow]:
    """People whom the actor may find by name, colleagues first, and nobody else where no name is given."""
    statement = (
        select(Person.id, Person.name, Unit.name.label("unit_name"), Appointment.post, Appointment.title)
        .outerjoin(
            Appointment,
            (Appointment.person_id == Person.id) & Appointment.is_primary & Appointment.ends_on.is_(None),
        )
        .outerjoin(Unit, Unit.id == Appointment.unit_id)
    )
    here = Unit.id == (actor.unit_id or 0)
    known = and_(known_to(actor), contains_words(words, Person.name) if words else here)
    statement = statement.where(or_(known, known_by_name(actor, words)))
    order = (case((here, 0), else_=1), Person.name, Person.id)
    return [KnownRow(*row) for row in db.session().execute(statement.order_by(*order).limit(most))]


def list_appointments(person: Person) -> Sequence[Appointment]:
    """Every post of a person, open ones first, then the latest."""
    statement = select(Appointment).where(Appointment.person_id == person.id).options(joinedload(Appointment.unit))
    order = (Appointment.ends_on.is_not(None), Appointment.is_primary.desc(), Appointment.starts_on.desc())
    return db.session().scalars(statement.order_by(*order)).all()


def list_grants(person: Person) -> Sequence[Grant]:
    """Roles that a person has now."""
    statement = select(Grant).where(Grant.person_id == person.id, in_force())
    return db.session().scalars(statement.options(joinedload(Grant.unit)).order_by(Grant.id)).all()


def post_units(actor: Actor) -> list[SelectChoice]:
    """Open streets and communities within reach, each with the unit above it, for choosing one."""
    above = select(Unit.id, Unit.name).subquery()
    statement = (
        select(Unit.id, Unit.name, above.c.name.label("parent"))
        .join(above, above.c.id == Unit.parent_id)
        .where(units_administered_by(actor), Unit.valid_to.is_(None))
        .where(Unit.level.in_([Level.COMMUNITY, Level.STREET]))
        .order_by(Unit.place)
        .limit(2000)
    )
    return [SelectChoice(str(row.id), f"{row.parent} {row.name}") for row in db.session().execute(statement)]


def role_units(actor: Actor) -> list[SelectChoice]:
    """Open units within reach, down to streets, for which a role may be given."""
    statement = (
        select(Unit.id, Unit.name, Unit.code)
        .where(units_administered_by(actor), Unit.valid_to.is_(None), Unit.level != Level.COMMUNITY)
        .order_by(Unit.place)
        .limit(2000)
    )
    return [SelectChoice(str(r.id), f"{r.name} {r.code or ''}".strip()) for r in db.session().execute(statement)]


def count_open_posts(unit: Unit) -> int:
    """People who hold a post below `unit` today."""
    open_post = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= clock.today())
    statement = (
        select(func.count(func.distinct(Appointment.person_id)))
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(open_post, within(Unit.path, [unit.path]))
    )
    return db.session().scalar(statement) or 0
