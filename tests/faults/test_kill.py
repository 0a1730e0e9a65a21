"""The server is killed while people type: every acknowledged edit is there afterwards, once, and so is what was on
its way and is sent again."""

import os
import random
import threading
import time
from pathlib import Path

from tests.personas import DANA, LENA, RAVI, Persona
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess
from wire.connection import NoAnswer
from wire.replica import Replica

KILLS = 50 if os.environ.get("LONG") else 5


class Typist:
    """Types numbered words into one document as fast as they are acknowledged, across kills of the server."""

    def __init__(self, server: ServerProcess, who: Persona, place: Place, document: str) -> None:
        self.document = document
        self.typed: list[str] = []
        self.acknowledged = 0
        self._name = who.key
        self._person = Person(server.url, who, place)
        self._person.join()
        self.replica: Replica = self._person.open(document)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._type)
        self._thread.start()

    def join(self) -> None:
        self._thread.join(10)
        assert not self._thread.is_alive()

    def come_back(self) -> None:
        """After a restart: open anew and send again what was not acknowledged."""
        self._person.connect()
        assert "error" not in self._person.join()
        self.replica.connection = self._person.socket
        self.replica.open()
        if self.replica.flush() is not None:
            self.acknowledged += 1

    def leave(self) -> None:
        self._person.socket.close()

    def _type(self) -> None:
        rng = random.Random(len(self.typed))
        try:
            while True:
                word = f"[{self._name}-{len(self.typed)}]"
                self.typed.append(word)
                self.replica.insert(lambda text: rng.choice(_between_words(text)), " " + word)
                self.replica.flush(patience=4)
                self.acknowledged += 1
        except NoAnswer:
            return


def test_every_acknowledged_edit_survives_kills_once(instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place, server = Place(instance), ServerProcess(instance)
    documents = [place.document("understanding"), place.document("flare-up", "plain")]
    try:
        server.start()
        typists = [Typist(server, who, place, document) for who in (DANA, LENA, RAVI) for document in documents]
        for _ in range(KILLS):
            for typist in typists:
                typist.start()
            time.sleep(rng.uniform(0.2, 1.0))
            server.kill()
            for typist in typists:
                typist.join()
            server.start()
            for typist in typists:
                typist.come_back()
        for document in documents:
            _verify(place, document, [typist for typist in typists if typist.document == document])
        for typist in typists:
            typist.leave()
    finally:
        server.kill()


def _verify(place: Place, document: str, typists: list[Typist]) -> None:
    text = _settled(typists)
    for typist in typists:
        assert typist.acknowledged == len(typist.typed) > KILLS
        for word in typist.typed:
            assert text.count(word) == 1, word
    ((rows, different, last, head),) = place.rows(
        'SELECT count(*), count(DISTINCT "update"), max(u.seq), max(d.seq) '
        "FROM document_updates u JOIN documents d ON d.id = document_id WHERE d.id = ?",
        document,
    )
    assert rows == different == last == head == sum(typist.acknowledged for typist in typists)


def _between_words(text: str) -> list[int]:
    return [0, *(n for n, letter in enumerate(text) if letter == " ")]


def _settled(typists: list[Typist]) -> str:
    """The one text that all replicas come to."""
    deadline = time.monotonic() + 5
    while len(texts := {typist.replica.text for typist in typists}) > 1:
        assert time.monotonic() < deadline, "replicas differ"
        time.sleep(0.02)
    return texts.pop()
