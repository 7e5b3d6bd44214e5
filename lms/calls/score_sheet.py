"""The score sheet: four criteria with their weights, and what being published is worth. All of it is data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import fmean

from lms.calls.kinds import Criterion
from lms.units.models import Level

SHIPPED = Path(__file__).parent / "review_rules" / "default.toml"
WHOLE = 100


@dataclass(frozen=True)
class ReviewRules:
    """What a place says of reviewing cases."""

    highest: int
    weights: Mapping[str, int]
    hours: Mapping[Level, Decimal]


@cache
def rules() -> ReviewRules:
    """The rules that are shipped.

    :raise ValueError: the weights are not those of the four criteria, or are not 100 together.
    """
    given = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    weights = {str(name): int(weight) for name, weight in given["weights"].items()}
    if set(weights) != {one.value for one in Criterion} or not is_whole(weights):
        raise ValueError("the weights of the four criteria must be 100 together")
    hours = {Level(name): Decimal(amount) for name, amount in given["hours"].items()}
    return ReviewRules(int(given["highest"]), weights, hours)


def is_whole(weights: Mapping[str, int]) -> bool:
    """Whether the weights are percentages of a whole."""
    return all(weight >= 0 for weight in weights.values()) and sum(weights.values()) == WHOLE


def weighted(points: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """What one expert's points come to, on the scale of the points."""
    return sum(points[name] * weight for name, weight in weights.items()) / WHOLE


def mean(sheets: Sequence[Mapping[str, int]], weights: Mapping[str, int]) -> float | None:
    """The mean of the experts' weighted points, to two places; None where nobody scored."""
    return round(fmean(weighted(points, weights) for points in sheets), 2) if sheets else None
