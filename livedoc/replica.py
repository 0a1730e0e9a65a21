"""One pycrdt document with the one text we keep in it."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from pycrdt import Doc, Text, TransactionEvent

from livedoc import state_vector
from livedoc.difference import Splice
from livedoc.offsets import utf8_length, utf8_offset
from livedoc.varints import LARGEST

ROOT_NAME = "body"
AT_ONCE = 256
"""Updates that are applied together at most."""
SMALL = 4096
"""Bytes of an update that may wait with others; larger ones would hold much memory."""
SERVER_CLIENTS_FROM = 2**32
"""Client ids from here up are the server's own."""
FIRST_WORDS_CLIENT = SERVER_CLIENTS_FROM
"""The client id under which every document's template is written."""


class Replica:
    """A Yjs document holding the text `body`. Not for two threads or greenlets at once: callers hold a lock.

    The transactions of pycrdt join an open one, so nothing here yields inside one.
    """

    __slots__ = ("_behind", "_body", "_doc")

    def __init__(self, updates: Iterable[bytes] = (), *, client_id: int | None = None) -> None:
        self._doc: Doc[Any] = Doc(client_id=client_id)
        self._body: Text = self._doc.get(ROOT_NAME, type=Text)
        self._behind = list(updates)
        self._catch_up()

    def apply(self, update: bytes) -> None:
        self._catch_up()
        self._doc.apply_update(update)

    def put(self, update: bytes) -> None:
        """Apply an update that was tried elsewhere, before anybody looks."""
        self._behind.append(update)
        if len(self._behind) == AT_ONCE or len(update) > SMALL:
            self._catch_up()

    def _catch_up(self) -> None:
        if self._behind:
            behind, self._behind = self._behind, []
            for update in behind:  # one transaction for all would be quicker, but may place a hostile edit elsewhere
                self._doc.apply_update(update)

    def text(self) -> str:
        """The text. Costs the length of the history."""
        self._catch_up()
        return str(self._body)

    def size(self) -> int:
        """Bytes of the text in UTF-8, at no cost."""
        self._catch_up()
        return len(self._body)

    def clocks(self) -> dict[int, int]:
        """How far each client is known."""
        self._catch_up()
        return state_vector.decode(self._doc.get_state())

    def state_vector(self) -> bytes:
        self._catch_up()
        return self._doc.get_state()

    def update(self, known: dict[int, int] | None = None) -> bytes:
        """What a replica that knows `known` lacks, or everything."""
        self._catch_up()
        return self._doc.get_update(None if known is None else state_vector.encode(known))

    def splice(self, changes: Sequence[Splice], before: str) -> bytes:
        """Make changes (positions in `before`, the text as it stands) and answer the update of just these."""
        self._catch_up()
        made: list[bytes] = []

        def note(event: TransactionEvent) -> None:
            made.append(event.update)

        watching = self._doc.observe(note)
        try:
            with self._doc.transaction():
                for change in reversed(changes):
                    start = utf8_offset(before, change.at)
                    if change.removed:
                        end = start + utf8_length(before[change.at : change.at + change.removed])
                        del self._body[start:end]
                    if change.inserted:
                        self._body.insert(start, change.inserted)
        finally:
            self._doc.unobserve(watching)
        return made[0] if made else EMPTY_UPDATE


EMPTY_UPDATE = b"\x00\x00"
"""No structs, no deletions."""


def own_client_id() -> int:
    """A reserved id used once: from a former base, one that wrote since would write the same clocks again."""
    return SERVER_CLIENTS_FROM + 1 + secrets.randbelow(LARGEST - SERVER_CLIENTS_FROM - 1)
