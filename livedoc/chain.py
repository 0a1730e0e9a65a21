"""What the seals of a document's log cover.

Every edit is sealed behind the one before it, so that a changed, missing or moved edit shows at once. The head of the
document is sealed behind the last edit, so that a tail cannot be cut off unseen, and a snapshot behind the edit it
stands at; so are a piece of the index of who wrote what, and where an edit's words come from. An epoch after the first
begins with a snapshot, whose place in the chain is the last edit of the former.

Checks raise UnknownKey when a key is missing.
"""

import json
from datetime import UTC

from livedoc.records import Entry, Origin, Snapshot
from models.seals import BEGINNING, Field, Seals

__all__ = ["BEGINNING", "Chain"]


class Chain:
    """Makes and checks the seals of documents' logs."""

    __slots__ = ("_seals",)

    def __init__(self, seals: Seals) -> None:
        self._seals = seals

    def update(self, previous: bytes, entry: Entry) -> bytes:
        """The seal of an edit behind the seal of the edit before it."""
        return self._seals.link("update", previous, *_of_entry(entry))

    def is_update(self, seal: bytes, previous: bytes, entry: Entry) -> bool:
        return self._seals.is_link(seal, "update", previous, *_of_entry(entry))

    def head(self, chain: bytes, document_id: int, epoch: int, seq: int) -> bytes:
        """The seal of a document's row: its log ends at `seq`, sealed with `chain`."""
        return self._seals.link("head", chain, document_id, epoch, seq)

    def is_head(self, seal: bytes, chain: bytes, document_id: int, epoch: int, seq: int) -> bool:
        return self._seals.is_link(seal, "head", chain, document_id, epoch, seq)

    def snapshot(self, chain: bytes, snapshot: Snapshot) -> bytes:
        """The seal of a snapshot at the edit that is sealed with `chain`."""
        return self._seals.link("snapshot", chain, *_of_snapshot(snapshot))

    def is_snapshot(self, seal: bytes, chain: bytes, snapshot: Snapshot) -> bool:
        return self._seals.is_link(seal, "snapshot", chain, *_of_snapshot(snapshot))

    def authorship(self, chain: bytes, document_id: int, epoch: int, after: int, seq: int, index: bytes) -> bytes:
        """The seal of a piece of the index of who wrote what, whose last edit is sealed with `chain`."""
        return self._seals.link("authorship", chain, document_id, epoch, after, seq, index)

    def is_authorship(
        self, seal: bytes, chain: bytes, document_id: int, epoch: int, after: int, seq: int, index: bytes
    ) -> bool:
        return self._seals.is_link(seal, "authorship", chain, document_id, epoch, after, seq, index)

    def origin(self, chain: bytes, origin: Origin) -> bytes:
        """The seal of where the words of an edit come from, behind the seal of the edit."""
        return self._seals.link("origin", chain, *_of_origin(origin))

    def is_origin(self, seal: bytes, chain: bytes, origin: Origin) -> bool:
        return self._seals.is_link(seal, "origin", chain, *_of_origin(origin))


def _of_origin(origin: Origin) -> tuple[Field, ...]:
    runs = json.dumps(origin.runs, separators=(",", ":"))
    return origin.document_id, origin.epoch, origin.seq, origin.kind, origin.thread_id, origin.reason, runs


def _of_entry(entry: Entry) -> tuple[Field, ...]:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    clients = ",".join(map(str, entry.client_ids))
    return entry.document_id, entry.epoch, entry.seq, entry.update, entry.user_id, clients, at


def _of_snapshot(snapshot: Snapshot) -> tuple[Field, ...]:
    clocks, halves = (
        json.dumps(each, sort_keys=True, separators=(",", ":"), default=list)
        for each in (snapshot.clocks, snapshot.halves)
    )
    return snapshot.document_id, snapshot.epoch, snapshot.seq, snapshot.state, snapshot.text, clocks, halves
