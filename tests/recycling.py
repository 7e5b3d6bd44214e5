"""A PostgreSQL database that is put back as the template was: copying the template anew costs six times as much.

What a test wrote is deleted and vacuumed away, so that new rows lie where they lie in a fresh copy; what the template
holds is laid back, and every sequence is set. A database whose structure was changed is dropped instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from tests.postgres import Cluster

# In the template, beside our own tables: what they held, and a note of every change of structure. The note is taken
# even where a test turns triggers off for its session.
PREPARE = """
CREATE SCHEMA kept;
CREATE TABLE kept.changes (command text);
CREATE FUNCTION kept.note_change() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO kept.changes VALUES (tg_tag); END';
"""
WATCH = """
CREATE EVENT TRIGGER kept_changes ON ddl_command_end EXECUTE FUNCTION kept.note_change();
ALTER EVENT TRIGGER kept_changes ENABLE ALWAYS;
DELETE FROM kept.changes;
"""
# A table that anybody wrote to has pages, although its rows may be gone, or were rolled back.
WRITTEN = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY relname
"""
COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
SEQUENCES = """
SELECT oid::regclass::text, pg_sequence_last_value(oid) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
# What a test left open would lock what is deleted next.
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Original:
    """What the template holds, and the statements that lay it back."""

    tables: frozenset[str]
    refill: sql.Composed
    sequences: dict[str, int | None]


def keep_original(cluster: Cluster, template: str) -> Original:
    """Keep the template's rows in the template, after it was prepared and before it is copied."""
    with cluster.connect(template) as connection:
        connection.execute(PREPARE)
        tables = _written(connection)
        refill = sql.SQL("; ").join([_keep(connection, name) for name in tables])
        connection.execute(WATCH)
        return Original(frozenset(tables), refill, _sequences(connection))


class Recycled:
    """One copy of the template, used by one test after the other."""

    def __init__(self, cluster: Cluster, name: str, original: Original) -> None:
        self.name = name
        self._original = original
        self._connection = cluster.connect(name)
        # Foreign keys would ask for an order, and deletions would cascade.
        self._connection.execute("SET session_replication_role = replica")

    def close(self) -> None:
        self._connection.close()

    def put_back(self) -> bool:
        """Whether it is like the template again."""
        connection = self._connection
        connection.execute(END_OTHERS).fetchall()
        if connection.execute("SELECT 1 FROM kept.changes LIMIT 1").fetchone():
            return False
        written = [sql.Identifier("public", name) for name in _written(connection)]
        connection.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in written))
        connection.execute(sql.SQL("VACUUM (ANALYZE false) {}").format(sql.SQL(", ").join(written)))
        if _written(connection):
            # Somebody still looked at the rows: they could not be cleared away.
            return False
        connection.execute(self._original.refill)
        self._set_sequences()
        return True

    def _set_sequences(self) -> None:
        for name, now in _sequences(self._connection).items():
            original = self._original.sequences[name]
            if now != original:
                words = (name, 1 if original is None else original, original is not None)
                self._connection.execute("SELECT setval(%s, %s, %s)", words)


def _keep(connection: psycopg.Connection, name: str) -> sql.Composed:
    """Store what a table holds; the statement that lays it back."""
    kept, table = sql.Identifier("kept", name), sql.Identifier("public", name)
    connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table))
    found = connection.execute(COLUMNS, (f"public.{name}",)).fetchall()
    columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in found)
    insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}")
    return insert.format(table, columns, columns, kept)


def _written(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute(WRITTEN)]


def _sequences(connection: psycopg.Connection) -> dict[str, int | None]:
    return dict(connection.execute(SEQUENCES).fetchall())
