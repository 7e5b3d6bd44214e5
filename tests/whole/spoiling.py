"""Hostile words in every text that the database holds, however it came there: by form, file, command or job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, select, update
from sqlalchemy.orm import Session

from lms.core.db import Base

#: What people wrote: everything else is a code, a digest, a number or a choice of ours.
WRITTEN = re.compile("[\u3400-\u9fff]")
#: Begins like a formula, leaves an attribute, opens an element, and would be computed by a template or a format.
BEFORE, BEHIND = "=", "%(x)s{0}{{7*7}}\"'><xss onclick=a()>"
#: What we rendered and sanitized: tests/core/test_markdown.py is about that.
RENDERED = "html"


def spoil(session: Session) -> set[str]:
    """Change every text that somebody wrote; the columns that were changed, as table.column."""
    return {f"{table.name}.{name}" for table in Base.metadata.sorted_tables for name in _spoil_table(session, table)}


def _spoil_table(session: Session, table: Table) -> Iterator[str]:
    keys = list(table.primary_key.columns)
    columns = [column for column in table.columns if _holds_text(column)]
    if not columns:
        return
    for row in session.execute(select(*keys, *columns)).mappings().all():
        changed = {
            column.name: new for column in columns if (new := _spoiled(column, row[column.name])) != row[column.name]
        }
        if changed:
            session.execute(update(table).where(*(key == row[key.name] for key in keys)).values(changed))
            yield from changed


def _holds_text(column: Column[Any]) -> bool:
    kind = column.type
    text = isinstance(kind, String | JSON) and not isinstance(kind, Enum)
    return text and not column.primary_key and column.name != RENDERED


def _spoiled(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, JSON):
        return _spoiled_within(value)
    length = getattr(column.type, "length", None)
    if not isinstance(value, str) or not WRITTEN.search(value) or (length or 99) < len(BEHIND) + 10:
        return value
    return _with(value, length)


def _spoiled_within(value: Any) -> Any:
    if isinstance(value, str):
        return _with(value, None) if WRITTEN.search(value) else value
    if isinstance(value, list):
        return [_spoiled_within(one) for one in value]
    if isinstance(value, dict):
        return {key: one if key == RENDERED else _spoiled_within(one) for key, one in value.items()}
    return value


def _with(text: str, length: int | None) -> str:
    return (BEFORE + text)[: length - len(BEHIND) if length else None] + BEHIND
