"""How Alembic reaches the database: one connection, one transaction for each migration, batch mode on SQLite."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from lms.core import db
from lms.core.db import Base
from lms.migrations import (
    full_text,
    models,  # noqa: F401  (every table must be known to the metadata)
)

LOCK_TIMEOUT = "4s"

engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
if engine.dialect.name == "sqlite":
    db.begin_explicitly(engine)
with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))  # rather fail than make learners wait
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        transactional_ddl=True,  # on SQLite, too: cut short anywhere, a migration was never begun
        compare_type=True,
        include_name=full_text.is_ours,
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
