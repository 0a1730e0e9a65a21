"""The log of the live documents: every accepted edit, in order, before it is acknowledged.

Typing commits here, on a connection of its own and outside any unit of work; so do snapshots and new epochs.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, bindparam, delete, insert, select, update

from livedoc import reading, tables
from livedoc.chain import Chain
from livedoc.records import Entry, History, Snapshot, Text

_DENSE = 2
"""So many of the newest snapshots are kept."""
_SPARSE = 5_000
"""Of the older ones, one for about so many edits."""


class Behind(Exception):
    """Somebody else appended to the same document first; nothing was written."""


class Log:
    """Reads on pooled connections of the caller's thread; appends on one kept for it, from one thread at a time."""

    def __init__(self, engine: Engine, chain: Chain) -> None:
        self.engine = engine
        self.chain = chain
        self._writer: Connection | None = None

    def history(self, document_id: int) -> History | None:
        """The whole document: the latest snapshot and what came after it, as far as the seals hold."""
        with self.engine.connect() as connection:
            return reading.history(connection, self.chain, document_id)

    def head(self, document_id: int) -> reading.Head | None:
        """Where a document's log ends."""
        with self.engine.connect() as connection:
            return reading.head(connection, document_id)

    def places(self, document_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
        """The epoch and seq at which the logs of some documents end."""
        with self.engine.connect() as connection:
            return reading.places(connection, document_ids)

    def epoch_began(self, document_id: int, epoch: int) -> datetime | None:
        """When an epoch after the first began; None for the first."""
        with self.engine.connect() as connection:
            return reading.epoch_began(connection, document_id, epoch)

    def tail(self, document_id: int, epoch: int, after: int, place: bytes) -> reading.Tail:
        """What was appended after a seq whose seal is `place`."""
        with self.engine.connect() as connection:
            return reading.believed_tail(connection, self.chain, document_id, epoch, after, None, place)

    def state(self, document_id: int, epoch: int, seq: int) -> History:
        """What makes the state at a former seq."""
        with self.engine.connect() as connection:
            return reading.state(connection, self.chain, document_id, epoch, seq)

    def open_writer(self) -> None:
        """Open the writing connection from the thread that owns the pool, before a native thread uses it."""
        self._writing()

    def _writing(self) -> Connection:
        if self._writer is None:
            self._writer = self.engine.connect()
        return self._writer

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def hold(self, document_id: int) -> None:
        """Let nobody else append to a document, until `append` commits or `let_go` gives up."""
        writer, of = self._writing(), tables.documents.c
        writer.begin()
        try:
            writer.execute(update(tables.documents).where(of.id == document_id).values(seq=of.seq))
        except BaseException:
            self.let_go()
            raise

    def let_go(self) -> None:
        transaction = self._writing().get_transaction()
        if transaction is not None:
            transaction.rollback()

    def append(
        self, entries: Sequence[Entry], places: Mapping[int, bytes], texts: Collection[Text] = ()
    ) -> dict[int, bytes]:
        """Append edits and keep texts in one transaction, durable on return.

        The entries of one document follow each other without a gap, behind the seal in `places` (by document).
        Answers the last seal of each. Raises Behind, or SQLAlchemyError when the database fails; nothing is written
        then.
        """
        writer = self._writing()
        with writer.get_transaction() or writer.begin():
            seals = append(writer, self.chain, entries, places) if entries else {}
            if texts:
                kept = sorted(texts, key=lambda text: text.document_id)
                writer.execute(_KEEP_TEXT, [_text_row(text) for text in kept])
        return seals

    def begin_epoch(self, begun: Snapshot, place: bytes, former_seq: int) -> None:
        """Begin an epoch, durable on return; see the function of this name. Raises Behind."""
        with self.engine.begin() as connection:
            begin_epoch(connection, self.chain, begun, place, former_seq)


def append(
    connection: Connection, chain: Chain, entries: Sequence[Entry], places: Mapping[int, bytes]
) -> dict[int, bytes]:
    """Append edits on a connection whose transaction the caller ends; see Log.append. Raises Behind."""
    last: dict[int, Entry] = {}
    first: dict[int, int] = {}
    seals = {document_id: places[document_id] for document_id in {entry.document_id for entry in entries}}
    rows = []
    for entry in entries:
        first.setdefault(entry.document_id, entry.seq)
        last[entry.document_id] = entry
        seal = seals[entry.document_id] = chain.update(seals[entry.document_id], entry)
        rows.append(_update_row(entry, seal))
    heads = [
        {
            "of_id": entry.document_id,
            "of_epoch": entry.epoch,
            "of_seq": first[entry.document_id] - 1,
            "seq": entry.seq,
            "changed_at": entry.at,
            "changed_by_id": entry.user_id,
            "seal": chain.head(seals[entry.document_id], entry.document_id, entry.epoch, entry.seq),
        }
        for _, entry in sorted(last.items())  # in this order, so that two processes wait but never for each other
    ]
    moved = cast(CursorResult[Any], connection.execute(_MOVE_HEAD, heads))
    if moved.rowcount != len(heads):
        raise Behind
    connection.execute(_ADD_UPDATE, rows)
    newcomers = [_client_row(entry, client) for entry in entries for client in entry.newcomers]
    if newcomers:
        connection.execute(_ADD_CLIENT, newcomers)
    return seals


def keep(connection: Connection, chain: Chain, snapshot: Snapshot, place: bytes) -> None:
    """Store a snapshot at the edit sealed with `place`, in the stead of one that was there, and thin older ones.

    One transaction, on a connection that has none open.
    """
    with connection.begin():
        keep_within(connection, chain, snapshot, place)


def keep_within(connection: Connection, chain: Chain, snapshot: Snapshot, place: bytes) -> None:
    """The same on a connection whose transaction the caller ends."""
    _remove_snapshots(connection, snapshot.document_id, snapshot.epoch, [snapshot.seq])
    connection.execute(insert(tables.snapshots), _snapshot_row(chain, snapshot, place))
    _thin(connection, snapshot)


def begin_epoch(connection: Connection, chain: Chain, begun: Snapshot, place: bytes, former_seq: int) -> None:
    """Begin an epoch with a state, on a connection whose transaction the caller ends.

    `begun` carries the new epoch, any later number, and the seq of the state in the former one; `place` is the seal
    there. The former epoch's head stands at `former_seq`; what it holds beyond the state stays in the log, set aside.
    Raises Behind when the head is elsewhere.
    """
    of = tables.documents.c
    moved = cast(
        CursorResult[Any],
        connection.execute(
            update(tables.documents)
            .where(of.id == begun.document_id, of.epoch < begun.epoch, of.seq == former_seq)
            .values(
                epoch=begun.epoch,
                seq=begun.seq,
                text=begun.text,
                text_seq=begun.seq,
                seal=chain.head(place, begun.document_id, begun.epoch, begun.seq),
            )
        ),
    )
    if moved.rowcount != 1:
        raise Behind
    connection.execute(insert(tables.snapshots), _snapshot_row(chain, begun, place))


_MOVE_HEAD = (
    update(tables.documents)
    .where(
        tables.documents.c.id == bindparam("of_id"),
        tables.documents.c.epoch == bindparam("of_epoch"),
        tables.documents.c.seq == bindparam("of_seq"),
    )
    .values(
        seq=bindparam("seq"),
        changed_at=bindparam("changed_at"),
        changed_by_id=bindparam("changed_by_id"),
        seal=bindparam("seal"),
    )
)
_KEEP_TEXT = (
    update(tables.documents)
    .where(
        tables.documents.c.id == bindparam("of_id"),
        tables.documents.c.epoch == bindparam("of_epoch"),
        tables.documents.c.text_seq < bindparam("text_seq"),
    )
    .values(text=bindparam("text"), text_seq=bindparam("text_seq"))
)
_ADD_UPDATE = insert(tables.updates)
_ADD_CLIENT = insert(tables.clients)


def _thin(connection: Connection, kept: Snapshot) -> None:
    """Snapshots only save time, so that few of them serve: the newest, some older ones, and an epoch's first."""
    of = tables.snapshots.c
    query = select(of.seq).where(of.document_id == kept.document_id, of.epoch == kept.epoch).order_by(of.seq.desc())
    found = list(connection.scalars(query))
    spare, last = [], found[0]
    for seq in found[_DENSE:]:
        if last - seq < _SPARSE and not (kept.epoch > 1 and seq == found[-1]):
            spare.append(seq)
        else:
            last = seq
    if spare:
        _remove_snapshots(connection, kept.document_id, kept.epoch, spare)


def _remove_snapshots(connection: Connection, document_id: int, epoch: int, seqs: Collection[int]) -> None:
    of = tables.snapshots.c
    connection.execute(
        delete(tables.snapshots).where(of.document_id == document_id, of.epoch == epoch, of.seq.in_(seqs))
    )


def _update_row(entry: Entry, seal: bytes) -> dict[str, Any]:
    return {
        "document_id": entry.document_id,
        "epoch": entry.epoch,
        "seq": entry.seq,
        "update": entry.update,
        "user_id": entry.user_id,
        "client_ids": entry.client_ids,
        "at": entry.at,
        "digest": seal,
    }


def _client_row(entry: Entry, client: int) -> dict[str, Any]:
    return {"document_id": entry.document_id, "client_id": client, "user_id": entry.user_id, "at": entry.at}


def _text_row(text: Text) -> dict[str, Any]:
    return {"of_id": text.document_id, "of_epoch": text.epoch, "text_seq": text.seq, "text": text.text}


def _snapshot_row(chain: Chain, snapshot: Snapshot, place: bytes) -> dict[str, Any]:
    return {
        "document_id": snapshot.document_id,
        "epoch": snapshot.epoch,
        "seq": snapshot.seq,
        "state": snapshot.state,
        "text": snapshot.text,
        "clocks": snapshot.clocks,
        "halves": snapshot.halves,
        "at": snapshot.at,
        "chain": place,
        "digest": chain.snapshot(place, snapshot),
    }
