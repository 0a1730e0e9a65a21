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
_ACK = "437"
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
    if text.startswith(_ACK):
        answer = json.loads(text[len(_ACK) :])[0]
        return (Word.REFUSED if "error" in answer else Word.ACKNOWLEDGED), ()
    return (Word.PING if text == "2" else Word.OTHER), ()


class Server:
    """Our server in a process of its own on core 0, over a clinic with so many plans."""

    def __init__(self, instance: Path, plans: int, **environment: str) -> None:
        clinic.settle(instance, plans)
        self.plans = plans
        self.process = ServerProcess(instance, **environment)

    def start(self) -> None:
        pin(0)
        self.process.start()
        pin(1)
        self._cookies = [sign_in(self.process.url, who.email, personas.PASSWORD) for who in TEAM]

    @property
    def group(self) -> int:
        return self.process.pid

    def person(self, plan: int, seat: int, timings: Timings, client: int | None = None) -> Person:
        """Somebody at a plan, with its first section open."""
        place = Place(self.process.instance, f"Bench {plan}")
        client = client or 1_000_000 + plan * 1000 + seat
        document = place.document("understanding")
        return person(self.process.url, self._cookies[seat % len(TEAM)], place.plan, document, client, timings)

    def stop(self) -> None:
        self.process.kill()


def person(url: str, cookie: str, plan: str, document: str, client: int, timings: Timings) -> Person:
    """Join a board and open a document."""
    address = url.replace("http", "ws", 1) + f"/socket.io/?EIO=4&transport=websocket&plan={plan}"
    websocket = WebSocket(address, {"Cookie": cookie, "Origin": url}, timeout=60)
    websocket.receive()
    websocket.send("40")
    websocket.receive()
    _call(websocket, "board.join", {"plan": plan})
    opened = _call(websocket, "doc.open", {"doc": document, "client_ids": [client]})
    return Person(websocket.socket, websocket.leftover(), Dialect(document, opened["epoch"]), client, timings)


def _call(websocket: WebSocket, event: str, payload: dict[str, object]) -> dict[str, Any]:
    websocket.send("421" + json.dumps([event, payload]))
    while not (frame := websocket.receive()).startswith("43"):
        pass
    answer: dict[str, Any] = json.loads(frame[frame.index("[") :])[0]
    assert "error" not in answer, answer
    return answer
