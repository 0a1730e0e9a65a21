"""Somebody hostile in a document where two others write honestly."""

import base64
import secrets
import time
from pathlib import Path

from livedoc.replica import Replica as Replayed
from tests.databases import address
from tests.personas import DANA, LENA, RAVI
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from tests.realtime.yjs_replica import YjsReplica
from wire.connection import NoAnswer
from wire.replica import Replica


class Mallory:
    """Lena's account in hostile hands. Hung up on, she comes back."""

    def __init__(self, url: str, place: Place, document: str, *ids: int) -> None:
        self._person = Person(url, LENA, place)
        self.document = document
        self.id = secrets.randbelow(2**31) + 1
        self._ids = [self.id, *ids]
        self.hung_up = 0
        self._begin()

    def _begin(self) -> None:
        assert "error" not in self._person.join()
        answer = self._person.call("doc.open", doc=self.document, client_ids=self._ids)
        self.epoch = answer["epoch"]

    def say(self, event: str, **payload: object) -> str:
        """The named error of the answer, or none."""
        for _ in range(10):
            try:
                answer = self._person.call(event, **payload)
            except NoAnswer:
                self.hung_up += 1
                self._person.connect()
                self._begin()
                continue
            if answer.get("error") != "busy":
                return str(answer.get("error", ""))
            time.sleep(answer["retry_after_ms"] / 1000)
        raise AssertionError("never answered")

    def edit(self, data: bytes | str) -> str:
        sent = data if isinstance(data, str) else base64.b64encode(data).decode()
        return self.say("doc.edit", doc=self.document, epoch=self.epoch, update=sent)

    def raw(self, frame: str) -> None:
        """Send a frame as it is; whatever comes of it, there is a connection afterwards."""
        try:
            self._person.socket.send_raw(frame)
            self._person.socket.closed.wait(0.3)
        except NoAnswer:
            pass
        if self._person.socket.closed.is_set():
            self._person.connect()
            self._begin()

    def leave(self) -> None:
        self._person.socket.close()


class Scene:
    """Dana with the wire client and Ravi with Yjs, honest in one document; Mallory in it too."""

    def __init__(self, server: ServerProcess, instance: Path) -> None:
        self.place = Place(instance)
        self.instance = instance
        self.document = self.place.document("understanding")
        self.dana, self.ravi = (Person(server.url, who, self.place) for who in (DANA, RAVI))
        for each in (self.dana, self.ravi):
            each.join()
        self.hers: Replica = self.dana.open(self.document)
        self.hers.insert(0, "Hello 😀")
        self.hers.flush()
        self.his = YjsReplica(self.ravi, self.document)
        self.mallory = Mallory(server.url, self.place, self.document)
        self.last = (self.hers.client_id, 7)
        """The last letter of Dana's greeting; the one before is its other half."""

    def in_step(self) -> None:
        """The honest are still there, and what they write now arrives at each other, in the server and in its log."""
        for writer, reader in ((self.hers, self.his), (self.his, self.hers)):
            word = f"[{secrets.token_hex(3)}]"
            writer.insert(0, word)
            writer.flush()
            eventually(lambda word=word, reader=reader: word in reader.text)  # type: ignore[misc]
        assert self.hers.text == self.his.text == self._logged()
        assert not self.dana.socket.closed.is_set()
        assert not self.ravi.socket.closed.is_set()
        assert not self.dana.heard["doc.reset"]

    def _logged(self) -> str:
        query = 'SELECT "update" FROM document_updates WHERE document_id = ? ORDER BY epoch, seq'
        return Replayed([bytes(row[0]) for row in address.rows(self.instance, query, int(self.document))]).text()

    def leave(self) -> None:
        self.his.close()
        for person in (self.dana, self.ravi):
            person.socket.close()
        self.mallory.leave()
