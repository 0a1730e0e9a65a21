"""The log of the live documents: every accepted edit, in order, before it is acknowledged.

Typing commits here, on a connection of its own and outside any unit of work.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Table, bindparam, insert, select, update

from models.document import Document, DocumentClient, DocumentSnapshot, DocumentUpdate

_documents = cast(Table, Document.__table__)
_updates = cast(Table, DocumentUpdate.__table__)
_clients = cast(Table, DocumentClient.__table__)
_snapshots = cast(Table, DocumentSnapshot.__table__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One edit as it is logged. `newcomers` are the client ids that become this person's with it."""

    document_id: int
    epoch: int
    seq: int
    update: bytes
    user_id: int
    client_ids: list[int]
    newcomers: Sequence[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """A text as of a `seq`, to be kept beside the log."""

    document_id: int
    epoch: int
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Logged:
    """An edit as it is read back."""

    seq: int
    update: bytes
    user_id: int


@dataclass(frozen=True, slots=True)
class History:
    """A document as the log has it: `updates` make the state at `seq`; `authors` is client id → user id."""

    epoch: int
    seq: int
    text_seq: int
    updates: list[bytes]
    authors: dict[int, int]


class Behind(Exception):
    """Somebody else appended to the same document first; nothing was written."""


class Log:
    """Reads on pooled connections of the caller's thread; appends on one kept for it, from one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer: Connection | None = None

    def history(self, document_id: int) -> History | None:
        """The whole document: the latest snapshot and what came after it. None when there is none."""
        with self.engine.connect() as connection:
            row = connection.execute(
                select(_documents.c.epoch, _documents.c.seq, _documents.c.text_seq).where(
                    _documents.c.id == document_id
                )
            ).one_or_none()
            if row is None:
                return None
            epoch, seq, text_seq = row
            since, updates = _base(connection, document_id, epoch, seq)
            updates += [logged.update for logged in _tail(connection, document_id, epoch, since, seq)]
            authors = connection.execute(
                select(_clients.c.client_id, _clients.c.user_id).where(_clients.c.document_id == document_id)
            )
            return History(epoch, seq, text_seq, updates, dict(authors.all()))

    def epoch(self, document_id: int) -> int | None:
        """The present epoch of a document."""
        with self.engine.connect() as connection:
            return connection.scalar(select(_documents.c.epoch).where(_documents.c.id == document_id))

    def tail(self, document_id: int, epoch: int, after: int) -> list[Logged]:
        """What was appended after a seq."""
        with self.engine.connect() as connection:
            return _tail(connection, document_id, epoch, after, None)

    def updates_until(self, document_id: int, epoch: int, seq: int) -> list[bytes]:
        """The updates that make the state at a former seq."""
        with self.engine.connect() as connection:
            since, updates = _base(connection, document_id, epoch, seq)
            return updates + [logged.update for logged in _tail(connection, document_id, epoch, since, seq)]

    def open_writer(self) -> None:
        """Open the writing connection from the thread that owns the pool, before a native thread uses it."""
        if self._writer is None:
            self._writer = self.engine.connect()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def append(self, entries: Sequence[Entry], texts: Collection[Text] = ()) -> None:
        """Append edits and keep texts in one transaction, durable on return.

        The entries of one document follow each other without a gap. Raises Behind, or SQLAlchemyError when the
        database fails; nothing is written then.
        """
        self.open_writer()
        assert self._writer is not None
        with self._writer.begin():
            if entries:
                append(self._writer, entries)
            if texts:
                self._writer.execute(_KEEP_TEXT, [_text_row(text) for text in texts])


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Append edits on a connection whose transaction the caller ends. Raises Behind."""
    last: dict[int, Entry] = {}
    first: dict[int, int] = {}
    for entry in entries:
        first.setdefault(entry.document_id, entry.seq)
        last[entry.document_id] = entry
    heads = [
        {
            "of_id": entry.document_id,
            "of_epoch": entry.epoch,
            "of_seq": first[entry.document_id] - 1,
            "seq": entry.seq,
            "changed_at": entry.at,
            "changed_by_id": entry.user_id,
        }
        for entry in last.values()
    ]
    moved = cast(CursorResult[Any], connection.execute(_MOVE_HEAD, heads))
    if moved.rowcount != len(heads):
        raise Behind
    connection.execute(_ADD_UPDATE, [_update_row(entry) for entry in entries])
    newcomers = [_client_row(entry, client) for entry in entries for client in entry.newcomers]
    if newcomers:
        connection.execute(_ADD_CLIENT, newcomers)


_MOVE_HEAD = (
    update(_documents)
    .where(
        _documents.c.id == bindparam("of_id"),
        _documents.c.epoch == bindparam("of_epoch"),
        _documents.c.seq == bindparam("of_seq"),
    )
    .values(seq=bindparam("seq"), changed_at=bindparam("changed_at"), changed_by_id=bindparam("changed_by_id"))
)
_KEEP_TEXT = (
    update(_documents)
    .where(
        _documents.c.id == bindparam("of_id"),
        _documents.c.epoch == bindparam("of_epoch"),
        _documents.c.text_seq < bindparam("text_seq"),
    )
    .values(text=bindparam("text"), text_seq=bindparam("text_seq"))
)
_ADD_UPDATE = insert(_updates)
_ADD_CLIENT = insert(_clients)


def _update_row(entry: Entry) -> dict[str, Any]:
    return {
        "document_id": entry.document_id,
        "epoch": entry.epoch,
        "seq": entry.seq,
        "update": entry.update,
        "user_id": entry.user_id,
        "client_ids": entry.client_ids,
        "at": entry.at,
        "digest": None,
    }


def _client_row(entry: Entry, client: int) -> dict[str, Any]:
    return {"document_id": entry.document_id, "client_id": client, "user_id": entry.user_id, "at": entry.at}


def _text_row(text: Text) -> dict[str, Any]:
    return {"of_id": text.document_id, "of_epoch": text.epoch, "text_seq": text.seq, "text": text.text}


def _base(connection: Connection, document_id: int, epoch: int, seq: int) -> tuple[int, list[bytes]]:
    """The latest snapshot at or before `seq`: its seq and state, or the empty beginning."""
    row = connection.execute(
        select(_snapshots.c.seq, _snapshots.c.state)
        .where(_snapshots.c.document_id == document_id, _snapshots.c.epoch == epoch, _snapshots.c.seq <= seq)
        .order_by(_snapshots.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return (row.seq, [row.state]) if row else (0, [])


def _tail(connection: Connection, document_id: int, epoch: int, after: int, until: int | None) -> list[Logged]:
    query = (
        select(_updates.c.seq, _updates.c.update, _updates.c.user_id)
        .where(_updates.c.document_id == document_id, _updates.c.epoch == epoch, _updates.c.seq > after)
        .order_by(_updates.c.seq)
    )
    if until is not None:
        query = query.where(_updates.c.seq <= until)
    return [Logged(*row) for row in connection.execute(query)]
