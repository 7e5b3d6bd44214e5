"""Drawing a paper (组卷): which questions of a pool one attempt gets. Pure: the same seed draws the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lms.quizzes.chance import Chance

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draw:
    """So many questions of one category."""

    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A draw that asks for more than its category holds."""

    category: str
    wanted: int
    held: int


def shortages(draws: Sequence[Draw], categories: Iterable[str]) -> list[Shortage]:
    """Return what a pool, given as the category of each of its questions, lacks.

    Two draws from one category add up; a draw of fewer than one question counts as short.
    """
    held = Counter(categories)
    wanted: Counter[str] = Counter()
    for draw in draws:
        wanted[draw.category] += draw.count
    return [
        Shortage(category, count, held[category])
        for category, count in wanted.items()
        if not 0 < count <= held[category]
    ]


def draw_questions(draws: Sequence[Draw], pool: Sequence[tuple[T, str]], seed: str) -> list[T]:
    """Return the questions of one attempt: draw by draw, each in a random order.

    :param pool: questions with their category, in the order of the paper. Without draws all are taken, in that order.
    :param seed: of the attempt; see ``chance`` for how numbers come from it.
    :raise ValueError: the pool holds fewer than a draw asks for: publishing refuses such a paper.
    """
    if not draws:
        return [question for question, _ in pool]
    if shortages(draws, (category for _, category in pool)):
        raise ValueError("the pool holds fewer questions than the paper draws")
    drawn: list[T] = []
    left: dict[str, list[T]] = {}
    for draw in draws:
        if draw.category not in left:
            members = [question for question, category in pool if category == draw.category]
            left[draw.category] = Chance(seed, f"draw {draw.category}").shuffled(members)
        drawn += left[draw.category][: draw.count]
        del left[draw.category][: draw.count]
    return drawn
