"""A document's history replaced: the states that new epochs begin with.

A client of another epoch never merges; it keeps what it has not sent as a draft and opens anew.
"""

from datetime import datetime

from sqlalchemy import Connection, select

from livedoc import log, reading, states, tables
from livedoc.chain import Chain
from livedoc.difference import Splice
from livedoc.document import LiveDocument
from livedoc.records import Damage, History, Snapshot
from livedoc.replica import Replica, own_client_id


class Damaged(Exception):
    """A document whose log does not hold; `str()` says which, where and why."""

    def __init__(self, document_id: int, damage: Damage) -> None:
        super().__init__(f"document {document_id}, edit {damage.seq}: {damage.why}")


class Sound(Exception):
    """A document that needs no repair."""


def from_text(document: LiveDocument, now: datetime) -> Snapshot:
    """The beginning of a document's next epoch: its text as one piece, so that every replica reads it the same."""
    text = document.text()
    replica = Replica(client_id=own_client_id())
    if text:
        replica.splice([Splice(0, 0, text)], "")
    return states.of(replica).at(document.id, document.epoch + 1, document.seq, now)


def begin_all(connection: Connection, chain: Chain, epoch: int, now: datetime) -> int:
    """Begin the same new epoch in every document, each with the state it has, as after a restore; answers how many.

    The caller ends the transaction. `epoch` is greater than any there is. Raises Damaged at the first document whose
    log does not hold.
    """
    count = 0
    for document_id in connection.scalars(select(tables.documents.c.id).order_by(tables.documents.c.id)).all():
        history = reading.history(connection, chain, document_id)
        assert history is not None
        if history.damage is not None:
            raise Damaged(document_id, history.damage)
        _begin(connection, chain, document_id, history, epoch, history.seq, now)
        count += 1
    return count


def repair(connection: Connection, chain: Chain, document_id: int, now: datetime) -> tuple[History, Damage]:
    """Begin a new epoch with the last good state of a damaged document, so that it can be written in again.

    What does not hold stays in the log of the former epoch, set aside. The caller ends the transaction. Answers the
    history as far as it held, and what is wrong behind it. Raises LookupError, or Sound when nothing is wrong.
    """
    history = reading.history(connection, chain, document_id)
    found = reading.head(connection, document_id)
    if history is None or found is None:
        raise LookupError(f"there is no document {document_id}")
    if history.damage is None:
        raise Sound
    _begin(connection, chain, document_id, history, history.epoch + 1, found.seq, now)
    return history, history.damage


def _begin(
    connection: Connection, chain: Chain, document_id: int, history: History, epoch: int, head: int, now: datetime
) -> None:
    begun = states.of(Replica(history.updates)).at(document_id, epoch, history.seq, now)
    log.begin_epoch(connection, chain, begun, history.chain, head)
