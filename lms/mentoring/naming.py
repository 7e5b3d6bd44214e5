"""Who may know the two of a pair by name: the one rule, for every page, file, print and workbook of mentoring.

The two know each other. Somebody else reads a name where they may read that person anyway, or administer the unit that
looks after the pair. All others read the unit and the post: that there is a mentor, and of what standing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.core import db
from lms.core.i18n import gettext as _
from lms.core.web import Actor
from lms.mentoring.kinds import Side
from lms.mentoring.models import Pairing
from lms.people import access as people_access
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.models import Unit


@dataclass(frozen=True)
class Names:
    """What a reader may call the two. `known`: whose name that is; else it is their post."""

    mentor: str
    mentee: str
    known: frozenset[Side]

    def of(self, side: Side) -> str:
        return self.mentor if side is Side.MENTOR else self.mentee

    def shown(self, side: Side) -> str:
        """The name, or a dash beside the post itself."""
        return self.of(side) if side in self.known else "—"


def read(actor: Actor, pairs: Iterable[Pairing]) -> dict[int, Names]:
    """By pair. Nothing is asked of the database for one's own pairs, and those of one's own units.

    :param pairs: loaded with `access.names`.
    """
    found = list(pairs)
    others = [pairing for pairing in found if not _knows_both(actor, pairing)]
    people = sorted({one for pairing in others for one in _people(pairing).values()})
    known = _readable(actor, people) if people else set[int]()
    unknown = [one for one in people if one not in known]
    posts = positions(unknown) if unknown else {}
    open_to_all = {pairing.id for pairing in found} - {pairing.id for pairing in others}
    return {pairing.id: _names(pairing, None if pairing.id in open_to_all else known, posts) for pairing in found}


def positions(person_ids: Sequence[int]) -> dict[int, str]:
    """Unit and post of today, in words; nothing for who holds no post."""
    statement = (
        select(Appointment.person_id, Unit.name, Appointment.title, Appointment.post)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id.in_(person_ids), Appointment.is_primary, Appointment.ends_on.is_(None))
    )
    return {
        person_id: f"{unit} {title or PostClass(post).label}"
        for person_id, unit, title, post in db.session().execute(statement)
    }


def _people(pairing: Pairing) -> dict[Side, int]:
    return {Side.MENTOR: pairing.mentor.person_id, Side.MENTEE: pairing.mentee_id}


def _knows_both(actor: Actor, pairing: Pairing) -> bool:
    mine = actor.person_id is not None and actor.person_id in _people(pairing).values()
    return mine or actor.has("system") or actor.covers(pairing.unit.path, "admin")


def _readable(actor: Actor, person_ids: Sequence[int]) -> set[int]:
    readable = select(Person.id).where(Person.id.in_(person_ids), people_access.readable_by(actor))
    return set(db.session().scalars(readable))


def _names(pairing: Pairing, known: set[int] | None, posts: Mapping[int, str]) -> Names:
    """:param known: the people whose names the reader knows; None for all."""
    people = _people(pairing)
    named = frozenset(side for side, one in people.items() if known is None or one in known)
    background = str(pairing.mentor.background.label)
    mentor = posts.get(people[Side.MENTOR], _("%(background)s，导师", background=background))
    mentee = posts.get(people[Side.MENTEE], _("帮带对象"))
    return Names(
        pairing.mentor.person.name if Side.MENTOR in named else _("（%(position)s）", position=mentor),
        pairing.mentee.name if Side.MENTEE in named else _("（%(position)s）", position=mentee),
        named,
    )
