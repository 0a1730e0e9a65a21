"""Alembic's environment, run by `flask db`."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection, event, text

import models.registry  # noqa: F401  (fills the metadata)
from models.base import Base, db
from models.search import is_original


def run() -> None:
    """Migrate through the application's own engine, one transaction a revision."""
    engine = db.engines[None]
    with engine.connect() as connection, _taking_time(connection), _rebuilding_tables(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            include_name=is_original,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


@contextmanager
def _taking_time(connection: Connection) -> Iterator[None]:
    """On PostgreSQL a page's statement ends after seconds; one that rewrites a table may take minutes."""
    if connection.dialect.name != "postgresql":
        yield
        return
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET {limit} = 0"))
    connection.commit()
    try:
        yield
    finally:
        connection.invalidate()  # with these settings it is of no use to others


@contextmanager
def _rebuilding_tables(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which it allows only while references are not watched; they are all
    checked at the end. Its driver opens no transaction for such statements by itself: without one, a migration that
    fails would stay half done."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    event.listen(connection, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise RuntimeError(f"after the migration, a row of {broken[0]} refers to a missing row of {broken[2]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    current_app.logger.error("migrations need a database to look at")
    raise SystemExit("Offline migrations are not supported.")
run()
