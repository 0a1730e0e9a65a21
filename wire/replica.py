"""A live document as a participant holds it: opened, edited one update in flight at a time, kept in step."""

import base64
import secrets
import threading
import time
from collections.abc import Callable

from pycrdt import Doc, Text, TextEvent, TransactionEvent, merge_updates

from wire.connection import Connection, NoAnswer, Payload

RESENDABLE = frozenset({"busy", "unavailable"})
"""After these the same bytes are sent again; after any other refusal the text is the caller's to keep."""

GATHERED = 12 * 1024
"""Bytes of typing that are merged into one update: the server takes a few thousand parts at once."""


class EditRefused(Exception):
    """The server refused an edit for good; `str()` is the named error."""


class Replica:
    """One document over one connection. Positions are characters (code points) of the text."""

    def __init__(self, connection: Connection, document: str) -> None:
        self.connection = connection
        self.document = document
        self.client_id = secrets.randbelow(2**32 - 1) + 1
        self.epoch = 0
        self.seq = 0
        self.can_edit = False
        self.on_update: Callable[[Payload], None] | None = None
        self._doc: Doc[Text] = Doc(client_id=self.client_id, allow_multithreading=True)
        self._body = self._doc.get("body", type=Text)
        self._lock = threading.RLock()
        self._unsent: list[bytes] = []
        self._own = False
        self._subscription = self._doc.observe(self._seen)
        self._buffer: list[Payload] | None = []
        self._clock = 0
        self._caret: int | None = None
        self._following = self._body.observe(self._follow)

    @property
    def text(self) -> str:
        with self._lock:
            return str(self._body)

    def open(self) -> Payload:
        """Open or resynchronise; answers the acknowledgement. Raises EditRefused with the named error."""
        with self._lock:
            self._buffer = []
            state = base64.b64encode(self._doc.get_state()).decode()
        answer = self.connection.call(
            "doc.open",
            {
                "doc": self.document,
                "client_ids": [self.client_id],
                "state_vector": state,
                **({"epoch": self.epoch} if self.epoch else {}),
            },
        )
        if "error" in answer:
            raise EditRefused(answer["error"])
        with self._lock:
            self._apply(answer["update"])
            self.epoch, self.seq, self.can_edit = answer["epoch"], answer["seq"], answer["can_edit"]
            waiting, self._buffer = self._buffer or [], None
            for payload in waiting:
                self.receive(payload)
        return answer

    def receive(self, payload: Payload) -> None:
        """Take a `doc.updated` of this document."""
        with self._lock:
            if self._buffer is not None:
                self._buffer.append(payload)
                return
            self._apply(payload["update"])
            if payload["since"] <= self.seq:
                self.seq = max(self.seq, payload["seq"])
        if self.on_update is not None:
            self.on_update(payload)

    def insert(self, position: int | Callable[[str], int], text: str) -> None:
        """Insert at a position, or where a function of the present text says."""
        with self._lock, self._writing():
            before = str(self._body)
            at = position if isinstance(position, int) else position(before)
            self._insert(len(before[:at].encode()), text)

    def delete(self, start: int, end: int) -> None:
        with self._lock, self._writing():
            text = str(self._body)
            del self._body[len(text[:start].encode()) : len(text[:end].encode())]

    def put_caret(self, position: int | Callable[[str], int]) -> None:
        """Put the caret behind a character; it stays there whatever others type, and moves on with `type`."""
        with self._lock:
            before = str(self._body)
            at = position if isinstance(position, int) else position(before)
            self._caret = len(before[:at].encode())

    def type(self, letters: str) -> None:
        """Insert at the caret."""
        with self._lock, self._writing():
            assert self._caret is not None
            at = self._caret
            self._insert(at, letters)
            self._caret = at + len(letters.encode())

    def show_caret(self) -> None:
        """Let the others see the caret, behind the letter typed last."""
        if self._clock:
            item = {"client": self.client_id, "clock": self._clock - 1}
            head = {"item": item, "assoc": -1}
            self.connection.emit("doc.cursor", {"doc": self.document, "anchor": head, "head": head})

    def _insert(self, offset: int, text: str) -> None:
        self._body.insert(offset, text)
        self._clock += len(text.encode("utf-16-le")) // 2

    def _follow(self, event: TextEvent) -> None:
        """Keep the caret between the same letters. Offsets and lengths are bytes; pycrdt's own sticky positions
        fail behind letters that UTF-8 and UTF-16 count differently."""
        at = 0
        for part in event.delta:  # type: ignore[attr-defined]
            if self._caret is None:
                return
            if "retain" in part:
                at += part["retain"]
            elif "insert" in part:
                size = len(part["insert"].encode())
                self._caret += size if at < self._caret else 0
                at += size
            elif at < self._caret:
                self._caret -= min(part["delete"], self._caret - at)

    def flush(self, patience: float = 20) -> int | None:
        """Send what was typed and wait for its acknowledgement; answers the last `seq`, or None with nothing to send.

        Resends on `busy`, `unavailable` and silence. Raises EditRefused, or NoAnswer when patience ends.
        """
        deadline, seq = time.monotonic() + patience, None
        while (update := self._gather()) is not None:
            seq = self._deliver(update, deadline)
        return seq

    def _gather(self) -> bytes | None:
        """As many waiting updates as fit into one, in their order."""
        with self._lock:
            size = count = 0
            for each in self._unsent:
                size += len(each)
                if count and size > GATHERED:
                    break
                count += 1
            if count > 1:
                self._unsent[:count] = [merge_updates(*self._unsent[:count])]
            return self._unsent[0] if self._unsent else None

    def _deliver(self, update: bytes, deadline: float) -> int:
        while time.monotonic() < deadline:
            answer = self._try(update)
            if answer is None or answer.get("error") in RESENDABLE:
                time.sleep((answer or {}).get("retry_after_ms", 200) / 1000)
                continue
            with self._lock:
                self._unsent = self._unsent[1:]
            if "error" in answer:
                raise EditRefused(answer["error"])
            return int(answer["seq"])
        raise NoAnswer("doc.edit")

    def _try(self, update: bytes) -> Payload | None:
        payload = {"doc": self.document, "epoch": self.epoch, "update": base64.b64encode(update).decode()}
        if self.connection.closed.is_set():
            raise NoAnswer("doc.edit")
        try:
            return self.connection.call("doc.edit", payload, timeout=5)
        except NoAnswer:
            if self.connection.closed.is_set():
                raise
            return None

    def _apply(self, update: str) -> None:
        data = base64.b64decode(update)
        if data:
            self._doc.apply_update(data)

    def _writing(self) -> "_Own":
        return _Own(self)

    def _seen(self, event: TransactionEvent) -> None:
        if self._own:
            self._unsent.append(event.update)


class _Own:
    """Marks changes made inside the block as one's own, to be sent."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    def __enter__(self) -> None:
        self._replica._own = True

    def __exit__(self, *_failure: object) -> None:
        self._replica._own = False
