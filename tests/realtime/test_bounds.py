"""What strangers and sluggards cost: a few megabytes at most, and nobody's time."""

import contextlib
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.personas import CORA, DANA, LENA, RAVI
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.connection import Connection
from wire.replica import Replica

pytestmark = pytest.mark.usefixtures("quiet")

MOST_KB = 5 * 1024
SOON = 5.0
"""On a machine that stalls; some 30 ms on a quiet one, as is printed."""
HUGE = 200 * 1024 * 1024
PIECE = b"x" * 65_536


def memory_kb(server: ServerProcess) -> int:
    """Resident memory of the server's processes."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(status.parent.name)) == server.pid:
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                total += int(lines.get("VmRSS", "0").split()[0])
    return total


@pytest.fixture
def pair(server: ServerProcess, place: Place) -> Iterator[tuple[Replica, Replica]]:
    """Dana and Ravi, honest in one document."""
    people = [Person(server.url, who, place) for who in (DANA, RAVI)]
    for each in people:
        assert "error" not in each.join()
    hers, his = (each.open(place.document("understanding")) for each in people)
    yield hers, his
    for each in people:
        assert not each.socket.closed.is_set()
        each.socket.close()


def edit_arrives(pair: tuple[Replica, Replica]) -> float:
    """How long an edit takes from one to the other, in seconds."""
    hers, his = pair
    word = f"[{secrets.token_hex(4)}]"
    began = time.monotonic()
    hers.insert(0, word)
    hers.flush()
    eventually(lambda: word in his.text)
    return time.monotonic() - began


def stranger(server: ServerProcess, head: str, body: Callable[[], Iterator[bytes]]) -> None:
    """Send a request whose body is of no use to anybody, until the server has enough of it."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port or 80), 5) as raw, contextlib.suppress(OSError):
        raw.sendall(head.encode())
        for piece in body():
            raw.sendall(piece)


def huge() -> Iterator[bytes]:
    for _ in range(HUGE // len(PIECE)):
        yield PIECE


def huge_chunks() -> Iterator[bytes]:
    for _ in range(HUGE // len(PIECE)):
        yield b"10000\r\n" + PIECE + b"\r\n"


def huge_frame() -> Iterator[bytes]:
    yield b"\x81\xff" + HUGE.to_bytes(8) + b"\0\0\0\0"
    yield from huge()


def requests(server: ServerProcess) -> dict[str, tuple[str, Callable[[], Iterator[bytes]]]]:
    host = f"Host: {urlsplit(server.url).netloc}\r\nOrigin: {server.url}\r\n"
    upgrade = (
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    )
    length, chunked = f"Content-Length: {HUGE}\r\n", "Transfer-Encoding: chunked\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    polling, socketed = "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=websocket"
    return {
        "a frame behind a refused handshake": (f"GET {socketed} HTTP/1.1\r\n{host}{upgrade}\r\n", huge_frame),
        "a frame for a session of nobody's": (f"GET {socketed}&sid=none HTTP/1.1\r\n{host}{upgrade}\r\n", huge_frame),
        "a body to polling": (f"POST {polling} HTTP/1.1\r\n{host}{length}\r\n", huge),
        "a chunked body to polling": (f"POST {polling}&sid=none HTTP/1.1\r\n{host}{chunked}\r\n", huge_chunks),
        "a form to /login": (f"POST /login HTTP/1.1\r\n{host}{form}{length}\r\n", huge),
        "a chunked form to /login": (f"POST /login HTTP/1.1\r\n{host}{form}{chunked}\r\n", huge_chunks),
        "a body to a page that takes none": (f"GET /healthz HTTP/1.1\r\n{host}{length}\r\n", huge),
        "a header without end": (f"GET / HTTP/1.1\r\n{host}X: ", huge),
        "an address without end": ("GET /", huge),
    }


@pytest.fixture
def quiet(server: ServerProcess) -> None:
    """What a server needs for its first pages and first strangers is not their cost."""
    for head, body in requests(server).values():
        stranger(server, head, lambda body=body: (piece for piece, _ in zip(body(), range(40), strict=False)))  # type: ignore[misc]


def test_strangers_with_200_megabytes_cost_five_at_most(server: ServerProcess, pair: tuple[Replica, Replica]) -> None:
    edit_arrives(pair)
    for name, (head, body) in requests(server).items():
        before = memory_kb(server)
        thread = threading.Thread(target=stranger, args=(server, head, body))
        thread.start()
        slowest = 0.0
        most = 0
        while thread.is_alive():
            slowest = max(slowest, edit_arrives(pair))
            most = max(most, memory_kb(server))
            time.sleep(0.05)
        thread.join()
        print(f"{name}: {most - before} kB, slowest edit {slowest * 1000:.0f} ms")
        assert most - before <= MOST_KB, name
        assert slowest < SOON, name


def test_strangers_who_never_finish_what_they_say_keep_nobody_out(
    server: ServerProcess, pair: tuple[Replica, Replica], place: Place
) -> None:
    address = urlsplit(server.url)
    beginnings = [head[: len(head) - 3].encode() for head, _body in requests(server).values()]
    before = memory_kb(server)
    half_open = []
    for number in range(150):
        raw = socket.create_connection((address.hostname, address.port or 80), 5)
        raw.sendall(beginnings[number % len(beginnings)])
        half_open.append(raw)
    slowest = 0.0
    for _ in range(20):
        half_open[secrets.randbelow(len(half_open))].sendall(b"x")
        slowest = max(slowest, edit_arrives(pair))
    cora = Person(server.url, CORA, place)
    assert "error" not in cora.join()
    cora.socket.close()
    print(f"150 half-open: {memory_kb(server) - before} kB, slowest edit {slowest * 1000:.0f} ms")
    assert slowest < SOON
    assert memory_kb(server) - before <= MOST_KB
    for raw in half_open:
        raw.close()


def test_a_reader_that_never_reads_costs_five_megabytes_and_slows_nobody(
    server: ServerProcess, pair: tuple[Replica, Replica], place: Place
) -> None:
    hers, his = pair

    def type_much() -> float:
        slowest = 0.0
        for _ in range(60):
            hers.insert(0, "x" * 90_000)
            hers.delete(0, 90_000)
            began = time.monotonic()
            hers.flush()
            slowest = max(slowest, time.monotonic() - began)
        eventually(lambda: his.text == hers.text)
        return slowest

    type_much()
    before = memory_kb(server)
    type_much()
    history = max(0, memory_kb(server) - before)
    lena = Person(server.url, LENA, place)
    stalled = Connection(server.url, lena.cookie, place.plan)
    assert "error" not in stalled.call("board.join", {"plan": place.plan})
    assert "error" not in stalled.call("doc.open", {"doc": place.document("understanding"), "client_ids": []})
    with never_reading(stalled):
        before = memory_kb(server)
        slowest = type_much()
        grown = memory_kb(server) - before
        print(f"{grown} kB, {history} kB without such a reader; slowest edit {slowest * 1000:.0f} ms")
        assert slowest < SOON
        assert grown - history <= MOST_KB
        assert edit_arrives(pair) < SOON
    lena.socket.close()


@contextlib.contextmanager
def never_reading(connection: Connection) -> Iterator[None]:
    """Take the socket away from its reader, but keep it open."""
    kept = os.dup(connection.websocket.socket.fileno())
    connection.websocket._take = lambda _count: time.sleep(3600)  # type: ignore[assignment, method-assign]
    yield
    os.close(kept)
