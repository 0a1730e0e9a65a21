"""Keeps the index of who wrote what beside the log, in sealed pieces; what is not kept yet is read from the log.

Nothing in it is original. A piece that does not hold is passed over, with those behind it, and made again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from livedoc import origins, reading, tables
from livedoc.authorship import FORMAT, Authorship
from livedoc.chain import BEGINNING, Chain
from livedoc.records import Share
from models.seals import UnknownKey

log = logging.getLogger(__name__)

PIECE = 5_000
"""Edits of a piece; the last is made again until it has as many."""
BASE = -1
"""What the piece follows that an epoch after the first begins with."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What the edits after `after` up to `seq` did; `place` is the seal of the last."""

    after: int
    seq: int
    index: bytes
    place: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """The pieces of an epoch that hold, and how far they go: `seq`, sealed with `place`. Without its base an epoch
    after the first cannot be gone on with."""

    pieces: list[Piece]
    seq: int
    place: bytes
    has_base: bool

    def full(self) -> "Kept":
        """Without a last piece that has room for more edits."""
        last = self.pieces[-1] if self.pieces else None
        if last is None or last.after == BASE or last.seq - last.after >= PIECE:
            return self
        return Kept(self.pieces[:-1], last.after, self.pieces[-2].place if self.pieces[1:] else BEGINNING, True)


def kept(connection: Connection, chain: Chain, document_id: int, epoch: int) -> Kept:
    of = tables.authorship.c
    query = (
        select(of.after, of.seq, of.index, of.chain, of.digest)
        .where(of.document_id == document_id, of.epoch == epoch)
        .order_by(of.after)
    )
    pieces: list[Piece] = []
    expected = 0 if epoch == 1 else BASE
    for after, seq, index, place, seal in connection.execute(query):
        if not index.startswith(FORMAT):
            break
        try:
            holds = after == expected and chain.is_authorship(seal, place, document_id, epoch, after, seq, index)
        except UnknownKey:
            holds = False
        if not holds:
            log.error("document %d: the index of who wrote what does not hold after edit %d", document_id, after)
            break
        pieces.append(Piece(after, seq, index, place))
        expected = seq
    if not pieces:
        return Kept([], 0, BEGINNING, epoch == 1)
    return Kept(pieces, pieces[-1].seq, pieces[-1].place, True)


def next_piece(
    connection: Connection,
    chain: Chain,
    document_id: int,
    epoch: int,
    index: Authorship,
    after: int,
    place: bytes,
    until: int,
) -> Piece | None:
    """Let an index up to `after`, sealed with `place`, go on up to a seq, as far as the edits hold; answers the piece
    of that, or None when none holds."""
    said = origins.kept(connection, document_id, epoch, after, until)
    tail = reading.believed_tail(connection, chain, document_id, epoch, after, until, place)
    rows = len(index.rows)
    for each in tail.edits:
        index.add(each.entry, _shares(chain, each, said.get(each.entry.seq)))
    if not tail.edits:
        return None
    return Piece(after, after + len(tail.edits), index.pack(rows), tail.chain)


def _shares(chain: Chain, logged: reading.Logged, said: origins.Said | None) -> Sequence[Share]:
    """Whose the words of an edit are, if that is said and holds; else they are its person's."""
    if said is None:
        return ()
    if said.holds(chain, logged.seal):
        return said.origin.shares()
    log.error(
        "document %d: where the words of edit %d come from was changed", logged.entry.document_id, said.origin.seq
    )
    return ()


def keep(connection: Connection, chain: Chain, document_id: int, epoch: int, pieces: Sequence[Piece]) -> None:
    """Store pieces that follow each other, in the stead of what was there from the first on.

    One transaction, on a connection that has none open.
    """
    of = tables.authorship.c
    with connection.begin():
        connection.execute(
            delete(tables.authorship).where(
                of.document_id == document_id, of.epoch == epoch, of.after >= pieces[0].after
            )
        )
        connection.execute(
            insert(tables.authorship),
            [
                {
                    "document_id": document_id,
                    "epoch": epoch,
                    "after": each.after,
                    "seq": each.seq,
                    "index": each.index,
                    "chain": each.place,
                    "digest": chain.authorship(each.place, document_id, epoch, each.after, each.seq, each.index),
                }
                for each in pieces
            ],
        )
