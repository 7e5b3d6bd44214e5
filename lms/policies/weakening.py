"""Whether one version of a policy asks less than another: a level below may add to the one above, never weaken it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.hours.kinds import HourKind, Tier, TrainingType
from lms.people.posts import PostClass
from lms.policies.kinds import CycleKind, ExemptionKind
from lms.policies.rules import Counting, Cycle, Requirement, Version
from lms.policies.wording import cycle_words, hours_text, joined, words

#: Where in a requirement a weakness stands: keys below it.
Place = tuple[str, ...]


@dataclass(frozen=True)
class Weakness:
    """One way in which something asks less. `requirement` is None where one is missing."""

    requirement: str | None
    place: Place
    code: str
    params: Mapping[str, object]


def weaknesses(ours: Version, theirs: Version) -> Iterator[Weakness]:
    """In what `ours` asks less than `theirs`, the version of the same policy that a level above adopted."""
    for key, upper in theirs.requirements.items():
        lower = ours.requirements.get(key)
        if lower is None:
            yield Weakness(None, (), "weaker_missing", {"title": upper.title})
        else:
            yield from (Weakness(key, *found) for found in _compared(lower, upper))


def is_weaker(ours: Requirement, theirs: Requirement) -> bool:
    return next(_compared(ours, theirs), None) is not None


Found = tuple[Place, str, dict[str, object]]


def _compared(ours: Requirement, theirs: Requirement) -> Iterator[Found]:
    fewer = theirs.posts - ours.posts
    if fewer:
        yield ("who", "posts"), "weaker_posts", {"values": words(PostClass, fewer)}
    excepted = (ours.not_posts - theirs.not_posts) & theirs.posts
    if excepted:
        yield ("who", "not_posts"), "weaker_posts", {"values": words(PostClass, excepted)}
    if ours.certificates and not (theirs.certificates and ours.certificates >= theirs.certificates):
        yield ("who", "certificates"), "weaker_posts", {"values": joined(sorted(theirs.certificates)) or "…"}
    if not _as_often(ours.cycle, theirs.cycle):
        params: dict[str, object] = {"theirs": cycle_words(theirs.cycle), "ours": cycle_words(ours.cycle)}
        yield ("cycle", "kind"), "weaker_cycle", params
    yield from _counting(ours.counts, theirs.counts)
    for key in ("newcomer_months", "change_months"):
        mine, above = getattr(ours, key), getattr(theirs, key)
        if mine > above:
            yield ("grace", key), "weaker_grace", {"theirs": above, "ours": mine}
    more = ours.exemptions - theirs.exemptions
    if more:
        yield ("exemptions",), "weaker_exemptions", {"values": words(ExemptionKind, more)}
    if ours.head_count != theirs.head_count:
        yield ("head_count",), "weaker_head_count", {"theirs": "{:02}-{:02}".format(*(theirs.head_count or (12, 31)))}


def _as_often(ours: Cycle, theirs: Cycle) -> bool:
    """The same kind of cycle and no longer; a year is within every block and every rolling window."""
    if ours.kind is not theirs.kind:
        return ours.kind is CycleKind.CALENDAR_YEAR and theirs.kind is not CycleKind.ONCE
    if ours.kind is CycleKind.FIXED_BLOCK and ours.years == theirs.years:
        return (ours.first_year - theirs.first_year) % ours.years == 0
    return ours.years <= theirs.years and ours.months <= theirs.months


def _counting(ours: Counting, theirs: Counting) -> Iterator[Found]:
    if ours.trainings < theirs.trainings:
        params: dict[str, object] = {"theirs": theirs.trainings, "ours": ours.trainings}
        yield ("counts", "trainings"), "weaker_trainings", params
    if ours.hours < theirs.hours:
        yield ("counts", "hours"), "weaker_hours", {"theirs": hours_text(theirs.hours), "ours": hours_text(ours.hours)}
    for key, kinds in (("tiers", Tier), ("training_types", TrainingType), ("kinds", HourKind)):
        mine, above = getattr(ours, key), getattr(theirs, key)
        accepted = (mine or set(map(str, kinds))) - above if above else set()
        if accepted:
            yield ("counts", key), "weaker_accepts", {"values": words(kinds, accepted)}
    for kind, most in theirs.caps.items():
        if ours.caps.get(kind, most + 1) > most:
            cap: dict[str, object] = {"values": HourKind(kind).label, "theirs": hours_text(most)}
            yield ("counts", "caps", kind), "weaker_cap", cap
    if ours.carry_over > theirs.carry_over and theirs.hours:
        carried: dict[str, object] = {"theirs": hours_text(theirs.carry_over), "ours": hours_text(ours.carry_over)}
        yield ("counts", "carry_over"), "weaker_carry", carried
