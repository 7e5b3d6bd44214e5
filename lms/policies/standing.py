"""What a person owes: a pure function of facts and rules. No clock, no database.

    compute(facts, lines) -> one `Computed` for each requirement and cycle in which the person is in the duty

An entry counts in every cycle in whose time it lies: where grace lengthens a cycle into the next one, a training there
meets both. That way another training never leaves anybody worse off.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from lms.policies.cycles import DAY, FAR, Line, Period, add_months, add_years
from lms.policies.facts import Absence, Entry, Facts, Post, Tally, counted
from lms.policies.kinds import CycleKind
from lms.policies.rules import Requirement
from lms.policies.windows import rolling_windows


class Computed(NamedTuple):
    """A row of `standings` without the person."""

    policy_id: int
    requirement: str
    cycle_start: date
    cycle_end: date
    unit_id: int
    post: str
    owed_from: date
    due_on: date
    met_on: date | None
    waived_from: date | None
    waived_until: date | None
    waived_by_id: int | None
    done: int
    hours: int
    carried: int
    entries: tuple[int, ...]


class Waiver(NamedTuple):
    start: date | None = None
    until: date | None = None
    by: int | None = None


def compute(facts: Facts, lines: Iterable[Line]) -> list[Computed]:
    """Every duty of a person, by requirement and cycle."""
    made: list[Computed] = []
    for line in lines:
        posts = [post for post in facts.posts if post.path.startswith(line.unit_path)]
        if posts:
            made += _personal(facts, posts, line) if line.personal else _of_the_calendar(facts, posts, line)
    return made


def _of_the_calendar(facts: Facts, posts: Sequence[Post], line: Line) -> Iterator[Computed]:
    surplus = 0
    for period in line.periods:
        requirement = period.requirement
        post = _in_duty(facts, posts, requirement, period.head_count)
        if post is None:
            surplus = 0
            continue
        since = _since(posts, requirement, period.head_count)
        due_on = max(period.end - DAY, _grace_ends(facts, requirement, since) if since >= period.start else date.min)
        owed_from = max(period.opens, since)
        tally, met_on, ids, surplus = _count(facts.entries, requirement, period, due_on, surplus)
        waiver = _waiver(facts.absences, requirement, owed_from, due_on)
        yield Computed(
            period.version.id, line.key, period.start, period.end, _place(posts, period.head_count, post).unit_id,
            post.post, owed_from, due_on, met_on, waiver.start, waiver.until,
            waiver.by, tally.trainings, tally.hours, tally.carried, ids,
        )  # fmt: skip


def _count(
    entries: Sequence[Entry], requirement: Requirement, period: Period, due_on: date, surplus: int
) -> tuple[Tally, date | None, tuple[int, ...], int]:
    """What was done from the first day of the cycle to the last in time; when it was enough; what is left over."""
    tally = Tally(requirement.counts, carried=surplus)
    met_on = period.start if tally.enough else None
    ids: list[int] = []
    left = tally.surplus
    for entry in counted(entries, requirement.counts):
        if not period.start <= entry.on <= due_on:
            continue
        if tally.add(entry) and met_on is None:
            ids.append(entry.id)
            if tally.enough:
                met_on = entry.on
        if entry.on < period.end:
            left = tally.surplus
    return tally, met_on, tuple(ids), left


def _personal(facts: Facts, posts: Sequence[Post], line: Line) -> Iterator[Computed]:
    for period in line.periods:
        requirement = period.requirement
        if not _has_certificate(facts, requirement):
            continue
        spells = spells_of(posts, requirement)
        if requirement.cycle.kind is CycleKind.ONCE:
            yield from _once(facts, posts, spells, line, period)
        else:
            yield from _rolling(facts, posts, spells, line, period)


def _once(
    facts: Facts, posts: Sequence[Post], spells: Sequence[tuple[date, date]], line: Line, period: Period
) -> Iterator[Computed]:
    """Owed by those who came new to the work under the policy, from their first day in the duty until it is done."""
    joined = min(post.start for post in facts.posts)
    if not spells or joined < line.first_day or not period.start <= spells[0][0] < period.end:
        return
    requirement, start, end = period.requirement, spells[0][0], spells[-1][1]
    due_on = add_months(start, requirement.cycle.months) - DAY
    tally, met_on = Tally(requirement.counts), None
    ids: list[int] = []
    for entry in counted(facts.entries, requirement.counts):
        if tally.add(entry) and met_on is None and entry.on < end:
            ids.append(entry.id)
            met_on = entry.on if tally.enough else None
    waiver, due_on = _suspended(facts.absences, requirement, start, due_on, (met_on or end) - DAY)
    yield _personal_row(posts, line, period, (start, end), start, due_on, met_on, waiver, tally, ids)


def _rolling(
    facts: Facts, posts: Sequence[Post], spells: Sequence[tuple[date, date]], line: Line, period: Period
) -> Iterator[Computed]:
    """Windows over the whole time in the duty, of which this version judges those that lie in its own time."""
    requirement = period.requirement
    accepted = counted(facts.entries, requirement.counts)
    for start, end in spells:
        anchor = max(start, line.first_day)
        for window in rolling_windows(accepted, requirement, anchor, end):
            first, last = max(window.start, period.start), min(window.end, period.end)
            if first >= last:
                continue
            due_on, waiver = window.due_on, Waiver()
            if window.met_on != window.start:
                began = add_years(due_on, -requirement.cycle.years)
                waiver, due_on = _suspended(facts.absences, requirement, began, due_on, last - DAY)
            yield _personal_row(
                posts, line, period, (first, last), window.start, due_on, window.met_on, waiver, window.tally,
                window.entries,
            )  # fmt: skip


def _personal_row(
    posts: Sequence[Post], line: Line, period: Period, span: tuple[date, date], owed_from: date, due_on: date,
    met_on: date | None, waiver: Waiver, tally: Tally, ids: Sequence[int],
) -> Computed:  # fmt: skip
    last_day = span[1] - DAY
    post = next(iter(_qualifying(posts, period.requirement, last_day)), None) or posts[-1]
    return Computed(
        period.version.id, line.key, *span, _place(posts, last_day, post).unit_id, post.post, owed_from, due_on, met_on,
        waiver.start, waiver.until, waiver.by, tally.trainings, tally.hours, 0, tuple(ids),
    )  # fmt: skip


# Who is in the duty, where, and since when


def _has_certificate(facts: Facts, requirement: Requirement) -> bool:
    return not requirement.certificates or facts.certificate in requirement.certificates


def _in_duty(facts: Facts, posts: Sequence[Post], requirement: Requirement, day: date) -> Post | None:
    """The post that brings the duty on `day`: the primary one if it does, else the highest."""
    if not _has_certificate(facts, requirement):
        return None
    return next(iter(_qualifying(posts, requirement, day)), None)


def _qualifying(posts: Iterable[Post], requirement: Requirement, day: date) -> list[Post]:
    held = [post for post in posts if post.start <= day < post.end]
    if any(post.post in requirement.not_posts for post in held):
        return []
    found = [post for post in held if post.post in requirement.posts]
    found.sort(key=lambda post: (not post.primary, ORDER.get(post.post, len(ORDER)), post.start, post.unit_id))
    return found


#: The order of post classes, the one with the most duties first.
ORDER = {
    word: place
    for place, word in enumerate(
        ("secretary_and_director", "party_secretary", "committee_director", "committee_member", "full_time_staff",
         "grid_worker", "other")
    )
}  # fmt: skip


def _place(posts: Iterable[Post], day: date, fallback: Post) -> Post:
    """Where somebody is counted on `day`: once, at the primary post if it lies in the policy's subtree."""
    held = [post for post in posts if post.primary and post.start <= day < post.end]
    return min(held, key=lambda post: (post.start, post.unit_id), default=fallback)


def spells_of(posts: Sequence[Post], requirement: Requirement) -> list[tuple[date, date]]:
    """The time in which somebody is in the duty, joined where it goes on without a gap, also elsewhere."""
    days = sorted({day for post in posts for day in (post.start, post.end)})
    spells: list[tuple[date, date]] = []
    for start, end in pairwise(days):
        if not _qualifying(posts, requirement, start):
            continue
        if spells and spells[-1][1] == start:
            spells[-1] = (spells[-1][0], end)
        else:
            spells.append((start, end))
    return spells


def _since(posts: Sequence[Post], requirement: Requirement, day: date) -> date:
    """The first day of the spell in which `day` lies."""
    return next(start for start, end in spells_of(posts, requirement) if start <= day < end)


def _grace_ends(facts: Facts, requirement: Requirement, since: date) -> date:
    """The last day of grace for somebody who came into the duty on `since`: new to the work, or from another post."""
    newcomer = since == min(post.start for post in facts.posts)
    months = requirement.newcomer_months if newcomer else requirement.change_months
    return add_months(since, months) - DAY


# Exemptions


def _waiver(absences: Sequence[Absence], requirement: Requirement, owed_from: date, due_on: date) -> Waiver:
    """For the whole cycle where half of its time or its last day is exempted; else while the exemption lasts."""
    held = _held(absences, requirement, owed_from, due_on)
    if not held:
        return Waiver()
    at_end = [absence for absence in held if absence.start <= due_on < absence.end]
    longest = max(at_end or held, key=lambda one: (_days(one, owed_from, due_on), one.start, one.id))
    away = _days_away(held, owed_from, due_on)
    if at_end or 2 * away >= (due_on - owed_from).days + 1:
        return Waiver(longest.start, FAR, longest.id)
    last = max(held, key=lambda one: (one.end, one.id))
    return Waiver(last.start, last.end - DAY, last.id)


def _suspended(
    absences: Sequence[Absence], requirement: Requirement, first: date, due_on: date, last: date
) -> tuple[Waiver, date]:
    """In a cycle of one's own the clock stands still: the days exempted between `first` and `due_on` are added.

    :param last: the last day of the row: nothing is asked while an exemption lasts, also after `due_on`.
    """
    held = _held(absences, requirement, first, last)
    if not held:
        return Waiver(), due_on
    latest = max(held, key=lambda one: (one.end, one.id))
    longer = min(due_on.toordinal() + _days_away(held, first, due_on), (FAR - DAY).toordinal())
    return Waiver(latest.start, latest.end - DAY, latest.id), date.fromordinal(longer)


def _held(absences: Sequence[Absence], requirement: Requirement, first: date, last: date) -> list[Absence]:
    allowed = requirement.exemptions
    return [one for one in absences if one.kind in allowed and one.start <= last and one.end > first]


def _days(absence: Absence, first: date, last: date) -> int:
    return (min(absence.end, last + DAY) - max(absence.start, first)).days


def _days_away(held: Iterable[Absence], first: date, last: date) -> int:
    """Exempted days between `first` and `last`, those of two exemptions at once counted once."""
    days, seen_to = 0, first
    for absence in sorted(held, key=lambda one: one.start):
        start, end = max(absence.start, seen_to), min(absence.end, last + DAY)
        if end > start:
            days, seen_to = days + (end - start).days, end
    return days
