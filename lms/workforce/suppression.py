"""Small groups: which cells of a table may be shown, so that no group of fewer than LEAST can be found out. Pure.

What a unit shows depends on its own subtree alone, so every page shows the same of it, and pages cannot be subtracted
from each other. From the bottom up:

- a unit with fewer than LEAST people is not broken down at all;
- a cell of 1 to LEAST-1 is withheld; withheld cells of a row are at least two and stand for at least LEAST people
  together, else the smallest other cell goes with them, because the total of the row is shown;
- where the cells that the children withhold in a column could be found from the column's total, that total is withheld,
  too: it is when they are one, when they stand for fewer than LEAST people, and when the equations of rows and columns
  have a cell that only one value fits. With cells as edges between rows and columns such a cell is a bridge (Gusfield,
  A graph theoretic approach to statistical data security, SIAM J. Comput. 17, 1988).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LEAST = 5

Counts = Mapping[str, int]
Edge = tuple[Hashable, Hashable]


@dataclass
class Node:
    """A unit with the people of its subtree by category; `children` sum up to it."""

    counts: Counts
    children: Sequence["Node"] = field(default=())
    hidden: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def shown(self, category: str) -> int | None:
        """The count of a cell, None where it is withheld."""
        return None if category in self.hidden else self.counts.get(category, 0)


def publish(node: Node, categories: Sequence[str]) -> None:
    """Say of a unit and all below it which cells are withheld."""
    for child in node.children:
        publish(child, categories)
    if not node.total:
        return
    if node.total < LEAST:
        node.hidden = frozenset(categories)
        return
    small = {one for one in categories if 0 < node.counts.get(one, 0) < LEAST}
    if not node.children:
        node.hidden = frozenset(_closed(node.counts, small, categories))
        return
    open_to = {one for one in categories if any(one in child.hidden for child in node.children)}
    hidden = small | {one for one in open_to if _is_telling(node, one)}
    hidden = _closed(node.counts, hidden, sorted(open_to))
    if has_bridge(_edges(node, hidden)):
        hidden = open_to
    node.hidden = frozenset(hidden)


def _is_telling(node: Node, category: str) -> bool:
    """Whether the column's total would tell what its children withhold."""
    withheld = [child.counts.get(category, 0) for child in node.children if category in child.hidden]
    return len(withheld) == 1 or sum(withheld) < LEAST


def _closed(counts: Counts, hidden: set[str], candidates: Sequence[str]) -> set[str]:
    """`hidden` with the smallest of `candidates` added until its cells hide each other."""
    hidden = set(hidden)
    others = sorted((one for one in candidates if counts.get(one, 0) and one not in hidden), key=counts.__getitem__)
    while hidden and others and (len(hidden) < 2 or sum(counts.get(one, 0) for one in hidden) < LEAST):
        hidden.add(others.pop(0))
    return hidden


def _edges(node: Node, hidden: Iterable[str]) -> list[Edge]:
    edges: list[Edge] = [("row", one) for one in hidden]
    edges += [(number, one) for number, child in enumerate(node.children) for one in child.hidden]
    return edges


def has_bridge(edges: Sequence[Edge]) -> bool:
    """Whether an edge lies on no cycle. The graph goes between rows and a dozen columns, so recursion stays shallow."""
    ends: dict[Hashable, list[tuple[int, Hashable]]] = {}
    for number, (row, column) in enumerate(edges):
        ends.setdefault(("r", row), []).append((number, ("c", column)))
        ends.setdefault(("c", column), []).append((number, ("r", row)))
    reached: dict[Hashable, int] = {}

    def lowest(place: Hashable, came_by: int) -> tuple[int, bool]:
        """The earliest place reached again from below `place`, and whether a bridge was met there."""
        reached[place] = low = len(reached)
        for number, further in ends[place]:
            if number == came_by:
                continue
            if further in reached:
                low = min(low, reached[further])
                continue
            below, found = lowest(further, number)
            if found or below > reached[place]:
                return low, True
            low = min(low, below)
        return low, False

    return any(lowest(place, -1)[1] for place in ends if place not in reached)
