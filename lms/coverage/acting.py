"""Who can do something about those who are late, and by which courses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.core import db
from lms.courses.assigning import OfferedCourse, list_offered
from lms.coverage.inquiry import Inquiry
from lms.coverage.names import PersonRow
from lms.hours.kinds import HourKind
from lms.people.access import in_force
from lms.people.models import Grant, Person
from lms.people.posts import Role
from lms.units.models import Level, Unit


@dataclass(frozen=True)
class Hands:
    """In whose hands somebody is: the nearest unit with an administrator, these by name, and the county."""

    unit_name: str = ""
    administrators: Sequence[str] = ()
    county_name: str = ""


@dataclass(frozen=True)
class Acting:
    """Administrators by unit, and in whose hands people are, by the unit in which they count."""

    administrators: Mapping[int, Sequence[str]]
    hands: Mapping[int, Hands]


def read(unit_ids: Iterable[int], rows: Iterable[PersonRow]) -> Acting:
    """Of these units and people, in two statements."""
    paths = {row.unit_id: row.unit_path for row in rows}
    above = {int(part) for path in paths.values() for part in path.split(".")[:-1]}
    found = {row.id: row for row in db.rows(select(Unit.id, Unit.name, Unit.level).where(Unit.id.in_(above)))}
    names = _administrators(above.union(unit_ids))
    return Acting(names, {unit_id: _hands(path, found, names) for unit_id, path in paths.items()})


def _administrators(unit_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of those who administer these units themselves."""
    statement = (
        select(Grant.unit_id, Person.name)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.unit_id.in_(unit_ids), Grant.role == Role.ADMIN, in_force())
        .order_by(Grant.unit_id, Person.name)
    )
    names: dict[int, list[str]] = {}
    for unit_id, name in db.rows(statement):
        names.setdefault(unit_id, []).append(name)
    return names


def _hands(path: str, units: Mapping[int, Any], names: Mapping[int, list[str]]) -> Hands:
    way = [units[int(part)] for part in path.split(".")[:-1]]
    county = next((unit.name for unit in way if unit.level == Level.COUNTY), "")
    nearest = next((unit for unit in reversed(way) if unit.id in names), None)
    return Hands(nearest.name, names[nearest.id], county) if nearest else Hands(county_name=county)


def list_courses(asked: Inquiry) -> Sequence[OfferedCourse]:
    """Courses offered to the unit's people that count for the requirement."""
    counts = asked.asked.period.requirement.counts
    if counts.kinds and HourKind.COURSE.value not in counts.kinds:
        return []
    return [
        course
        for course in list_offered(asked.unit)
        if (not counts.tiers or course.tier in counts.tiers)
        and (not counts.training_types or course.training_type in counts.training_types)
    ]
