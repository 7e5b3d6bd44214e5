"""What the matrix acts on of mentors and rounds.

applicant, invited, outsider  mentors of 和平街道: one has applied, Sun was invited, one from outside is active
round       the street's draft of a round with `newcomer`, whom the outsider might help; `other_round` is another
            `round_change`: what Bo changed
proposal    sent to Alice and the outsider by hand
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lms.core import clock, db
from lms.hours.kinds import Ability
from lms.mentors import actions as mentors
from lms.mentors.actions import Profile
from lms.mentors.models import Background
from lms.mentors.needs import Reason
from lms.pairing import replies, rounds
from lms.pairing.models import ChangeKind
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.models import Unit
from tests.cast import SYSTEM, Cast

PROFILE = Profile(Background.OUTSIDE, [Ability.MEDIATION])


def arrange_pairs(cast: Cast) -> dict[str, Any]:
    """In the unit of work that is open."""
    now, today, session = clock.now(), clock.today(), db.session()
    street = session.get_one(Unit, cast.street)
    term: dict[str, Any] = {"starts_on": today, "ends_on": today + timedelta(days=365)}
    applicant, newcomer = _worker("申其", cast.guangming), _worker("辛来", cast.guangming, since=date(2026, 1, 5))
    person = people.create_person(name="闻达", phone="19955550001", origin="tests", actor=SYSTEM, now=now)
    outsider = mentors.invite(person, reach=street, profile=PROFILE, actor=SYSTEM, now=now)
    mentors.accept(outsider, actor=SYSTEM, now=now)
    alice = session.get_one(Person, cast.alice)
    sun = session.get_one(Person, cast.sun)
    invited = mentors.invite(sun, reach=street, profile=PROFILE, actor=SYSTEM, now=now)
    applied = mentors.apply(applicant, unit=street, profile=PROFILE, actor=SYSTEM, now=now)
    round_ = rounds.create(street, reasons=[Reason.NEWCOMER], topic="", abilities=[], actor=SYSTEM, now=now, **term)
    other = rounds.create(street, reasons=[Reason.NEWCOMER], topic="", abilities=[], actor=SYSTEM, now=now, **term)
    change = rounds.change(round_, ChangeKind.FORBID, mentee=sun, mentor=outsider, actor=SYSTEM, now=now)
    proposal = replies.propose(outsider, alice, unit=street, actor=SYSTEM, now=now, **term)
    return {
        "applicant": applied.id, "invited": invited.id, "outsider": outsider.id, "newcomer": newcomer.id,
        "round": round_.id, "other_round": other.id, "round_change": change.id, "proposal": proposal.id,
    }  # fmt: skip


def _worker(name: str, unit_id: int, *, since: date = date(2025, 1, 6)) -> Person:
    person = people.create_person(name=name, origin="tests", actor=SYSTEM, now=clock.now())
    unit = db.session().get_one(Unit, unit_id)
    post = PostClass.GRID_WORKER
    people.appoint(person, unit=unit, post=post, starts_on=since, actor=SYSTEM, now=clock.now())
    return person
