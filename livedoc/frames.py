"""What two processes of ours say to each other: JSON, and bytes behind it."""

import json
import socket
from collections.abc import Sequence
from typing import Any


def send(line: socket.socket, told: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    head = json.dumps(told).encode()
    size = sum(map(len, blobs))
    line.sendall(b"".join((len(head).to_bytes(4), size.to_bytes(4), head, *blobs)))


def receive(line: socket.socket) -> tuple[dict[str, Any], bytes] | None:
    """None when the other end is closed."""
    sizes = _exactly(line, 8)
    if sizes is None:
        return None
    head, blobs = _exactly(line, int.from_bytes(sizes[:4])), _exactly(line, int.from_bytes(sizes[4:]))
    return None if head is None or blobs is None else (json.loads(head), blobs)


def _exactly(line: socket.socket, size: int) -> bytes | None:
    told = bytearray(size)
    view, at = memoryview(told), 0
    while at < size:
        came = line.recv_into(view[at:])
        if not came:
            return None
        at += came
    return bytes(told)
