"""The committed state of an open document."""

import time
from collections.abc import Iterable, Mapping

from livedoc import state_vector
from livedoc.offsets import utf8_length
from livedoc.replica import Replica

HEAVY = 1.0
"""Seconds of processor time to make the replica, from which on the history is no honest one: letters between far-apart
neighbours make every later loading slow. 200,000 letters typed anywhere take a fifth of it."""


class Committed:
    """What is committed of a document, as one replica that is made when somebody needs it.

    A snapshot that nobody has written behind yet is handed on as it is: to read a long document, its history need
    not be taken apart (a millisecond for a thousand scattered edits, and nothing else runs meanwhile). `is_heavy`: that
    took longer than any honest history does.
    """

    __slots__ = ("_clocks", "_replica", "_text", "_updates", "_whole", "is_heavy")

    def __init__(
        self, updates: Iterable[bytes] = (), text: str | None = None, clocks: Mapping[int, int] | None = None
    ) -> None:
        """`text` and `clocks` are those of the state, when it is one snapshot and they are known."""
        self._updates = list(updates)
        self._replica: Replica | None = None
        self._text = text
        self._clocks = None if clocks is None else dict(clocks)
        self._whole = self._updates[0] if clocks is not None else None
        self.is_heavy = False

    def _ready(self) -> Replica:
        if self._replica is None:
            began = time.thread_time()
            self._replica = Replica(self._updates)
            self._updates = []
            self.is_heavy = time.thread_time() - began > HEAVY
        return self._replica

    def apply(self, update: bytes, *, is_costly: bool = False) -> None:
        """A costly one is applied at once: many of them must not wait for whoever looks next."""
        if self._replica is None:
            self._updates.append(update)
        elif is_costly:
            self._replica.apply(update)
        else:
            self._replica.put(update)
        self._whole = self._text = self._clocks = None

    def text(self) -> str:
        """The text. Taken once for every state: it costs the length of the history."""
        if self._text is None:
            self._text = self._ready().text()
        return self._text

    def size(self) -> int:
        """Bytes of the text in UTF-8."""
        if self._replica is None and self._text is not None:
            return utf8_length(self._text)
        return self._ready().size()

    def clocks(self) -> dict[int, int]:
        """How far each client is known; the caller may change it."""
        return self._ready().clocks() if self._clocks is None else dict(self._clocks)

    def state_vector(self) -> bytes:
        return self._ready().state_vector() if self._clocks is None else state_vector.encode(self._clocks)

    def update(self, known: dict[int, int] | None = None) -> bytes:
        """What a replica that knows `known` lacks, or the whole state; that is made once for every state."""
        if known:
            return self._ready().update(known)
        if self._whole is None:
            self._whole = self._ready().update()
        return self._whole
