"""The solver in this process: starting a child for every proposal of a test would take minutes."""

from __future__ import annotations

from collections.abc import Sequence

from lms.pairing import solving, solving_child
from lms.pairing.fit import Pair, Problem
from lms.pairing.solving import Solution


def in_process(problem: Problem, *, fixed: Sequence[Pair] = ()) -> Solution:
    """As `solving.solve`; test_solving.py has the child answer the same."""
    rest = solving.without_fixed(problem, fixed)
    return solving.read_answer(problem, rest, fixed, solving_child.solve(*solving.arguments(rest)))
