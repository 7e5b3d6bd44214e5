"""Who sees which mentor.

The administrators of a mentor's unit manage them. Administrators whose people a mentor may help see them, and so do
those people themselves, once the mentor is active: whom one may be paired with is no secret. Everybody sees their own.
"""

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.sql.base import ExecutableOption

from lms.accounts.models import Account
from lms.core import db
from lms.core.sql import within
from lms.core.web import Actor, one_or_404
from lms.mentors.models import Mentor, MentorState, MentorStep
from lms.people.models import Appointment, Grant, Person
from lms.units.models import Unit
from lms.units.paths import tops_of

REACH = aliased(Unit)


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """Mentors of units that the actor administers; a condition on Mentor joined with its Unit."""
    return within(Unit.path, ("",) if actor.has("system") else actor.paths("admin"))


def offered_to(actor: Actor) -> ColumnElement[bool]:
    """Active mentors who may help people of the actor's units, or the actor; on Mentor joined with REACH."""
    mine = actor.paths("admin")
    here = or_(within(REACH.path, mine), REACH.path.in_(_above([*mine, *actor.homes])))
    return (Mentor.state == MentorState.ACTIVE) & here


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """A condition on Mentor joined with Unit and REACH."""
    return or_(managed_by(actor), offered_to(actor), Mentor.person_id == actor.person_id)


def get_mentor(actor: Actor, mentor_id: int) -> Mentor:
    """:raise Denied: no such mentor whom the actor may see."""
    return one_or_404(_loaded().where(Mentor.id == mentor_id, readable_by(actor)))


def get_managed(actor: Actor, mentor_id: int) -> Mentor:
    """:raise Denied: no such mentor of a unit that the actor administers."""
    return one_or_404(_loaded().where(Mentor.id == mentor_id, managed_by(actor)))


def may_manage(actor: Actor, mentor: Mentor) -> bool:
    """Nobody approves, pauses or ends themselves for their unit."""
    return actor.covers(mentor.unit.path, "admin") and mentor.person_id != actor.person_id


def may_edit(actor: Actor, mentor: Mentor) -> bool:
    return mentor.person_id == actor.person_id or may_manage(actor, mentor)


def may_issue_slip(actor: Actor, mentor: Mentor) -> bool:
    """A one-time code for somebody from outside: the first one, or a new one for who forgot the password.

    Whoever holds or held a post or a role has a unit of their own for that. And an account that is in use is nobody's
    to open by inviting its owner: only who said yes to this unit with their own account is looked after by it.
    """
    held = select(Appointment.id).where(Appointment.person_id == mentor.person_id).exists()
    given = select(Grant.id).where(Grant.person_id == mentor.person_id).exists()
    if not may_manage(actor, mentor) or db.session().scalar(select(or_(held, given))):
        return False
    return not is_account_in_use(mentor) or _agreed_in_person(mentor)


def is_account_in_use(mentor: Mentor) -> bool:
    """Whether the mentor has a password."""
    in_use = Account.person_id == mentor.person_id, Account.password_hash.is_not(None)
    return db.session().scalar(select(Account.id).where(*in_use)) is not None


def _agreed_in_person(mentor: Mentor) -> bool:
    """They themselves took the step that followed the latest invitation."""
    if mentor.state not in (MentorState.ACTIVE, MentorState.PAUSED):
        return False
    asked = select(func.max(MentorStep.id)).where(
        MentorStep.mentor_id == mentor.id, MentorStep.state.in_([MentorState.INVITED, MentorState.APPLIED])
    )
    said = select(MentorStep.taken_by_id).where(MentorStep.mentor_id == mentor.id)
    after = said.where(MentorStep.id > asked.scalar_subquery()).order_by(MentorStep.id).limit(1)
    return db.session().scalar(after) == mentor.person_id


def get_own_person(actor: Actor) -> Person:
    """Who the actor is.

    :raise Denied: a command is nobody.
    """
    return one_or_404(select(Person).where(Person.id == (actor.person_id or 0)))


def with_names() -> tuple[ExecutableOption, ...]:
    """What a page says of a mentor besides the row itself."""
    return joinedload(Mentor.person), joinedload(Mentor.unit), joinedload(Mentor.reach)


def _loaded() -> Select[Mentor]:
    statement = select(Mentor).join(Unit, Unit.id == Mentor.unit_id).join(REACH, REACH.id == Mentor.reach_id)
    return statement.options(*with_names())


def _above(paths: list[str]) -> list[str]:
    """These paths and those of every unit above them."""
    found = set()
    for path in paths:
        found |= set(tops_of(path))
    return sorted(found)
