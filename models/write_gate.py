"""One writer at a time on SQLite.

SQLite has one write lock a database. Waiting for it inside SQLite freezes every greenlet of the process, so
writers of this process queue here first, where waiting yields. PostgreSQL needs no such gate.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

Begun = TypeVar("Begun")

_lock = threading.Lock()

PATIENCE_SECONDS = 5.0
"""How long a writer waits for a writer of another process before it gives up."""


class DatabaseBusy(Exception):
    """Another process held the write lock for longer than a caller may wait."""


@contextmanager
def write_gate(bind: Engine | Connection) -> Iterator[None]:
    """Hold the process's turn to write. Not re-entrant."""
    if bind.dialect.name != "sqlite":
        yield
        return
    with _lock:
        yield


def is_busy(error: OperationalError) -> bool:
    """Whether SQLite refused because another connection holds the write lock."""
    return "database is locked" in str(error.orig) or "database is busy" in str(error.orig)


def begin_immediate(begin: Callable[[], Begun], patience: float = PATIENCE_SECONDS) -> Begun:
    """Call `begin` until it gets SQLite's write lock, sleeping in between; answers what it answers.

    Raises DatabaseBusy after `patience` seconds; any other OperationalError at once.
    """
    deadline = time.monotonic() + patience
    pause = 0.005
    while True:
        try:
            return begin()
        except OperationalError as error:
            if not is_busy(error):
                raise
            if time.monotonic() >= deadline:
                raise DatabaseBusy from error
        time.sleep(pause)
        pause = min(pause * 2, 0.1)
