"""Looks through the whole log of every document, and names what does not hold.

Opening a document checks what it reads; here every edit and every snapshot of every epoch is checked, and the state
is replayed from the first edit on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from livedoc import origins, reading, tables
from livedoc.chain import BEGINNING, Chain
from livedoc.records import Snapshot
from livedoc.replica import Replica
from models.seals import UnknownKey

REPLAY_FAILED = "the edits cannot be replayed"
SNAPSHOT = "the snapshot was changed"
SNAPSHOT_PLACE = "the snapshot does not belong here"
SNAPSHOT_STATE = "the snapshot is another state than the edits make"
ORIGIN = "where its words come from was changed"
KEPT_TEXT = "the text kept for pages is another than the edits make"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold. `str()` is one line without text of the document."""

    document_id: int
    epoch: int
    seq: int
    why: str

    def __str__(self) -> str:
        return f"document {self.document_id}, epoch {self.epoch}, edit {self.seq}: {self.why}"


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, while others go on writing."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        try:
            yield connection
        finally:
            connection.rollback()


def document_ids(connection: Connection) -> list[int]:
    return list(connection.scalars(select(tables.documents.c.id).order_by(tables.documents.c.id)))


def findings(connection: Connection, chain: Chain) -> Iterator[Finding]:
    """All that does not hold, in every document."""
    for document_id in document_ids(connection):
        yield from of_document(connection, chain, document_id)


def of_document(connection: Connection, chain: Chain, document_id: int) -> Iterator[Finding]:
    """What does not hold in one document; the first bad edit of an epoch ends the look at that epoch.

    Read it at `one_moment`, or while nobody writes.
    """
    yield from _Walk(connection, chain, document_id).findings()


class _Walk:
    """One look through the epochs of one document, in order. `_place` is the seal of the last edit that holds."""

    def __init__(self, connection: Connection, chain: Chain, document_id: int) -> None:
        self._connection = connection
        self._chain = chain
        self._id = document_id
        self._place = BEGINNING
        self._seq = 0
        self._replica = Replica()

    def findings(self) -> Iterator[Finding]:
        head = reading.head(self._connection, self._id)
        if head is None:
            return
        epochs = [epoch for epoch in reading.epochs(self._connection, self._id) if epoch <= head.epoch]
        for epoch, following in zip(epochs, [*epochs[1:], None], strict=True):
            until = self._first_seq(following) if following else None
            found = list(self._epoch(epoch, until))
            yield from found
            if any(each.seq > self._seq for each in found):
                return
        if self._seq < head.seq:
            yield Finding(self._id, head.epoch, self._seq + 1, reading.MISSING)
        elif self._seq > head.seq or not self._is_head(head):
            yield Finding(self._id, head.epoch, head.seq, reading.HEAD)
        elif head.text_seq == head.seq == self._seq and self._kept_text() != self._replica.text():
            yield Finding(self._id, head.epoch, head.seq, KEPT_TEXT)

    def _first_seq(self, epoch: int) -> int:
        """Where an epoch begins: the seq of its first snapshot."""
        of = tables.snapshots.c
        query = select(of.seq).where(of.document_id == self._id, of.epoch == epoch).order_by(of.seq).limit(1)
        found: int | None = self._connection.scalar(query)
        return reading.ANY if found is None else found

    def _epoch(self, epoch: int, until: int | None) -> Iterator[Finding]:
        """Walk one epoch to its end, or up to `until`, where a later one took over."""
        snapshots = {each[0].seq: each for each in reading.snapshots(self._connection, self._id, epoch, until)}
        if epoch > 1:
            why = self._begin(*snapshots.pop(min(snapshots))) if snapshots else reading.NO_BASE
            if why:
                yield Finding(self._id, epoch, self._seq + 1, why)
                return
        said = origins.kept(self._connection, self._id, epoch)
        for logged in reading.logged_edits(self._connection, self._id, epoch, self._seq, until):
            expected = self._seq + 1
            why = reading.MISSING if logged.entry.seq != expected else self._edit_fault(logged)
            if why:
                yield Finding(self._id, epoch, expected, why)
                return
            self._seq, self._place = expected, logged.seal
            if expected in said and not said.pop(expected).holds(self._chain, logged.seal):
                yield Finding(self._id, epoch, expected, ORIGIN)
            if expected in snapshots:
                yield from self._check_snapshot(*snapshots.pop(expected))
        yield from (Finding(self._id, epoch, seq, ORIGIN) for seq in sorted(said) if seq <= self._seq)
        yield from (Finding(self._id, epoch, seq, SNAPSHOT_PLACE) for seq in sorted(snapshots) if seq <= self._seq)

    def _begin(self, snapshot: Snapshot, place: bytes, seal: bytes) -> str | None:
        """Start from the state that an epoch begins with, or say why not."""
        why = self._snapshot_fault(snapshot, place, seal)
        if why is None:
            self._seq = snapshot.seq
            self._replica = Replica([snapshot.state])
        return why

    def _edit_fault(self, logged: reading.Logged) -> str | None:
        why = reading.fault(self._chain, logged, self._place)
        if why is None:
            try:
                self._replica.apply(logged.entry.update)
            except ValueError:
                return REPLAY_FAILED
        return why

    def _check_snapshot(self, snapshot: Snapshot, place: bytes, seal: bytes) -> Iterator[Finding]:
        why = self._snapshot_fault(snapshot, place, seal)
        if why is None:
            loaded = Replica([snapshot.state])
            text = self._replica.text()
            if loaded.clocks() != self._replica.clocks() or not loaded.text() == snapshot.text == text:
                why = SNAPSHOT_STATE
        if why:
            yield Finding(self._id, snapshot.epoch, snapshot.seq, why)

    def _snapshot_fault(self, snapshot: Snapshot, place: bytes, seal: bytes) -> str | None:
        try:
            if not self._chain.is_snapshot(seal, place, snapshot):
                return SNAPSHOT
        except UnknownKey as error:
            return f"key {error} of its seal is not here"
        return None if place == self._place else SNAPSHOT_PLACE

    def _is_head(self, head: reading.Head) -> bool:
        try:
            return self._chain.is_head(head.seal, self._place, self._id, head.epoch, head.seq)
        except UnknownKey:
            return False

    def _kept_text(self) -> str | None:
        of = tables.documents.c
        return self._connection.scalar(select(of.text).where(of.id == self._id))
