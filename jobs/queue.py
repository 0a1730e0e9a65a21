"""The queue of jobs, Huey on a file of its own, embedded in the serving worker.

What is queued are hints: a job looks for itself what is due, and a timetable runs it anyway. So a queue that is lost
loses nothing, and another of Huey's storages is one class away.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from huey import SqliteHuey, crontab
from huey.consumer import Consumer

log = logging.getLogger(__name__)

FILE = "queue.db"
LONGEST_WAIT = 1.0
"""Seconds between two looks of an idle worker."""
PATIENCE = 5.0
"""Seconds that a job under way is waited for at the end."""


class _Embedded(Consumer):  # type: ignore[misc]
    """Signals are gunicorn's."""

    def _set_signal_handlers(self) -> None:
        pass


class Queue:
    """Runs `post` every minute, and whenever it is asked for; until `start`, asking does nothing."""

    def __init__(self, folder: Path, post: Callable[[], None]) -> None:
        self._file = folder / FILE
        self._post = post
        self._consumer: Consumer | None = None
        self._ask: Callable[[timedelta], None] | None = None

    def start(self) -> None:
        """Begin in threads (under gevent, greenlets), with an empty queue: what is due is found without it, and a
        file that a power cut left broken is no hindrance."""
        for left in self._file.parent.glob(f"{FILE}*"):
            left.unlink()
        logging.getLogger("huey").setLevel(logging.WARNING)
        huey = SqliteHuey("consilium", filename=str(self._file), results=False, fsync=False)
        look = huey.task(name="post")(self._post)
        huey.periodic_task(crontab(minute="*"), name="post-on-time")(self._post)
        self._ask = lambda delay: look.schedule(delay=delay.total_seconds()) if delay else look()
        self._consumer = _Embedded(
            huey, workers=1, max_delay=LONGEST_WAIT, check_worker_health=False, shutdown_timeout=PATIENCE
        )
        self._consumer.start()
        self.nudge(timedelta())

    def nudge(self, delay: timedelta) -> None:
        """Look for what is due after so long. A hint: when it cannot be queued, the timetable finds it."""
        if self._ask is None:
            return
        try:
            self._ask(delay)
        except Exception as error:  # noqa: BLE001  (the change that asked is committed)
            log.warning("not queued: %s", type(error).__name__)

    def stop(self) -> None:
        self._ask = None
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
