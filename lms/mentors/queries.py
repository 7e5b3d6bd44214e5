"""Reading mentors, their steps and the rule of a place."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lms.core import db
from lms.mentors import rules
from lms.mentors.models import Mentor, MentoringRule, MentorState, MentorStep
from lms.mentors.rules import Rule
from lms.units.models import Unit


def rule_at(unit_path: str | None, on: date) -> Rule:
    """The rule in force on a day: that of the nearest unit at or above `unit_path` which adopted one, else the site's,
    else the defaults.
    """
    ids = [int(part) for part in (unit_path or "").split(".")[:-1]]
    found = db.session().scalars(_rule(), {"on": on, "units": ids}).first()
    return rules.from_body(found.body) if found else Rule()


@cache
def _rule() -> Select[MentoringRule]:
    here = or_(MentoringRule.unit_id.is_(None), MentoringRule.unit_id.in_(bindparam("units", expanding=True)))
    order = (func.coalesce(func.length(Unit.path), 0).desc(), MentoringRule.valid_from.desc(), MentoringRule.id.desc())
    return (
        select(MentoringRule)
        .outerjoin(Unit, Unit.id == MentoringRule.unit_id)
        .where(MentoringRule.valid_from <= bindparam("on"), here)
        .order_by(*order)
        .limit(1)
    )


def list_rules() -> Sequence[MentoringRule]:
    """Every adopted version, the newest first."""
    order = (MentoringRule.valid_from.desc(), MentoringRule.id.desc())
    return db.session().scalars(select(MentoringRule).order_by(*order)).all()


def capacity_of(mentor: Mentor, rule: Rule) -> int:
    """How many mentees at a time: what the mentor says, at most what the rule says."""
    return rule.most_mentees if mentor.capacity is None else min(mentor.capacity, rule.most_mentees)


def find_mentor_of(person_id: int | None) -> Mentor | None:
    """The mentor that a person is, or was, or was asked to be; with person, unit and reach."""
    statement = select(Mentor).where(Mentor.person_id == person_id).options(*with_names())
    return db.session().scalars(statement).first()


def with_names() -> tuple[ExecutableOption, ...]:
    """What a page says of a mentor besides the row itself."""
    return joinedload(Mentor.person), joinedload(Mentor.unit), joinedload(Mentor.reach)


def is_active(mentor: Mentor) -> bool:
    return mentor.state is MentorState.ACTIVE


def list_steps(mentor: Mentor) -> Sequence[MentorStep]:
    """What became of a mentor, the latest first."""
    statement = select(MentorStep).where(MentorStep.mentor_id == mentor.id).options(joinedload(MentorStep.taken_by))
    return db.session().scalars(statement.order_by(MentorStep.id.desc())).all()
