"""The text that is kept beside a document's log: pages render it, and it follows when typing rests."""

import logging
import threading
import time
from collections.abc import Callable

from livedoc.document import LiveDocument
from livedoc.offsets import utf8_length
from livedoc.records import Text

log = logging.getLogger(__name__)

RESTS = 1.0
"""Seconds without a change after which the kept text follows: taking it costs the length of the history."""
EVERY = 10.0
"""Seconds after which it follows at the latest, however long somebody types."""


class KeptTexts:
    """The documents whose kept text is behind, and when each is due.

    `settled` hears of a document whose text was taken; `differs` of one that is to be rebuilt.
    """

    def __init__(self, settled: Callable[[LiveDocument], None], differs: Callable[[LiveDocument], None]) -> None:
        self._settled = settled
        self._differs = differs
        self._lock = threading.Lock()
        self._followed: dict[LiveDocument, None] = {}

    def __bool__(self) -> bool:
        return bool(self._followed)

    def follow(self, document: LiveDocument) -> bool:
        """A document changed; whether it was up to date until now."""
        document.text_changed = time.monotonic()
        if document.text_due is not None:
            return False
        document.text_due = document.text_changed + EVERY
        with self._lock:
            self._followed[document] = None
        return True

    def hurry(self) -> None:
        """Let all follow at once."""
        with self._lock:
            for document in self._followed:
                document.text_changed = 0.0

    def seconds_left(self) -> float | None:
        """Until the next is due; None when there is none."""
        with self._lock:
            dues = [_due(document) for document in self._followed]
        return max(0.0, min(dues) - time.monotonic()) if dues else None

    def due(self) -> list[Text]:
        """The texts that are to be kept now."""
        now, texts = time.monotonic(), []
        with self._lock:
            due = [document for document in self._followed if _due(document) <= now]
            for document in due:
                del self._followed[document]
        for document in due:
            with document.guard:
                document.text_due = None
                text, seq, size = document.text(), document.seq, document.size()
            if utf8_length(text) != size or document.is_heavy:
                log.error("document %d: a text of another length, or no honest history; it is rebuilt", document.id)
                self._differs(document)
            if seq > document.text_seq:
                document.text_seq = seq
                texts.append(Text(document.id, document.epoch, seq, text))
            self._settled(document)
        return texts


def _due(document: LiveDocument) -> float:
    """When a document's kept text is to follow, on the monotonic clock."""
    latest = document.text_due or 0.0
    return min(latest, document.text_changed + RESTS)
