"""No group of fewer than five can be read or worked out: held by trying to work it out."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.workforce.suppression import LEAST, Node, has_bridge, publish

ALL = ["a", "b", "c"]


def tree(*rows: tuple[int, int, int]) -> Node:
    children = [Node(dict(zip(ALL, row, strict=True))) for row in rows]
    return Node({one: sum(child.counts[one] for child in children) for one in ALL}, children)


def published(node: Node) -> Node:
    publish(node, ALL)
    return node


def test_large_groups_are_all_shown():
    assert published(tree((10, 20, 0), (7, 5, 9))).hidden == frozenset()


def test_a_unit_of_fewer_than_five_is_not_broken_down():
    node = published(Node({"a": 4}))
    assert [node.shown(one) for one in ALL] == [None, None, None]


def test_a_small_cell_takes_another_with_it():
    node = published(Node({"a": 3, "b": 40, "c": 20}))
    assert [node.shown(one) for one in ALL] == [None, 40, None]
    assert node.total == 63


def test_one_withheld_child_withholds_the_total_of_its_column():
    node = published(tree((3, 40, 20), (30, 40, 50)))
    assert node.hidden == {"a", "c"}


def test_a_bridge_is_found():
    assert has_bridge([(1, "a"), (1, "b")])
    assert not has_bridge([(1, "a"), (1, "b"), (2, "a"), (2, "b")])
    assert has_bridge([(1, "a"), (1, "b"), (2, "a"), (2, "b"), (2, "c"), (3, "c"), (3, "d"), (4, "c"), (4, "d")])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 3), min_size=2, max_size=5))
def test_no_withheld_group_follows_from_the_sums(rows):
    """Every cell and total as an unknown, what is shown and every sum as an equation: none may have one solution."""
    node = published(tree(*rows))
    lines = [*node.children, node]
    unknown = {
        (i, one): n for n, (i, one) in enumerate((i, one) for i, line in enumerate(lines) for one in line.hidden)
    }
    if not unknown:
        return
    equations = []
    for i in range(len(lines)):
        equations.append([1 if place[0] == i else 0 for place in unknown])
    last = len(lines) - 1
    for one in ALL:
        equations.append([(-1 if place[0] == last else 1) if place[1] == one else 0 for place in unknown])
    matrix = numpy.array(equations, dtype=float)
    rank = numpy.linalg.matrix_rank(matrix)
    for (i, one), column in unknown.items():
        pinned = numpy.zeros((1, len(unknown)))
        pinned[0, column] = 1
        told = numpy.linalg.matrix_rank(numpy.vstack([matrix, pinned])) == rank
        assert not told or lines[i].counts[one] == 0 or lines[i].counts[one] >= LEAST, (rows, i, one)


@pytest.mark.parametrize("rows", [((1, 9, 9), (9, 1, 9), (9, 9, 1)), ((4, 0, 9), (9, 9, 9)), ((2, 2, 2), (5, 5, 5))])
def test_every_small_cell_is_withheld(rows):
    node = published(tree(*rows))
    for line in (*node.children, node):
        assert all(line.shown(one) is None for one in ALL if 0 < line.counts[one] < LEAST)
