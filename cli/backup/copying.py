"""A consistent copy of an SQLite database, taken while people type."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote


class CopyFailed(Exception):
    """No copy was made; `str()` is one line that says why."""


def copy(source: Path, target: Path) -> None:
    """Copy a database in one step, check the copy, and make it durable.

    One step: a copy by pages begins anew whenever somebody commits, and would not end. Readers do not hold writers
    up, and the caller's process is not the server's, so typing goes on. The copy is one file without a write-ahead
    log beside it. Raises CopyFailed; the target may be there in part then.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        origin = sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True, timeout=10)
        try:
            made = sqlite3.connect(target)
            try:
                origin.backup(made, pages=-1)
                made.execute("PRAGMA journal_mode=DELETE")
                check(made)
            finally:
                made.close()
        finally:
            origin.close()
        sync(target)
    except sqlite3.Error as error:
        raise CopyFailed(f"{source} could not be copied: {error}.") from error


def check(connection: sqlite3.Connection) -> None:
    """SQLite's own check of every page, index and reference. Raises CopyFailed, or sqlite3.DatabaseError."""
    problems = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if problems != ["ok"]:
        raise CopyFailed(f"the database is damaged: {'; '.join(problems)}.")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise CopyFailed(
            f"the database is damaged: a row of {broken[0]} refers to a row of {broken[2]} that is missing."
        )


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
