"""Our own server as the load sees it."""

import base64
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench import clinic, keys
from bench.load import Person, Timings, Word
from bench.processes import pin
from tests import personas
from tests.personas import AINO, DANA, LENA, RAVI
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess
from wire.connection import sign_in
from wire.websocket import TEXT, WebSocket

TEAM = (DANA, LENA, RAVI, AINO)
ACK = "437"
"""What the acknowledgement of an edit begins with: edits here carry number 7."""
_TOLD = '42["doc.updated",'


class Dialect:
    """The wire protocol: one edit on its way per document, and its acknowledgement after the commit."""

    opcode = TEXT
    waits_for_ack = True

    def __init__(self, document: str, epoch: int) -> None:
        self._before = f'427["doc.edit",{{"doc":"{document}","epoch":{epoch},"update":"'.encode()

    def edit(self, update: bytes) -> bytes:
        return self._before + base64.b64encode(update) + b'"}]'

    def understand(self, message: bytes) -> tuple[Word, tuple[tuple[int, int, int], ...]]:
        return _understand(message)

    def pong(self) -> bytes:
        return b"3"


@lru_cache(4096)
def _understand(message: bytes) -> tuple[Word, tuple[tuple[int, int, int], ...]]:
    """Remembered, because everybody in a document hears the same bytes."""
    text = message.decode()
    if text.startswith(_TOLD):
        told = json.loads(text[2:])[1]
        return Word.EDITS, keys.found(base64.b64decode(told["update"]))
    if text.startswith(ACK):
        answer = json.loads(text[len(ACK) :])[0]
        return (Word.REFUSED if "error" in answer else Word.ACKNOWLEDGED), ()
    return (Word.PING if text == "2" else Word.OTHER), ()


class Server:
    """Our server in a process of its own on core 0, over a clinic with so many plans."""

    def __init__(self, instance: Path, plans: int, text: str = clinic.TEXT) -> None:
        clinic.settle(instance, plans, text)
        self.process = ServerProcess(instance, CONNECTIONS_PER_PERSON="2000")

    def start(self) -> None:
        pin(0)
        self.process.start()
        pin(1)
        self._cookies = [sign_in(self.process.url, who.email, personas.PASSWORD) for who in TEAM]

    @property
    def group(self) -> int:
        return self.process.pid

    def person(self, plan: int, seat: int, timings: Timings, between: keys.Between = keys.FRONT) -> Person:
        """Somebody at a plan, with its first section open."""
        place = Place(self.process.instance, f"Bench {plan}")
        client = 1_000_000 + plan * 10_000 + seat
        websocket = self.board(place, seat)
        document = place.document("understanding")
        opened = call(websocket, "doc.open", {"doc": document, "client_ids": [client]})
        dialect = Dialect(document, opened["epoch"])
        return Person(websocket.socket, websocket.leftover(), dialect, client, timings, between)

    def board(self, place: Place, seat: int = 0) -> WebSocket:
        """A connection that joined a board and opened nothing."""
        url = self.process.url
        address = url.replace("http", "ws", 1) + f"/socket.io/?EIO=4&transport=websocket&plan={place.plan}"
        websocket = WebSocket(address, {"Cookie": self._cookies[seat % len(TEAM)], "Origin": url}, timeout=60)
        websocket.receive()
        websocket.send("40")
        websocket.receive()
        call(websocket, "board.join", {"plan": place.plan})
        return websocket

    def stop(self) -> None:
        self.process.kill()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, _kind: object, failure: BaseException | None, _trace: object) -> None:
        if failure is not None:
            print(f"the server's log ends with:\n{self.process.log[-4000:]}")
        self.stop()


def call(websocket: WebSocket, event: str, payload: dict[str, object]) -> dict[str, Any]:
    """Ask and wait for the acknowledgement, which is no refusal."""
    websocket.send("421" + json.dumps([event, payload]))
    while not (frame := websocket.receive()).startswith("43"):
        pass
    answer: dict[str, Any] = json.loads(frame[frame.index("[") :])[0]
    assert "error" not in answer, answer
    return answer
