"""Where the words of an edit come from that the server makes: of a suggestion, or of a former state.

The words stay those of who wrote them first; the edit is of who accepted them or brought them back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from livedoc import tables
from livedoc.chain import Chain
from livedoc.difference import Splice
from livedoc.records import Entry, Origin, Share
from models.seals import UnknownKey


@dataclass(frozen=True, slots=True)
class Source:
    """Whose the words of a text are: `whose` covers it exactly, in characters; what the edit does not insert counts
    for nothing. `kind`: models.edit_origin.OriginKind. `reason`: why, or nothing; `thread_id`: of a suggestion."""

    kind: str
    whose: Sequence[Share]
    reason: str = ""
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Where the words of an edit come from, as it stands, and its seal."""

    origin: Origin
    seal: bytes

    def holds(self, chain: Chain, place: bytes) -> bool:
        """Whether it belongs to the edit that is sealed with `place`."""
        try:
            return chain.is_origin(self.seal, place, self.origin)
        except UnknownKey:
            return False


def kept(
    connection: Connection, document_id: int, epoch: int, after: int = 0, until: int | None = None
) -> dict[int, Said]:
    """What is said of the edits of an epoch after a seq, by seq."""
    of = tables.origins.c
    query = select(of.document_id, of.epoch, of.seq, of.kind, of.thread_id, of.reason, of.runs, of.seal).where(
        of.document_id == document_id, of.epoch == epoch, of.seq > after
    )
    if until is not None:
        query = query.where(of.seq <= until)
    return {row.seq: Said(Origin(*row[:-1]), row.seal) for row in connection.execute(query)}


def note(
    connection: Connection, chain: Chain, entry: Entry, seal: bytes, source: Source, changes: Sequence[Splice]
) -> None:
    """Keep where the words of an edit come from, beside it: `changes` made it, `seal` is its own."""
    runs = [_run(share, entry) for share in _in_order_of_clocks(source.whose, changes)]
    origin = Origin(entry.document_id, entry.epoch, entry.seq, source.kind, source.thread_id, source.reason, runs)
    connection.execute(
        insert(tables.origins),
        {
            "document_id": origin.document_id,
            "epoch": origin.epoch,
            "seq": origin.seq,
            "kind": origin.kind,
            "thread_id": origin.thread_id,
            "reason": origin.reason,
            "runs": origin.runs,
            "seal": chain.origin(seal, origin),
        },
    )


def _run(share: Share, entry: Entry) -> list[object]:
    if share.user_id is None:
        return [share.length]
    epoch, seq = (share.epoch, share.seq) if share.seq else (entry.epoch, entry.seq)
    return [share.length, share.user_id, share.at.isoformat(), epoch, seq]


def _in_order_of_clocks(whose: Sequence[Share], changes: Sequence[Splice]) -> list[Share]:
    """Whose the inserted letters are, in UTF-16 units: the last change is made first (livedoc/replica.py)."""
    grown, passages = 0, []
    for change in changes:
        start = change.at + grown
        passages.append((start, change.inserted))
        grown += len(change.inserted) - change.removed
    return [share for start, words in reversed(passages) for share in _between(whose, start, words)]


def _between(whose: Sequence[Share], start: int, words: str) -> Iterator[Share]:
    at, end = 0, start + len(words)
    for share in whose:
        first, last = max(at, start), min(at + share.length, end)
        at += share.length
        if first < last:
            units = len(words[first - start : last - start].encode("utf-16-le")) // 2
            yield share.of_length(units)
