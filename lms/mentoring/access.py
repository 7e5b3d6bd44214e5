"""Who sees a pair, and how far.

The two see their pair, whatever became of it. Administrators of the unit that looks after it, and of units above that
one, see and run it; those of the mentee's own unit see it. None of them sees the talks, which are not loaded here.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from lms.core import clock, db
from lms.core.errors import Denied
from lms.core.sql import Given, within
from lms.core.web import Actor, one_or_404
from lms.mentoring import naming
from lms.mentoring.kinds import OPEN, Side
from lms.mentoring.models import CardGoal, Meeting, MentorLecture, Pairing, PairingStep, PlanStep
from lms.mentoring.naming import Names
from lms.mentors.models import Mentor
from lms.mentors.queries import list_administrators
from lms.people import access as people_access
from lms.people.models import Appointment, Person
from lms.units.access import administered_by as administered_units
from lms.units.models import Unit


@dataclass(frozen=True)
class Seat:
    """A pair, and how the actor stands to it."""

    pairing: Pairing
    #: which of the two the actor is; None for an administrator
    side: Side | None
    #: an administrator of the unit that looks after the pair; nobody runs their own
    runs: bool
    #: the two, as far as the actor may know them
    names: Names

    def name_of(self, side: Side) -> str:
        return self.names.of(side)

    def taker_of(self, step: PairingStep) -> str:
        """Who took a step: one of the two, or an administrator."""
        people = {self.pairing.mentor.person_id: Side.MENTOR, self.pairing.mentee_id: Side.MENTEE}
        if step.taken_by is None or step.taken_by_id is None:
            return ""
        return self.name_of(people[step.taken_by_id]) if step.taken_by_id in people else step.taken_by.name

    @property
    def other_name(self) -> str:
        """The other of the two; for an administrator, the mentee."""
        return self.name_of(self.side.other if self.side else Side.MENTEE)


def is_mine(actor: Actor) -> ColumnElement[bool]:
    """Pairs of which the actor is one."""
    return is_of(actor.person_id)


def is_of(person_id: Given[int | None]) -> ColumnElement[bool]:
    """Pairs of which a person is one."""
    mentors = select(Mentor.id).where(Mentor.person_id == person_id).correlate(Pairing)
    return or_(Pairing.mentee_id == person_id, Pairing.mentor_id.in_(mentors))


def seen_by_unit(paths: tuple[str, ...]) -> ColumnElement[bool]:
    """Pairs that a unit at or below one of `paths` looks after, or whose mentee holds a post there today."""
    units = select(Unit.id).where(Unit.id == Pairing.unit_id, within(Unit.path, paths)).correlate(Pairing)
    posts = (
        select(Appointment.id)
        .join(Unit, Unit.id == Appointment.unit_id)
        .where(Appointment.person_id == Pairing.mentee_id, within(Unit.path, paths))
        .where(or_(Appointment.ends_on.is_(None), Appointment.ends_on >= clock.today()))
        .correlate(Pairing)
    )
    return or_(units.exists(), posts.exists())


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Pairs that the actor may see, without their talks."""
    if actor.has("system"):
        return true()
    return or_(is_mine(actor), seen_by_unit(actor.paths("admin")))


def names() -> tuple[ExecutableOption, ...]:
    """What pages say of a pair besides the row."""
    mentor = joinedload(Pairing.mentor)
    return mentor.joinedload(Mentor.person), joinedload(Pairing.mentee), joinedload(Pairing.unit)


def get_seat(actor: Actor, pairing_id: int) -> Seat:
    """:raise Denied: no such pair that the actor may see."""
    found = one_or_404(select(Pairing).where(Pairing.id == pairing_id, readable_by(actor)).options(*names()))
    return seat_of(actor, found)


def seat_of(actor: Actor, pairing: Pairing) -> Seat:
    """How the actor stands to a pair that was loaded for them."""
    side = None
    if actor.person_id == pairing.mentor.person_id:
        side = Side.MENTOR
    elif actor.person_id == pairing.mentee_id:
        side = Side.MENTEE
    runs = side is None and (actor.has("system") or actor.covers(pairing.unit.path, "admin"))
    return Seat(pairing, side, runs, naming.read(actor, [pairing])[pairing.id])


def get_meeting(seat: Seat, meeting_id: int) -> Meeting:
    """:raise Denied: this pair has no such meeting, or it was withdrawn."""
    statement = select(Meeting).where(Meeting.id == meeting_id, Meeting.pairing_id == seat.pairing.id)
    statement = statement.where(~Meeting.withdrawal.has())
    return one_or_404(statement.options(joinedload(Meeting.confirmation)))


def get_plan_step(seat: Seat, step_id: int) -> PlanStep:
    """:raise Denied: this pair's plan has no such step."""
    return one_or_404(select(PlanStep).where(PlanStep.id == step_id, PlanStep.pairing_id == seat.pairing.id))


def list_goals(pairing: Pairing) -> list[CardGoal]:
    """The goals of the card, in the order of the abilities as they were written."""
    statement = select(CardGoal).where(CardGoal.pairing_id == pairing.id).order_by(CardGoal.id)
    return list(db.session().scalars(statement))


def get_lecture(actor: Actor, lecture_id: int) -> MentorLecture:
    """:raise Denied: no such lecture of the actor's own, or of a mentor whose unit the actor administers."""
    statement = (
        select(MentorLecture)
        .join(Mentor, Mentor.id == MentorLecture.mentor_id)
        .join(Unit, Unit.id == Mentor.unit_id)
        .where(MentorLecture.id == lecture_id)
        .where(or_(Mentor.person_id == (actor.person_id or 0), within(Unit.path, actor.paths("admin"))))
    )
    load = joinedload(MentorLecture.mentor)
    names = load.joinedload(Mentor.person), load.joinedload(Mentor.unit), joinedload(MentorLecture.confirmation)
    return one_or_404(statement.options(*names))


def get_growing(actor: Actor, person_id: int) -> Person:
    """A person whose growth file the actor may open: their own, their mentee's while the pair is open, or that of
    somebody whom they administer.

    :raise Denied: anybody else's.
    """
    mine = (
        select(Pairing.id)
        .join(Mentor, Mentor.id == Pairing.mentor_id)
        .where(Pairing.mentee_id == Person.id, Mentor.person_id == actor.person_id, Pairing.state.in_(OPEN))
        .correlate(Person)
    )
    allowed = or_(people_access.readable_by(actor), mine.exists())
    return one_or_404(select(Person).where(Person.id == person_id, allowed))


def get_asked_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit that a board is about; 0 asks for the highest that the actor administers.

    :raise Denied: the actor does not administer it.
    """
    statement = select(Unit).where(administered_units(actor))
    if unit_id:
        statement = statement.where(Unit.id == unit_id)
    return one_or_404(statement.order_by(func.length(Unit.path), Unit.path))


def may_read_quiet(actor: Actor, seat: Seat) -> bool:
    """Whether the reason of a quiet ending is for this reader: the unit's own administrators."""
    return seat.side is None and actor.person_id in list_administrators(seat.pairing.unit)


def require_side(seat: Seat) -> Side:
    """:raise Denied: never for a seat whose side was required before; it gives the type its certainty."""
    if seat.side is None:
        raise Denied()
    return seat.side
