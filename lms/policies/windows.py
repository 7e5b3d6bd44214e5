"""Rolling windows: "once in any N years", counted for each person from their own trainings."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from lms.policies.cycles import DAY, FAR, add_years
from lms.policies.facts import Entry, Tally
from lms.policies.rules import Requirement


class Window(NamedTuple):
    """A stretch in which somebody is either covered by their trainings, or not."""

    start: date
    end: date
    due_on: date
    met_on: date | None
    tally: Tally
    entries: tuple[int, ...]


class Cover(NamedTuple):
    """What trainings up to a day are good for: from that day until before `end`."""

    start: date
    end: date
    tally: Tally
    entries: tuple[int, ...]


def rolling_windows(accepted: Sequence[Entry], requirement: Requirement, start: date, end: date) -> Iterator[Window]:
    """The time from `start` to `end`, cut into covered and uncovered windows, in order.

    :param accepted: entries that count, by day; those before `start` count while their N years last.
    """
    years, day, owed_since = requirement.cycle.years, start, start
    due_on = _years_on(start, years)
    for cover in _joined(_covers(accepted, requirement)):
        if cover.end <= start or cover.start >= end:
            continue
        if cover.start > day:
            yield Window(day, cover.start, due_on, cover.start, cover.tally, cover.entries)
        first = max(cover.start, start)
        yield Window(first, min(cover.end, end), cover.end - DAY, first, cover.tally, cover.entries)
        day = owed_since = min(cover.end, end)
        due_on = max(due_on, cover.end - DAY)  # whoever is new has N years in any case
    if day < end:
        missing = _tally_since(accepted, requirement, owed_since)
        yield Window(day, end, due_on, None, *missing)


def _years_on(start: date, years: int) -> date:
    return add_years(start, years) - DAY if start.year + years < FAR.year else FAR - DAY


def _covers(accepted: Sequence[Entry], requirement: Requirement) -> Iterator[Cover]:
    """What is enough at each training's day, and until when: the latest trainings that suffice decide."""
    years = requirement.cycle.years
    for last in range(len(accepted)):
        if last + 1 < len(accepted) and accepted[last + 1].on == accepted[last].on:
            continue  # what happened on one day counts together
        oldest = _years_back(accepted[last].on, years)
        tally, ids = Tally(requirement.counts), []
        for entry in reversed(accepted[: last + 1]):
            if entry.on <= oldest:
                break
            if tally.add(entry):
                ids.append(entry.id)
            if tally.enough:
                yield Cover(accepted[last].on, add_years(entry.on, years), tally, tuple(reversed(ids)))
                break


def _years_back(day: date, years: int) -> date:
    return add_years(day, -years) if day.year > years else date.min


def _joined(covers: Iterator[Cover]) -> Iterator[Cover]:
    """Covers that touch, as one: whoever is trained again in time is covered all along."""
    held: Cover | None = None
    for cover in covers:
        if held is None:
            held = cover
        elif cover.start <= held.end:
            held = Cover(held.start, max(held.end, cover.end), cover.tally, cover.entries)
        else:
            yield held
            held = cover
    if held is not None:
        yield held


def _tally_since(accepted: Sequence[Entry], requirement: Requirement, day: date) -> tuple[Tally, tuple[int, ...]]:
    """What has been done towards a window that is not met yet."""
    tally = Tally(requirement.counts)
    ids = tuple(entry.id for entry in accepted if entry.on >= day and tally.add(entry))
    return tally, ids
