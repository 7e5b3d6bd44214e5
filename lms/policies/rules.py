"""What a policy says, as data: requirements, read from the body that its version keeps.

A body is what `policy_toml` has checked; nothing here refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lms.policies.kinds import CycleKind


@dataclass(frozen=True)
class Cycle:
    """How time is cut.

    :param years: length of a fixed block or a rolling window.
    :param first_year: a year in which a fixed block begins.
    :param months: how long somebody has for what is owed once.
    """

    kind: CycleKind
    years: int = 1
    first_year: int = 0
    months: int = 0


@dataclass(frozen=True)
class Counting:
    """What counts, and how much of it is needed. Empty sets mean all.

    :param trainings: completed trainings needed.
    :param hours: hundredths of hours needed.
    :param caps: kind -> hundredths of hours that count at most in a cycle.
    :param carry_over: hundredths of hours of one cycle that may count for the next.
    """

    trainings: int = 0
    hours: int = 0
    tiers: frozenset[str] = frozenset()
    training_types: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    caps: Mapping[str, int] = field(default_factory=dict)
    carry_over: int = 0


@dataclass(frozen=True)
class Requirement:
    """One duty of a policy.

    :param posts: post classes that bring it; holders of one of `not_posts` are excepted.
    :param certificates: only people with one of these certificates, as the roster words them; empty means all.
    :param newcomer_months: how long somebody new to the work has at least; `change_months` after a change of post.
    :param head_count: (month, day) in the last year of a cycle on which it is seen who is in the duty; by default its
        last day.
    :param exemptions: kinds of exemption that waive it.
    """

    key: str
    title: str
    posts: frozenset[str]
    cycle: Cycle
    counts: Counting
    not_posts: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    newcomer_months: int = 0
    change_months: int = 0
    head_count: tuple[int, int] | None = None
    exemptions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Version:
    """A version of a policy as it was adopted.

    :param ends_before: the day after its last; None while nothing takes its place.
    """

    id: int
    unit_id: int
    unit_path: str
    name: str
    title: str
    number: int
    valid_from: date
    ends_before: date | None
    requirements: Mapping[str, Requirement]


def requirements_of(body: Mapping[str, Any]) -> dict[str, Requirement]:
    """The requirements of a body, by key, in the order of the file."""
    return {given["key"]: requirement_of(given) for given in body["requirements"]}


def requirement_of(given: Mapping[str, Any]) -> Requirement:
    who, cycle, counts, grace = given["who"], given["cycle"], given["counts"], given.get("grace", {})
    head_count = given.get("head_count")
    return Requirement(
        key=given["key"],
        title=given["title"],
        posts=frozenset(who["posts"]),
        not_posts=frozenset(who.get("not_posts", ())),
        certificates=frozenset(who.get("certificates", ())),
        cycle=Cycle(
            CycleKind(cycle["kind"]), cycle.get("years", 1), cycle.get("first_year", 0), cycle.get("months", 0)
        ),
        counts=Counting(
            trainings=counts.get("trainings", 0),
            hours=hundredths(counts.get("hours", "0")),
            tiers=frozenset(counts.get("tiers", ())),
            training_types=frozenset(counts.get("training_types", ())),
            kinds=frozenset(counts.get("kinds", ())),
            caps={kind: hundredths(most) for kind, most in counts.get("caps", {}).items()},
            carry_over=hundredths(counts.get("carry_over", "0")),
        ),
        newcomer_months=grace.get("newcomer_months", 0),
        change_months=grace.get("change_months", 0),
        head_count=(int(head_count[:2]), int(head_count[3:])) if head_count else None,
        exemptions=frozenset(given.get("exemptions", ())),
    )


def hundredths(text: str) -> int:
    """ "2.50" -> 250: hours are compared as whole numbers."""
    return int(Decimal(text) * 100)
