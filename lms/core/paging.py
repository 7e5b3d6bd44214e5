"""Keyset paging: a page is found by the last row seen, so it costs the same at any depth."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Result, Row, Select, bindparam, tuple_
from sqlalchemy.sql.elements import SQLColumnExpression

from lms.core import db
from lms.core.errors import BadInput
from lms.core.i18n import lazy_gettext as _l

T = TypeVar("T")
#: What runs a statement with its values.
Run = Callable[[Select[*tuple[Any, ...]], Mapping[str, Any]], Result[*tuple[Any, ...]]]

#: Half characters, which JSON can spell and no database can store.
SURROGATES = re.compile("[\ud800-\udfff]")

DEFAULT_SIZE = 30


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows in order, and the cursor that asks for those after them (None on the last page)."""

    items: Sequence[T]
    next_cursor: str | None
    size: int = DEFAULT_SIZE

    def __bool__(self) -> bool:
        return bool(self.items)


@dataclass(frozen=True)
class Listing:
    """A list that is built once and asked for often: rows of plain columns, in their order.

    :param columns: what orders it, together unique and part of the row.
    """

    statement: Select[*tuple[Any, ...]]
    columns: Sequence[SQLColumnExpression[Any]]
    size: int = DEFAULT_SIZE
    descending: bool = False

    @cached_property
    def first(self) -> Select[*tuple[Any, ...]]:
        """The statement of the first page."""
        extra = self.statement.add_columns(*(column.label(f"key_{i}") for i, column in enumerate(self.columns)))
        order = [column.desc() for column in self.columns] if self.descending else self.columns
        return extra.order_by(*order).limit(self.size + 1)

    @cached_property
    def later(self) -> Select[*tuple[Any, ...]]:
        """The statement of the page after a cursor, whose values are `after_0`, `after_1`, ..."""
        kinds = [cast(ColumnElement[Any], column).type for column in self.columns]
        last = tuple_(*(bindparam(f"after_{i}", type_=kind) for i, kind in enumerate(kinds)))
        row = tuple_(*self.columns)
        return self.first.where(row < last if self.descending else row > last)

    def page(self, cursor: str | None, values: Mapping[str, Any], *, run: Run = db.rows) -> Page[Row[Any]]:
        """The page after `cursor`, where the statement's own parameters have these `values`.

        :raise BadInput: the cursor is not one that we made for these columns.
        """
        statement, given = self.first, dict(values)
        if cursor:
            statement = self.later
            given.update({f"after_{i}": value for i, value in enumerate(_values(cursor, self.columns))})
        rows = run(statement, given).all()
        more = len(rows) > self.size
        rows = rows[: self.size]
        return Page(rows, _cursor(rows[-1][-len(self.columns) :]) if more else None, self.size)


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
    return Listing(statement, columns, size, descending).page(cursor, {}, run=db.session().execute)


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
