"""What the answers say about a paper as a whole (试卷分析). Pure.

The figures are again those that Moodle's developers publish on docs.moodle.org, "Quiz statistics calculations". By T
the sum that a sitting earned, by x what it earned in one place of the paper, by S the number of sittings, by P of
places:

standard deviation   sqrt(V(T)), V with S - 1 below
skewness, kurtosis   k3 / k2^1.5 and k4 / k2^2, the k being Fisher's unbiased cumulants of T
consistency          P / (P - 1) * (1 - sum of V(x) / V(T)), known as Cronbach's alpha
error ratio          sqrt(1 - consistency): which part of the spread is chance
standard error       error ratio * standard deviation: how far chance may have moved one result

Sums are given as parts of the whole, 0 to 1. Places, not questions, are compared where a paper draws at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import median

from lms.quizzes.statistics import covariance, varies

RELIABLE = 0.64
"""From here on chance makes at most three fifths of the spread (0.6 squared is 1 - 0.64)."""
FEWEST = 30
"""Fewer sittings than this say nothing about a paper."""


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """The figures of a paper, as parts of the whole; None where they are not defined."""

    sittings: int
    mean: float
    median: float
    deviation: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    consistency: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None

    @property
    def verdict(self) -> str:
        """What to make of it: ``too_few``, ``unknown``, ``chance`` (much of it) or ``reliable``."""
        if self.sittings < FEWEST:
            return "too_few"
        if self.consistency is None:
            return "unknown"
        return "reliable" if self.consistency >= RELIABLE else "chance"


def measure(sittings: Sequence[Sequence[float]]) -> PaperFigures | None:
    """Return the figures of a paper, None where nobody sat it.

    :param sittings: for each the parts, 0 to 1, that its questions earned, place by place. Where the numbers of
        places differ, nothing can be said of consistency.
    """
    sittings = [parts for parts in sittings if parts]
    if not sittings:
        return None
    totals = [fsum(parts) / len(parts) for parts in sittings]
    mean, middle = fsum(totals) / len(totals), float(median(totals))
    if not varies(totals):
        return PaperFigures(len(totals), mean, middle, None if len(totals) < 2 else 0.0)
    deviation = sqrt(covariance(totals, totals))
    consistency = _consistency(sittings)
    # Questions that contradict each other give less than nothing: all of the spread is chance then.
    ratio = None if consistency is None else sqrt(max(0.0, 1 - consistency))
    return PaperFigures(
        len(totals), mean, middle, deviation, _skewness(totals), _kurtosis(totals), consistency, ratio,
        None if ratio is None else ratio * deviation,
    )  # fmt: skip


def _consistency(sittings: Sequence[Sequence[float]]) -> float | None:
    places = len(sittings[0])
    if places < 2 or any(len(parts) != places for parts in sittings):
        return None
    totals = [fsum(parts) for parts in sittings]
    own = fsum(covariance(column, column) for column in zip(*sittings, strict=True))
    return places / (places - 1) * (1 - own / covariance(totals, totals))


def _moment(totals: Sequence[float], power: int) -> float:
    mean = fsum(totals) / len(totals)
    return fsum((total - mean) ** power for total in totals) / len(totals)


def _skewness(totals: Sequence[float]) -> float | None:
    size = len(totals)
    if size < 3:
        return None
    third: float = size**2 / ((size - 1) * (size - 2)) * _moment(totals, 3)
    return third / sqrt(covariance(totals, totals)) ** 3


def _kurtosis(totals: Sequence[float]) -> float | None:
    size = len(totals)
    if size < 4:
        return None
    below = (size - 1) * (size - 2) * (size - 3)
    fourth = size**2 / below * ((size + 1) * _moment(totals, 4) - 3 * (size - 1) * _moment(totals, 2) ** 2)
    return fourth / covariance(totals, totals) ** 2
