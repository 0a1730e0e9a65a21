"""Group commit: the edits of one tick share one transaction, and are acknowledged only after it.

A tick is zero when little happens and grows with the load, so that a lone typist waits for the disk alone and a
busy clinic pays for it once for many.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pycrdt import merge_updates
from sqlalchemy.exc import SQLAlchemyError

from livedoc.document import LiveDocument
from livedoc.kept_texts import KeptTexts
from livedoc.log import Behind, Log
from livedoc.ports import Broadcaster, Runner
from livedoc.records import Entry, Text
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from models.outage import AWAY
from models.write_gate import DatabaseBusy, begin_immediate, write_gate
from tally.tally import Edits

log = logging.getLogger(__name__)

LONGEST_TICK = 0.025
CALM, BUSY = 100.0, 1000.0
"""Edits a second below which a tick is zero, and at which it is longest."""
PATIENCE = 30.0
"""Seconds that a writer of another process is waited for before edits are refused."""


class Committer:
    """One greenlet or thread that takes what waits in all documents and commits it, over and over."""

    def __init__(
        self,
        store: Log,
        runner: Runner,
        clock: Callable[[], datetime],
        broadcaster: Callable[[], Broadcaster],
        catch_up: Callable[[LiveDocument], None],
        settled: Callable[[LiveDocument], None],
        edited: Callable[[LiveDocument], None],
        differs: Callable[[LiveDocument], None],
        counts: Edits,
    ) -> None:
        self._store = store
        self._runner = runner
        self._clock = clock
        self._broadcaster = broadcaster
        self._catch_up = catch_up
        self._edited = edited
        self._texts = KeptTexts(settled, differs)
        self._counts = counts
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._dirty: dict[LiveDocument, None] = {}
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._rate = 0.0
        self._counted_at = time.monotonic()

    def hurry(self, document: LiveDocument) -> None:
        """Say that edits of a document wait."""
        if document in self._dirty:
            return  # and whoever takes that over finds them all
        with self._lock:
            self._dirty[document] = None
            self._start()
        self._wake.set()

    def follow(self, document: LiveDocument) -> None:
        """Say that a document's kept text is behind; it follows when typing rests."""
        if self._texts.follow(document):
            with self._lock:
                self._start()
            self._wake.set()

    def _start(self) -> None:
        if self._thread is None:
            self._store.open_writer()
            self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Commit what waits, let the texts follow, and end. Edits handed in later are not committed."""
        with self._lock:
            self._stopping = True
            thread = self._thread
        self._texts.hurry()
        self._wake.set()
        if thread is not None:
            thread.join(10)
        self._store.close()

    def _run(self) -> None:
        while True:
            self._wake.wait(self._texts.seconds_left())
            if not self._stopping and (pause := self._tick_length()):
                time.sleep(pause)
            self._wake.clear()
            with self._lock:
                dirty, self._dirty = self._dirty, {}
            texts = self._texts.due()
            if dirty or texts:
                self._survive(list(dirty), texts)
            if self._stopping and not self._dirty and not self._texts:
                return

    def _tick_length(self) -> float:
        load = (self._rate - CALM) / (BUSY - CALM)
        return LONGEST_TICK * min(1.0, load) if load > 0 else 0.0

    def _count(self, edits: int) -> None:
        """Follow the rate of edits, over about half a second."""
        now = time.monotonic()
        span = max(now - self._counted_at, 1e-4)
        self._counted_at = now
        weight = min(1.0, span / 0.5)
        self._rate += (edits / span - self._rate) * weight

    def _survive(self, documents: list[LiveDocument], texts: list[Text]) -> None:
        """Commit; a fault that nobody foresaw refuses the edits of this tick and leaves the next ones a chance."""
        try:
            self._commit(documents, texts)
        except AWAY as error:
            log.error("the database is away, edits are refused: %s", type(error).__name__)
            self._refuse_all(documents, "the database is away")
        except Exception as error:  # noqa: BLE001
            log.error("a tick failed", exc_info=error)
            self._refuse_all(documents, "a fault of ours")

    def _refuse_all(self, documents: Iterable[LiveDocument], why: str) -> None:
        for document in documents:
            with document.guard:
                for submission in document.waiting:
                    submission.refuse(Refused(Code.UNAVAILABLE, why))
                document.waiting.clear()
                document.rebuild_shadow()
                document.tell_rest()

    def _commit(self, documents: list[LiveDocument], texts: list[Text]) -> None:
        batches = [(document, list(document.waiting)) for document in documents if document.waiting]
        try:
            entries = [entry for document, batch in batches for entry in self._entries(document, batch)]
            seals = self._write(entries, {document.id: document.chain for document in documents}, texts)
        except DatabaseBusy:
            log.error("another process held the database for %d s: edits are refused", PATIENCE)
            self._refuse_all(documents, "the database is held by another process")
        except (SQLAlchemyError, Behind) as error:
            log.warning("a commit failed, each edit is tried alone: %s", type(error).__name__)
            for document, _batch in batches:
                self._commit_alone(document)
            for text in texts:
                log.warning("document %d: its text was not kept at seq %d", text.document_id, text.seq)
        else:
            self._count(sum(len(batch) for _document, batch in batches))
            for document, batch in batches:
                self._committed(document, batch, seals.get(document.id))

    def _entries(self, document: LiveDocument, batch: Iterable[Submission]) -> list[Entry]:
        now, seq, entries = self._clock(), document.seq, []
        for submission in batch:
            if not submission.duplicate:
                seq += 1
                entries.append(
                    Entry(
                        document.id,
                        document.epoch,
                        seq,
                        submission.update,
                        submission.user_id,
                        submission.client_ids,
                        submission.newcomers,
                        now,
                    )
                )
        return entries

    def _write(self, entries: list[Entry], places: dict[int, bytes], texts: Sequence[Text] = ()) -> dict[int, bytes]:
        """One transaction; answers the last seal of each document. While another process holds the database, try
        again: nobody else could write either."""
        if not entries and not texts:
            return {}
        began = time.perf_counter()
        with write_gate(self._store.engine):
            seals = begin_immediate(lambda: self._runner(lambda: self._store.append(entries, places, texts)), PATIENCE)
        if entries:
            self._counts.wrote(len(entries), time.perf_counter() - began)
        return seals

    def _commit_alone(self, document: LiveDocument) -> None:
        """Commit what waits one by one, so that one edit that cannot be kept does not hold up the others."""
        self._try_anew(document)
        while document.waiting:
            submission = document.waiting[0]
            try:
                self._commit_one(document, submission)
            except (SQLAlchemyError, DatabaseBusy, Behind) as error:
                log.error("an edit could not be committed: %s", type(error).__name__)
                with document.guard:
                    submission.refuse(Refused(Code.UNAVAILABLE, "the database did not take it"))
                    del document.waiting[0]
                    document.retry_waiting()
        with document.guard:
            document.tell_rest()

    def _commit_one(self, document: LiveDocument, submission: Submission) -> None:
        try:
            seals = self._write(self._entries(document, [submission]), {document.id: document.chain})
        except Behind:
            self._commit_in_line(document)
        else:
            self._committed(document, [submission], seals.get(document.id))

    def _commit_in_line(self, document: LiveDocument) -> None:
        """Another process is quicker: keep it out, take in what it appended, and commit all that waits."""
        with write_gate(self._store.engine):
            begin_immediate(lambda: self._runner(lambda: self._store.hold(document.id)), PATIENCE)
            try:
                self._try_anew(document)
                batch = list(document.waiting)
                entries = self._entries(document, batch)
                seals = self._runner(lambda: self._store.append(entries, {document.id: document.chain}))
            finally:
                self._runner(self._store.let_go)
        self._committed(document, batch, seals.get(document.id))

    def _try_anew(self, document: LiveDocument) -> None:
        """Take in what another process appended meanwhile, and try what waits behind it."""
        with document.guard:
            self._catch_up(document)
            document.retry_waiting()

    def _committed(self, document: LiveDocument, batch: list[Submission], chain: bytes | None) -> None:
        with document.guard:
            since = document.seq
            document.accept(batch, chain)
            kept = [submission for submission in batch if not submission.duplicate]
            if kept:
                self._broadcast(document, since, kept)
            if not document.waiting:
                document.tell_rest()
        seq = since
        for submission in batch:
            seq += not submission.duplicate
            submission.settle(seq)
        if kept:
            self.follow(document)
            self._edited(document)

    def _broadcast(self, document: LiveDocument, since: int, kept: list[Submission]) -> None:
        update = kept[0].update if len(kept) == 1 else merge_updates(*(each.update for each in kept))
        connections = {id(each.connection): each.connection for each in kept}
        self._broadcaster().updated(
            document.id,
            since,
            document.seq,
            update,
            list(dict.fromkeys(each.user_id for each in kept)),
            next(iter(connections.values())) if len(connections) == 1 else None,
        )
