"""What other processes appended to a document that is open here, and histories that were replaced meanwhile."""

import logging
from collections.abc import Callable, Iterable

from livedoc.document import LiveDocument
from livedoc.log import Log
from livedoc.ports import Broadcaster
from livedoc.refusals import Code, Refused

log = logging.getLogger(__name__)


class Others:
    """Looks into the log for open documents. `load` takes a document over from the log anew."""

    def __init__(
        self, store: Log, load: Callable[[LiveDocument], None], broadcaster: Callable[[], Broadcaster]
    ) -> None:
        self._store = store
        self._load = load
        self._broadcaster = broadcaster

    def look(self, document: LiveDocument) -> None:
        """Take in what is new, unless edits wait: then their commit finds out. The database is asked outside the
        guard, so that one that does not answer holds up nobody who is in the document."""
        head = self._store.head(document.id)
        with document.guard:
            differs = head is None or (head.epoch, head.seq) != (document.epoch, document.seq)
            if differs and not document.waiting and document.damage is None:
                self.take_in(document)

    def look_around(self, documents: Iterable[LiveDocument]) -> None:
        """Look at all of these, with one statement as long as nobody else wrote."""
        known = {document.id: document for document in documents if document.is_loaded and not document.waiting}
        for document_id, place in self._store.places(list(known)).items():
            document = known[document_id]
            if place != (document.epoch, document.seq):
                self.look(document)

    def take_in(self, document: LiveDocument) -> None:
        """The same under the guard, which the caller holds, and whatever waits."""
        head = self._store.head(document.id)
        if head is None or head.epoch != document.epoch:
            self._begin_anew(document)
        elif head.seq < document.seq:
            log.error("document %d: the database lost what was committed after seq %d", document.id, head.seq)
            self._begin_anew(document)
        elif head.seq > document.seq:
            self._take_in_tail(document)

    def _begin_anew(self, document: LiveDocument) -> None:
        waiting, document.waiting = document.waiting, []
        self._load(document)
        for submission in waiting:
            submission.refuse(Refused(Code.STALE_EPOCH, "the document has another history now"))
        self._broadcaster().reset(document.id, document.epoch)

    def _take_in_tail(self, document: LiveDocument) -> None:
        tail = self._store.tail(document.id, document.epoch, document.seq, document.chain)
        for logged in tail.edits:
            entry = logged.entry
            document.take_in(entry.update, logged.seal)
            document.authors.update(dict.fromkeys(entry.client_ids, entry.user_id))
            self._broadcaster().updated(document.id, entry.seq - 1, entry.seq, entry.update, [entry.user_id], None)
        if tail.damage is not None:
            document.damage = tail.damage
            log.error("document %d is damaged at seq %d: %s", document.id, tail.damage.seq, tail.damage.why)
