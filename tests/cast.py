"""The people of the tests. Everybody knows how they are related, so that a test needs no set-up of its own.

    省 省中省 99
      市 安和市 9901
        县 清河区 990101:  和平街道 > 光明社区, 新华社区;  滨河街道 > 水岸社区
        县 临江区 990102:  江南街道 > 江南社区

Alice works in 光明社区 as a grid worker, Sun is its party secretary. Bo administers 和平街道, Rui the sibling 滨河街道,
Chen the county 清河区, Dong the city, Pan the province. Tina trains for 清河区. In the other county Wen works in
江南社区 and Mallory administers: they should have no access to anything of 清河区.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from lms.core.web import Actor, system_actor
from lms.people import actions as people
from lms.people.models import Person
from lms.people.posts import PostClass, Role
from lms.units import actions as units
from lms.units.models import Level, Unit

#: When the cast was set up: long before any test acts.
BEGINNING = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
SYSTEM: Actor = system_actor("tests")


@dataclass
class Cast:
    """Units and people by short names, as identifiers: rows belong to the unit of work that loaded them."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        return self.people[name] if name in self.people else self.units[name]


UNITS = (
    ("province", None, Level.PROVINCE, "省中省", "99"),
    ("city", "province", Level.CITY, "安和市", "9901"),
    ("county", "city", Level.COUNTY, "清河区", "990101"),
    ("street", "county", Level.STREET, "和平街道", "990101001"),
    ("guangming", "street", Level.COMMUNITY, "光明社区", "990101001001"),
    ("xinhua", "street", Level.COMMUNITY, "新华社区", "990101001002"),
    ("riverside", "county", Level.STREET, "滨河街道", "990101002"),
    ("shuian", "riverside", Level.COMMUNITY, "水岸社区", "990101002001"),
    ("other_county", "city", Level.COUNTY, "临江区", "990102"),
    ("other_street", "other_county", Level.STREET, "江南街道", "990102001"),
    ("other_community", "other_street", Level.COMMUNITY, "江南社区", "990102001001"),
)

WORKERS = (
    ("alice", "艾丽丝", "guangming", PostClass.GRID_WORKER, "19900000001"),
    ("sun", "孙书记", "guangming", PostClass.PARTY_SECRETARY, "19900000002"),
    ("wen", "文江", "other_community", PostClass.FULL_TIME_STAFF, "19900000003"),
)

STAFF = (
    ("bo", "薄和平", "street", Role.ADMIN, "19900000011"),
    ("rui", "芮滨河", "riverside", Role.ADMIN, "19900000012"),
    ("chen", "陈清河", "county", Role.ADMIN, "19900000013"),
    ("dong", "董安和", "city", Role.ADMIN, "19900000014"),
    ("pan", "潘中省", "province", Role.ADMIN, "19900000015"),
    ("tina", "田娜", "county", Role.TRAINER, "19900000016"),
    ("mallory", "马临江", "other_county", Role.ADMIN, "19900000017"),
)


def assemble() -> Cast:
    """Write the cast, in the unit of work that is open."""
    cast = Cast()
    found: dict[str, Unit] = {}
    for key, parent, level, name, code in UNITS:
        above = found[parent] if parent else None
        found[key] = units.add(parent=above, level=level, name=name, code=code, actor=SYSTEM, now=BEGINNING)
        cast.units[key] = found[key].id
    for key, name, unit, post, phone in WORKERS:
        person = _person(cast, key, name, phone)
        people.appoint(person, unit=found[unit], post=post, starts_on=date(2025, 1, 6), actor=SYSTEM, now=BEGINNING)
    for key, name, unit, role, phone in STAFF:
        person = _person(cast, key, name, phone)
        people.grant(person, role=role, unit=found[unit], actor=SYSTEM, now=BEGINNING)
    return cast


def _person(cast: Cast, key: str, name: str, phone: str) -> Person:
    person = people.create_person(name=name, origin="tests", phone=phone, actor=SYSTEM, now=BEGINNING)
    cast.people[key] = person.id
    return person
