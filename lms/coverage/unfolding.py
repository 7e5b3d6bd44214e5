"""JSON arrays and months in SQL, where the two databases differ."""

from typing import Any

from sqlalchemy import Date, cast, func

from lms.core import db


def elements(array: Any, name: str) -> Any:
    """The elements of a JSON array, as a table with the column `value`."""
    unfold = func.json_array_elements_text if db.dialect() == "postgresql" else func.json_each
    return unfold(array).table_valued("value", name=name)


def month_of(day: Any) -> Any:
    """The first day of a date's month."""
    if db.dialect() == "postgresql":
        return cast(func.date_trunc("month", day), Date)
    return func.date(day, "start of month", type_=Date)
