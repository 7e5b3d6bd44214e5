"""Sections of a person's learning file: modules register what they keep about somebody, in their `setup` or in app.py.

A section is a table: columns by name and label, and rows of plain values. The page, the workbook and the JSON file are
made from the same rows, so that none of them says more than another.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lms.core import clock
from lms.core.i18n import LazyString, show_date, show_moment
from lms.core.web import Actor
from lms.people.models import Person

Columns = Sequence[tuple[str, LazyString]]
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Section:
    """A part of the file.

    :param read: columns (name in the JSON file, label) and rows about a person, as far as the reader may see them.
    :param own_only: shown to the person alone, to no administrator.
    """

    key: str
    label: LazyString
    read: Callable[[Person, Actor], tuple[Columns, Rows]]
    own_only: bool = False


@dataclass(frozen=True)
class Part:
    """A section as read for somebody."""

    key: str
    label: LazyString
    columns: Columns
    rows: Sequence[Sequence[Any]]
    own_only: bool


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Add sections after those registered before; the same one counts once.

    :raise ValueError: another section has the key already.
    """
    for section in sections:
        if _sections.setdefault(section.key, section) is not section:
            raise ValueError(f"two sections of the learning file are called {section.key}")


def same_for_all(read: Callable[[Person], tuple[Columns, Rows]]) -> Callable[[Person, Actor], tuple[Columns, Rows]]:
    """What names nobody but the person, and so says the same to everybody who may read the file."""
    return lambda person, _reader: read(person)


def read_all(person: Person, *, reader: Actor) -> list[Part]:
    """What the file of a person holds for this reader, in the order of registration."""
    own = person.id == reader.person_id
    return [_read(section, person, reader) for section in _sections.values() if own or not section.own_only]


def _read(section: Section, person: Person, reader: Actor) -> Part:
    columns, rows = section.read(person, reader)
    return Part(section.key, section.label, columns, [list(row) for row in rows], section.own_only)


def words(value: Any) -> str:
    """A value as the page shows it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime):
        return show_moment(value)
    return show_date(value) if isinstance(value, date) else str(value)


def cell(value: Any) -> Any:
    """A value as a workbook keeps it."""
    plain = value is None or isinstance(value, bool | int | float | Decimal | date | str)
    return value if plain else str(value)


def json_value(value: Any) -> Any:
    """A value as JSON keeps it: dates in ISO form, moments with the zone of the installation."""
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
