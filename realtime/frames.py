"""WebSocket frames (RFC 6455) as a server reads and writes them: masked in, unmasked out, no extensions."""

from collections.abc import Callable
from dataclasses import dataclass

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_CONTINUATION = 0

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED, BAD_TEXT, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1009

Receive = Callable[[int], bytes]
"""Reads from the connection: at least one byte and at most so many, none at its end."""


class Violation(Exception):
    """The peer broke the rules; `code` closes the connection."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Ended(Exception):
    """The connection ended without a closing frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    opcode: int
    payload: bytes
    is_final: bool


class FrameReader:
    """Reads frames; a frame is refused by its header, before a byte of what is too long is taken in."""

    __slots__ = ("_buffer", "_limit", "_receive")

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._buffer = b""

    def frame(self, already: int = 0) -> Frame:
        """The next frame. `already` bytes of its message came before. Raises Violation or Ended."""
        first, second = self._take(2)
        opcode, length = first & 0x0F, second & 0x7F
        if first & 0x70 or not second & 0x80:
            raise Violation(PROTOCOL_ERROR)
        if opcode >= CLOSE and (length > 125 or not first & 0x80):
            raise Violation(PROTOCOL_ERROR)
        if length == 126:
            length = int.from_bytes(self._take(2))
        elif length == 127:
            length = int.from_bytes(self._take(8))
        if opcode < CLOSE and already + length > self._limit:
            raise Violation(TOO_BIG)
        mask = self._take(4)
        return Frame(opcode, unmask(self._take(length), mask), bool(first & 0x80))

    def message(self, answer_ping: Callable[[bytes], None]) -> str | None:
        """The next text message, or None once the peer closed. Raises Violation or Ended."""
        parts: list[bytes] = []
        size = 0
        while True:
            frame = self.frame(size)
            if frame.opcode == PING:
                answer_ping(frame.payload)
            elif frame.opcode == CLOSE:
                return None
            elif frame.opcode == PONG:
                continue
            elif frame.opcode == BINARY:
                raise Violation(UNSUPPORTED)
            elif (frame.opcode == _CONTINUATION) != bool(parts) or frame.opcode > BINARY:
                raise Violation(PROTOCOL_ERROR)
            else:
                parts.append(frame.payload)
                size += len(frame.payload) or 1
                if frame.is_final:
                    return _text(parts[0] if len(parts) == 1 else b"".join(parts))

    def _take(self, count: int) -> bytes:
        buffer = self._buffer
        if len(buffer) < count:
            parts = [buffer]
            missing = count - len(buffer)
            while missing > 0:
                more = self._receive(min(max(missing, 4096), 65536))
                if not more:
                    raise Ended
                parts.append(more)
                missing -= len(more)
            buffer = b"".join(parts)
        self._buffer = buffer[count:]
        return buffer[:count]


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
