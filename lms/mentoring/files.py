"""What a person's page and learning file say of mentoring: pairs, goals, counts and dates; never a word of a talk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from lms.core import clock, db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import naming, next_steps
from lms.mentoring.access import names, readable_by
from lms.mentoring.kinds import SIDE_LABELS, Side
from lms.mentoring.models import Pairing
from lms.mentoring.naming import Names
from lms.mentors.models import Mentor
from lms.people.models import Person

COLUMNS: Sequence[tuple[str, LazyString]] = (
    ("side", _l("身份")),
    ("mentor", _l("导师姓名")),
    ("mentee", _l("帮带对象")),
    ("starts_on", _l("开始日期")),
    ("ends_on", _l("结束日期")),
    ("state", _l("状态")),
    ("meetings", _l("见面次数")),
    ("last_met_on", _l("最近见面")),
)


def list_of_person(person: Person) -> Sequence[Pairing]:
    """Every term of a person, on either side, the latest first."""
    mentors = select(Mentor.id).where(Mentor.person_id == person.id)
    statement = select(Pairing).where(or_(Pairing.mentee_id == person.id, Pairing.mentor_id.in_(mentors)))
    return db.session().scalars(statement.options(*names()).order_by(Pairing.id.desc())).all()


def read(person: Person, reader: Actor) -> tuple[Sequence[tuple[str, LazyString]], Iterable[Sequence[Any]]]:
    """The part of the learning file, with the partner as far as its reader may know them: columns and rows."""
    pairs = list_of_person(person)
    facts, known = next_steps.read_facts(pairs, now=clock.now()), naming.read(reader, pairs)
    rows = [
        (
            SIDE_LABELS[Side.MENTEE if pairing.mentee_id == person.id else Side.MENTOR],
            known[pairing.id].mentor,
            known[pairing.id].mentee,
            pairing.starts_on,
            pairing.ends_on,
            pairing.state.label,
            facts[pairing.id].confirmed,
            facts[pairing.id].last_met,
        )
        for pairing in pairs
    ]
    return COLUMNS, rows


def section_of(actor: Actor, person: Person) -> dict[str, Any]:
    """What the page of a person says of mentoring."""
    pairs = list_of_person(person)
    return {"person": person, "lines": _lines(actor, pairs) if pairs else []}


@dataclass(frozen=True)
class Line:
    """A pair on the page of one of the two, as far as its reader may know the other one."""

    pairing: Pairing
    names: Names
    #: whether the reader may open the pair's own page
    opens: bool


def _lines(actor: Actor, pairs: Sequence[Pairing]) -> list[Line]:
    seen = select(Pairing.id).where(Pairing.id.in_([pairing.id for pairing in pairs]), readable_by(actor))
    open_pairs, known = set(db.session().scalars(seen)), naming.read(actor, pairs)
    return [Line(pairing, known[pairing.id], pairing.id in open_pairs) for pairing in pairs]
