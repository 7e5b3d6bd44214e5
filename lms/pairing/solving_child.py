"""The solver's side of a proposal: run in a child process, because numpy and scipy are slow to import and large.

As many mentees as possible find a mentor; among such assignments the sum of the fits is the greatest there is. A
mentor's places are columns of their own, each with the load that it adds, so that the assignment problem of Kuhn (1955)
as scipy solves it (Crouse, 2016: Jonker and Volgenant's method for rectangles) is the whole of it: exact, no heuristic.
Costs are whole numbers below 2**53 and therefore exact as floats. Rows and columns come in the order of identifiers and
the method takes no chance, so that the same input gives the same proposal.

What comes in are plain lists: they cross a pipe. `solving.py` makes them and reads the answer.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the child may start no thread, and must not die of trying

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from lms.pairing import fit

Ints = NDArray[np.int64]
Grid = NDArray[np.int16]
Marks = NDArray[np.bool_]

LOWEST = -(2**62)


def solve(
    mentees: list[list[int]],
    places_of_mentees: list[list[int]],
    mentors: list[list[int]],
    special: list[list[int]],
    forbidden: list[list[int]],
    runners_up: int,
) -> dict[str, list[list[int]]]:
    """Pair rows with columns.

    :param mentees: needs, post, whether a new leader, city, county, street, community.
    :param places_of_mentees: the units at or above each mentee's posts, filled up with 0 to one length.
    :param mentors: offers, posts, whether has led, city, county, street, community, reach, places, load.
    :param special: row, column and what is added to that pair.
    :param forbidden: row and column.
    :param runners_up: how many other mentors to name for each mentee.
    :return: "pairs" as [row, column], "others" as the best other columns of each row, "possible" as how many mentors
        each row could have.
    """
    rows, columns = len(mentees), len(mentors)
    if not rows or not columns:
        return {"pairs": [], "others": [[] for _row in range(rows)], "possible": [[0] for _row in range(rows)]}
    these, those = np.array(mentees, dtype=np.int64), np.array(mentors, dtype=np.int64)
    fits = _fits(these, those)
    for row, column, value in special:
        fits[row, column] += value
    allowed = _reached(np.array(places_of_mentees, dtype=np.int64).reshape(rows, -1), those[:, 7])
    if forbidden:
        out = np.array(forbidden, dtype=np.int64)
        allowed[out[:, 0], out[:, 1]] = False
    pairs = _assign(fits, allowed, those[:, 8], those[:, 9])
    others = _best_others(fits + (fit.LOAD * those[:, 9]).astype(np.int16), allowed, pairs, runners_up)
    return {"pairs": pairs, "others": others, "possible": allowed.sum(axis=1)[:, None].tolist()}


def _fits(these: Ints, those: Ints) -> Grid:
    """The score of each pair without load and ties: as `fit.score`, over the whole grid."""
    bits = np.array([value.bit_count() for value in range(256)], dtype=np.int16)
    fits: Grid = bits[these[:, 0].astype(np.uint8)[:, None] & those[:, 0].astype(np.uint8)[None, :]]
    np.minimum(fits, fit.MOST_ABILITIES, out=fits)
    fits *= fit.ABILITY
    leaders = those[:, 2] == 1
    for post in np.unique(these[:, 1]):
        has_held = (those[:, 1] >> post) & 1 if post else np.zeros(len(those), dtype=np.int64)
        worth = (has_held * fit.SAME_POST).astype(np.int16)
        rows = these[:, 1] == post
        fits[rows & (these[:, 2] == 0)] += worth
        fits[rows & (these[:, 2] == 1)] += np.where(leaders, np.int16(fit.HAS_LED), worth)
    near = np.zeros_like(fits)
    for level in range(4):  # the narrower overrides the wider
        own, other = these[:, 3 + level], those[:, 3 + level]
        same = own[:, None] == np.where(other == 0, -1, other)[None, :]
        np.copyto(near, np.int16(fit.NEARNESS[level + 1]), where=same)
    fits += near
    return fits


def _reached(units: Ints, reaches: Ints) -> Marks:
    """Whether the mentor's reach is among the units at or above the mentee's posts."""
    reached: Marks = np.zeros((len(units), len(reaches)), dtype=np.bool_)
    wanted = np.where(reaches == 0, -1, reaches)
    for level in range(units.shape[1]):
        reached |= units[:, level][:, None] == wanted[None, :]
    return reached


def _assign(fits: Grid, allowed: Marks, places: Ints, loads: Ints) -> list[list[int]]:
    """The best assignment, by row."""
    rows = len(fits)
    places = np.minimum(places, rows)
    owners = np.repeat(np.arange(len(places)), places)
    if not len(owners):
        return []
    nth = np.arange(len(owners)) - np.repeat(np.cumsum(places) - places, places)
    burden = fit.LOAD * (loads[owners] + nth)
    low, high = int(fits.min() + burden.min()), int(fits.max() + burden.max())
    most = rows * (high - low + 1) + 1  # one pair more outweighs every difference of fits
    costs = fits[:, owners].astype(np.float64)
    costs += burden + (most - low)
    costs *= allowed[:, owners]
    np.negative(costs, out=costs)
    chosen, slots = linear_sum_assignment(costs)
    real = costs[chosen, slots] < 0
    pairs = np.stack([chosen[real], owners[slots[real]]], axis=1)
    return [[int(row), int(column)] for row, column in pairs]


def _best_others(fits: Grid, allowed: Marks, pairs: list[list[int]], count: int) -> list[list[int]]:
    """The columns of the best fits of each row besides the one chosen; of equal ones, the first."""
    columns = fits.shape[1]
    count = min(count, columns)
    keys = fits.astype(np.int64) * columns - np.arange(columns)
    keys[~allowed] = LOWEST
    for row, column in pairs:
        keys[row, column] = LOWEST
    best = np.argpartition(-keys, count - 1, axis=1)[:, :count] if count < columns else np.argsort(-keys, axis=1)
    found = []
    for row, some in enumerate(best):
        ranked = sorted(
            (int(column) for column in some if keys[row, column] != LOWEST), key=lambda c: -int(keys[row, c])
        )
        found.append(ranked)
    return found
