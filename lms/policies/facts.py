"""The facts from which a standing follows, as plain values: nothing here knows the database."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from lms.policies.rules import Counting
from lms.units.paths import ids_on


class Post(NamedTuple):
    """A post held in a unit, from a day to a day (half-open)."""

    unit_id: int
    path: str
    post: str
    start: date
    end: date
    primary: bool


class Entry(NamedTuple):
    """A ledger entry that stands: reversed ones are no facts of training."""

    id: int
    on: date
    kind: str
    tier: str | None
    training_type: str | None
    hours: int
    title: str


class Absence(NamedTuple):
    """An exemption that holds, from a day to a day (half-open)."""

    id: int
    kind: str
    start: date
    end: date


@dataclass(frozen=True)
class Facts:
    """What is known of a person. The order in each sequence means nothing."""

    posts: Sequence[Post]
    entries: Sequence[Entry] = ()
    absences: Sequence[Absence] = ()
    certificate: str = ""


def units_of(facts: Facts) -> set[int]:
    """The units in which somebody held a post, and those above: whose policies can concern them."""
    return ids_on(post.path for post in facts.posts)


def same_training(entry: Entry) -> tuple[str, date | None]:
    """What tells two trainings apart within a cycle.

    A course by its title: taken again in the same cycle it is one training. Anything else by its title and its day: the
    same class entered by two units is one class, next month's class of that name is another.
    """
    title = "".join(char for char in unicodedata.normalize("NFKC", entry.title).casefold() if char.isalnum())
    return title, None if entry.kind == "course" else entry.on


def counted(entries: Iterable[Entry], counts: Counting) -> list[Entry]:
    """Those entries that a requirement accepts, by day; on one day the longest first, whichever arrived first."""
    accepted = [
        entry
        for entry in entries
        if (not counts.tiers or entry.tier in counts.tiers)
        and (not counts.training_types or entry.training_type in counts.training_types)
        and (not counts.kinds or entry.kind in counts.kinds)
    ]
    accepted.sort(key=lambda one: (one.on, -one.hours, one.kind, one.title, one.id))
    return accepted


class Tally:
    """Trainings and hours of a span as they add up, entry after entry."""

    def __init__(self, counts: Counting, carried: int = 0) -> None:
        self._counts = counts
        self._longest: dict[tuple[str, date | None], int] = {}
        self._by_kind: dict[str, int] = {}
        self.carried = carried
        self.own = 0
        self.trainings = 0

    @property
    def hours(self) -> int:
        return self.own + self.carried

    @property
    def enough(self) -> bool:
        return self.trainings >= self._counts.trainings and self.hours >= self._counts.hours

    def add(self, entry: Entry) -> bool:
        """Count `entry`; whether it adds anything. Of two entries for one training the longer one counts."""
        key = same_training(entry)
        known = self._longest.get(key)
        if known is None:
            self.trainings += 1
        elif entry.hours <= known:
            return False
        self._longest[key] = entry.hours
        cap = self._counts.caps.get(entry.kind)
        before = self._by_kind.get(entry.kind, 0)
        after = self._by_kind[entry.kind] = before + entry.hours - (known or 0)
        gained = after - before if cap is None else min(after, cap) - min(before, cap)
        self.own += gained
        return known is None or gained > 0

    @property
    def surplus(self) -> int:
        """Hours left for the next cycle: of this one's own, above what was needed, up to what may be carried over."""
        return min(self._counts.carry_over, self.own, max(0, self.hours - self._counts.hours))
