"""Building the demonstration: what is there is left as it is, what is missing is added."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from lms.accounts import actions as accounts
from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses import actions as courses
from lms.courses import folder
from lms.demo import calling, history, pairs, shelf
from lms.demo.county import COLLEAGUES, FINISHED, SIGN_INS, UNITS, Member
from lms.hours.kinds import Tier
from lms.people import actions as people
from lms.people.models import Person
from lms.policies import actions as policies
from lms.policies import policy_toml
from lms.units import actions as units
from lms.units.models import Unit
from lms.units.queries import find_by_code

#: Whose training a starter course of each tier is, in the demonstration.
ORGANIZERS = {Tier.PROVINCE: "99", Tier.CITY: "9901", Tier.COUNTY: "990101", Tier.STREET: "990101001"}
SINCE = date(2025, 1, 6)
#: Who adopts what the Opinion asks.
COUNTY = "990101"


def build(passwords: Mapping[str, str], content: Path, library: Path, *, actor: Actor, now: datetime) -> None:
    """Units, people, sign-ins, mentors and who needs one, starter courses and cases, a call.

    :param passwords: by the key of a member, for those who can sign in.
    :param content: the folder of starter courses.
    :param library: the folder of the case library.
    """
    places = _build_units(actor=actor, now=now)
    colleagues = {member.key: _find_or_create(member, places, actor=actor, now=now) for member in COLLEAGUES}
    signing_in = {member.key: _find_or_create(member, places, actor=actor, now=now) for member in SIGN_INS}
    for key, person in signing_in.items():
        accounts.open_account(person, password=passwords[key], actor=actor, now=now)
    worker, secretary = signing_in["worker"], signing_in["secretary"]
    pairs.build(places, worker=worker, secretary=secretary, actor=actor, now=now)
    shelf.build(library, places, colleagues, actor=actor, now=now)
    calling.build(places, colleagues, expert=signing_in["trainer"], actor=actor, now=now)
    loaded = load_courses(content, places, actor=actor, now=now)
    opinion = policy_toml.read_pack(policy_toml.OPINION)
    policies.adopt(opinion, unit=places[COUNTY], actor=actor, now=now)
    for number, (key, slug) in enumerate(FINISHED):
        unit = next(places[member.unit_code] for member in COLLEAGUES if member.key == key)
        history.finish(colleagues[key], unit, loaded[slug], now=now - timedelta(days=20 - 3 * number))


def load_courses(content: Path, places: Mapping[str, Unit], *, actor: Actor, now: datetime) -> dict[str, int]:
    """The starter courses, each organized by the demonstration's unit of its tier; their identifiers by slug."""
    loaded: dict[str, int] = {}
    for path in sorted(content.glob("*/*/course.toml")):
        source = folder.read_course(path.parent).course
        if source is None:
            raise Refused(_l("课程“%(name)s”有问题，请用 lms courses check 查看。", name=path.parent.name))
        organizer = places[ORGANIZERS[source.facts.tier]]
        loaded[source.slug] = courses.load_folder(source, organizer=organizer, actor=actor, now=now).course.id
    return loaded


def _build_units(*, actor: Actor, now: datetime) -> dict[str, Unit]:
    places: dict[str, Unit] = {}
    for code, name, level, above in UNITS:
        places[code] = find_by_code(code) or units.add(
            parent=places.get(above), level=level, name=name, code=code, actor=actor, now=now
        )
    return places


def _find_or_create(member: Member, places: Mapping[str, Unit], *, actor: Actor, now: datetime) -> Person:
    found = db.session().scalars(select(Person).where(Person.phone == member.phone, Person.origin == "demo")).first()
    if found is not None:
        return found
    person = people.create_person(name=member.name, phone=member.phone, origin="demo", actor=actor, now=now)
    unit = places[member.unit_code]
    if member.post is not None:
        people.appoint(person, unit=unit, post=member.post, starts_on=SINCE, actor=actor, now=now)
    if member.role is not None:
        people.grant(person, role=member.role, unit=unit, actor=actor, now=now)
    return person
