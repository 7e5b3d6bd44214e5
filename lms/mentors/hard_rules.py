"""What no wish and no administrator overrules: who may never be whose mentor.

`find_fault` is pure, so that a proposal of thousands asks it without a database; `refuse_forbidden` asks it of two
people as the database knows them now, and is what `mentoring.actions.begin` calls. Capacity, and an open pair of the
same two, are known to `mentoring` alone and are checked there.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.mentors.models import HouseholdTie, Mentor, MentorState
from lms.mentors.rules import Rule
from lms.people.models import Appointment, Person
from lms.people.posts import PostClass
from lms.units.models import Unit

#: Leading posts, the first above the others.
LEADING = {
    PostClass.SECRETARY_AND_DIRECTOR: 0,
    PostClass.PARTY_SECRETARY: 0,
    PostClass.COMMITTEE_DIRECTOR: 1,
}
NOT_LEADING = 9


@dataclass(frozen=True)
class Side:
    """One of the two, with the posts held on the day: (path of the unit, post class)."""

    person_id: int
    posts: tuple[tuple[str, PostClass], ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for path, _post in self.posts)


def tie(one: int, other: int) -> tuple[int, int]:
    """Two people as a tie of a household names them."""
    return (one, other) if one < other else (other, one)


def is_superior(mentor: Side, mentee: Side) -> bool:
    """Whether the mentor leads the mentee's unit, or a unit above it, from a higher post."""
    return any(
        post in LEADING and below.startswith(path) and (below != path or LEADING[post] < LEADING.get(held, NOT_LEADING))
        for path, post in mentor.posts
        for below, held in mentee.posts
    )


def find_fault(
    mentor: Side, mentee: Side, *, reach_path: str, ties: Container[tuple[int, int]], rule: Rule
) -> LazyString | None:
    """Why the two may not be paired, in a sentence; None if they may."""
    if mentor.person_id == mentee.person_id:
        return _l("不能与自己结对。")
    if not any(path.startswith(reach_path) for path in mentee.paths):
        return _l("对方不在这位导师的帮带范围内。")
    if tie(mentor.person_id, mentee.person_id) in ties:
        return _l("两人已申报为同住亲属，不能结对。")
    if rule.forbid_superior and is_superior(mentor, mentee):
        return _l("导师是对方的直接上级，按本地规则不能结对。")
    return None


def refuse_forbidden(mentor: Mentor, mentee: Person, *, reach_path: str, rule: Rule, on: date) -> None:
    """:raise Refused: the mentor is not active, or the two may not be paired; the sentence says why."""
    if mentor.state is not MentorState.ACTIVE:
        raise Refused(_l("这位导师目前不在任，不能结对。"))
    sides = read_sides([mentor.person_id, mentee.id], on)
    ties = read_ties([mentor.person_id, mentee.id])
    fault = find_fault(sides[mentor.person_id], sides[mentee.id], reach_path=reach_path, ties=ties, rule=rule)
    if fault is not None:
        raise Refused(fault)


def read_sides(person_ids: Iterable[int], on: date) -> dict[int, Side]:
    """These people with the posts that they hold on a day."""
    wanted = sorted(set(person_ids))
    posts: dict[int, list[tuple[str, PostClass]]] = {person_id: [] for person_id in wanted}
    for start in range(0, len(wanted), 5000):
        statement = (
            select(Appointment.person_id, Unit.path, Appointment.post)
            .join(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.person_id.in_(wanted[start : start + 5000]), Appointment.starts_on <= on)
            .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on))
            .order_by(Appointment.is_primary.desc(), Appointment.id)
        )
        for person_id, path, post in db.session().execute(statement):
            posts[person_id].append((path, post))
    return {person_id: Side(person_id, tuple(held)) for person_id, held in posts.items()}


def read_ties(person_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Declared households among these people."""
    wanted = set(person_ids)
    statement = select(HouseholdTie.person_id, HouseholdTie.other_id)
    if len(wanted) <= 1000:
        statement = statement.where(HouseholdTie.person_id.in_(wanted), HouseholdTie.other_id.in_(wanted))
    return {
        (person_id, other_id)
        for person_id, other_id in db.session().execute(statement)
        if person_id in wanted and other_id in wanted
    }
