"""What is on offer that would count: modules above register a finder; this one asks what it needs."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from lms.core.web import Actor
from lms.policies.rules import Counting


@dataclass(frozen=True)
class Offer:
    """Something to take part in.

    :param hours: hundredths of hours that it earns.
    :param left: how much is left of it: lessons, or days.
    """

    title: str
    url: str
    kind: str
    tier: str
    training_type: str
    hours: int
    begun: bool
    left: int

    def counts_for(self, counts: Counting) -> bool:
        return (
            (not counts.tiers or self.tier in counts.tiers)
            and (not counts.training_types or self.training_type in counts.training_types)
            and (not counts.kinds or self.kind in counts.kinds)
        )


#: What is on offer to an actor by organizers of the given tiers (empty: of all), what is begun first.
Finder = Callable[[Actor, Collection[str]], Sequence[Offer]]


def register(app: Flask, finder: Finder) -> None:
    app.extensions.setdefault("policy_offers", []).append(finder)


def shortest_way(actor: Actor, counts: Counting, missing: int) -> list[Offer]:
    """What to take part in next: one training; or, where hours are missing, the fewest that come nearest to them.

    :param missing: hundredths of hours still owed; 0 where a training is.
    """
    finders: list[Finder] = current_app.extensions.get("policy_offers", [])
    found = [one for finder in finders for one in finder(actor, counts.tiers) if one.counts_for(counts)]
    if not missing:
        return sorted(found, key=lambda one: (not one.begun, one.left))[:1]
    way: list[Offer] = []
    for one in sorted(found, key=lambda one: (not one.begun, -one.hours)):
        if missing > 0 and len(way) < MOST_NAMED:
            way.append(one)
            missing -= one.hours
    return way


MOST_NAMED = 2
