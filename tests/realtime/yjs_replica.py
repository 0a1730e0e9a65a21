"""A document as a browser holds it: the Yjs of the browser over a real socket, with its checks and new beginnings."""

import base64
import hashlib
import secrets
import threading
import time

from tests.livedoc.replicas import YjsPeer
from tests.realtime.people import Person
from wire.connection import NoAnswer, Payload

FOR_LATER = ("busy", "unavailable")


class YjsReplica:
    """Opened once made. Positions are characters. `unsent` are updates that the server has not acknowledged."""

    def __init__(self, person: Person, document: str) -> None:
        self.person = person
        self.document = document
        self.epoch = self.seq = 0
        self.unsent: list[bytes] = []
        self._lock = threading.RLock()
        self._heard: list[Payload] | None = None
        self.peer = YjsPeer(secrets.randbelow(2**32 - 1) + 1)
        person.replicas[document] = self  # type: ignore[assignment]
        self.open()

    @property
    def text(self) -> str:
        with self._lock:
            return self.peer.text()

    def open(self) -> None:
        """Open, or come back into step: over a new connection too."""
        with self._lock:
            self._heard = []
            vector = base64.b64encode(self.peer.vector()).decode()
        asked = {"client_ids": [self.peer.client_id], "state_vector": vector}
        answer = self._call("doc.open", **asked, **({"epoch": self.epoch} if self.epoch else {}))
        assert "error" not in answer, answer
        with self._lock:
            self.peer.apply(base64.b64decode(answer["update"]))
            self.epoch, self.seq = answer["epoch"], answer["seq"]
            heard, self._heard = self._heard, None
            for payload in heard:
                self.receive(payload)

    def begin_anew(self) -> None:
        """After a reset: nothing of what was is kept."""
        with self._lock:
            self.peer.close()
            self.peer = YjsPeer(secrets.randbelow(2**32 - 1) + 1)
            self.epoch, self.unsent = 0, []
        self.open()

    def receive(self, payload: Payload) -> None:
        with self._lock:
            if self._heard is not None:
                self._heard.append(payload)
                return
            self.peer.apply(base64.b64decode(payload["update"]))
            self.seq = max(self.seq, payload["seq"])

    def insert(self, index: int, words: str) -> None:
        with self._lock:
            self.peer.insert(min(index, len(self.peer.text())), words)
            self._keep()

    def delete(self, start: int, end: int) -> None:
        with self._lock:
            self.peer.delete(start, end)
            self._keep()

    def _keep(self) -> None:
        made = self.peer.take()
        if made:
            self.unsent.append(made)

    def flush(self, patience: float = 20) -> int | None:
        """Send what was made, one edit after the other; answers the last seq. Raises NoAnswer."""
        deadline, seq = time.monotonic() + patience, None
        while self.unsent:
            update = base64.b64encode(self.unsent[0]).decode()
            answer = self._call("doc.edit", deadline=deadline, epoch=self.epoch, update=update)
            assert "error" not in answer, answer
            self.unsent.pop(0)
            seq = self.seq = max(self.seq, answer["seq"])
        return seq

    def check(self) -> bool:
        """Tell the server what one has, as browsers do when typing rests; whether it objects."""
        resets = self.person.heard["doc.reset"]
        before = len(resets)
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        self._call("doc.check", seq=self.seq, sha256=digest)
        deadline = time.monotonic() + 1
        while len(resets) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        return len(resets) > before

    def close(self) -> None:
        self.peer.close()

    def _call(self, event: str, deadline: float | None = None, **payload: object) -> Payload:
        deadline = deadline or time.monotonic() + 20
        while time.monotonic() < deadline:
            answer = self.person.call(event, doc=self.document, **payload)
            if answer.get("error") not in FOR_LATER:
                return answer
            time.sleep(answer["retry_after_ms"] / 1000)
        raise NoAnswer(event)
