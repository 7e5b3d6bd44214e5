"""What somebody owes, for pages: each standing with its sentence and its rule; stale ones are computed on the spot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, select
from sqlalchemy import type_coerce as read_as

from lms.core import clock, db
from lms.people.models import Person
from lms.policies import keeping, reading
from lms.policies.cycles import Line, Period
from lms.policies.explaining import explain
from lms.policies.facts import units_of
from lms.policies.kinds import State
from lms.policies.models import Policy, StalePerson, Standing
from lms.policies.reading import hundredths
from lms.policies.rules import Requirement, requirement_of
from lms.policies.standing import Computed, compute
from lms.policies.states import state_on
from lms.policies.weakening import is_weaker
from lms.units.models import Unit


@dataclass(frozen=True)
class Duty:
    """A standing on a day, with the rule that it came from."""

    standing: Computed
    requirement: Requirement
    policy_name: str
    policy_title: str
    unit_name: str
    unit_path: str
    day: date

    @property
    def state(self) -> State:
        return state_on(self.standing, self.day)

    @property
    def sentence(self) -> str:
        return explain(self.standing, self.requirement, self.day)

    @property
    def is_current(self) -> bool:
        """It belongs to this day: its cycle is running, or its grace is."""
        return self.standing.cycle_start <= self.day and (
            self.day < self.standing.cycle_end or self.day <= self.standing.due_on
        )

    @property
    def is_open(self) -> bool:
        """Something is to be done about it now."""
        return self.state in (State.DUE, State.OVERDUE)

    @property
    def missing_hours(self) -> int:
        return max(0, self.requirement.counts.hours - self.standing.hours)


def list_duties(person_id: int, day: date | None = None) -> list[Duty]:
    """Every duty of a person that has begun by `day` (today), the latest first; one statement, if nothing is stale."""
    asked = day or clock.today()
    rows = db.rows(_rows(db.dialect()), {"person_id": person_id}).all()
    if any(row.stale for row in rows):
        return compute_duties([person_id], asked).get(person_id, [])
    return _listed([_duty(row, asked) for row in rows if row.policy_id is not None], asked)


def compute_duties(person_ids: Sequence[int], day: date) -> dict[int, list[Duty]]:
    """The same for people whose rows wait to be written, from their facts: a few statements for all of them."""
    facts = reading.read_facts(person_ids)
    units = {person_id: units_of(known) for person_id, known in facts.items()}
    lines: dict[int, list[Line]] = {}
    for line in keeping.current_lines(set().union(*units.values())):
        lines.setdefault(line.unit_id, []).append(line)
    every = [line for some in lines.values() for line in some]
    rules = {(period.version.id, line.key): period for line in every for period in line.periods}
    names = reading.read_unit_names({period.version.unit_id for period in rules.values()})
    found = {}
    for person_id, known in facts.items():
        mine = [line for unit_id in units[person_id] for line in lines.get(unit_id, ())]
        found[person_id] = _listed([_computed(one, rules, names, day) for one in compute(known, mine)], day)
    return found


def _listed(duties: Sequence[Duty], day: date) -> list[Duty]:
    """Those that have begun, the latest first."""
    begun = [duty for duty in duties if duty.standing.cycle_start <= day]
    return sorted(_strictest(begun), key=lambda duty: (-duty.standing.cycle_start.toordinal(), duty.unit_path))


def list_current(person_id: int, day: date | None = None) -> list[Duty]:
    """The duties of this day: what is open first, then by the day on which it is due."""
    current = [duty for duty in list_duties(person_id, day) if duty.is_current]
    return sorted(current, key=lambda duty: (not duty.is_open, duty.standing.due_on, duty.requirement.key))


@cache
def _rows(dialect: str) -> Select[*tuple[Any, ...]]:
    """Always one row at least, which says whether the person is stale."""
    columns: dict[str, Any] = {name: getattr(Standing, name) for name in Computed._fields}
    columns["post"] = read_as(Standing.post, String)
    for name in ("hours", "carried"):
        columns[name] = hundredths(columns[name], dialect).label(name)
    return (
        select(
            StalePerson.person_id.label("stale"),
            *columns.values(),
            Policy.body,
            Policy.name.label("policy_name"),
            Policy.title.label("policy_title"),
            Unit.name.label("unit_name"),
            Unit.path.label("unit_path"),
        )
        .select_from(Person)
        .outerjoin(StalePerson, StalePerson.person_id == Person.id)
        .outerjoin(Standing, Standing.person_id == Person.id)
        .outerjoin(Policy, Policy.id == Standing.policy_id)
        .outerjoin(Unit, Unit.id == Policy.unit_id)
        .where(Person.id == bindparam("person_id"))
    )


def _duty(row: Any, day: date) -> Duty:
    values = row._mapping
    standing = Computed._make(values[name] for name in Computed._fields)._replace(entries=tuple(row.entries))
    given = next(one for one in row.body["requirements"] if one["key"] == row.requirement)
    return Duty(standing, requirement_of(given), row.policy_name, row.policy_title, row.unit_name, row.unit_path, day)


def _computed(standing: Computed, rules: Mapping[tuple[int, str], Period], names: Mapping[int, str], day: date) -> Duty:
    period = rules[standing.policy_id, standing.requirement]
    version = period.version
    unit = names[version.unit_id], version.unit_path
    return Duty(standing, period.requirement, version.name, version.title, *unit, day)


def _strictest(duties: Sequence[Duty]) -> list[Duty]:
    """Without what a level below has made its own: of one requirement in one cycle, the nearest unit's says it all."""

    def is_said_below(duty: Duty) -> bool:
        return any(
            other.policy_name == duty.policy_name
            and other.requirement.key == duty.requirement.key
            and other.standing.cycle_start == duty.standing.cycle_start
            and len(other.unit_path) > len(duty.unit_path)
            and not is_weaker(other.requirement, duty.requirement)
            for other in duties
        )

    return [duty for duty in duties if not is_said_below(duty)]


def entry_ids(duties: Iterable[Duty]) -> set[int]:
    """The ledger entries that these duties name."""
    return {entry_id for duty in duties for entry_id in duty.standing.entries}
