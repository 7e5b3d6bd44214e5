"""A claim of training done elsewhere against what is on record: what is wrong with it, and what it may repeat. Pure.

The hours that a class may earn are those of the credit rule in force for the person's unit on its last day. Where that
rule does not count by the day, MOST_PER_HALF_DAY bounds them: no rule found in practice gives a day more than eight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from lms.hours import rules
from lms.hours.kinds import Ability, Tier, TrainingType
from lms.records.findings import Code, Note
from lms.roster.cells import squeezed

MOST_PER_HALF_DAY = Decimal(4)
LONGEST_DAYS = 366
#: Within so many days of each other two trainings with similar names may be the same.
NEAR = timedelta(days=31)
SAME_PLACE = timedelta(days=3)
SIMILAR = 0.6


@dataclass(frozen=True)
class Claim:
    """What is claimed; the same from a form and from a row of a spreadsheet."""

    title: str
    organizer: str
    tier: Tier
    training_type: TrainingType
    abilities: Sequence[Ability]
    starts_on: date
    occurred_on: date
    half_days: int | None
    hours: Decimal
    evidence: str

    @property
    def days(self) -> int:
        return (self.occurred_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Post:
    """A time in which the person worked for a unit."""

    unit_id: int
    unit_path: str
    starts_on: date
    ends_on: date | None
    is_primary: bool = True

    def held_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


@dataclass(frozen=True)
class Known:
    """A training that is on record, or waits to be decided on.

    :param entry_id: its entry in the ledger; None for a back-entry that waits.
    """

    title: str
    organizer: str
    occurred_on: date
    starts_on: date
    hours: Decimal
    evidence: str
    entry_id: int | None = None
    back_entry_id: int | None = None


@dataclass(frozen=True)
class Rule:
    """The credit rule that applies."""

    title: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Dossier:
    """What a claim is compared with."""

    posts: Sequence[Post]
    known: Sequence[Known]
    joined_on: date | None = None

    def post_on(self, day: date) -> Post | None:
        """时任单位: the primary post on that day, else the latest begun."""
        held = [post for post in self.posts if post.held_on(day)]
        return max(held, key=lambda post: (post.is_primary, post.starts_on), default=None)


class Why(StrEnum):
    """Why two trainings may be one."""

    SAME_EVIDENCE = "same_evidence"
    SIMILAR_TITLE = "similar_title"
    SAME_DAYS = "same_days"
    SAME_ORGANIZER = "same_organizer"


@dataclass(frozen=True)
class Alike:
    """Something on record that a claim may repeat."""

    known: Known
    why: Why


def faults(claim: Claim, dossier: Dossier, rule: Rule | None, *, today: date) -> Iterator[tuple[str, Note]]:
    """What keeps a claim from being stored: the name of the field, and what is wrong with it."""
    if claim.occurred_on > today:
        yield "occurred_on", (Code.AFTER_TODAY, {"date": claim.occurred_on.isoformat()})
    if claim.starts_on > claim.occurred_on:
        yield "starts_on", (Code.ENDS_FIRST, {})
    elif claim.days > LONGEST_DAYS:
        yield "starts_on", (Code.TOO_LONG_A_SPAN, {"days": claim.days})
    elif dossier.post_on(claim.occurred_on) is None:
        yield "occurred_on", _out_of_post(claim.occurred_on, dossier)
    if claim.half_days is not None and claim.half_days < 1:
        yield "days", (Code.DAYS_UNEVEN, {})
    elif claim.half_days is not None and claim.half_days > 2 * max(claim.days, 1):
        yield "days", (Code.DAYS_ABOVE, {"days": max(claim.days, 1)})
    fault = _hours_fault(claim, rule)
    if fault is not None:
        yield "hours", fault
    for known in dossier.known:
        if is_same(claim, known):
            code = Code.TWICE if known.entry_id else Code.TWICE_WAITING
            yield "title", (code, {"title": known.title, "date": known.occurred_on.isoformat()})
            break


def _out_of_post(day: date, dossier: Dossier) -> Note:
    first = min((post.starts_on for post in dossier.posts), default=None)
    if first is not None and day < first:
        return Code.BEFORE_POST, {"date": day.isoformat(), "first": first.isoformat()}
    return Code.OUT_OF_POST, {"date": day.isoformat()}


def _hours_fault(claim: Claim, rule: Rule | None) -> Note | None:
    if not claim.hours.is_finite() or claim.hours <= 0:
        return Code.HOURS_UNSOUND, {}
    if claim.hours <= rules.MOST and claim.hours != claim.hours.quantize(rules.CENT):
        return Code.HOURS_UNSOUND, {}
    if claim.starts_on > claim.occurred_on:
        return None
    most = most_hours(claim, rule)
    if claim.hours <= most:
        return None
    half_days = claim.half_days if claim.half_days is not None else 2 * claim.days
    days = f"{Decimal(half_days) / 2:f}"
    if rule is not None and rule.body["method"] == "days":
        return Code.HOURS_ABOVE_RULE, {"rule": rule.title, "days": days, "most": str(most)}
    return Code.HOURS_ABOVE, {"days": days, "most": str(most)}


def most_hours(claim: Claim, rule: Rule | None) -> Decimal:
    """The most that a class of this length may earn; without a stated length every day of its span counts as whole."""
    half_days = max(claim.half_days if claim.half_days is not None else 2 * claim.days, 1)
    if rule is not None and rule.body["method"] == "days":
        return rules.credit(dict(rule.body), rules.Training(declared=Decimal(0), half_days=half_days))
    return min(MOST_PER_HALF_DAY * half_days, rules.MOST).quantize(rules.CENT)


def is_same(claim: Claim, known: Known) -> bool:
    """Whether it is on record already beyond doubt: the same name on the same day."""
    return claim.occurred_on == known.occurred_on and squeezed(claim.title) == squeezed(known.title)


def alike(claim: Claim, dossier: Dossier) -> list[Alike]:
    """What is on record that the claim may repeat, the nearest first: for a second pair of eyes, not a refusal."""
    found = [Alike(known, why) for known in dossier.known if (why := _why(claim, known)) is not None]
    return sorted(found, key=lambda one: abs(one.known.occurred_on - claim.occurred_on))


def _why(claim: Claim, known: Known) -> Why | None:
    apart = abs(known.occurred_on - claim.occurred_on)
    if squeezed(claim.evidence) == squeezed(known.evidence):
        return Why.SAME_EVIDENCE
    if apart <= NEAR and SequenceMatcher(None, squeezed(claim.title), squeezed(known.title)).ratio() >= SIMILAR:
        return Why.SIMILAR_TITLE
    if claim.starts_on <= known.occurred_on and known.starts_on <= claim.occurred_on:
        return Why.SAME_DAYS
    if known.organizer and squeezed(known.organizer) == squeezed(claim.organizer) and apart <= SAME_PLACE:
        return Why.SAME_ORGANIZER
    return None
