"""Who may not review a case: its authors, all of them and those who were; their colleagues of the same unit; and those
paired with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from lms.calls.kinds import Conflict
from lms.cases.authors import find_involved, involved
from lms.cases.models import Case
from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.mentoring.kinds import OPEN
from lms.mentoring.models import Pairing
from lms.mentors.models import Mentor
from lms.people.models import Appointment


def find_conflicts(case: Case, person_ids: Iterable[int]) -> dict[int, Conflict]:
    """Which of these people may not review the case, and why."""
    asked = set(person_ids)
    if not asked:
        return {}
    authors = find_involved(case.id)
    found = dict.fromkeys(asked & _paired_with(authors), Conflict.PAIR)
    found |= dict.fromkeys(asked & _colleagues_of(case, authors), Conflict.COLLEAGUE)
    return found | dict.fromkeys(asked & authors, Conflict.AUTHOR)


def find_conflict(case: Case, person_id: int | None) -> Conflict | None:
    """Why this person may not review the case; None: they may."""
    return find_conflicts(case, [person_id]).get(person_id) if person_id is not None else None


def list_barred(person_id: int | None, case_ids: Iterable[int]) -> set[int]:
    """Which of these cases this person may not review: the same rule, asked of many cases at once."""
    if person_id is None:
        return set()
    homes = select(Appointment.unit_id).where(Appointment.person_id == person_id, _holds())
    near = select(Appointment.person_id).where(Appointment.unit_id.in_(homes), _holds())
    hands = involved().subquery()
    theirs = or_(hands.c.person_id.in_(_paired_with({person_id}) | {person_id}), hands.c.person_id.in_(near))
    written = select(hands.c.case_id).where(theirs)
    barred = or_(Case.unit_id.in_(homes), Case.id.in_(written))
    return set(db.session().scalars(select(Case.id).where(Case.id.in_(list(case_ids)), barred)))


def refuse_conflict(case: Case, person_id: int | None, field: str | None = None) -> None:
    """:raise Refused: the person may not review the case, and why."""
    conflict = find_conflict(case, person_id)
    if conflict is not None:
        raise Refused(_l("需要回避：%(reason)s。", reason=conflict.label), field)


def _colleagues_of(case: Case, authors: set[int]) -> set[int]:
    """Everybody with a post today in the case's own unit, or where one of the authors has a post."""
    holds = _holds()
    homes = set(db.session().scalars(select(Appointment.unit_id).where(Appointment.person_id.in_(authors), holds)))
    units = homes | ({case.unit_id} if case.unit_id else set())
    return set(db.session().scalars(select(Appointment.person_id).where(Appointment.unit_id.in_(units), holds)))


def _holds() -> ColumnElement[bool]:
    return or_(Appointment.ends_on.is_(None), Appointment.ends_on >= clock.today())


def _paired_with(authors: set[int]) -> set[int]:
    """The mentors and mentees of the authors, in pairs that have not ended."""
    pairs = (
        select(Mentor.person_id, Pairing.mentee_id)
        .join(Mentor, Mentor.id == Pairing.mentor_id)
        .where(Pairing.state.in_(OPEN), or_(Mentor.person_id.in_(authors), Pairing.mentee_id.in_(authors)))
    )
    return {person_id for row in db.session().execute(pairs) for person_id in row}
