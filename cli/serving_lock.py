"""Who serves a database: a lock that the kernel gives back when its holder dies.

Every serving worker holds it shared; a restore takes it alone. It lies beside an SQLite file, and in INSTANCE_DIR for
PostgreSQL.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import URL

from cli.installation import database, sqlite_file

PATIENCE_SECONDS = 20.0
"""How long a worker that starts waits for a restore to end."""


class Served(Exception):
    """A server works on this database."""


class BeingRestored(Exception):
    """A restore works on this database; `str()` says what to do."""


def lock_file(url: URL, instance_dir: Path) -> Path:
    """Where the lock of a database lies."""
    file = sqlite_file(url)
    return file.with_name(f"{file.name}.serving") if file else instance_dir / "consilium.serving"


def hold(app: Flask, instance_dir: Path, patience: float = PATIENCE_SECONDS) -> int:
    """Say that this process serves the application's database; answers the handle that holds the lock until the
    process ends. Raises BeingRestored."""
    with app.app_context():
        path = lock_file(database(), instance_dir)
    deadline = time.monotonic() + patience
    handle = _open(path)
    while not _taken(handle, fcntl.LOCK_SH):
        if time.monotonic() > deadline:
            os.close(handle)
            raise BeingRestored(f"{path} is held by `flask restore`. Start again when it has ended.")
        time.sleep(0.1)
    return handle


def is_served(path: Path) -> bool:
    """Whether a serving process holds the lock."""
    try:
        with alone(path):
            return False
    except Served:
        return True


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep servers away while the block runs. Raises Served."""
    handle = _open(path)
    try:
        if not _taken(handle, fcntl.LOCK_EX):
            raise Served
        yield
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    """Readable for all: an administrator may make it as root, and the server's own user must lock it afterwards."""
    handle = os.open(path, os.O_CREAT | os.O_RDONLY, 0o644)
    if os.fstat(handle).st_uid == os.geteuid():
        os.fchmod(handle, 0o644)  # whatever the umask took away
    return handle


def _taken(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
