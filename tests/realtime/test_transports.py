"""Long polling for hospital proxies, its change to a WebSocket, and the origin rules of both."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess
from wire.connection import Payload
from wire.websocket import HandshakeRefused, WebSocket

Come = Callable[..., Person]


class Poller:
    """Engine.io over plain requests, as a browser behind a proxy makes them."""

    def __init__(self, url: str, cookie: str, plan: str) -> None:
        self.url = url
        self.cookie = cookie
        self._query = f"EIO=4&transport=polling&plan={plan}"
        opened = self.get()
        self.sid = json.loads(opened[1:])["sid"]
        self._query += f"&sid={self.sid}"
        self.post("40")
        assert self.get().startswith("40")

    def get(self) -> str:
        return self._ask(None, {"Sec-Fetch-Site": "same-origin"})

    def post(self, packet: str) -> None:
        assert self._ask(packet.encode(), {"Origin": self.url, "Content-Type": "text/plain"}) == "OK"

    def call(self, event: str, **payload: object) -> Payload:
        self.post("421" + json.dumps([event, payload]))
        while True:
            for packet in self.get().split("\x1e"):
                if packet.startswith("431"):
                    answer: Payload = json.loads(packet[3:])[0]
                    return answer
                if packet == "2":
                    self.post("3")

    def _ask(self, body: bytes | None, headers: dict[str, str]) -> str:
        request = urllib.request.Request(
            f"{self.url}/socket.io/?{self._query}", body, {"Cookie": self.cookie, **headers}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return str(answer.read().decode())


@pytest.mark.parametrize("server", ["gevent", "threading"], indirect=True)
def test_a_person_behind_a_proxy_takes_part_by_polling(server: ServerProcess, person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    replica = dana.open(document)
    poller = Poller(server.url, lena.cookie, place.plan)
    assert "error" not in poller.call("board.join", plan=place.plan)
    assert poller.call("doc.open", doc=document, client_ids=[])["seq"] == 0
    replica.insert(0, "heard by polling")
    replica.flush()
    packets = poller.get().split("\x1e")
    assert any(packet.startswith('42["doc.updated"') for packet in packets)

    socket = WebSocket(
        f"{server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&sid={poller.sid}",
        {"Cookie": lena.cookie, "Origin": server.url},
    )
    socket.send("2probe")
    assert socket.receive() == "3probe"
    socket.send("5")
    replica.insert(0, "and then by socket, ")
    replica.flush()
    while not (frame := socket.receive()).startswith('42["doc.updated"'):
        assert frame in ("6", "2") or frame.startswith("42"), frame
    socket.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_only_our_own_origin_may_poll(
    server: ServerProcess, person: Come, headers: dict[str, str], status: int
) -> None:
    dana = person(DANA, joined=False)
    request = urllib.request.Request(
        f"{server.url}/socket.io/?EIO=4&transport=polling", headers={"Cookie": dana.cookie, **headers}
    )
    assert status_of(request) == status


def status_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code


def test_a_websocket_without_origin_is_refused(server: ServerProcess, person: Come, place: Place) -> None:
    dana = person(DANA, joined=False)
    address = f"{server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&plan={place.plan}"
    with pytest.raises(HandshakeRefused, match="403"):
        WebSocket(address, {"Cookie": dana.cookie, "Sec-Fetch-Site": "same-origin"})
    with pytest.raises(HandshakeRefused, match="401"):
        WebSocket(address, {"Origin": server.url})
