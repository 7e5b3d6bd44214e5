"""Closed figures: what a unit stated of a cycle, and how the statements of parents and children stay in step. Pure.

A figure that was stated stands until it is stated anew. The figure of a unit is always the sum of those below it: who
closes later than a unit below takes over what that unit had stated, and who states anew moves the units above along.
"""

from collections.abc import Iterable, Mapping

from lms.coverage.queries import NOBODY, Numbers


def closing(
    paths: Mapping[int, str], live: Mapping[int, Numbers], closed: Mapping[int, Numbers], below: Iterable[int]
) -> dict[int, Numbers]:
    """What the units that nobody closed yet state now.

    :param paths: the units of the subtree.
    :param closed: what units of it stated before; `below`: those that were closed themselves, with all below them.
    """
    roots = _topmost(paths[unit_id] for unit_id in below)
    stated = {}
    for unit_id, path in paths.items():
        if any(path.startswith(root) for root in roots):
            continue
        figure = live.get(unit_id, NOBODY)
        for root in roots:
            if root.startswith(path):
                own = int(root.split(".")[-2])
                figure = figure - live.get(own, NOBODY) + closed.get(own, NOBODY)
        stated[unit_id] = figure
    return {unit_id: figure for unit_id, figure in stated.items() if figure != NOBODY}


def restating(
    unit_id: int, above: Iterable[int], live: Mapping[int, Numbers], closed: Mapping[int, Numbers]
) -> dict[int, Numbers]:
    """What changes where a unit states its figures anew: its own, those below it, and those above by as much.

    :param live: of the unit and all below it.
    :param above: units above that stated theirs.
    """
    difference = live.get(unit_id, NOBODY) - closed.get(unit_id, NOBODY)
    stated = {
        one: live.get(one, NOBODY) for one in {*live, unit_id} if live.get(one, NOBODY) != closed.get(one, NOBODY)
    }
    stated |= {one: closed.get(one, NOBODY) + difference for one in above}
    return stated


def _topmost(paths: Iterable[str]) -> list[str]:
    """Those of the paths that lie below no other one."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return found
