"""Alembic's environment, run by `flask db`."""

from alembic import context
from flask import current_app

import models.registry  # noqa: F401  (fills the metadata)
from models.base import Base, db


def run() -> None:
    """Migrate through the application's own engine, one transaction a revision."""
    engine = db.engines[None]
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


if context.is_offline_mode():
    current_app.logger.error("migrations need a database to look at")
    raise SystemExit("Offline migrations are not supported.")
run()
