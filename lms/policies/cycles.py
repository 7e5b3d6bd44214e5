"""Cutting time into cycles: half-open ranges of local dates.

A cycle is judged by the version of the policy that is in force on its first day; a cycle that began before the policy
did, by the first version that came into force within it. So a change in mid-cycle waits for the next one.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lms.policies.kinds import CycleKind
from lms.policies.rules import Cycle, Requirement, Version

DAY = timedelta(days=1)
#: The end of what has no end.
FAR = date(9999, 1, 1)
PERSONAL = frozenset({CycleKind.ROLLING, CycleKind.ONCE})


@dataclass(frozen=True)
class Period:
    """A cycle of the calendar, or (of personal cycles) the time in which a version is in force.

    :param opens: the first day on which anything is owed in it.
    """

    start: date
    end: date
    opens: date
    version: Version
    requirement: Requirement

    @property
    def head_count(self) -> date:
        """The day on which it is seen who is in the duty."""
        named = self.requirement.head_count
        last = self.end - DAY
        if named is None:
            return last
        day = date(last.year, named[0], min(named[1], monthrange(last.year, named[0])[1]))
        return min(max(day, self.start), last)


@dataclass(frozen=True)
class Line:
    """One requirement through all versions of a policy in a unit."""

    unit_id: int
    unit_path: str
    key: str
    first_day: date
    personal: bool
    periods: tuple[Period, ...]


def lines(versions: Iterable[Version], horizon: date) -> list[Line]:
    """Every requirement of every policy, with its cycles that begin before `horizon`."""
    by_policy: dict[tuple[int, str], list[Version]] = {}
    for version in versions:
        by_policy.setdefault((version.unit_id, version.name), []).append(version)
    made = []
    for history in by_policy.values():
        history.sort(key=lambda version: version.number)
        for key in dict.fromkeys(key for version in history for key in version.requirements):
            made += _lines_of([version for version in history if key in version.requirements], key, horizon)
    return made


def _lines_of(history: Sequence[Version], key: str, horizon: date) -> list[Line]:
    """One line, or two where a policy turned from cycles of the calendar to cycles of one's own."""
    made = []
    for personal in (False, True):
        some = [v for v in history if (v.requirements[key].cycle.kind in PERSONAL) is personal]
        if some:
            periods = [_in_force(v, key) for v in some] if personal else list(_cycles(some, key, horizon))
            made.append(Line(some[0].unit_id, some[0].unit_path, key, some[0].valid_from, personal, tuple(periods)))
    return made


def _in_force(version: Version, key: str) -> Period:
    end = version.ends_before or FAR
    return Period(version.valid_from, end, version.valid_from, version, version.requirements[key])


def _cycles(history: Sequence[Version], key: str, horizon: date) -> Iterable[Period]:
    """The calendar cycles of each version in turn; the last of one runs to its end under that version."""
    taken_to = date.min
    for version in history:
        requirement = version.requirements[key]
        day = max(version.valid_from, taken_to)
        while day < horizon and (version.ends_before is None or day < version.ends_before):
            start, end = bounds(requirement.cycle, day)
            start = max(start, taken_to)
            yield Period(start, end, max(start, version.valid_from), version, requirement)
            day = taken_to = end


def bounds(cycle: Cycle, day: date) -> tuple[date, date]:
    """The calendar cycle in which `day` lies."""
    if cycle.kind is CycleKind.CALENDAR_YEAR:
        return date(day.year, 1, 1), date(day.year + 1, 1, 1)
    first = cycle.first_year + (day.year - cycle.first_year) // cycle.years * cycle.years
    return date(first, 1, 1), date(first + cycle.years, 1, 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later; the 29th to 31st fall on the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The anniversary; that of a 29 February falls on 28 February in a common year."""
    return add_months(day, 12 * years)
