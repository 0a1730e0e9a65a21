"""The open documents of this process, and the way of an edit through them.

An edit takes its document's turn, is tried on the shadow, waits in line, is committed with the others of its tick,
enters the document, and only then is it acknowledged and told to the others.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from livedoc import epochs
from livedoc.committer import Committer
from livedoc.compaction import Compactor
from livedoc.document import LiveDocument
from livedoc.log import Behind, Log
from livedoc.others import Others
from livedoc.ports import Broadcaster, NoListeners, Runner, run_here
from livedoc.records import Damage, Entry
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from models.write_gate import DatabaseBusy, begin_immediate, write_gate
from tally.tally import Edits

log = logging.getLogger(__name__)

AWAITED = 2.0
"""Seconds that a commit, or one's turn, is waited for."""
REBUILT_EVERY = timedelta(hours=1)
"""A document is rebuilt once in this time at most."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An edit is committed: `seq` is its number, or with `duplicate` the document's present one."""

    seq: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody needs to take part from `seq` on."""

    epoch: int
    seq: int
    update: bytes
    state_vector: bytes
    damage: Damage | None


@dataclass(frozen=True, slots=True)
class Current:
    text: str
    epoch: int
    seq: int


class Hub:
    """Opens documents from the log, takes edits, and holds documents still for units of work."""

    def __init__(
        self,
        store: Log,
        clock: Callable[[], datetime],
        runner: Runner = run_here,
        broadcaster: Broadcaster | None = None,
        aside: Runner = run_here,
        counts: Edits | None = None,
    ) -> None:
        """`runner` runs commits, `aside` what takes longer and is awaited by nobody."""
        self.log = store
        self.broadcaster: Broadcaster = broadcaster or NoListeners()
        self._documents: dict[int, LiveDocument] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._clock = clock
        self._compactor = Compactor(store, clock, aside, self.rebuild_soon)
        self._others = Others(store, self._load, lambda: self.broadcaster)
        self._committer = Committer(
            store,
            runner,
            clock,
            lambda: self.broadcaster,
            catch_up=self._others.take_in,
            settled=self._forget_if_unused,
            edited=self._compactor.edited,
            differs=self.rebuild_soon,
            counts=counts or Edits(),
        )

    def enter(self, document_id: int) -> LiveDocument:
        """Open a document, or share the open one; `leave` it once for every `enter`. Raises LookupError."""
        with self._lock:
            document = self._documents.get(document_id)
            if document is None:
                document = self._documents[document_id] = LiveDocument(document_id)
            document.holders += 1
        try:
            with document.guard:
                if not document.is_loaded:
                    self._load(document)
        except BaseException:
            self.leave(document)
            raise
        return document

    def leave(self, document: LiveDocument) -> None:
        with self._lock:
            document.holders -= 1
            is_last = document.holders == 0
        if is_last and document.is_loaded:
            self._compactor.left(document)
        self._forget_if_unused(document)

    def _forget_if_unused(self, document: LiveDocument) -> None:
        with self._lock:
            if document.holders == 0 and not document.waiting and document.text_due is None:
                self._documents.pop(document.id, None)

    def read(
        self,
        document: LiveDocument,
        known: dict[int, int] | None = None,
        joining: Callable[[], None] = lambda: None,
    ) -> Opened:
        """The state for somebody who knows `known` (or nothing). `joining` puts them among those who hear of edits."""
        self._others.look(document)
        with document.guard:
            joining()
            return Opened(
                document.epoch, document.seq, document.update(known), document.state_vector(), document.damage
            )

    def submit(self, document: LiveDocument, epoch: int, submission: Submission) -> Accepted:
        """Take an edit: try it, wait for its commit, and say so. Raises Refused; `unavailable` leaves it open whether
        it will be committed, and sending the same bytes again tells."""
        self.hand_in(document, epoch, submission)
        return self.outcome(submission)

    def hand_in(self, document: LiveDocument, epoch: int, submission: Submission) -> None:
        """Take an edit: try it, and put it in line for the next commit; `outcome` tells how that went. Raises
        Refused."""
        if not document.turn.acquire(timeout=AWAITED):
            raise Refused(Code.UNAVAILABLE, "the document is being changed")
        try:
            if self._closed:
                raise Refused(Code.UNAVAILABLE, "closing down")
            if not submission.allowed():
                raise Refused(Code.FORBIDDEN, "the right to it was taken away meanwhile")
            with document.guard:
                if epoch != document.epoch:
                    raise Refused(Code.STALE_EPOCH, "the document has another history now")
                document.attempt(submission)
                if submission.duplicate and not document.waiting:
                    submission.settle(document.seq)
                    return
                document.waiting.append(submission)
        finally:
            document.turn.release()
        self._committer.hurry(document)

    def outcome(self, submission: Submission) -> Accepted:
        """How the commit of an edit went; waits for it. Raises Refused."""
        if not submission.done.wait(AWAITED):
            raise Refused(Code.UNAVAILABLE, "the commit takes long")
        if submission.refusal is not None:
            raise submission.refusal
        return Accepted(submission.seq, submission.duplicate)

    def open_documents(self) -> int:
        return len(self._documents)

    def digest(self, document: LiveDocument) -> tuple[int, str]:
        """The present seq, and the SHA-256 of the text in hex."""
        with document.guard:
            return document.seq, document.digest()

    def current(self, document_id: int) -> Current:
        """Text, epoch and seq as committed, whether the document is open or not."""
        document = self.enter(document_id)
        try:
            self._others.look(document)
            with document.guard:
                return Current(document.text(), document.epoch, document.seq)
        finally:
            self.leave(document)

    def text(self, document_id: int) -> str:
        return self.current(document_id).text

    @contextmanager
    def locked(self, document_ids: Collection[int]) -> Iterator[None]:
        """Hold documents still, in the order of their ids, with nothing waiting in them. Raises DatabaseBusy."""
        with ExitStack() as stack:
            for document_id in sorted(set(document_ids)):
                document = self.enter(document_id)
                stack.callback(self.leave, document)
                if not document.turn.acquire(timeout=AWAITED):
                    raise DatabaseBusy
                stack.callback(document.turn.release)
                with document.guard:
                    if not document.comes_to_rest(AWAITED):
                        raise DatabaseBusy
            yield

    def held(self, document_id: int) -> LiveDocument:
        """A document that the calling unit of work holds still."""
        document = self._documents.get(document_id)
        if document is None or not document.turn.locked():
            raise LookupError(f"the unit of work did not name document {document_id}")
        return document

    def entered(self, document: LiveDocument, entry: Entry, chain: bytes) -> None:
        """An edit of a unit of work is committed: it enters the document, and everyone hears of it."""
        with document.guard:
            if document.seq >= entry.seq:
                return
            document.take_in(entry.update, chain)
            self.broadcaster.updated(document.id, entry.seq - 1, entry.seq, entry.update, [entry.user_id], None)
        self._committer.follow(document)

    def catch_up(self, document: LiveDocument) -> None:
        """Take in what another process appended. The caller holds the document still."""
        with document.guard:
            self._others.take_in(document)

    def look_around(self) -> None:
        """Take in what other processes appended to the open documents."""
        with self._lock:
            documents = list(self._documents.values())
        self._others.look_around(documents)

    def rebuild(self, document: LiveDocument) -> bool:
        """Begin a new epoch with the text alone, because replicas of the present one come to differ; whether it was
        begun. At most once in REBUILT_EVERY: whoever lies about a difference must not stop the others for long.

        Raises DatabaseBusy.
        """
        with self.locked([document.id]):
            self.catch_up(document)
            now = self._clock()
            begun = self.log.epoch_began(document.id, document.epoch)
            if document.damage is not None or (begun is not None and now - begun < REBUILT_EVERY):
                return False
            snapshot = epochs.from_text(document, now)
            with write_gate(self.log.engine):
                begin_immediate(lambda: self.log.begin_epoch(snapshot, document.chain, document.seq))
            with document.guard:
                self._load(document)
            self.broadcaster.reset(document.id, document.epoch)
        return True

    def rebuild_soon(self, document: LiveDocument) -> None:
        """Rebuild a document that is at fault, in a thread of its own: the committer cannot wait for itself, nor a
        socket for so long."""

        def rebuild() -> None:
            try:
                self.rebuild(document)
            except (SQLAlchemyError, DatabaseBusy, Behind) as error:
                log.error("document %d could not be rebuilt: %s", document.id, type(error).__name__)

        threading.Thread(target=rebuild, name="rebuild", daemon=True).start()

    def shutdown(self) -> None:
        """Take no more edits, commit those that wait, and let the texts follow."""
        self._closed = True
        self._committer.stop()
        self._compactor.stop()

    def _load(self, document: LiveDocument) -> None:
        history = self.log.history(document.id)
        if history is None:
            raise LookupError(f"there is no document {document.id}")
        document.load(history)
        if history.damage is not None:
            log.error(
                "document %d is damaged at seq %d and opens read-only: %s",
                document.id,
                history.damage.seq,
                history.damage.why,
            )
        elif history.text_seq < history.seq:
            self._committer.follow(document)
