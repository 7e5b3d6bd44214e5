"""The FTS5 table of lms.core.search, which SQLAlchemy cannot describe: an operation of its own for migrations.

`op.create_full_text()` makes it on SQLite and does nothing on PostgreSQL, whose index is an ordinary one. A migration
that is generated for a database without it asks for it, so that migrations and `create_all` make the same.
"""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import inspect

# Spelled out here: what a migration did once must not change with the code.
NAME = "search_index"
CREATE = f"CREATE VIRTUAL TABLE {NAME} USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"


@Operations.register_operation("create_full_text")
class CreateFullText(MigrateOperation):
    @classmethod
    def create_full_text(cls, operations: Operations) -> Any:
        return operations.invoke(cls())

    def reverse(self) -> DropFullText:
        return DropFullText()


@Operations.register_operation("drop_full_text")
class DropFullText(MigrateOperation):
    @classmethod
    def drop_full_text(cls, operations: Operations) -> Any:
        return operations.invoke(cls())

    def reverse(self) -> CreateFullText:
        return CreateFullText()


@Operations.implementation_for(CreateFullText)
def _create(operations: Operations, _operation: CreateFullText) -> None:
    if operations.get_context().dialect.name == "sqlite":
        operations.execute(CREATE)


@Operations.implementation_for(DropFullText)
def _drop(operations: Operations, _operation: DropFullText) -> None:
    if operations.get_context().dialect.name == "sqlite":
        operations.execute(f"DROP TABLE {NAME}")


@renderers.dispatch_for(CreateFullText)
def _render_create(_context: Any, _operation: CreateFullText) -> str:
    return "op.create_full_text()"


@renderers.dispatch_for(DropFullText)
def _render_drop(_context: Any, _operation: DropFullText) -> str:
    return "op.drop_full_text()"


@comparators.dispatch_for("schema")
def _compare(context: Any, upgrade: Any, _schemas: Any) -> None:
    """Ask for it where it is missing."""
    if context.dialect.name == "sqlite" and NAME not in inspect(context.connection).get_table_names():
        upgrade.ops.append(CreateFullText())


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic shall look at a table: not at FTS5's own, which no model describes."""
    return kind != "table" or not (name or "").startswith(NAME)
