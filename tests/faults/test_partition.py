"""Five people write for long without the server and without each other, and come back: all end with the same text, and
every word is in it once."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.databases.kinds import both
from tests.livedoc.replicas import YjsPeer
from tests.personas import AINO, DANA, LENA, RAVI, Persona
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from tests.realtime.yjs_replica import YjsReplica
from wire.replica import Replica

EDITS = 2000 if os.environ.get("LONG") else 150
COMMON = "".join(f"Common sentence number {n}. 😀\n" for n in range(40))


class Held(Protocol):
    """A document in somebody's hands: the wire client, or the browser's Yjs."""

    @property
    def text(self) -> str: ...
    def insert(self, position: int, text: str, /) -> None: ...
    def delete(self, start: int, end: int, /) -> None: ...
    def open(self) -> object: ...
    def flush(self) -> int | None: ...


class Writer:
    """One of the five. `words` are unlike anybody else's; all delete from the common text alone."""

    def __init__(self, server: ServerProcess, who: Persona, place: Place, document: str, kind: str) -> None:
        self.name = f"{who.key}{kind[0]}"
        self.words: list[str] = []
        self.person = Person(server.url, who, place)
        assert "error" not in self.person.join()
        self.held: Held = YjsReplica(self.person, document) if kind == "yjs" else self.person.open(document)

    def leave(self) -> None:
        self.person.socket.close()

    def write(self, rng: random.Random) -> None:
        """Type a word somewhere, or take away a sentence of the common text; nobody is there to hear it."""
        text = self.held.text
        sentences = [n for n in range(40) if f"Common sentence number {n}. 😀\n" in text]
        if sentences and rng.random() < 0.1:
            sentence = f"Common sentence number {rng.choice(sentences)}. 😀\n"
            start = text.index(sentence)
            self.held.delete(start, start + len(sentence))
        else:
            word = f"<{self.name}-{len(self.words)} é日>"
            self.words.append(word)
            ends = [0, *(n + 1 for n, letter in enumerate(text) if letter in ">\n")]
            self.held.insert(rng.choice(ends), word)

    def come_back(self) -> None:
        self.person.connect()
        assert "error" not in self.person.join()
        if isinstance(self.held, Replica):
            self.held.connection = self.person.socket
        self.held.open()
        self.held.flush()


@pytest.fixture
def server(instance: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(instance).start()
    yield process
    process.kill()
    assert '"level": "error"' not in process.log, process.log[-4000:]


@pytest.mark.timeout(300 + EDITS)
@both
def test_five_who_were_apart_for_long_come_to_one_text(server: ServerProcess, instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place = Place(instance)
    document = place.document("understanding")
    kinds = [(DANA, "yjs"), (LENA, "yjs"), (RAVI, "yjs"), (AINO, "wire"), (DANA, "wire")]
    writers = [Writer(server, who, place, document, kind) for who, kind in kinds]
    writers[0].held.insert(0, COMMON)
    writers[0].held.flush()
    for writer in writers:
        eventually(lambda writer=writer: writer.held.text == COMMON)  # type: ignore[misc]
    for _ in range(2):
        for writer in writers:
            writer.leave()
        for _ in range(EDITS):
            rng.choice(writers).write(rng)
        rng.shuffle(writers)
        for writer in writers:
            writer.come_back()
        eventually(lambda: len({writer.held.text for writer in writers}) == 1)
    text = writers[0].held.text
    for writer in writers:
        assert writer.words
        for word in writer.words:
            assert text.count(word) == 1, word
    fresh = YjsPeer(1)
    for (update,) in place.rows(
        'SELECT "update" FROM document_updates WHERE document_id = ? ORDER BY seq', int(document)
    ):
        fresh.apply(bytes(update))
    assert fresh.text() == text
    fresh.close()
    for writer in writers:
        writer.leave()
        if isinstance(writer.held, YjsReplica):
            writer.held.close()
