"""Months and days as files write them: 1990.05, 1990.5, 199005, 1990/5/1, 1990年5月, a date, a serial number. Pure.

The number 1990.1 lost its last zero if it meant October: it has two readings, and so has the text 1990.1, which may be
that number once made text. The identity number decides between them, or nobody does.

Source: serial numbers of the 1900 date system count days from 1899-12-30 (ECMA-376 part 1, 18.17.4.1).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from lms.core.spreadsheets import Cell
from lms.roster.cells import folded

FIRST_YEAR, LAST_YEAR = 1900, 2100
SERIAL_ZERO = date(1899, 12, 30)
SERIALS = range(3_000, 80_000)  # days: 1908 to 2119
ONE_OR_TEN = re.compile(r"(\d{4})\.1", re.ASCII)
FORMS = (
    re.compile(r"(\d{4})[.\-/](\d{1,2})(?:[.\-/](\d{1,2}))?", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(?:份|(\d{1,2})日?)?", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})?", re.ASCII),
)
CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2})?.*")


@dataclass(frozen=True, order=True)
class Moment:
    """A month, with its day where that was written."""

    year: int
    month: int
    day: int | None = None

    @property
    def text(self) -> str:
        """YYYY-MM."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def first_day(self) -> date:
        """The day itself, else the first of the month."""
        return date(self.year, self.month, self.day or 1)

    @property
    def last_day(self) -> date:
        """The day itself, else the last of the month."""
        return date(self.year, self.month, self.day or calendar.monthrange(self.year, self.month)[1])


def read_month(cell: Cell) -> tuple[Moment, ...]:
    """What the cell may mean: one moment, two where it is ambiguous, none where it cannot be read."""
    if isinstance(cell, date):
        return _checked(cell.year, cell.month, cell.day)
    text = CLOCK.sub("", folded(cell)).replace(" ", "").strip("'")
    ambiguous = ONE_OR_TEN.fullmatch(text)
    if ambiguous:
        return _checked(int(ambiguous[1]), 1, None) + _checked(int(ambiguous[1]), 10, None)
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) in SERIALS:
        day = SERIAL_ZERO + timedelta(days=int(text))
        return (Moment(day.year, day.month, day.day),)
    for form in FORMS:
        match = form.fullmatch(text)
        if match:
            return _checked(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    return ()


def _checked(year: int, month: int, day: int | None) -> tuple[Moment, ...]:
    """The moment, if there is such a month and day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    try:
        date(year, month, 1 if day is None else day)
    except ValueError:
        return ()
    return (Moment(year, month, day),)
