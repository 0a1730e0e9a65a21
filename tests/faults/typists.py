"""People who type numbered words into one document as fast as they are acknowledged, whatever happens to the house."""

import random
import threading
import time

from tests.personas import Persona
from tests.realtime.people import PATIENCE, Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.connection import NoAnswer
from wire.replica import EditRefused, Replica


class Typist:
    """`start`, then `join` when the server is gone, or `stop`. `acknowledged` counts answers of `doc.edit`, `waits` are
    the seconds that each took."""

    def __init__(
        self, server: ServerProcess, who: Persona, place: Place, document: str, patience: float = PATIENCE
    ) -> None:
        self.document = document
        self.typed: list[str] = []
        self.acknowledged = 0
        self.waits: list[float] = []
        self._name = who.key
        self._patience = patience
        self._person = Person(server.url, who, place)
        self._person.join()
        self.replica: Replica = self._person.open(document)
        self._stopping = threading.Event()

    @property
    def is_connected(self) -> bool:
        return not self._person.socket.closed.is_set()

    @property
    def cookie(self) -> str:
        return self._person.cookie

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._type)
        self._thread.start()

    def stop(self) -> None:
        """Type no further word, and wait until the last one is acknowledged."""
        self._stopping.set()
        self._thread.join(self._patience + 10)
        assert not self._thread.is_alive()

    def join(self) -> None:
        """Wait for the typing to end by the server's end."""
        self._thread.join(60)
        assert not self._thread.is_alive()

    def come_back(self) -> None:
        """After a restart: open anew and send again what was not acknowledged."""
        self._person.connect()
        assert "error" not in self._person.join()
        self.replica.connection = self._person.socket
        self.replica.open()
        if self.replica.flush() is not None:
            self.acknowledged += 1

    def resynchronise(self) -> None:
        """Open anew on the same connection, once the house has time for it."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self.replica.open()
                return
            except EditRefused as refused:
                if str(refused) != "busy" or time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def waits_for_more_than(self, acknowledged: int) -> None:
        """Wait until further edits are acknowledged."""
        eventually(lambda: self.acknowledged > acknowledged)

    def leave(self) -> None:
        self._person.socket.close()

    def _type(self) -> None:
        rng = random.Random(len(self.typed))
        try:
            while not self._stopping.is_set():
                word = f"[{self._name}-{len(self.typed)}]"
                self.typed.append(word)
                self.replica.insert(lambda text: rng.choice(_between_words(text)), " " + word)
                began = time.monotonic()
                self.replica.flush(self._patience)
                self.waits.append(time.monotonic() - began)
                self.acknowledged += 1
        except NoAnswer:
            return


def verify(place: Place, document: str, typists: list[Typist]) -> None:
    """Every acknowledged word is there once: in every replica, in the log, and in the log's numbering."""
    text = settled(typists)
    for typist in typists:
        assert typist.acknowledged == len(typist.typed)
        for word in typist.typed:
            assert text.count(word) == 1, word
    ((rows, different, last, head),) = place.rows(
        'SELECT count(*), count(DISTINCT "update"), max(u.seq), max(d.seq) '
        "FROM document_updates u JOIN documents d ON d.id = document_id WHERE d.id = ?",
        document,
    )
    assert rows == different == last == head == sum(typist.acknowledged for typist in typists)


def settled(typists: list[Typist]) -> str:
    """The one text that all replicas come to."""
    deadline = time.monotonic() + 60
    while len(texts := {typist.replica.text for typist in typists}) > 1:
        assert time.monotonic() < deadline, "replicas differ"
        time.sleep(0.02)
    return texts.pop()


def at_rest(typists: list[Typist]) -> list[int]:
    """How much each has acknowledged, once answers that were on their way have come: none for a second and a half."""
    counts, since = [typist.acknowledged for typist in typists], time.monotonic()
    while time.monotonic() < since + 1.5:
        time.sleep(0.05)
        now = [typist.acknowledged for typist in typists]
        if now != counts:
            counts, since = now, time.monotonic()
    return counts


def _between_words(text: str) -> list[int]:
    return [0, *(n for n, letter in enumerate(text) if letter == " ")]
