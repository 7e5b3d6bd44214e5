"""Closed figures: what a unit stated of a cycle, counted from the names behind it. Pure.

A figure that was stated stands until it is stated anew. The figure of a unit is always the sum of those below it: who
closes later than a unit below takes over what that unit had stated, and who states anew moves the units above along.
"""

from collections.abc import Iterable, Mapping

from lms.coverage.queries import NOBODY, Numbers

ByPlace = Mapping[str, Numbers]


def places_above(places: Iterable[str]) -> set[str]:
    """These places and all above them."""
    found = set()
    for own in places:
        place = own
        while place and place not in found:
            found.add(place)
            place = above(place)
    return found


def above(place: str) -> str:
    """The place of the unit above; empty at the top."""
    return place[: place.rfind(".", 0, -1) + 1]


def added_up(by_place: ByPlace) -> dict[str, Numbers]:
    """For each place and those above it, what stands at or below it."""
    found: dict[str, Numbers] = {}
    for own, numbers in by_place.items():
        place = own
        while place:
            found[place] = found.get(place, NOBODY) + numbers
            place = above(place)
    return found


def of_units(by_place: ByPlace, units: Mapping[str, int]) -> dict[int, Numbers]:
    """The same by unit; somebody who was moved stood at two places.

    :param units: the units that count, by the places at which they are or were.
    """
    found: dict[int, Numbers] = {}
    for place, numbers in added_up(by_place).items():
        if place in units:
            found[units[place]] = found.get(units[place], NOBODY) + numbers
    return found


def closing(
    stood: Mapping[int, Numbers], moved: Mapping[int, Numbers], stated: Mapping[int, Numbers]
) -> dict[int, Numbers]:
    """What the units that nobody closed yet state now; and the others, where what they stated was moved.

    :param stood: what stands below each unit of the subtree now; `moved`: by how much that is more than before.
    :param stated: what units stated before.
    """
    fresh = {unit_id: figure for unit_id, figure in stood.items() if unit_id not in stated}
    return {**fresh, **restating({one: by for one, by in moved.items() if one in stated}, stated)}


def restating(moved: Mapping[int, Numbers], stated: Mapping[int, Numbers]) -> dict[int, Numbers]:
    """What is stated anew of every unit of whose names one changed: its own, those below it, those above by as much."""
    return {unit_id: stated.get(unit_id, NOBODY) + by for unit_id, by in moved.items()}
