"""Where waiting for the disk happens."""

from collections.abc import Callable

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
        answer: Answer = self._pool.apply(call)
        return answer
