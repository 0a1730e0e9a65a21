"""An edit on its way to the log."""

import threading
from collections.abc import Callable, Collection, Sequence

from livedoc.refusals import Refused
from livedoc.updates import Range


def _always() -> bool:
    return True


class Submission:
    """An edit on its way to the log. `done` is set once `seq` or `refusal` tells how it went; `then` has that told.

    `user_id` and `connection` say who sent it; `declared` are the client ids that connection writes under.
    A `duplicate` waits in line like an edit, because what it repeats may not be committed yet. `cost` is the processor
    time of its trial, in seconds. `deletes` are ranges that may hold surrogate pairs. `allowed` is asked again when
    the document's turn has come, which may take a while.
    """

    __slots__ = (
        "_told",
        "allowed",
        "client_ids",
        "connection",
        "cost",
        "declared",
        "deletes",
        "done",
        "duplicate",
        "newcomers",
        "refusal",
        "seq",
        "update",
        "user_id",
    )

    def __init__(self, update: bytes, user_id: int, connection: object, declared: Collection[int]) -> None:
        self.update = update
        self.user_id = user_id
        self.connection = connection
        self.declared = declared
        self.client_ids: Sequence[int] = ()
        self.newcomers: Sequence[int] = ()
        self.duplicate = False
        self.cost = 0.0
        self.deletes: Collection[Range] = ()
        self.seq = 0
        self.refusal: Refused | None = None
        self.done = threading.Event()
        self.allowed: Callable[[], bool] = _always
        self._told: list[Callable[[], None]] = []

    def settle(self, seq: int) -> None:
        self.seq = seq
        self._finish()

    def refuse(self, refusal: Refused) -> None:
        self.refusal = refusal
        self._finish()

    def then(self, told: Callable[[], None]) -> None:
        """Have `told` called once, when it is done, by whoever finishes it. It may not wait for anything."""
        self._told.append(told)
        if self.done.is_set():
            self._tell()

    def forget(self) -> bool:
        """Have nobody told any more; whether somebody still would have been."""
        return bool(self._told) and self._take_told() is not None

    def _finish(self) -> None:
        self.done.set()
        if self._told:
            self._tell()

    def _tell(self) -> None:
        told = self._take_told()
        if told is not None:
            told()

    def _take_told(self) -> Callable[[], None] | None:
        """Who is to be told, for one taker only, whichever thread comes first."""
        try:
            return self._told.pop()
        except IndexError:
            return None
