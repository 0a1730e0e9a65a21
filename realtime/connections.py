"""Who is connected, to which plan, with which documents open, and how a message reaches them."""

import contextlib
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engineio.packet import MESSAGE, Packet

from access.grants import Actor, DocumentGrant
from access.limits import CARETS, EVENTS, REFUSALS, TOO_MANY_EVENTS, Bucket
from livedoc.document import LiveDocument
from realtime import frames
from realtime.payloads import Json
from realtime.transport import MAX_OUTBOX, BoundedWebSocket
from tally.tally import Sockets

MAX_WAITING = 500
"""Packets that may wait for a poll: each new one looks at them all."""

_ACK = "43"
_write = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Message:
    """An event on its way to many: encoded once."""

    __slots__ = ("frame", "text")

    def __init__(self, event: str, payload: Json) -> None:
        self._encode(_write([event, payload]))

    @classmethod
    def updated(cls, document_id: int, since: int, seq: int, update: str, by: Iterable[int]) -> "Message":
        """`doc.updated`, written out by hand because so many are sent. `update` is base64."""
        people = ",".join([f'"{user_id}"' for user_id in by])
        made = cls.__new__(cls)
        made._encode(
            f'["doc.updated",{{"doc":"{document_id}","since":{since},"seq":{seq},"update":"{update}","by":[{people}]}}]'
        )
        return made

    def _encode(self, words: str) -> None:
        self.text = "2" + words
        self.frame = frames.encode(frames.TEXT, f"42{words}".encode())


@dataclass(slots=True, eq=False)
class OpenDocument:
    """A document that a connection has open: the right to it as of the last change of access, and its caret.

    `latest` is set once the last edit from here is done.
    """

    document: LiveDocument
    grant: DocumentGrant
    client_ids: frozenset[int]
    anchor: dict[str, Any] | None = None
    head: dict[str, Any] | None = None
    latest: threading.Event | None = None

    @property
    def can_edit(self) -> bool:
        return self.grant.can_edit


@dataclass(slots=True)
class Reset:
    """A replica that differed was told to begin anew, and whether it has."""

    at: float
    is_fresh: bool = False


@dataclass(slots=True, eq=False)
class Connection:
    """One socket of a signed-in person.

    `plan` is the wire id of the handshake's plan, if it named one; `in_state` the id of the state that the plan was in
    when last asked (0: active from the beginning), or None when the person was not in the care team; `drop` hangs up.
    """

    id: str
    actor: Actor
    plan: str | None
    engine: Any
    drop: Callable[[], None]
    counts: Sockets
    patient_id: int | None = None
    has_joined: bool = False
    in_state: int | None = None
    section: str | None = None
    documents: dict[int, OpenDocument] = field(default_factory=dict)
    resets: dict[int, Reset] = field(default_factory=dict)
    events: Bucket = field(default_factory=partial(Bucket, EVENTS))
    carets: Bucket = field(default_factory=partial(Bucket, CARETS))
    busy: Bucket = field(default_factory=partial(Bucket, TOO_MANY_EVENTS))
    refusals: Bucket = field(default_factory=partial(Bucket, REFUSALS))
    active_at: float = field(default_factory=time.monotonic)
    _direct: BoundedWebSocket | None = field(default=None, init=False)

    @property
    def transport(self) -> BoundedWebSocket | None:
        """The WebSocket, or None while the connection polls."""
        found: BoundedWebSocket | None = getattr(self.engine, "transport", None)
        return found if self.engine.upgraded else None

    def acknowledge(self, number: str, answer: Json) -> None:
        """Answer the event of that number, which came by the WebSocket."""
        transport = self.transport
        if transport is not None:
            with contextlib.suppress(OSError):  # it closed meanwhile: nobody waits for this any more
                transport.send_frame(_acknowledgement(number, answer), is_answer=True)

    def deliver(self, message: Message) -> None:
        """Send a message. A connection that cannot take it is closed: it will resynchronise."""
        transport = self._direct or self._find_direct()
        try:
            if transport is not None:
                transport.send_frame(message.frame)
            elif self.engine.queue.qsize() > MAX_WAITING or _backlog(self.engine) > MAX_OUTBOX:
                self.counts.slow_readers += 1
                self.drop()
            elif not self.engine.closed:
                self.engine.send(Packet(MESSAGE, message.text))
        except OSError:
            if transport is not None:
                transport.close()

    def _find_direct(self) -> BoundedWebSocket | None:
        """The WebSocket, once nothing that polling left behind can be overtaken; from then on for good."""
        transport = self.transport
        if transport is not None and self.engine.queue.empty():
            self._direct = transport
        return self._direct


def _acknowledgement(number: str, answer: Json) -> bytes:
    """The frame of an acknowledgement."""
    if len(answer) == 1 and "seq" in answer:  # of nearly every edit
        return frames.encode(frames.TEXT, f'{_ACK}{number}[{{"seq":{answer["seq"]}}}]'.encode())
    return frames.encode(frames.TEXT, f"{_ACK}{number}[{_write(answer)}]".encode())


def _backlog(engine: Any) -> int:
    """Bytes that wait for a poll."""
    return sum(len(packet.data) for packet in list(engine.queue.queue) if packet is not None and packet.data)


class Connections:
    """All connections of this process, found by what concerns them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[str, Connection] = {}
        self._boards: dict[str, dict[Connection, None]] = defaultdict(dict)
        self._documents: dict[int, dict[Connection, None]] = defaultdict(dict)

    def add(self, connection: Connection) -> None:
        with self._lock:
            self._all[connection.id] = connection

    def remove(self, connection: Connection) -> None:
        with self._lock:
            self._all.pop(connection.id, None)

    def get(self, connection_id: str) -> Connection | None:
        return self._all.get(connection_id)

    def open_connections(self) -> int:
        return len(self._all)

    def present_people(self) -> int:
        return len({each.actor.user_id for each in self.all()})

    def open_boards(self) -> int:
        return len(self._boards)

    def all(self) -> list[Connection]:
        with self._lock:
            return list(self._all.values())

    def join_board(self, connection: Connection) -> None:
        assert connection.plan is not None
        with self._lock:
            self._boards[connection.plan][connection] = None

    def leave_board(self, connection: Connection) -> None:
        if connection.plan is not None:
            with self._lock:
                _discard(self._boards, connection.plan, connection)

    def join_document(self, connection: Connection, document_id: int) -> None:
        with self._lock:
            self._documents[document_id][connection] = None

    def leave_document(self, connection: Connection, document_id: int) -> None:
        with self._lock:
            _discard(self._documents, document_id, connection)

    def of_board(self, plan: str) -> list[Connection]:
        with self._lock:
            return list(self._boards.get(plan, ()))

    def of_document(self, document_id: int) -> list[Connection]:
        with self._lock:
            return list(self._documents.get(document_id, ()))

    def of_patient(self, patient_id: int) -> list[Connection]:
        return [each for each in self.all() if each.patient_id == patient_id]

    def of_person(self, user_id: int) -> list[Connection]:
        return [each for each in self.all() if each.actor.user_id == user_id]

    def of_sessions(self, session_ids: Iterable[int]) -> list[Connection]:
        wanted = set(session_ids)
        return [each for each in self.all() if each.actor.session_id in wanted]


def send_all(connections: Iterable[Connection], message: Message, but: object | None = None) -> None:
    for connection in connections:
        if connection is not but:
            connection.deliver(message)


def _discard(rooms: dict[Any, dict[Connection, None]], key: object, connection: Connection) -> None:
    room = rooms.get(key)
    if room is not None:
        room.pop(connection, None)
        if not room:
            del rooms[key]
