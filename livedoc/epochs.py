"""A document's history replaced: the states that new epochs begin with."""

from datetime import datetime

from livedoc.difference import Splice
from livedoc.document import LiveDocument
from livedoc.records import Snapshot
from livedoc.replica import Replica, own_client_id
from livedoc.trial import halves_of


def from_text(document: LiveDocument, now: datetime) -> Snapshot:
    """The beginning of a document's next epoch: its text as one piece, so that every replica reads it the same."""
    text = document.text()
    replica = Replica(client_id=own_client_id())
    if text:
        replica.splice([Splice(0, 0, text)], "")
    return _begun(document.id, document.epoch, document.seq, replica, now)


def _begun(document_id: int, epoch: int, seq: int, replica: Replica, now: datetime) -> Snapshot:
    state = replica.update()
    halves = {str(client): sorted(clocks) for client, clocks in halves_of(state).items()}
    return Snapshot(document_id, epoch + 1, seq, state, replica.text(), halves, now)
