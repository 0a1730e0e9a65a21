"""Putting a database file in the place of another: at every moment one of the two is there, whole."""

import os
import shutil
import sqlite3
from pathlib import Path

from cli.backup.copying import sync
from cli.serving_lock import Served


def close_up(database: Path) -> bool:
    """Bring a database into its one file, without a write-ahead log beside it; False when it is too damaged for it.

    Raises Served when any other process has it open.
    """
    try:
        connection = sqlite3.connect(database, timeout=1)
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            return True
        finally:
            connection.close()
    except sqlite3.Error as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Served from error
        return False


def swap(fresh: Path, present: Path, aside: Path | None) -> None:
    """Put `fresh` in the place of `present`, which is kept as `aside` when that is given. Durable on return.

    Both are closed up; what a damaged one left beside it goes aside first, so that SQLite never reads an old
    write-ahead log into the new file.
    """
    _same_owner(fresh, present if present.exists() else present.parent)
    for ending in ("-wal", "-shm"):
        left = present.with_name(present.name + ending)
        if aside is None:
            left.unlink(missing_ok=True)
        elif left.exists():
            left.rename(aside.with_name(aside.name + ending))
    if aside is not None and present.exists():
        _keep(present, aside)
    sync(fresh)
    fresh.replace(present)
    sync(present.parent)


def _keep(present: Path, aside: Path) -> None:
    try:
        os.link(present, aside)
    except OSError:  # a filesystem without hard links
        shutil.copy2(present, aside)
        sync(aside)


def _same_owner(path: Path, like: Path) -> None:
    """An administrator restores as root, and the server's own user must be able to open it."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
