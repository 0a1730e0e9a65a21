"""WebSocket frames (RFC 6455) as a server reads and writes them: masked in, unmasked out, no extensions."""

from collections.abc import Callable
from typing import NamedTuple

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_CONTINUATION = 0
_LEAST_PART = 64
"""What a part of a message counts at least: a message in single bytes would cost many times its length."""
PAUSE_EVERY = 16
"""Frames."""

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED, BAD_TEXT, POLICY, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1008, 1009

Receive = Callable[[int], bytes]
"""Reads from the connection: at least one byte and at most so many, none at its end."""


class Violation(Exception):
    """The peer broke the rules; `code` closes the connection."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Ended(Exception):
    """The connection ended without a closing frame."""


class Frame(NamedTuple):
    opcode: int
    payload: bytes
    is_final: bool


class FrameReader:
    """Reads frames; a frame is refused by its header, before a byte of what is too long is taken in.

    `pause` is called after every few frames: whoever sends without end never makes the reader wait by itself, and
    under gevent the others get their turn only then.
    """

    __slots__ = ("_at", "_buffer", "_frames", "_limit", "_pause", "_receive")

    def __init__(self, receive: Receive, limit: int, pause: Callable[[], object]) -> None:
        self._receive = receive
        self._limit = limit
        self._pause = pause
        self._frames = 0
        self._buffer = b""
        self._at = 0

    def frame(self, already: int = 0) -> Frame:
        """The next frame. `already` bytes of its message came before. Raises Violation or Ended."""
        self._frames += 1
        if self._frames % PAUSE_EVERY == 0:
            self._pause()
        if len(self._buffer) - self._at < 2:
            self._fill(2)
        first, second = self._buffer[self._at], self._buffer[self._at + 1]
        self._at += 2
        opcode, length = first & 0x0F, second & 0x7F
        if first & 0x70 or not second & 0x80:
            raise Violation(PROTOCOL_ERROR)
        if opcode >= CLOSE and (length > 125 or not first & 0x80):
            raise Violation(PROTOCOL_ERROR)
        if length >= 126:
            length = int.from_bytes(self._take(2 if length == 126 else 8))
        if opcode < CLOSE and already + length > self._limit:
            raise Violation(TOO_BIG)
        covered = self._take(4 + length)
        return Frame(opcode, unmask(covered[4:], covered[:4]), bool(first & 0x80))

    def message(self, answer_ping: Callable[[bytes], None]) -> str | None:
        """The next text message, or None once the peer closed. Raises Violation or Ended."""
        parts: list[bytes] = []
        size = 0
        while True:
            opcode, payload, is_final = self.frame(size)
            if opcode == TEXT and is_final and not parts:
                return _text(payload)
            if opcode == PING:
                answer_ping(payload)
            elif opcode == CLOSE:
                return None
            elif opcode == PONG:
                continue
            elif opcode == BINARY:
                raise Violation(UNSUPPORTED)
            elif (opcode == _CONTINUATION) != bool(parts) or opcode > BINARY:
                raise Violation(PROTOCOL_ERROR)
            else:
                parts.append(payload)
                size += max(len(payload), _LEAST_PART)
                if is_final:
                    return _text(b"".join(parts))

    def _take(self, count: int) -> bytes:
        if len(self._buffer) - self._at < count:
            self._fill(count)
        at = self._at
        self._at = at + count
        taken = self._buffer[at : self._at]
        if self._at == len(self._buffer):
            self._buffer, self._at = b"", 0
        return taken

    def _fill(self, count: int) -> None:
        """Have so many bytes at hand."""
        parts = [self._buffer[self._at :]]
        missing = count - len(parts[0])
        while missing > 0:
            more = self._receive(min(max(missing, 4096), 65536))
            if not more:
                raise Ended
            parts.append(more)
            missing -= len(more)
        self._buffer, self._at = b"".join(parts), 0


def unmask(payload: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask, as one large integer: quick without compiled code."""
    length = len(payload)
    if not length:
        return b""
    repeated = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload) ^ int.from_bytes(repeated)).to_bytes(length)


def encode(opcode: int, payload: bytes) -> bytes:
    """A final, unmasked frame."""
    length = len(payload)
    if length < 126:
        header = bytes((0x80 | opcode, length))
    elif length < 65536:
        header = bytes((0x80 | opcode, 126)) + length.to_bytes(2)
    else:
        header = bytes((0x80 | opcode, 127)) + length.to_bytes(8)
    return header + payload


def close_payload(code: int) -> bytes:
    return code.to_bytes(2)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Violation(BAD_TEXT) from error
