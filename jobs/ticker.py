"""Runs small jobs, each every so often, one after another, in a thread of its own.

Under gevent the thread is a greenlet: a job may wait for the database, but must not compute for long.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.outage import AWAY
from models.write_gate import DatabaseBusy

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called in the first round, and then every `every`. One that fails is logged and tried again."""

    name: str
    every: timedelta
    run: Callable[[], object]


class Ticker:
    """`start` begins, `finish` ends; `round` runs what is due and is what a test calls after moving the clock."""

    def __init__(self, clock: Callable[[], datetime], jobs: Iterable[Job]) -> None:
        self._clock = clock
        self._jobs = tuple(jobs)
        self._ran_at: dict[Job, datetime] = {}
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._thread.start()

    def finish(self, patience: float = 5.0) -> None:
        """Wait for the round under way, then run every job a last time."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(patience)
        for job in self._jobs:
            self._survive(job)

    def round(self) -> None:
        now = self._clock()
        for job in self._jobs:
            if self._is_due(job, now):
                self._ran_at[job] = now
                self._survive(job)

    def _is_due(self, job: Job, now: datetime) -> bool:
        """A clock that was set back makes everything due: waiting for it to catch up could take an hour."""
        ran_at = self._ran_at.get(job)
        return ran_at is None or now < ran_at or now - ran_at >= job.every

    def _survive(self, job: Job) -> None:
        try:
            job.run()
        except (DatabaseBusy, *AWAY) as error:
            log.warning("the job %s waits for the database: %s", job.name, type(error).__name__)
        except Exception as error:  # noqa: BLE001  (the next round tries again)
            log.error("the job %s failed", job.name, exc_info=error)

    def _run(self) -> None:
        while True:
            self.round()
            if self._stopped.wait(LOOK_EVERY):
                return
