"""成长档案: a mentee's goals, courses, cases, meetings and evaluations on one page.

What lies in modules above this one (cases) comes in by a door: they register a part in their setup.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core import db
from lms.core.web import Actor
from lms.hours import queries as hours
from lms.hours.kinds import HourKind
from lms.hours.models import HourEntry
from lms.mentoring import cards, evaluations, meetings, talks
from lms.mentoring.access import Seat, names, seat_of
from lms.mentoring.cards import Card
from lms.mentoring.models import Evaluation, Meeting, Pairing
from lms.mentoring.talks import Talk
from lms.people import access as people_access
from lms.people.models import Person

#: The kinds of training that the page lists, by the ledger.
LISTED = (HourKind.COURSE, HourKind.CLASS, HourKind.PRACTICE, HourKind.CASE, HourKind.CONTEST)


@dataclass(frozen=True)
class Part:
    """A part of the page that another module owns: a template, and what it shows as `part`; None leaves it out."""

    template: str
    read: Callable[[Actor, Person], Any | None]


_parts: list[Part] = []


def register(part: Part) -> None:
    """Add a part after those registered before; the same one counts once."""
    if part not in _parts:
        _parts.append(part)


@dataclass(frozen=True)
class Term:
    """One term, as far as the reader may see it."""

    seat: Seat
    card: Card
    #: with their words in `talks` for the two of this pair; for others, dates only
    meetings: Sequence[Meeting]
    talks: Mapping[int, Talk]
    evaluations: Sequence[Evaluation]

    @property
    def confirmed(self) -> int:
        return sum(meeting.confirmation is not None for meeting in self.meetings)


@dataclass(frozen=True)
class GrowthFile:
    person: Person
    terms: Sequence[Term]
    trainings: Sequence[HourEntry]
    parts: Sequence[tuple[str, Any]]
    mine: bool


def read(actor: Actor, person: Person) -> GrowthFile:
    """The growth file of a person whom `access.get_growing` has loaded for this reader."""
    pairs = db.session().scalars(
        select(Pairing).where(Pairing.mentee_id == person.id).options(*names()).order_by(Pairing.id.desc())
    )
    everything = person.id == actor.person_id or people_access.may_administer(actor, person)
    entries = hours.list_entries(person.id, hours.Filters(state="standing"))
    shown = [(part.template, part.read(actor, person)) for part in _parts]
    return GrowthFile(
        person=person,
        terms=[_term(actor, pairing, everything=everything) for pairing in pairs],
        trainings=[entry for entry in entries if entry.kind in LISTED],
        parts=[(template, part) for template, part in shown if part is not None],
        mine=actor.person_id == person.id,
    )


def _term(actor: Actor, pairing: Pairing, *, everything: bool) -> Term:
    """A mentor does not read what was said of the mentee with another mentor."""
    seat = seat_of(actor, pairing)
    return Term(
        seat=seat,
        card=cards.read(pairing),
        meetings=meetings.list_meetings(pairing),
        talks=talks.read_all(seat),
        evaluations=evaluations.list_evaluations([pairing.id]) if everything or seat.side else (),
    )
