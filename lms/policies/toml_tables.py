"""Taking the values of a TOML table out one by one; what is refused is noted with its line."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from lms.policies.faults import Fault
from lms.policies.toml_lines import Lines, Place

T = TypeVar("T", bound=StrEnum)
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAME_CHARS = 40
MOST_ITEMS = 50
MOST_HOURS = Decimal(1000)


class Table:
    """One table. Where a value is refused, a harmless one stands in, so that one reading finds all faults."""

    def __init__(self, document: Mapping[str, Any], place: Place, lines: Lines, faults: list[Fault]) -> None:
        self.document = document
        self.place = place
        self._lines = lines
        self._faults = faults

    def fault(self, code: str, key: str | None, *, value: object = None, **params: object) -> None:
        place = self.place if key is None else (*self.place, key)
        params |= {"key": key} if key is not None else {}
        params |= {"value": _shown(value)} if value is not None else {}
        line = self._lines.of(place, value if isinstance(value, str) else None)
        self._faults.append(Fault(line, code, params))

    def refuse_unknown(self, known: Iterable[str]) -> None:
        for key in self.document:
            if key not in known:
                self._faults.append(
                    Fault(self._lines.of((*self.place, key)), "unknown_key", {"key": key, "choices": ", ".join(known)})
                )

    def inside(self, key: str, shape: str, *, optional: bool = False) -> "Table | None":
        """The table below `key`, or None where it is not there, which is a fault unless it is optional."""
        value = self._value(key, optional=optional)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault("not_table", key, shape=shape or f"[…{key}]")
            return None
        return Table(value, (*self.place, key), self._lines, self._faults)

    def tables(self, key: str, shape: str) -> list["Table"]:
        """The tables of an array of tables; at least one."""
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            self.fault("not_table", key, shape=shape)
            return []
        if len(value) > MOST_ITEMS:
            self.fault("too_long", key, length=len(value), limit=MOST_ITEMS)
        return [Table(one, (*self.place, key, i), self._lines, self._faults) for i, one in enumerate(value)]

    def text(self, key: str, limit: int) -> str:
        value = self._value(key)
        return "" if value is None else self._checked(key, value, limit)

    def texts(self, key: str, limit: int) -> list[str]:
        return [text for value in self._items(key) if (text := self._checked(key, value, limit))]

    def name(self, key: str) -> str:
        text = self.text(key, 200)
        if text and not (NAME.fullmatch(text) and len(text) <= NAME_CHARS):
            self.fault("bad_name", key, value=text)
        return text

    def whole(self, key: str, low: int, high: int, *, code: str = "out_of_range") -> int:
        value = self._value(key)
        if value is None:
            return low
        if type(value) is not int:
            self.fault("not_whole", key)
        elif not low <= value <= high:
            self.fault(code if value <= 0 else "out_of_range", key, low=low, high=high)
        else:
            return value
        return low

    def flag(self, key: str) -> bool:
        value = self.document.get(key, False)
        if type(value) is not bool:
            self.fault("not_true", key)
        return value is True

    def day(self, key: str, *, optional: bool = False) -> date | None:
        value = self._value(key, optional=optional)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault("not_date", key)
            return None
        if not 1949 <= value.year <= 2200:
            self.fault("out_of_range", key, low="1949-01-01", high="2200-12-31")
            return None
        return value

    def month_day(self, key: str) -> str:
        """A day of the year, as "12-31"."""
        text = self.text(key, 20)
        try:
            if re.fullmatch(r"\d\d-\d\d", text, re.ASCII):
                return date(2024, int(text[:2]), int(text[3:])).strftime("%m-%d")
        except ValueError:
            pass
        self.fault("bad_day", key)
        return "12-31"

    def hours(self, key: str) -> str:
        """Hours: a quoted decimal, because a TOML number is a float and 0.1 would not be 0.1."""
        value = self._value(key)
        try:
            amount = Decimal(value if isinstance(value, str) and value.isascii() else "NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and 0 < amount <= MOST_HOURS and amount == amount.quantize(Decimal("0.01")):
            return str(amount.quantize(Decimal("0.01")))
        self.fault("bad_hours", key)
        return "0.01"

    def choice(self, key: str, options: type[T]) -> T | None:
        value = self._value(key)
        return None if value is None else self._chosen(key, value, options)

    def choices(self, key: str, options: type[T], *, may_be_empty: bool = False) -> list[str]:
        chosen: list[str] = []
        for value in self._items(key, may_be_empty=may_be_empty):
            option = self._chosen(key, value, options)
            if option is not None and option.value in chosen:
                self.fault("repeated", key, value=option.value)
            elif option is not None:
                chosen.append(option.value)
        return chosen

    def _value(self, key: str, *, optional: bool = False) -> Any:
        value = self.document.get(key)
        if value is None and not optional:
            self._faults.append(Fault(self._lines.of(self.place), "missing_key", {"key": key}))
        return value

    def _items(self, key: str, *, may_be_empty: bool = False) -> list[Any]:
        value = self._value(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault("not_list", key)
            return []
        if not value and not may_be_empty:
            self.fault("empty_list", key)
        elif len(value) > MOST_ITEMS:
            self.fault("too_long", key, length=len(value), limit=MOST_ITEMS)
        return value[:MOST_ITEMS]

    def _chosen(self, key: str, value: object, options: type[T]) -> T | None:
        if isinstance(value, str) and value in [option.value for option in options]:
            return options(value)
        self.fault("unknown_choice", key, value=value, choices=", ".join(option.value for option in options))
        return None

    def _checked(self, key: str, value: object, limit: int) -> str:
        if not isinstance(value, str):
            self.fault("not_text", key)
            return ""
        text = value.strip()
        if not text:
            self.fault("blank", key)
        elif len(text) > limit:
            self.fault("too_long", key, length=len(text), limit=limit)
        elif not text.isprintable():
            self.fault("not_text", key)
        return text


def _shown(value: object) -> str:
    """The beginning of a value; TOML may hold numbers and tables that Python reads and cannot write out."""
    try:
        return str(value)[:60]
    except (ValueError, RecursionError):
        return "…"
