"""What changed in the team's text since somebody last saw to the patient's beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from access.grants import DocumentGrant
from actions import plain_readings
from livedoc.difference import splices
from livedoc.hub import Current

Piece = tuple[str, str]
"""same, removed or inserted, and the words."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The team's text in `pieces`, as of `seq`. `since`: when, and `by` whom, the patient's text was last seen to;
    None when nobody noted what the team's text said then, so that nothing is marked."""

    pieces: Sequence[Piece]
    seq: int
    since: datetime | None
    by: str


def since_last_seen(own: DocumentGrant, current: Current) -> Comparison:
    reading = plain_readings.last(own.section_id)
    if reading is None:
        return Comparison([("same", current.text)], current.seq, None, "")
    return Comparison(list(_pieces(reading.clinical_text, current.text)), current.seq, reading.at, reading.by.name)


def _pieces(before: str, now: str) -> Iterator[Piece]:
    at = 0
    for splice in splices(before, now):
        if splice.at > at:
            yield "same", before[at : splice.at]
        if splice.removed:
            yield "removed", before[splice.at : splice.at + splice.removed]
        if splice.inserted:
            yield "inserted", splice.inserted
        at = splice.at + splice.removed
    if at < len(before):
        yield "same", before[at:]
