"""What lms.core.search needs and SQLAlchemy cannot describe, for migrations: they call `create` and `drop`.

On SQLite that is the FTS5 table; on PostgreSQL, whose index is an ordinary one, the function that asks it. A migration
that is generated for an SQLite database without the table calls `create`, so that migrations and `create_all` make the
same.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation
from sqlalchemy import inspect

# Spelled out here: what a migration did once must not change with the code.
NAME = "search_index"
CREATE_TABLE = f"CREATE VIRTUAL TABLE {NAME} USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
CREATE_FUNCTION = """
CREATE FUNCTION search_hits(wanted tsquery, pieces text[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 500 SET enable_seqscan = off AS '
BEGIN
    RETURN QUERY SELECT id FROM search_documents WHERE grams @@ wanted
    AND NOT EXISTS (SELECT 1 FROM unnest(pieces) AS piece WHERE strpos(body, piece) = 0);
END'
"""


def create() -> None:
    op.execute(CREATE_TABLE if _on_sqlite() else CREATE_FUNCTION)


def drop() -> None:
    op.execute(f"DROP TABLE {NAME}" if _on_sqlite() else "DROP FUNCTION search_hits(tsquery, text[])")


def _on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


class CreateFullText(MigrateOperation):
    """Written into a generated migration as `full_text.create()`."""

    def reverse(self) -> DropFullText:
        return DropFullText()


class DropFullText(MigrateOperation):
    """Written into a generated migration as `full_text.drop()`."""


@renderers.dispatch_for(CreateFullText)
def _render_create(context: Any, _operation: CreateFullText) -> str:
    context.imports.add("from lms.migrations import full_text")
    return "full_text.create()"


@renderers.dispatch_for(DropFullText)
def _render_drop(_context: Any, _operation: DropFullText) -> str:
    return "full_text.drop()"


@comparators.dispatch_for("schema")
def _compare(context: Any, upgrade: Any, _schemas: Any) -> None:
    """Ask for it where it is missing."""
    if context.dialect.name == "sqlite" and NAME not in inspect(context.connection).get_table_names():
        upgrade.ops.append(CreateFullText())


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic shall look at a table: not at FTS5's own, which no model describes."""
    return kind != "table" or not (name or "").startswith(NAME)
