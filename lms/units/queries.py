"""Reading the tree."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, func, select

from lms.core import db
from lms.core.forms import SelectChoice
from lms.core.paging import Page, keyset
from lms.core.sql import contains_words
from lms.core.web import Actor
from lms.units.access import administered_by, readable_by
from lms.units.models import Level, Unit

#: A list longer than this is no help on a page.
MOST_CHOICES = 500


def find_by_code(code: str) -> Unit | None:
    return db.session().scalars(select(Unit).where(Unit.code == code)).one_or_none()


def list_children(unit: Unit) -> Sequence[Unit]:
    """The units right below, in administrative order: by code, those without one last, by age."""
    return db.session().scalars(_children(), {"parent_id": unit.id}).all()


@cache
def _children() -> Select[Unit]:
    order = (Unit.code.is_(None), Unit.code, Unit.id)
    return select(Unit).where(Unit.parent_id == bindparam("parent_id")).order_by(*order)


def list_ancestors(unit: Unit) -> Sequence[Unit]:
    """From the province to the parent."""
    statement = select(Unit).where(Unit.id.in_(unit.ancestor_ids)).order_by(func.length(Unit.path))
    return db.session().scalars(statement).all()


def list_tops(actor: Actor) -> Sequence[Unit]:
    """The units for which the actor was given a role: where browsing starts."""
    paths = actor.paths("admin", "trainer")
    return db.session().scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.place)).all()


def search_units(actor: Actor, words: str, *, cursor: str | None = None) -> Page[Unit]:
    """Units within reach whose name or code holds the words."""
    statement = select(Unit).where(readable_by(actor), contains_words(words, Unit.name, Unit.code))
    page = keyset(statement, Unit.place, cursor=cursor)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def parent_choices(actor: Actor, unit: Unit) -> list[SelectChoice]:
    """Open units that the actor administers, higher than `unit` and not below it, except its parent."""
    higher = [level for level in Level if level.rank < unit.level.rank]
    statement = (
        select(Unit.id, Unit.name, Unit.code)
        .where(administered_by(actor), Unit.level.in_(higher), Unit.valid_to.is_(None))
        .where(Unit.id.not_in([unit.id, unit.parent_id or 0]))
        .order_by(Unit.place)
        .limit(MOST_CHOICES)
    )
    return [SelectChoice(str(row.id), _named(row.name, row.code)) for row in db.session().execute(statement)]


def successor_choices(actor: Actor, unit: Unit) -> list[SelectChoice]:
    """Open units of the same level that the actor administers, those under the same parent first."""
    statement = (
        select(Unit.id, Unit.name, Unit.code)
        .where(administered_by(actor), Unit.level == unit.level, Unit.valid_to.is_(None), Unit.id != unit.id)
        .order_by((Unit.parent_id != unit.parent_id), Unit.place)
        .limit(MOST_CHOICES)
    )
    return [SelectChoice(str(row.id), _named(row.name, row.code)) for row in db.session().execute(statement)]


def _named(name: str, code: str | None) -> str:
    """A name with the code that tells it from its namesakes: 城关镇 exists 88 times."""
    return f"{name} {code}" if code else name
