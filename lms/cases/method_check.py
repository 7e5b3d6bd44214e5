"""Before a method that was typed is kept: its file must be one that `lms cases load` takes again."""

from __future__ import annotations

from collections.abc import Sequence

from lms.cases.library_text import METHOD_KEYS, read_method
from lms.cases.texts import MethodText
from lms.cases.writing import METHOD_HEADINGS, write_method
from lms.core import markdown
from lms.core.errors import BadInput, Refused
from lms.courses.faults import FaultLog, Severity

_PARTS = {f"## {heading}": part for part, heading in METHOD_HEADINGS.items()}


def checked(text: MethodText) -> dict[str, str]:
    """The HTML of each part.

    :raise Refused: naming the field, something in it cannot be kept or shown.
    """
    written = write_method(text)
    log = FaultLog()
    read_method("method", written.encode(), log)
    for fault in log.sorted():
        if fault.severity is Severity.ERROR:
            raise Refused(fault.message, _field_at(written.split("\n"), fault.line))
    return {part: _rendered(part, getattr(text, part)) for part in METHOD_HEADINGS}


def _rendered(part: str, text: str) -> str:
    try:
        return markdown.render(text)
    except BadInput as error:
        raise Refused(error.message, part) from error


def _field_at(lines: Sequence[str], number: int | None) -> str | None:
    """The field that a line of the file came from: a line of its front matter, or below a heading."""
    if number is None:
        return None
    if 1 < number < len(METHOD_KEYS) + 2:
        return METHOD_KEYS[number - 2]
    return next((_PARTS[line] for line in reversed(lines[:number]) if line in _PARTS), None)
