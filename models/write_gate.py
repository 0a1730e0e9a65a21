"""Waiting for other writers.

SQLite has one write lock a database. Waiting for it inside SQLite freezes every greenlet of the process, so
writers of this process queue here first, where waiting yields. On PostgreSQL edits of different documents do not
wait for each other; units of work do, by a lock of the whole database (`take_turn`), because their rules are written
for one at a time: that there is one responsible clinician, or a last administrator.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

Begun = TypeVar("Begun")

_lock = threading.Lock()

_TURN = {
    "sqlite": text("BEGIN IMMEDIATE"),
    "postgresql": text("SELECT pg_advisory_xact_lock(1129270899)"),  # any number; it is ours in this database
}

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


HELD = frozenset({"55P03", "40P01", "40001", "53300"})
"""PostgreSQL's codes: a lock was not had in time, a deadlock, a serialization failure, too many connections."""


def is_busy(error: OperationalError) -> bool:
    """Whether the database refused because others hold what is needed, so that trying again may help."""
    said = str(error.orig)
    return "database is locked" in said or "database is busy" in said or getattr(error.orig, "sqlstate", None) in HELD


def begin_immediate(begin: Callable[[], Begun], patience: float = PATIENCE_SECONDS) -> Begun:
    """Call `begin` until nobody else holds what it needs, sleeping in between; answers what it answers.

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


def take_turn(session: Session) -> None:
    """Begin a session's transaction as the only unit of work, of all processes. Raises DatabaseBusy."""

    def begin() -> None:
        try:
            session.execute(_TURN[session.get_bind().dialect.name])
        except OperationalError:
            session.rollback()
            raise

    begin_immediate(begin)
