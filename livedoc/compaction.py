"""Compaction: a document is replayed from the log, and its whole state stored, so that opening it stays quick.

It happens out of the loop: short histories are replayed in a native thread, long ones in a process of their own,
because the CRDT holds the interpreter while it works.
"""

import binascii
import io
import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from livedoc import letters, reading, states
from livedoc import log as logs
from livedoc.document import LiveDocument
from livedoc.log import Log
from livedoc.ports import Runner
from livedoc.replica import Replica
from livedoc.states import State
from models.write_gate import DatabaseBusy, begin_immediate, write_gate

log = logging.getLogger(__name__)

EVERY = 500
"""Edits after which an open document is compacted."""
BYTES_FOR_AN_EDIT = 300
"""A long state is compacted less often: once in so many edits as it has times this many bytes."""
WORTH_IT = 50
"""Edits after which a document is compacted when the last person leaves; fewer are replayed in no time."""
LONG = 200_000
"""Bytes of updates from which on they are replayed in a process of their own."""
PATIENCE = 60.0
"""Seconds that such a process may take."""
UNSOUND = 3
"""Its exit status when the state does not come back."""


class Unsound(Exception):
    """A state that does not come back as it was stored; nothing was stored."""


def compact(updates: Sequence[bytes]) -> State:
    """Replay updates and answer the whole state, checked by loading it back. Raises Unsound."""
    replayed = Replica(updates)
    made = states.of(replayed)
    back = Replica([made.state])
    if back.text() != made.text or back.clocks() != replayed.clocks():
        raise Unsound
    return made


class Compactor:
    """One thread or greenlet that compacts documents, one after the other. Each is asked for with `edited` or `left`.

    `aside` runs what takes long where it holds up nobody; `differs` hears of a document whose state is not what its
    edits make, one after the other: replicas of it differ by how they came to it.
    """

    def __init__(
        self,
        store: Log,
        clock: Callable[[], datetime],
        aside: Runner,
        differs: Callable[[LiveDocument], None] = lambda _document: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._aside = aside
        self._differs = differs
        self._lock = threading.Lock()
        self._wanted: queue.SimpleQueue[LiveDocument | None] = queue.SimpleQueue()
        self._listed: set[int] = set()
        self._thread: threading.Thread | None = None
        self._is_stopped = False

    def edited(self, document: LiveDocument) -> None:
        """A document took an edit: every so often it is compacted."""
        if document.seq - document.since >= max(EVERY, document.base_size // BYTES_FOR_AN_EDIT):
            self._want(document)

    def left(self, document: LiveDocument) -> None:
        """The last person left a document."""
        if document.seq - document.since >= WORTH_IT:
            self._want(document)

    def stop(self) -> None:
        """End after the document at hand."""
        with self._lock:
            self._is_stopped = True
            thread = self._thread
        self._wanted.put(None)
        if thread is not None:
            thread.join(PATIENCE)

    def _want(self, document: LiveDocument) -> None:
        with self._lock:
            if self._is_stopped or document.id in self._listed or document.damage is not None:
                return
            self._listed.add(document.id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="compactor", daemon=True)
                self._thread.start()
        self._wanted.put(document)

    def _run(self) -> None:
        while (document := self._wanted.get()) is not None and not self._is_stopped:
            try:
                with self._store.engine.connect() as connection:
                    self._compact(connection, document)
            except Unsound:
                log.error("document %d does not come back from its state; it is rebuilt", document.id)
                self._differs(document)
            except (SQLAlchemyError, DatabaseBusy, OSError, subprocess.SubprocessError) as error:
                log.error("document %d could not be compacted: %s", document.id, type(error).__name__)
            with self._lock:
                self._listed.discard(document.id)

    def _compact(self, connection: Connection, document: LiveDocument) -> None:
        chain = self._store.chain
        history = self._aside(lambda: reading.history(connection, chain, document.id))
        connection.rollback()
        if history is None or history.damage is not None or not history.updates:
            return
        if sum(map(len, history.updates)) < LONG:
            made = self._aside(lambda: compact(history.updates))
        else:
            made = _compact_elsewhere(history.updates)
        snapshot = made.at(document.id, history.epoch, history.seq, self._clock())
        with write_gate(self._store.engine):
            begin_immediate(lambda: self._aside(lambda: logs.keep(connection, chain, snapshot, history.chain)))
        letters.follow(connection, self._store, self._aside, document.id, history.epoch, history.seq)
        with document.guard:
            if document.epoch == history.epoch:
                document.since, document.base_size = history.seq, len(made.state)


def _compact_elsewhere(updates: Sequence[bytes]) -> State:
    """`compact` in a process of its own. Raises Unsound or SubprocessError."""
    done = subprocess.run(  # noqa: S603  (our own module, with no argument of anybody's)
        [sys.executable, "-m", "livedoc.compaction"],
        input=b"".join(len(update).to_bytes(4) + update for update in updates),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        cwd=Path(__file__).resolve().parent.parent,
    )
    if done.returncode == UNSOUND:
        raise Unsound
    done.check_returncode()
    made = json.loads(done.stdout)
    return State(**{**made, "state": binascii.a2b_base64(made["state"])})


def _main() -> None:
    told, updates = io.BytesIO(sys.stdin.buffer.read()), []
    while size := told.read(4):
        updates.append(told.read(int.from_bytes(size)))
    try:
        made = asdict(compact(updates))
    except Unsound:
        sys.exit(UNSOUND)
    made["state"] = binascii.b2a_base64(made["state"], newline=False).decode()
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    _main()
