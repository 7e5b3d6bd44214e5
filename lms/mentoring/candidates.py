"""Who could take a mentee over: mentors in office whose reach holds the mentee, with a place left."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.core import clock, db
from lms.core.errors import Refused
from lms.core.forms import SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.hours import queries as hours
from lms.mentoring.models import Pairing
from lms.mentoring.queries import load_of
from lms.mentors import queries as mentors
from lms.mentors.models import Mentor, MentorState
from lms.people.models import Person
from lms.units.models import Unit

MOST = 500


def list_choices(pairing: Pairing) -> list[SelectChoice]:
    """Mentors to choose from, with how many they have."""
    return [
        SelectChoice(str(mentor.id), f"{name}（{unit}，{taken}/{capacity}）")
        for mentor, name, unit, taken, capacity in _candidates(pairing)
    ]


def get_candidate(pairing: Pairing, mentor_id: int) -> Mentor:
    """:raise Refused: the mentor has gone, or is full, since the page was opened."""
    for mentor, *_rest in _candidates(pairing):
        if mentor.id == mentor_id:
            return mentor
    raise Refused(_l("这位导师现在不能接手，请换一位。"), "mentor")


def _candidates(pairing: Pairing) -> Iterator[tuple[Mentor, str, str, int, int]]:
    path = hours.find_position(pairing.mentee_id, clock.today()).unit_path
    if path is None:
        return
    reach = aliased(Unit)
    above = [int(part) for part in path.split(".")[:-1]]
    statement = (
        select(Mentor, Person.name, Unit.name, Unit.path)
        .join(Person, Person.id == Mentor.person_id)
        .join(Unit, Unit.id == Mentor.unit_id)
        .join(reach, reach.id == Mentor.reach_id)
        .where(Mentor.state == MentorState.ACTIVE, reach.id.in_(above), Mentor.person_id != pairing.mentee_id)
        .where(~mentors.has_moved(clock.today()))
        .order_by(Person.name, Mentor.id)
        .limit(MOST)
    )
    found = db.session().execute(statement).all()
    load, today = load_of(mentor.id for mentor, *_names in found), clock.today()
    rules = mentors.rules_at((row[3] for row in found), today)
    for mentor, name, unit, unit_path in found:
        capacity = mentors.capacity_of(mentor, rules[unit_path])
        is_same = mentor.id == pairing.mentor_id and pairing.state.is_open
        if load[mentor.id] < capacity and not is_same:
            yield mentor, name, unit, load[mentor.id], capacity
