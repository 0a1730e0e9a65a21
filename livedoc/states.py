"""Whole states, and what is worth knowing of one without taking it apart."""

from dataclasses import dataclass
from datetime import datetime

from livedoc.records import Snapshot
from livedoc.replica import Replica
from livedoc.trial import halves_of


@dataclass(frozen=True, slots=True)
class State:
    """A whole state (Yjs V1); the other parts are those of a Snapshot."""

    state: bytes
    text: str
    clocks: dict[str, int]
    halves: dict[str, list[int]]

    def at(self, document_id: int, epoch: int, seq: int, now: datetime) -> Snapshot:
        """As the snapshot of a document at a place in its log."""
        return Snapshot(document_id, epoch, seq, self.state, self.text, self.clocks, self.halves, now)


def of(replica: Replica) -> State:
    state = replica.update()
    clocks = {str(client): clock for client, clock in sorted(replica.clocks().items())}
    halves = {str(client): sorted(found) for client, found in sorted(halves_of(state).items())}
    return State(state, replica.text(), clocks, halves)
