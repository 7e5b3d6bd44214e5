"""13 mentors and 16 people who need one in one street, as a street in practice had them. All names are invented.

The secretary who can sign in is one of the mentors, and the worker who can sign in has asked for one.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select

from lms.core import clock, db
from lms.core.web import Actor
from lms.hours.kinds import Ability
from lms.mentors import actions as mentors
from lms.mentors import queries
from lms.mentors.actions import Profile
from lms.mentors.models import Background
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass
from lms.units.models import Unit

STREET = "990101001"
COMMUNITIES = ("990101001001", "990101001002", "990101001003", "990101001004")
A, B = Ability, Background

#: name, background, community if they hold a post, abilities
MENTORS: tuple[tuple[str, Background, int | None, tuple[Ability, ...]], ...] = (
    ("章立本", B.RETIRED, None, (A.MASS_WORK, A.MEDIATION, A.ORGANIZING)),
    ("管玉兰", B.RETIRED, None, (A.POLITICAL_QUALITY, A.MASS_WORK)),
    ("左明远", B.LECTURER, None, (A.ACTING_BY_LAW, A.MEDIATION)),
    ("曲静", B.OUTSIDE, None, (A.INFORMATION_TECHNOLOGY, A.COORDINATION)),
    ("牛国栋", B.OUTSIDE, None, (A.EMERGENCY_RESPONSE,)),
    ("安秀英", B.WORKER, 0, (A.MASS_WORK, A.COORDINATION)),
    ("柴志刚", B.WORKER, 0, (A.EMERGENCY_RESPONSE, A.ORGANIZING)),
    ("霍敏", B.WORKER, 1, (A.MEDIATION, A.ACTING_BY_LAW)),
    ("路长河", B.WORKER, 1, (A.ORGANIZING, A.MASS_WORK)),
    ("米春燕", B.WORKER, 2, (A.INFORMATION_TECHNOLOGY, A.MASS_WORK)),
    ("佟海", B.WORKER, 2, (A.COORDINATION, A.EMERGENCY_RESPONSE)),
    ("骆秋萍", B.WORKER, 3, (A.MASS_WORK, A.MEDIATION, A.POLITICAL_QUALITY)),
)
SECRETARY_OFFERS = (A.POLITICAL_QUALITY, A.MASS_WORK, A.MEDIATION)

#: name and community of those in their first year
NEWCOMERS: tuple[tuple[str, int], ...] = (
    ("卜一凡", 0), ("车晓宇", 0), ("单雨桐", 0), ("邸佳宁", 1), ("费思远", 1), ("盖子轩", 1), ("洪诗涵", 1),
    ("简浩然", 2), ("康梦瑶", 2), ("蓝天宇", 2), ("麦嘉琪", 2), ("聂文博", 3), ("欧阳雪", 3), ("蒲子墨", 3),
    ("荣可欣", 3),
)  # fmt: skip


def build(places: Mapping[str, Unit], *, worker: Person, secretary: Person, actor: Actor, now: datetime) -> None:
    """Mentors, newcomers and one request; what is there is left as it is."""
    street = places[STREET]
    for number, (name, background, community, abilities) in enumerate(MENTORS):
        unit = places[COMMUNITIES[community]] if community is not None else None
        since = date(2016, 3, 1)
        person = _find_or_create(name, f"199000004{number:02}", unit, PostClass.COMMITTEE_MEMBER, since, actor, now)
        _make_mentor(person, street, Profile(background, abilities), actor=actor, now=now)
    offers = Profile(Background.WORKER, SECRETARY_OFFERS, availability="周三下午，社区二楼")
    _make_mentor(secretary, street, offers, actor=actor, now=now)
    for number, (name, community) in enumerate(NEWCOMERS):
        unit, since = places[COMMUNITIES[community]], clock.local_date(now) - timedelta(days=40 + 5 * number)
        _find_or_create(name, f"199000005{number:02}", unit, PostClass.GRID_WORKER, since, actor, now)
    if queries.find_request_of(worker.id) is None:
        wanted = [Ability.MASS_WORK, Ability.MEDIATION]
        mentors.ask(worker, abilities=wanted, note="想学怎么调解邻里纠纷。", actor=actor, now=now)


def _make_mentor(person: Person, street: Unit, profile: Profile, *, actor: Actor, now: datetime) -> None:
    if queries.find_mentor_of(person.id) is None:
        mentor = mentors.invite(person, reach=street, profile=profile, actor=actor, now=now)
        mentors.accept(mentor, actor=actor, now=now)


def _find_or_create(
    name: str, phone: str, unit: Unit | None, post: PostClass, since: date, actor: Actor, now: datetime
) -> Person:
    found = db.session().scalars(select(Person).where(Person.phone == phone, Person.origin == "demo")).first()
    if found is not None:
        return found
    person = people.create_person(name=name, phone=phone, origin="demo", actor=actor, now=now)
    if unit is not None:
        people.appoint(person, unit=unit, post=post, starts_on=since, actor=actor, now=now)
    return person
