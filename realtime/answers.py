"""Acknowledgements: refusals by name, and answers that come later.

An edit is acknowledged once it is committed. Its connection reads on meanwhile, so that nothing else it says waits.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from livedoc.hub import AWAITED
from livedoc.refusals import Code
from livedoc.submission import Submission
from realtime.payloads import Json
from tally.tally import Tally

RETRY_AFTER_MS = {Code.BUSY: 200, Code.UNAVAILABLE: 1000}
MESSAGES = {
    Code.HIDDEN: "There is nothing here for you.",
    Code.FORBIDDEN: "You may not do this.",
    Code.STALE_EPOCH: "The document has another history now.",
    Code.MALFORMED: "This could not be understood.",
    Code.FOREIGN_AUTHOR: "A client id of somebody else.",
    Code.TOO_LARGE: "This is too large.",
    Code.BUSY: "Too much at once; send it again.",
    Code.UNAVAILABLE: "Not possible just now; send it again.",
}
LOOK_EVERY = 0.25
"""Seconds between two looks for answers that take too long."""

Told = Callable[[Json], None]


def refusal(code: Code, retry_after_ms: int | None = None) -> Json:
    wait = retry_after_ms or RETRY_AFTER_MS.get(code)
    return {"error": str(code), "message": MESSAGES[code], **({"retry_after_ms": wait} if wait else {})}


class Later:
    """The answer to an edit that waits for its commit."""

    __slots__ = ("_submission", "_tally", "_told", "due")

    def __init__(self, submission: Submission, tally: Tally) -> None:
        self._submission = submission
        self._tally = tally
        self._told: Told | None = None
        self.due = time.monotonic() + AWAITED

    def wait(self) -> Json:
        """The answer; `unavailable` when it takes too long."""
        self._submission.done.wait(self.due - time.monotonic())
        return self._answer()

    def then(self, told: Told) -> None:
        """Have the answer told once it is there."""
        self._told = told
        self._submission.then(self._tell)

    def is_settled(self, now: float) -> bool:
        """Whether it was told; after too long a time `unavailable` is: sending the same bytes again tells more."""
        if now >= self.due and self._submission.forget():
            self._tell()
        return now >= self.due or self._submission.done.is_set()

    def _tell(self) -> None:
        assert self._told is not None
        self._told(self._answer())

    def _answer(self) -> Json:
        edit = self._submission
        if edit.refusal is not None or not edit.done.is_set():
            code = edit.refusal.code if edit.refusal else Code.UNAVAILABLE
            self._tally.sockets.refused["doc.edit", str(code)] += 1
            return refusal(code)
        counts = self._tally.edits
        counts.ack_seconds.observe(time.monotonic() - self.due + AWAITED)
        counts.duplicates += edit.duplicate
        return {"seq": edit.seq, "duplicate": True} if edit.duplicate else {"seq": edit.seq}


class Overdue:
    """Looks after answers that come later, so that each comes in time. One task does it for all of them."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._watched: deque[Later] = deque()

    def watch(self, later: Later) -> None:
        self._watched.append(later)

    def run(self) -> None:
        while not self._stopped.wait(LOOK_EVERY):
            now = time.monotonic() + LOOK_EVERY
            while self._watched and self._watched[0].is_settled(now):
                self._watched.popleft()

    def stop(self) -> None:
        self._stopped.set()
