"""Who wrote which words of a document and when, at any point of its history; and who took words away.

What takes long happens out of the loop: reading in a native thread, working out in a process of its own
(livedoc/ascribing.py).
"""

import binascii
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from livedoc import ascribing, indexing, reading, words
from livedoc.attributed import Change, Compared, Edit, Point, Removed, Run, Taken, Written, between
from livedoc.authorship import Authorship, micros, moment
from livedoc.comparison import Kind, hunks, pieces
from livedoc.difference import splices
from livedoc.fates import Fate
from livedoc.indexing import BASE, Kept, Piece
from livedoc.log import Log
from livedoc.ports import Runner
from livedoc.records import History
from livedoc.words import Size
from models.write_gate import DatabaseBusy, begin_immediate, write_gate

log = logging.getLogger(__name__)

LONG = 30_000
"""Bytes of updates and index from which on they are worked through in a process of its own."""
WORTH_KEEPING = 1_000
"""Edits that the index lags behind by, from which on it is kept when somebody asks."""
PATIENCE = 60.0
"""Seconds that such a process may take."""
MOST_KEPT = 32
"""Comparisons that are kept for whoever looks at the same next: what is past does not change."""
SITTING = timedelta(minutes=30)
"""What one person writes side by side within this time is one run."""
EVER = timedelta(days=36_500)
"""No time is too long between words that are one run."""


class NoSuchPoint(LookupError):
    """The document never was at this point."""


class Attribution:
    """Answers for the documents of a log. `aside` runs what takes longer where it holds up nobody."""

    def __init__(self, store: Log, aside: Runner) -> None:
        self._store = store
        self._aside = aside
        self._compared: dict[tuple[int, Point, Point], Compared] = {}

    def who_wrote(
        self, document_id: int, point: Point | None = None, *, apart: timedelta = SITTING, by_words: bool = False
    ) -> Written:
        """Whose each letter is at a point, or now. What one person wrote side by side is one run, unless more than
        `apart` lies between it. With `by_words` a word is theirs who typed
        most of its letters. Raises NoSuchPoint."""
        with self._store.engine.connect() as connection:
            history = self._state(connection, document_id, point)
            index = self._index(connection, document_id, history.epoch, history.seq)
        job = {"apart": apart // timedelta(microseconds=1), "by_words": by_words}
        done = _work_out("who", job, [history.updates, index])
        return Written(history.epoch, history.seq, done["text"], [_run(*each) for each in done["runs"]])

    def who_removed(self, document_id: int, since: Point, until: Point | None = None) -> Removed:
        """Who took away which words of the text at one point until a later one, or now. Raises NoSuchPoint."""
        with self._store.engine.connect() as connection:
            fate: Fate | None = None
            for first, last, began in self._legs(connection, document_id, since, until):
                index = self._index(connection, document_id, last.epoch, last.seq)
                job = {"epoch": last.epoch, "since": first.seq, "until": last.seq}
                done = _work_out("compare", job, [first.updates, last.updates, index])
                if fate is None:
                    fate = Fate(done["before"])
                elif began is not None:
                    fate.carry(done["before"], began)
                removed = [Taken(length, _edit(*by) if by else None) for length, *by in done["removed"]]
                fate.follow(done["after"], removed, done["added"])
        if fate is None:
            raise NoSuchPoint
        return Removed(fate.text, fate.now, fate.runs())

    def changes(self, document_id: int, since: Point, until: Point | None = None) -> list[Change]:
        """The changes by words from one point to a later one, or to now, each with who wrote and who took away; words
        that an edit left alone but a comparison calls moved are nobody's removal. Raises NoSuchPoint."""
        written = self.who_wrote(document_id, until)
        removed = self.who_removed(document_id, since, (written.epoch, written.seq))
        found, grown = [], 0
        for change in splices(removed.text, written.text):
            at = change.at + grown
            grown += len(change.inserted) - change.removed
            inserted = list(between(written.runs, at, at + len(change.inserted)))
            found.append(Change(change, inserted, list(between(removed.runs, change.at, change.at + change.removed))))
        return found

    def compare(self, document_id: int, since: Point, until: Point | None = None) -> Compared:
        """The text at one point beside that at a later one, or now, with whose its words are and who took away which.
        Raises NoSuchPoint."""
        known = self._compared.get((document_id, since, until)) if until is not None else None
        if known is not None:
            return known
        written = self.who_wrote(document_id, until)
        until = (written.epoch, written.seq)
        removed = self.who_removed(document_id, since, until)
        compared = self._aside(lambda: _compared(written, removed))
        while len(self._compared) >= MOST_KEPT:
            self._compared.pop(next(iter(self._compared)), None)
        self._compared[document_id, since, until] = compared
        return compared

    def _legs(
        self, connection: Connection, document_id: int, since: Point, until: Point | None
    ) -> Iterator[tuple[History, History, Edit | None]]:
        """The way from one point to another: in each epoch the first and the last state, and how it began."""
        last = self._state(connection, document_id, until)
        first = self._state(connection, document_id, since)
        if since > (last.epoch, last.seq):
            raise NoSuchPoint
        began: Edit | None = None
        for epoch in reading.epochs(connection, document_id):
            if first.epoch < epoch <= last.epoch:
                seq, at = reading.beginning(connection, document_id, epoch)
                yield first, self._state(connection, document_id, (first.epoch, seq)), began
                first, began = self._state(connection, document_id, (epoch, seq)), Edit(None, at, epoch, seq)
        yield first, last, began

    def _state(self, connection: Connection, document_id: int, point: Point | None) -> History:
        """What makes the state at a point, or now; that of a damaged document is its last good one."""
        chain = self._store.chain
        head = reading.head(connection, document_id)
        if head is None:
            raise NoSuchPoint
        epoch, seq = point or (head.epoch, head.seq)
        if epoch < 1:
            raise NoSuchPoint
        history = self._aside(lambda: reading.state(connection, chain, document_id, epoch, seq))
        connection.rollback()
        if point is not None and point != (history.epoch, history.seq):
            raise NoSuchPoint
        return history

    def _index(self, connection: Connection, document_id: int, epoch: int, seq: int) -> list[bytes]:
        """The pieces of the index up to a seq or further."""
        chain = self._store.chain
        found = self._aside(lambda: indexing.kept(connection, chain, document_id, epoch))
        if not found.has_base:
            found = self._begin(connection, document_id, epoch)
        if found.seq >= seq:
            return [each.index for each in found.pieces]
        is_worth_keeping = seq - found.seq >= WORTH_KEEPING
        behind = found.full() if is_worth_keeping else found
        made = _go_on(connection, self._store, self._aside, document_id, epoch, behind, seq)
        connection.rollback()
        if made and is_worth_keeping:
            self._keep(connection, document_id, epoch, made)
        return [each.index for each in (*behind.pieces, *made)]

    def _begin(self, connection: Connection, document_id: int, epoch: int) -> Kept:
        """What an epoch begins with: the words of the former one, each with its author."""
        seq, at = reading.beginning(connection, document_id, epoch)
        first = self._state(connection, document_id, (epoch, seq))
        former = reading.epoch_before(connection, document_id, epoch)
        last = self._state(connection, document_id, (former, seq))
        index = self._index(connection, document_id, former, seq)
        job = {"epoch": epoch, "seq": seq, "at": micros(at)}
        done = _work_out("begin", job, [last.updates, index, first.updates])
        piece = Piece(BASE, seq, binascii.a2b_base64(done["index"]), first.chain)
        self._keep(connection, document_id, epoch, [piece])
        return Kept([piece], piece.seq, piece.place, True)

    def _keep(self, connection: Connection, document_id: int, epoch: int, pieces: Sequence[Piece]) -> None:
        """Store pieces for the next who asks; without them it only takes longer."""
        try:
            _store_pieces(connection, self._store, self._aside, document_id, epoch, pieces)
        except (SQLAlchemyError, DatabaseBusy) as error:
            log.error("document %d: its index could not be kept: %s", document_id, type(error).__name__)


def _compared(written: Written, removed: Removed) -> Compared:
    found = pieces(removed.text, written.text)
    sizes = (
        sum(words.count(each.text) for each in found if each.kind is kind) for kind in (Kind.INSERTED, Kind.REMOVED)
    )
    return Compared(written, removed, hunks(found), Size(*sizes))


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


def _work_out(job: str, how: dict[str, Any], blobs: Sequence[Sequence[bytes]]) -> dict[str, Any]:
    """One of the jobs of livedoc/ascribing.py, here or in a process of its own. Raises SubprocessError."""
    if sum(len(each) for some in blobs for each in some) < LONG:
        return ascribing.JOBS[job](how, blobs)
    head = json.dumps({**how, "job": job, "sizes": [[len(each) for each in some] for some in blobs]}).encode()
    done = subprocess.run(  # noqa: S603  (our own module, with no argument of anybody's)
        [sys.executable, "-m", "livedoc.ascribing"],
        input=b"".join((len(head).to_bytes(4), head, *(each for some in blobs for each in some))),
        capture_output=True,
        check=True,
        timeout=PATIENCE,
        cwd=Path(__file__).resolve().parent.parent,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _run(
    length: int, user: int, first: int | None, last: int | None, epoch: int, seq: int, hand: Any, is_template: bool
) -> Run:
    first_at, last_at = (None if at is None else moment(at) for at in (first, last))
    return Run(length, user or None, first_at, last_at, epoch, seq, _edit(*hand) if hand else None, is_template)


def _edit(user: int, at: int, epoch: int, seq: int) -> Edit:
    return Edit(user or None, moment(at), epoch, seq)
