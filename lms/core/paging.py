"""Keyset paging: a page is found by the last row seen, so it costs the same at any depth."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.sql.elements import SQLColumnExpression

from lms.core import db
from lms.core.errors import BadInput
from lms.core.i18n import lazy_gettext as _l

T = TypeVar("T")

#: Half characters, which JSON can spell and no database can store.
SURROGATES = re.compile("[\ud800-\udfff]")

DEFAULT_SIZE = 30
LARGEST_SIZE = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows in order, and the cursor that asks for those after them (None on the last page)."""

    items: Sequence[T]
    next_cursor: str | None
    size: int = DEFAULT_SIZE

    def __bool__(self) -> bool:
        return bool(self.items)


def keyset(
    statement: Select[*tuple[Any, ...]],
    *columns: SQLColumnExpression[Any],
    cursor: str | None = None,
    size: int = DEFAULT_SIZE,
    descending: bool = False,
) -> Page[Row[Any]]:
    """Rows of `statement` ordered by `columns` (together unique and part of the row), after `cursor`.

    :param descending: order all of `columns` from the last to the first.
    :raise BadInput: the cursor is not one that we made for these columns.
    """
    if cursor:
        last, row = tuple_(*_values(cursor, columns)), tuple_(*columns)
        statement = statement.where(row < last if descending else row > last)
    extra = statement.add_columns(*(column.label(f"key_{i}") for i, column in enumerate(columns)))
    order = [column.desc() for column in columns] if descending else columns
    rows = db.session().execute(extra.order_by(*order).limit(size + 1)).all()
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _cursor(rows[-1][-len(columns) :]) if more else None, size)


def _cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values), ensure_ascii=False).encode()).decode().rstrip("=")


def _values(cursor: str, columns: Sequence[SQLColumnExpression[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != len(columns) or not all(map(_fits, values, columns)):
        raise BadInput(_l("翻页标记不正确，请从第一页重新打开。"))
    return values


def _fits(value: Any, column: SQLColumnExpression[Any]) -> bool:
    """Whether the database can compare `value` with `column`: PostgreSQL fails on a text beside a number."""
    kind = cast(ColumnElement[Any], column).type.python_type
    if isinstance(value, str):
        sound = len(value) <= 400 and "\x00" not in value and not SURROGATES.search(value)
        return sound and kind is str
    return type(value) is int and abs(value) < 2**63 and kind is int
