"""All that runs in the serving worker and nowhere else: not on the command line, not in an application of a test."""

import platform
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from actions import search_index
from jobs import audit_head, automatic_versions, waiting
from jobs import authorship as authorship_job
from jobs.exposition import Exposition, Gauges
from jobs.metrics import Listener, count_errors
from jobs.queue import Queue
from jobs.ticker import Job, Ticker
from livedoc.hub import Hub
from tally.tally import Tally

AUDIT_HEAD_EVERY = timedelta(minutes=1)
INDEX_EVERY = timedelta(seconds=1)


class Present(Protocol):
    """Who is connected."""

    def open_connections(self) -> int: ...
    def present_people(self) -> int: ...
    def open_boards(self) -> int: ...


class BackgroundSettings(Protocol):
    @property
    def metrics_port(self) -> int | None: ...
    @property
    def instance_dir(self) -> Path: ...


class Background:
    """`start` it once, after any fork; `stop` it when the process ends."""

    def __init__(
        self,
        settings: BackgroundSettings,
        clock: Callable[[], datetime],
        engine: Engine,
        *,
        hub: Hub,
        present: Present,
        tally: Tally,
        release: str,
        post: Callable[[], None] | None,
        versions: Callable[[], object],
        waits: Callable[[], object],
        authorship: Callable[[], object],
    ) -> None:
        """`post` sends what is due by mail; None where no mail is sent. `versions` takes those that are due, `waits`
        tells again of what waits too long, `authorship` lets the index of who wrote what catch up."""
        jobs = [
            Job("audit head", AUDIT_HEAD_EVERY, partial(audit_head.announce, engine)),
            Job("automatic versions", automatic_versions.EVERY, versions),
            Job("what waits", waiting.EVERY, waits),
            Job("who wrote what", authorship_job.EVERY, authorship),
            Job("search index", INDEX_EVERY, partial(search_index.catch_up, engine)),
        ]
        self._ticker = Ticker(clock, jobs)
        count_errors(engine, tally.database_errors)
        gauges = Gauges(
            present.open_connections,
            present.present_people,
            present.open_boards,
            hub.open_documents,
            partial(audit_head.rows, engine),
        )
        exposition = Exposition(tally, gauges, settings.instance_dir, _build(engine, release))
        self._listener = Listener(settings.metrics_port, exposition) if settings.metrics_port else None
        self._queue = Queue(settings.instance_dir, post) if post is not None else None
        self._is_started = False

    def start(self) -> None:
        self._is_started = True
        self._ticker.start()
        if self._queue is not None:
            self._queue.start()
        if self._listener is not None:
            self._listener.start()

    def nudge(self, delay: timedelta) -> None:
        """Look into the outbox after so long."""
        if self._queue is not None:
            self._queue.nudge(delay)

    def stop(self) -> None:
        """Jobs run a last time: the log gets the last head of the audit too."""
        if not self._is_started:
            return
        self._is_started = False
        if self._queue is not None:
            self._queue.stop()
        self._ticker.finish()
        if self._listener is not None:
            self._listener.stop()


def _build(engine: Engine, release: str) -> Mapping[str, str]:
    return {
        "version": release,
        "python": platform.python_version(),
        "pycrdt": version("pycrdt"),
        "database": engine.dialect.name,
        "sqlite": sqlite3.sqlite_version,
    }
