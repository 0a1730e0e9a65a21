"""Renewing a database that was put back by other means: pg_restore, or a file copied by hand."""

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from actions.restorations import Renewed
from cli.backup import swap
from cli.backup.put_back import Say, Terms, check_and_renew, migrate
from cli.backup.source import Unfit
from cli.installation import database, sqlite_file
from cli.serving_lock import Served
from models.base import db


def renew_present(terms: Terms, say: Say) -> Renewed:
    """Verify and renew the present database. Raises Unfit or Served."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    file = sqlite_file(database())
    if file is not None and not file.exists():
        raise Unfit(f"there is no database {file}.")
    if file is not None:
        swap.close_up(file)
    try:
        if file is None and _others():
            raise Served
        migrate(app)
        return check_and_renew(app, terms, say, "database in place")
    except SQLAlchemyError as error:
        raise Unfit(f"the database cannot be read: {error}") from error


def _others() -> int:
    """How many of the product's other connections PostgreSQL sees in this database."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND application_name = 'consilium'"
    )
    with db.engine.connect() as connection:
        return int(connection.scalar(query) or 0)
