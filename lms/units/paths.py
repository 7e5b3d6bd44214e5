"""Paths of units, as '1.23.456.': identifiers from the top of the tree down to the unit itself.

Places are the same in administrative order, as '33.3301.': by code; units without one come last, by age.
"""

from collections.abc import Iterable

#: Placeholder for a path or place that needs the identifier of its own row.
PENDING = "new:"


def ids_in(path: str | None) -> list[int]:
    """From the top down to the unit itself; nothing without a path."""
    return [int(part) for part in (path or "").split(".")[:-1]]


def step_of(code: str | None, unit_id: int) -> str:
    """A unit's own part of its place. "~" sorts after every digit."""
    return f"{code}." if code else f"~{unit_id:019}."


def ids_on(paths: Iterable[str]) -> set[int]:
    """Every unit at or above one of these."""
    return {unit_id for path in paths for unit_id in ids_in(path)}


def tops_of(path: str) -> list[str]:
    """The paths of the units above, from the top down, and the path itself."""
    parts = path.split(".")[:-1]
    return [".".join(parts[: count + 1]) + "." for count in range(len(parts))]
