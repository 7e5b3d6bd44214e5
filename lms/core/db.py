"""The unit of work: one session, one commit, for a request, a command or a job.

Actions and queries call `session()` and never commit. `unit_of_work()` opens the session, commits when its body
returns and rolls back when it raises; it holds the only `commit()` of the project.

Building a statement costs more than running it, so those that run in every request are built once: a function under
`functools.cache` returns the statement, with `bindparam("name")` where a value goes in, and with what changes its shape
(how many paths, which filters) as its arguments. `rows(statement, {"name": value})` runs it. What may stand in such a
function is only what is the same for everybody.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    Integer,
    MetaData,
    Numeric,
    String,
    cast,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

#: An identifier: 64 bits on PostgreSQL; SQLite only autoincrements a plain INTEGER, which has 64 bits there anyway.
Id = BigInteger().with_variant(Integer(), "sqlite")

#: Text compared byte by byte, so that a subtree of materialized paths is one indexed range on both databases.
Path = String(400).with_variant(String(400, collation="C"), "postgresql")

JsonDict = dict[str, Any]

#: How long a statement waits for a lock before the reader is told to try again.
PATIENCE_MS = 10_000

UNSURE = "the connection went away while committing"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware, in UTC, on both databases. A naive value is a programming error."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone: use clock.now()")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, exact on both databases: SQLite has no decimals, so it stores whole hundredths."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Numeric(12, 2) if dialect.name == "postgresql" else Integer())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        if value is None or dialect.name == "postgresql":
            return value
        return int(value * 100)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) if dialect.name == "postgresql" else Decimal(value).scaleb(-2)


class Base(DeclarativeBase):
    """The parent of every table. Names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        int: Id,
        datetime: UtcDateTime(),
        Decimal: Hundredths(),
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
    }


def enum_column(kind: type[StrEnum], length: int = 32) -> Enum:
    """A column type that stores a StrEnum by its value, as text that both databases and an auditor can read."""
    return Enum(
        kind,
        native_enum=False,
        length=length,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


@dataclass(frozen=True)
class Database:
    """An engine and how its sessions are made; one for each application."""

    engine: Engine
    sessions: sessionmaker[Session]


_current: ContextVar[Session | None] = ContextVar("lms_session", default=None)


def connect(url: str, *, pool_size: int = 8) -> Database:
    """Open `url`. SQLite runs in WAL mode with foreign keys on; both databases wait ten seconds for a lock."""
    options: dict[str, Any]
    if url.startswith("sqlite"):
        options = {"timeout": PATIENCE_MS / 1000, "check_same_thread": False}
        engine = create_engine(url, connect_args=options, pool_size=pool_size)
        begin_explicitly(engine)
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        # A server whose machine is gone says nothing: the network gives up on it soon, and not in a quarter of an hour.
        quiet = {"keepalives_idle": 30, "tcp_user_timeout": 2 * PATIENCE_MS}
        options = {"connect_timeout": 5, "options": f"-c lock_timeout={PATIENCE_MS}", **quiet}
        engine = create_engine(
            url, connect_args=options, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_timeout=10
        )
    return Database(engine, sessionmaker(engine, expire_on_commit=False))


def begin_explicitly(engine: Engine) -> None:
    """Let SQLite's transactions hold changes of structure too: its driver would begin only before other statements."""
    event.listen(engine, "connect", _leave_beginning_to_us)
    event.listen(engine, "begin", _begin_sqlite)


def _leave_beginning_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """In WAL mode FULL means that what is committed is on the disk, and survives a loss of power."""
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start of a unit that writes: a reader that turns writer cannot wait, only fail."""
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def session() -> Session:
    """The session of the unit of work in progress.

    :raise RuntimeError: outside a unit of work.
    """
    current = _current.get()
    if current is None:
        raise RuntimeError("no unit of work is open: requests open one, commands use db.unit_of_work()")
    return current


def rows(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement for its columns: rows without objects behind them, at a third of the cost.

    :param values: what its `bindparam`s stand for.
    """
    opened = session()
    opened.flush()
    return opened.connection().execute(statement, values)


@contextmanager
def unit_of_work(database: Database, *, write: bool = True) -> Iterator[Session]:
    """Commit what the body did if it returns, nothing of it if it raises.

    A unit inside another is a transaction of its own: what it wrote stays although the outer one rolls back.
    """
    with database.sessions() as opened:
        opened.connection(execution_options={"writes": write}) if not write else None
        token = _current.set(opened)
        try:
            yield opened
            if opened.info.get("refused"):
                opened.rollback()
            else:
                _do_before_commit(opened)
                _commit(opened)
        finally:
            _current.reset(token)


def _commit(opened: Session) -> None:
    try:
        opened.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            error.add_note(UNSURE)
        raise


def is_unsure(error: BaseException) -> bool:
    """Whether the connection went away while committing: what was written may be there, and may not."""
    return UNSURE in getattr(error, "__notes__", ())


def before_commit(work: Callable[[], None]) -> None:
    """Do `work` once, when this unit of work is about to commit: what follows from all its changes together."""
    session().info.setdefault("before_commit", {})[work] = None


def _do_before_commit(opened: Session) -> None:
    asked: dict[Callable[[], None], None] = opened.info.pop("before_commit", {})
    for work in asked:
        work()


def refuse() -> None:
    """Let this unit of work write nothing although its body returns: a refused form has an answer, and no effect."""
    session().info["refused"] = not session().info.get("keep", False)


def keep_despite_refusal() -> None:
    """Keep what this unit wrote although the answer is a refusal: a failed sign-in is a fact of its own."""
    session().info["keep"] = True


def on_both(sqlite: Callable[[], Any], postgresql: Callable[[], Any]) -> Any:
    """The result of the branch for the database in use, where one statement cannot serve both."""
    return (postgresql if dialect() == "postgresql" else sqlite)()


def dialect() -> str:
    """The database in use: an argument of cached statements that differ between the two."""
    return session().get_bind().dialect.name


def text_of(column: Any) -> ColumnElement[str]:
    """A number as text, in SQL."""
    return cast(column, String(20))
