"""Where in a TOML text a table, a key or a value stands: tomllib tells what was said, not where."""

import re
from collections.abc import Sequence

#: A place in the document: names of tables and keys, and numbers within arrays of tables.
Place = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(?P<open>\[\[?)(?P<name>[^\[\]]+)\]")
_ASSIGNMENT = re.compile(r"^\s*(?P<key>\"[^\"]*\"|'[^']*'|[\w-]+)\s*[=.]")


class Lines:
    """The lines of a text. Keys of inline tables have the line of their table."""

    def __init__(self, text: str) -> None:
        self._text = text.split("\n")
        self._lines: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}
        table: Place = ()
        for number, line in enumerate(self._text, 1):
            header = _HEADER.match(line)
            if header:
                table = self._opened(header["name"], array=header["open"] == "[[")
                self._lines.setdefault(table, number)
            elif assignment := _ASSIGNMENT.match(line):
                self._lines.setdefault((*table, assignment["key"].strip("\"'")), number)

    def _opened(self, name: str, *, array: bool) -> Place:
        """The place that a header opens: below the latest of each array of tables in its name."""
        place: Place = ()
        parts = [part.strip().strip("\"'") for part in name.split(".")]
        for depth, part in enumerate(parts, 1):
            place = (*place, part)
            if array and depth == len(parts):
                self._counts[place] = self._counts.get(place, 0) + 1
            if place in self._counts:
                place = (*place, self._counts[place] - 1)
        return place

    def of(self, place: Place, value: str | None = None) -> int | None:
        """The line of a place, else of the table around it; with a value, where that stands within."""
        whole = place
        while place and place not in self._lines:
            place = place[:-1]
        line = self._lines.get(place)
        if line is None or value is None or place != whole:
            return line
        return self._line_with(value, line, self._next_after(line))

    def _next_after(self, line: int) -> int:
        return min((other for other in self._lines.values() if other > line), default=len(self._text) + 1)

    def _line_with(self, value: str, first: int, end: int) -> int:
        quoted: Sequence[str] = (f'"{value}"', f"'{value}'")
        for number in range(first, end):
            if any(form in self._text[number - 1] for form in quoted):
                return number
        return first
