"""The client's side of a WebSocket (RFC 6455): messages over plain TCP or TLS, no extensions."""

import base64
import hashlib
import secrets
import socket
import ssl
import threading
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_ACCEPT_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class HandshakeRefused(Exception):
    """The server did not open a WebSocket; `str()` is its status line."""


class Closed(Exception):
    """The connection is closed; `code` is the server's reason, or None when it gave none."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class WebSocket:
    """Connected once made. One thread receives; any may send."""

    def __init__(self, url: str, headers: dict[str, str], timeout: float = 10) -> None:
        self._lock = threading.Lock()
        self._buffer = b""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        raw = socket.create_connection((parts.hostname, port), timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if parts.scheme == "wss":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
        self.socket = raw
        self._shake_hands(parts.netloc, f"{parts.path}?{parts.query}", headers)

    def _shake_hands(self, host: str, target: str, headers: dict[str, str]) -> None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = {
            "Host": host,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            **headers,
        }
        request = f"GET {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.socket.sendall(request.encode() + b"\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = self.socket.recv(4096)
            if not more:
                raise HandshakeRefused("closed")
            answer += more
        head, self._buffer = answer.split(b"\r\n\r\n", 1)
        accepted = base64.b64encode(hashlib.sha1(key.encode() + _ACCEPT_KEY, usedforsecurity=False).digest())
        if not head.startswith(b"HTTP/1.1 101") or accepted not in head:
            self.socket.close()
            raise HandshakeRefused(head.split(b"\r\n", 1)[0].decode("latin-1"))

    def set_timeout(self, seconds: float | None) -> None:
        """How long `receive` may wait. It raises TimeoutError then, and the connection is of no more use."""
        self.socket.settimeout(seconds)

    def send(self, text: str) -> None:
        """Send a text message. Raises OSError."""
        self._send(TEXT, text.encode())

    def send_bytes(self, message: bytes) -> None:
        """Send a binary message. Raises OSError."""
        self._send(BINARY, message)

    def receive(self) -> str:
        """The next text message. Raises Closed, OSError or TimeoutError."""
        return self.receive_bytes().decode()

    def receive_bytes(self) -> bytes:
        """The next message of either kind. Raises Closed, OSError or TimeoutError."""
        parts: list[bytes] = []
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length == 126:
                length = int.from_bytes(self._take(2))
            elif length == 127:
                length = int.from_bytes(self._take(8))
            payload = self._take(length)
            opcode = first & 0x0F
            if opcode == CLOSE:
                raise Closed(int.from_bytes(payload[:2]) if payload else None)
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode != PONG:
                parts.append(payload)
                if first & 0x80:
                    return b"".join(parts)

    def leftover(self) -> bytes:
        """What was read and not asked for yet, for whoever reads `socket` from now on."""
        taken, self._buffer = self._buffer, b""
        return taken

    def close(self) -> None:
        try:
            self._send(CLOSE, b"\x03\xe8")
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the server was quicker
        finally:
            self.socket.close()

    def _send(self, opcode: int, payload: bytes) -> None:
        frame = masked_frame(opcode, payload)
        with self._lock:
            self.socket.sendall(frame)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            more = self.socket.recv(65536)
            if not more:
                raise Closed(None)
            self._buffer += more
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken


def masked_frame(opcode: int, payload: bytes) -> bytes:
    """A final frame as clients must send it."""
    length = len(payload)
    if length < 126:
        head = bytes((0x80 | opcode, 0x80 | length))
    elif length < 65536:
        head = bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2)
    else:
        head = bytes((0x80 | opcode, 0xFF)) + length.to_bytes(8)
    mask = secrets.token_bytes(4)
    repeated = (mask * (length // 4 + 1))[:length]
    covered = (int.from_bytes(payload) ^ int.from_bytes(repeated)).to_bytes(length) if length else b""
    return head + mask + covered
