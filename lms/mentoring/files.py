"""What a person's page and learning file say of mentoring: pairs, goals, counts and dates; never a word of a talk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from lms.core import clock, db
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.mentoring import next_steps
from lms.mentoring.access import names, readable_by
from lms.mentoring.kinds import SIDE_LABELS, Side
from lms.mentoring.models import Pairing
from lms.mentors.models import Mentor
from lms.people import access as people_access
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


def read(person: Person) -> tuple[Sequence[tuple[str, LazyString]], Iterable[Sequence[Any]]]:
    """The part of the learning file: columns and rows."""
    pairs = list_of_person(person)
    facts = next_steps.read_facts(pairs, now=clock.now())
    rows = [
        (
            SIDE_LABELS[Side.MENTEE if pairing.mentee_id == person.id else Side.MENTOR],
            pairing.mentor.person.name,
            pairing.mentee.name,
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
    return {"person": person, "lines": _lines(actor, person, pairs) if pairs else []}


@dataclass(frozen=True)
class Line:
    """A pair on the page of one of the two, as far as its reader may know the other one."""

    pairing: Pairing
    mentor: str | LazyString
    mentee: str | LazyString
    #: whether the reader may open the pair's own page
    opens: bool


def _lines(actor: Actor, person: Person, pairs: Sequence[Pairing]) -> list[Line]:
    """Who sees a pair reads both names there; else somebody of another unit stays without a name."""
    people = {one for pairing in pairs for one in (pairing.mentor.person_id, pairing.mentee_id)}
    within = select(Person.id).where(Person.id.in_(people), people_access.readable_by(actor))
    known = {person.id, *db.session().scalars(within)}
    seen = select(Pairing.id).where(Pairing.id.in_([pairing.id for pairing in pairs]), readable_by(actor))
    open_pairs = set(db.session().scalars(seen))
    return [
        Line(
            pairing,
            pairing.mentor.person.name if opens or pairing.mentor.person_id in known else _l("（其他单位的导师）"),
            pairing.mentee.name if opens or pairing.mentee_id in known else _l("（其他单位的帮带对象）"),
            opens,
        )
        for pairing in pairs
        for opens in (pairing.id in open_pairs,)
    ]
