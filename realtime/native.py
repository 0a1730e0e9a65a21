"""What stays native under gevent: the thread in which waiting for the disk happens, and locks for moments."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic

from gevent import monkey
from gevent.socket import socket as GreenSocket  # noqa: N812

from livedoc.ports import Answer, Runner, run_here


def runner(async_mode: str) -> Runner:
    """How calls that hold up a thread run: under gevent in a native one, so that the loop goes on; else in place."""
    return _NativeThread() if async_mode == "gevent" else run_here


def commit_runner(async_mode: str, database: str) -> Runner:
    """How commits to a `database` (SQLAlchemy's name of its dialect) run. SQLite waits for the disk inside its
    library; PostgreSQL is waited for at a socket, which yields by itself."""
    return runner(async_mode) if database == "sqlite" else run_here


class _NativeThread:
    """gevent's pool of one thread, made on first use: in the serving worker, after any fork."""

    def __init__(self) -> None:
        self._pool: object | None = None

    def __call__(self, call: Callable[[], Answer], /) -> Answer:
        from gevent.threadpool import ThreadPool

        if self._pool is None:
            self._pool = ThreadPool(1)
        assert isinstance(self._pool, ThreadPool)
        outcome: _Outcome[Answer] = self._pool.apply(_Outcome, (call,))
        return outcome.answer()


class _Outcome(Generic[Answer]):
    """How a call went. gevent's pool would print what a call raises, and an error of the database can hold text."""

    def __init__(self, call: Callable[[], Answer]) -> None:
        self._error: BaseException | None = None
        try:
            self._answer = call()
        except BaseException as error:  # noqa: BLE001  (it is raised where it is awaited)
            self._error = error

    def answer(self) -> Answer:
        if self._error is not None:
            raise self._error
        return self._answer


def native_lock() -> AbstractContextManager[object]:
    """A lock for a section that never waits. Greenlets do not switch inside such a section, so that nobody ever waits
    for the lock under gevent either, and gevent's own would cost three times as much."""
    lock: AbstractContextManager[object] = monkey.get_original("_thread", "allocate_lock")()
    return lock


def patient_receive(connection: Any) -> Callable[[int], bytes]:
    """`recv` of a socket that waits before it reads. A gevent socket reads first, finds nothing nearly every time, and
    pays for that with a system call and an exception."""
    if not isinstance(connection, GreenSocket):
        receive: Callable[[int], bytes] = connection.recv
        return receive
    wait, read = connection._wait, connection._sock.recv

    def waits_then_reads(count: int) -> bytes:
        while True:
            if connection._read_event is None:
                raise OSError("closed")
            wait(connection._read_event)
            try:
                data: bytes = read(count)
            except BlockingIOError:
                continue  # somebody else was quicker, or nothing came after all
            return data

    return waits_then_reads
