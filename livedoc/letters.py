"""What is needed to tell the lives of a document's letters: the state at the end of an epoch, and the index of who
wrote what up to there, which is kept along the way.

What takes long happens out of the loop: reading in a native thread, working out in a process of its own.
"""

import binascii
import logging
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import NoResultFound, SQLAlchemyError

from livedoc import indexing, reading, tables
from livedoc.ascriber import Ascriber, Letters
from livedoc.attributed import Point
from livedoc.authorship import FORMAT, Authorship, micros
from livedoc.indexing import BASE, Kept, Piece
from livedoc.log import Log
from livedoc.ports import Runner
from livedoc.records import History
from models.write_gate import DatabaseBusy, begin_immediate, write_gate

log = logging.getLogger(__name__)

WORTH_KEEPING = 1_000
"""Edits that the index lags behind by, from which on it is kept when somebody asks."""

AT_ONCE = 25_000
"""Edits by which an index that lags far behind goes on in one go."""


class NoSuchPoint(LookupError):
    """The document never was at this point."""


class Source:
    """Reads one document, once for each epoch."""

    def __init__(self, connection: Connection, store: Log, aside: Runner, ascriber: Ascriber, document_id: int) -> None:
        self._connection = connection
        self._store = store
        self._aside = aside
        self._ascriber = ascriber
        self._document_id = document_id
        self._ends: dict[int, History] = {}

    def point(self, point: Point | None) -> Point:
        """A point of the document, or where it stands now; if it is damaged, its last good one. Raises NoSuchPoint."""
        head = reading.head(self._connection, self._document_id)
        if head is None:
            raise NoSuchPoint
        if point is not None:
            if not (1, 0) <= point <= (head.epoch, head.seq):
                raise NoSuchPoint
            return point
        if self._ascriber.knows(self._document_id, head.epoch, head.seq):
            return head.epoch, head.seq
        end = self._end(head.epoch)
        return end.epoch, end.seq

    def letters(self, epoch: int, seq: int) -> Letters:
        """Those of an epoch, up to a seq or further. Raises NoSuchPoint."""
        end = self._end(epoch)
        first = self.began(epoch)[0]
        if end.epoch != epoch or not first <= seq <= end.seq:
            raise NoSuchPoint
        return Letters(first, end.seq, end.updates, self._index(epoch, end.seq))

    def began(self, epoch: int) -> tuple[int, int]:
        """At which seq an epoch began, and when, in microseconds; the first at 0. Raises NoSuchPoint."""
        if epoch == 1:
            return 0, 0
        try:
            seq, at = reading.beginning(self._connection, self._document_id, epoch)
        except NoResultFound:
            raise NoSuchPoint from None
        return seq, micros(at)

    def epochs(self) -> list[int]:
        return reading.epochs(self._connection, self._document_id)

    def _end(self, epoch: int) -> History:
        """The last good state of an epoch."""
        if epoch not in self._ends:
            self._ends[epoch] = self._state(epoch, reading.ANY)
        return self._ends[epoch]

    def _state(self, epoch: int, seq: int) -> History:
        connection, chain = self._connection, self._store.chain
        history = self._aside(lambda: reading.state(connection, chain, self._document_id, epoch, seq))
        connection.rollback()
        return history

    def _index(self, epoch: int, seq: int) -> list[bytes]:
        """The pieces of the index up to a seq or further."""
        connection, chain = self._connection, self._store.chain
        found = self._aside(lambda: indexing.kept(connection, chain, self._document_id, epoch))
        if not found.has_base:
            found = self._begin(epoch)
        if found.seq >= seq:
            return [each.index for each in found.pieces]
        is_worth_keeping = seq - found.seq >= WORTH_KEEPING
        behind = found.full() if is_worth_keeping else found
        made = _go_on(connection, self._store, self._aside, self._document_id, epoch, behind, seq)
        connection.rollback()
        if made and is_worth_keeping:
            self._keep(epoch, made)
        return [each.index for each in (*behind.pieces, *made)]

    def _begin(self, epoch: int) -> Kept:
        """What an epoch begins with: the words of the former one, each with its author."""
        seq, at = self.began(epoch)
        first = self._state(epoch, seq)
        former = reading.epoch_before(self._connection, self._document_id, epoch)
        last = self._state(former, seq)
        if last.epoch != former:
            raise NoSuchPoint
        blobs = [last.updates, self._index(former, seq), first.updates]
        done = self._ascriber.begin({"epoch": epoch, "seq": seq, "at": at}, blobs)
        piece = Piece(BASE, seq, binascii.a2b_base64(done["index"]), first.chain)
        self._keep(epoch, [piece])
        return Kept([piece], piece.seq, piece.place, True)

    def _keep(self, epoch: int, pieces: Sequence[Piece]) -> None:
        """Store pieces for the next who asks; without them it only takes longer."""
        self._connection.rollback()
        try:
            _store_pieces(self._connection, self._store, self._aside, self._document_id, epoch, pieces)
        except (SQLAlchemyError, DatabaseBusy) as error:
            log.error("document %d: its index could not be kept: %s", self._document_id, type(error).__name__)


def follow(connection: Connection, store: Log, aside: Runner, document_id: int, epoch: int, seq: int) -> None:
    """Let the kept index of a document go on up to a seq. Raises SQLAlchemyError or DatabaseBusy."""
    found = aside(lambda: indexing.kept(connection, store.chain, document_id, epoch))
    if found.has_base and found.seq < seq:
        behind = found.full()
        made = _go_on(connection, store, aside, document_id, epoch, behind, seq)
        connection.rollback()
        if made:
            _store_pieces(connection, store, aside, document_id, epoch, made)
    connection.rollback()


def behind(connection: Connection, most: int) -> list[tuple[int, int, int]]:
    """Documents whose kept index lags far behind, as after an upgrade: document, epoch, and how far it may go on."""
    of, kept = tables.documents.c, tables.authorship.c
    until = (
        select(func.coalesce(func.max(kept.seq), 0))
        .where(kept.document_id == of.id, kept.epoch == of.epoch, func.substr(kept.index, 1, len(FORMAT)) == FORMAT)
        .scalar_subquery()
    )
    query = select(of.id, of.epoch, of.seq, until).where(of.seq - until >= WORTH_KEEPING).order_by(of.id).limit(most)
    rows = connection.execute(query).all()
    return [(document, epoch, min(seq, done + AT_ONCE)) for document, epoch, seq, done in rows]


def _go_on(
    connection: Connection, store: Log, aside: Runner, document_id: int, epoch: int, behind: Kept, seq: int
) -> list[Piece]:
    """The pieces of the index that follow others, up to a seq; not all at once, so that others have a turn."""
    index = aside(lambda: Authorship(each.index for each in behind.pieces))
    made: list[Piece] = []
    after, place = behind.seq, behind.place
    while after < seq:
        until = min(seq, after + indexing.PIECE)
        where = document_id, epoch, index, after, place, until
        piece = aside(partial(indexing.next_piece, connection, store.chain, *where))
        if piece is None:
            break
        made.append(piece)
        after, place = piece.seq, piece.place
    return made


def _store_pieces(
    connection: Connection, store: Log, aside: Runner, document_id: int, epoch: int, pieces: Sequence[Piece]
) -> None:
    with write_gate(store.engine):
        begin_immediate(lambda: aside(lambda: indexing.keep(connection, store.chain, document_id, epoch, pieces)))
