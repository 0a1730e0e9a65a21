"""The database: is it there, migrated, durable, of the present, and sealed with keys that are here?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from cli.doctor.findings import Finding, fault, ok, warning
from cli.installation import database, sqlite_file
from config import ROOT
from models.audit import AuditEvent
from models.base import db
from models.document import DocumentUpdate

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "glusterfs", "ceph"})
"""Filesystems on which SQLite's write-ahead log does not work."""
SKEW = timedelta(seconds=2)
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}


def check() -> Iterator[Finding]:
    """Needs the application's context."""
    file = sqlite_file(database())
    if file is not None and not file.exists():
        yield fault("database", f"There is no {file}.", "Run: flask db upgrade")
        return
    try:
        with db.engine.connect() as connection:
            migrated = _schema(connection)
            yield migrated
            yield from _sqlite(connection, file) if file else _postgresql(connection)
            if migrated.advice == "":
                yield from _clock(connection)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        yield fault("database", f"It does not answer: {cause}.", "Is it running, and is DATABASE_URL right?")


def _schema(connection: Connection) -> Finding:
    config = current_app.extensions["migrate"].migrate.get_config(str(ROOT / "migrations"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    present = MigrationContext.configure(connection).get_current_revision()
    if present == newest:
        return ok("database", f"{database().get_backend_name()}, schema {present}.")
    if present is None:
        return fault("database", "It has no tables yet.", "Run: flask db upgrade")
    return fault(
        "database", f"Its schema is {present}, this version's {newest}.", "Back up, then run: flask db upgrade"
    )


def _sqlite(connection: Connection, file: Path) -> Iterator[Finding]:
    modes = {name: str(connection.scalar(text(f"PRAGMA {name}"))) for name in ("journal_mode", "synchronous")}
    if modes != {"journal_mode": "wal", "synchronous": "2"}:
        yield fault("database", f"It is not durable: {modes}.", "Is its folder writable, and on a local disk?")
    problem = connection.scalar(text("PRAGMA quick_check(1)"))
    if problem != "ok":
        yield fault("database", f"It is damaged: {problem}.", "Stop the server, and restore the newest backup.")
    else:
        yield ok("database", "WAL, synchronous=FULL, its pages are whole.")
    kind = _filesystem(file.parent)
    if kind in NETWORK:
        yield fault("database", f"{file} is on {kind}.", "SQLite needs a local disk; or use PostgreSQL.")


def _postgresql(connection: Connection) -> Iterator[Finding]:
    version = connection.scalar(text("SHOW server_version"))
    wrong = {
        name: found for name, wanted in DURABLE.items() if (found := connection.scalar(text(f"SHOW {name}"))) != wanted
    }
    if wrong:
        seen = ", ".join(f"{name}={found}" for name, found in wrong.items())
        yield fault("database", f"PostgreSQL {version} is not durable: {seen}.", f"Wanted: {DURABLE}")
    else:
        yield ok("database", f"PostgreSQL {version} writes durably.")
    theirs = connection.scalar(text("SELECT clock_timestamp()"))
    skew = abs(theirs - datetime.now(UTC))
    if skew > SKEW:
        yield warning("clock", f"The database server's differs by {skew.total_seconds():.0f} s.", "Synchronise both.")


def _clock(connection: Connection) -> Iterator[Finding]:
    """Rows of the future say that the clock was set back: sessions and throttles count by it."""
    newest = [
        moment
        for column in (AuditEvent.at, DocumentUpdate.at)
        if (moment := connection.scalar(select(func.max(column)))) is not None
    ]
    ahead = max(newest, default=datetime.now(UTC)) - datetime.now(UTC)
    if ahead > SKEW:
        yield fault("clock", f"The newest row is {ahead} ahead of this machine's clock.", "Set the clock right.")


def _filesystem(folder: Path) -> str:
    """The kind of filesystem that a folder is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    around = [(point, kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(around, key=lambda pair: len(pair[0]), default=("", "unknown"))[1]
