"""What can be asked about at a unit: requirements of the policies adopted above and below it, and their cycles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from lms.core import db
from lms.core.i18n import gettext as _
from lms.core.sql import in_slots, path_slots, within
from lms.policies.cycles import Line, Period, lines
from lms.policies.models import Policy
from lms.policies.rules import Version, requirements_of
from lms.units.models import Unit

DAY = timedelta(days=1)
#: A policy of a unit far below is asked about there.
MOST = 40


@dataclass(frozen=True)
class Duty:
    """One requirement of a policy, through all of its versions.

    :param code: what addresses call it: the adopting unit, the policy, the requirement.
    """

    code: str
    unit_id: int
    unit_name: str
    line: Line

    @property
    def personal(self) -> bool:
        """Everybody has cycles of their own: then a day is asked about, and no cycle."""
        return self.line.personal

    @property
    def title(self) -> str:
        return self.line.periods[-1].requirement.title

    @property
    def policy_title(self) -> str:
        return self.line.periods[-1].version.title

    @property
    def name(self) -> str:
        return _("%(policy)s：%(title)s", policy=self.policy_title, title=self.title)

    @property
    def full_name(self) -> str:
        return _("%(name)s（%(unit)s采用）", name=self.name, unit=self.unit_name)

    def periods(self, today: date) -> list[Period]:
        """The cycles that have begun, the latest first."""
        begun = [period for period in self.line.periods if period.start <= today]
        return sorted(begun, key=lambda period: period.start, reverse=True)


@dataclass(frozen=True)
class Span:
    """A duty in one cycle, or (where cycles are personal) on one day."""

    duty: Duty
    period: Period

    @property
    def cycle_start(self) -> date:
        return self.period.start

    @property
    def last_day(self) -> date:
        return self.period.end - DAY

    @property
    def is_open_ended(self) -> bool:
        return self.duty.personal

    def holds(self, table: Any, day: date) -> ColumnElement[bool]:
        """The rows of a table of standings, or of their roll-up, that belong to it."""
        requirement = table.requirement == self.duty.line.key
        if not self.duty.personal:
            return and_(table.policy_id == self.period.version.id, requirement, table.cycle_start == self.period.start)
        versions = [period.version.id for period in self.duty.line.periods]
        return and_(table.policy_id.in_(versions), requirement, table.cycle_start <= day, table.cycle_end > day)


def name_of_cycle(period: Period) -> str:
    """The year, or the first and the last year of a longer block."""
    first, last = period.start.year, (period.end - DAY).year
    if first == last:
        return _("%(year)s 年", year=first)
    return _("%(first)s 至 %(last)s 年", first=first, last=last)


def list_duties(unit: Unit, today: date) -> Sequence[Duty]:
    """What is asked of people below `unit`: by policies of the units above first, then of those below it."""
    values = {"units": [*unit.ancestor_ids, unit.id], **in_slots("top", [unit.path])}
    return _duties(db.rows(_policies(), values).all(), today)[:MOST]


def list_all(today: date) -> Sequence[Duty]:
    """Every requirement of every policy: for periodic work."""
    return _duties(db.rows(_every_policy()).all(), today)


@cache
def _policies() -> Select[*tuple[Any, ...]]:
    on_the_way = Policy.unit_id.in_(bindparam("units", expanding=True))
    return _every_policy().where(or_(on_the_way, within(Unit.path, path_slots("top", 1))))


def _every_policy() -> Select[*tuple[Any, ...]]:
    columns = (
        Policy.id,
        Policy.unit_id,
        Unit.path,
        Unit.name.label("unit_name"),
        Policy.name,
        Policy.title,
        Policy.version,
        Policy.valid_from,
        Policy.valid_to,
        Policy.body,
    )
    return select(*columns).join(Unit, Unit.id == Policy.unit_id).order_by(Unit.path, Policy.id)


def _duties(rows: Sequence[Any], today: date) -> list[Duty]:
    names, versions = {row.unit_id: row.unit_name for row in rows}, [_version(row) for row in rows]
    found = []
    for line in lines(versions, today + DAY):
        if not any(period.start <= today for period in line.periods):
            continue
        version = line.periods[0].version
        code = f"{version.unit_id}:{version.name}:{line.key}" + (":own" if line.personal else "")
        found.append(Duty(code, version.unit_id, names[version.unit_id], line))
    return found


def _version(row: Any) -> Version:
    return Version(
        id=row.id,
        unit_id=row.unit_id,
        unit_path=row.path,
        name=row.name,
        title=row.title,
        number=row.version,
        valid_from=row.valid_from,
        ends_before=row.valid_to + DAY if row.valid_to else None,
        requirements=requirements_of(row.body),
    )
