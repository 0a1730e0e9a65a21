"""The WebSocket under engine.io: bounded in both directions, sent whole, and never waiting for a slow reader.

It stands in for engine.io's own, which offers compression to everyone, buffers a frame of any size, and may cut a
large one short.
"""

import base64
import hashlib
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from engineio.packet import PING, Packet

from access.limits import FRAMES, Bucket
from realtime import frames
from realtime.native import native_lock, patient_receive
from tally.tally import Sockets

MAX_FRAME = 512 * 1024
"""Bytes of one message, whether it comes in one frame or in several."""
MAX_OUTBOX = 1024 * 1024
"""Bytes that may wait for a slow reader before the connection is closed; it will resynchronise."""
MAX_LARGE_ANSWER = 8 * 1024 * 1024
"""Bytes of the one large answer that may wait beside the outbox."""

LINGER_SECONDS = 1.0

_ACCEPT_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_ACK = "43"
_ENGINE_WORDS = frozenset({"1", "2", "3", "5", "6", "2probe", "3probe"})
SOCKETIO_TYPES = "0123"
"""Connect, disconnect, event, acknowledgement: nothing here is sent in several parts."""


class BoundedWebSocket:
    """One server-side WebSocket, in the shape engine.io asks for: called as a WSGI application, then handed to its
    handler, which reads with `wait`, writes with `send` and ends with `close`.

    `send` writes at once when nothing waits before it, else it queues; a task of its own empties the queue.
    """

    def __init__(
        self, handler: Callable[["BoundedWebSocket"], Any], server: Any, counts: Sockets | None = None
    ) -> None:
        self._handler = handler
        self._counts = counts or Sockets()
        self._start_task: Callable[..., object] = server.start_background_task
        self._sleep: Callable[[float], object] = server.sleep
        self._lock = native_lock()
        self._outbox: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._large_bytes = 0
        self._expects_large = False
        self._frames = Bucket(FRAMES)
        self._is_flushing = False
        self._is_open = False
        self._engine = engine = getattr(handler, "__self__", None)
        if engine is not None:
            engine.transport = self
            engine.send = _direct_sender(engine, self)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Any:
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
        self._connection, self._mode = _connection_of(environ)
        self._raw_send: Any = getattr(self._connection, "_sock", self._connection).send
        if not _is_sound(key) or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"This address speaks WebSocket version 13."]
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sendall(_handshake(key))
        self._reader = frames.FrameReader(patient_receive(self._connection), MAX_FRAME, self._let_others)
        self._is_open = True
        answer = self._handler(self)
        self.close()
        if self._mode == "gunicorn":
            raise StopIteration
        if self._mode == "werkzeug":
            raise ConnectionError
        return answer

    @property
    def is_open(self) -> bool:
        return self._is_open

    def wait(self) -> str | None:
        """The next message that no lane takes, or None when there will be no more."""
        while self._is_open and (message := self._next()) is not None:
            lane: Callable[[str], bool] | None = getattr(self._engine, "lane", None)
            if lane is None or not lane(message):
                return message
        return None

    def _next(self) -> str | None:
        try:
            message = self._reader.message(self._pong)
        except frames.Violation as violation:
            self.close(violation.code)
            return None
        except (frames.Ended, OSError):
            self.close()
            return None
        if message is None:
            self.close(frames.NORMAL)
        elif not _is_packet(message):
            self.close(frames.PROTOCOL_ERROR)
            return None
        return message

    def send(self, message: str) -> None:
        """Send a text message. Raises OSError when the connection is closed, or too slow to be kept."""
        self.send_frame(frames.encode(frames.TEXT, message.encode()), is_answer=message.startswith(_ACK))

    def send_frame(self, frame: bytes, *, is_answer: bool = False) -> None:
        """Send an encoded frame: a broadcast is encoded once for all who hear it."""
        with self._lock:
            if not self._is_open:
                raise OSError("closed")
            if not self._outbox:
                rest = self._send_now(frame)
                if rest is None:
                    self._expects_large &= not is_answer
                    return
                frame = rest
            self._queue(frame, is_answer)
            if self._is_flushing:
                return
            self._is_flushing = True
        self._start_task(self._flush)

    def expect_large_answer(self) -> bool:
        """The next answer may be as large as a document. False while a former one is still on its way."""
        with self._lock:
            if self._large_bytes:
                return False
            self._expects_large = True
            return True

    def close(self, code: int | None = None) -> None:
        """Close for good; what waits is dropped. With a code, say why where the peer can still read it."""
        with self._lock:
            if not self._is_open:
                return
            said = code is not None and not self._outbox and self._say_why(code)
            self._is_open = False
            self._outbox.clear()
            self._waiting_bytes = self._large_bytes = 0
        try:
            if said:
                self._linger()
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the peer was quicker

    def _say_why(self, code: int) -> bool:
        try:
            return self._send_now(frames.encode(frames.CLOSE, frames.close_payload(code))) is None
        except OSError:
            return False

    def _linger(self) -> None:
        """Throw away what the peer still sends, for a moment: ending with it unread would take our reason back."""
        self._connection.shutdown(socket.SHUT_WR)
        self._connection.settimeout(LINGER_SECONDS)
        deadline = time.monotonic() + LINGER_SECONDS
        while time.monotonic() < deadline and self._connection.recv(65536):
            pass

    def _let_others(self) -> None:
        """The others have their turn now and then; who never waits is hung up on."""
        self._frames.spend(frames.PAUSE_EVERY - 1)
        if not self._frames.take():
            raise frames.Violation(frames.POLICY)
        self._sleep(0)

    def _pong(self, payload: bytes) -> None:
        self.send_frame(frames.encode(frames.PONG, payload))

    def _send_now(self, frame: bytes) -> bytes | None:
        """Write what the kernel takes without waiting; answers the rest, None when there is none."""
        try:
            sent: int = self._raw_send(frame, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return frame
        return None if sent == len(frame) else frame[sent:]

    def _queue(self, frame: bytes, is_answer: bool) -> None:
        size = len(frame)
        if is_answer and self._expects_large and size <= MAX_LARGE_ANSWER:
            self._large_bytes = size
            self._expects_large = False
        elif self._waiting_bytes + size > MAX_OUTBOX:
            self._give_up()
        else:
            self._waiting_bytes += size
        self._outbox.append(frame)

    def _give_up(self) -> None:
        self._counts.slow_readers += 1
        self._is_open = False
        self._outbox.clear()
        self._connection.shutdown(socket.SHUT_RDWR)
        raise OSError("the reader is too slow")

    def _flush(self) -> None:
        """Empty the outbox; ends with it empty or the connection closed. One of these runs at a time."""
        while True:
            with self._lock:
                if not self._is_open or not self._outbox:
                    self._is_flushing = False
                    return
                frame = self._outbox[0]
            try:
                self._connection.sendall(frame)
            except OSError:
                self.close()
                continue
            with self._lock:
                if self._outbox:
                    self._outbox.popleft()
                    self._forget(len(frame))

    def _forget(self, size: int) -> None:
        if size == self._large_bytes:
            self._large_bytes = 0
        else:
            self._waiting_bytes -= size


def _direct_sender(engine: Any, transport: BoundedWebSocket) -> Callable[[Packet], None]:
    """Engine.io's `send`, but without its queue once the WebSocket is the only way.

    PINGs still pass through the queue: its writer takes a queue that stays empty for a dead connection.
    """
    queued: Callable[[Packet], None] = engine.send

    def send(packet: Packet) -> None:
        if not engine.upgraded or packet.packet_type == PING or not engine.queue.empty():
            queued(packet)
        elif engine.check_ping_timeout():
            try:
                transport.send(packet.encode())
            except OSError:
                transport.close()

    return send


def _is_packet(message: str) -> bool:
    """Whether engine.io can read it: a message of socket.io, or one of its own few words. It fails on others."""
    if message[:1] == "4":
        return message[1:2] in SOCKETIO_TYPES and len(message) > 1
    return message in _ENGINE_WORDS


def _connection_of(environ: dict[str, Any]) -> tuple[Any, str]:
    """The connection's socket, which each WSGI server keeps elsewhere."""
    for mode in ("werkzeug", "gunicorn"):
        if f"{mode}.socket" in environ:
            return environ[f"{mode}.socket"], mode
    raise RuntimeError("this WSGI server does not give out its socket")


def _is_sound(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except ValueError:
        return False


def _handshake(key: str) -> bytes:
    accepted = base64.b64encode(hashlib.sha1(key.encode() + _ACCEPT_KEY, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
    )
