"""Backups and integrity keys: what one misses only on the day one needs it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnClause, Connection, func, inspect, select, table
from sqlalchemy import column as sql_column
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cli.backup.manifest import SEALED
from cli.backup.take import backups
from cli.doctor.findings import Finding, fault, ok, warning
from cli.installation import database, settings, sqlite_file
from models.audit import AuditEvent
from models.base import db
from models.seals import BEGINNING, Seals

OLD = timedelta(hours=26)
"""A day, and two hours in which the daily one is made."""


def newest_backup(folder: Path) -> Iterator[Finding]:
    """How old the newest backup is. PostgreSQL's dumps are made by other means, and not looked for."""
    file = sqlite_file(database())
    if file is None:
        yield ok("backup", "pg_dump makes it; see that the newest is a day old at most.")
        return
    found = backups(folder)
    if not found:
        yield warning(
            "backup", f"There is none in {folder}.", "Run: flask backup, and daily deploy/consilium-backup.timer."
        )
        return
    newest, made = found[-1]
    age = datetime.now(UTC) - datetime.fromisoformat(made.began_at)
    if age > OLD:
        yield warning("backup", f"The newest is {age.days} days, {age.seconds // 3600} hours old.", "Run: flask backup")
    else:
        yield ok("backup", f"{newest.name} is {round(age.total_seconds() / 3600)} hours old.")
    if folder.stat().st_dev == file.parent.stat().st_dev:
        yield warning("backup", "Backups are on the same disk as the database.", "Copy them to another machine.")


def integrity_keys() -> Iterator[Finding]:
    """Whether every key that sealed a row is here."""
    here = set(settings().integrity_keys)
    try:
        with db.engine.connect() as connection:
            missing = sorted(_needed(connection) - here)
            holds = bool(missing) or _newest_holds(connection)
    except SQLAlchemyError:
        return  # the database's own check tells
    if missing:
        yield fault(
            "keys",
            f"Rows are sealed with integrity key {', '.join(map(str, missing))}, which is not here.",
            "Put it back from its copy: what it sealed cannot be verified, and opens read-only.",
        )
    elif not holds:
        yield fault(
            "keys",
            "The newest row of the audit does not verify: it was changed, or the integrity keys are others.",
            "Were the keys of this database put back? Then run: flask audit verify",
        )
    else:
        yield ok("keys", f"Integrity key {max(here)} seals; every key that is needed is here. Is a copy elsewhere?")


def _needed(connection: Connection) -> set[int]:
    """Numbers of the keys that sealed rows: the first byte of every seal."""
    needed: set[int] = set()
    there = inspect(connection)
    for name, column in (each.split(".") for each in SEALED):
        if there.has_table(name) and column in {found["name"] for found in there.get_columns(name)}:
            seal: ColumnClause[bytes] = sql_column(column)
            first = func.substr(seal, 1, 1)
            needed |= {
                bytes(row)[0] for row in connection.scalars(select(first).select_from(table(name)).distinct()) if row
            }
    return needed


def _newest_holds(connection: Connection) -> bool:
    """Whether the last row of the audit is sealed behind the one before it: a wrong key of a right number shows."""
    with Session(connection) as session:
        try:
            newest = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(2)).all()
        except SQLAlchemyError:
            return True  # a schema without seals; the database's own check tells
        if not newest:
            return True
        before = newest[1].seal if len(newest) > 1 else BEGINNING
        seals = Seals(settings().integrity_keys)
        return seals.is_link(newest[0].seal, AuditEvent.PURPOSE, before, *newest[0].sealed_fields())
