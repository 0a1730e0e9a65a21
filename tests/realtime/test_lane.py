"""Events by WebSocket take a short way; what is not plainly an event still goes the long one."""

import base64
import json
from collections.abc import Callable, Iterator

import pytest

from tests.livedoc.updates import Writer
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.websocket import Closed, WebSocket

Come = Callable[..., Person]


class Raw:
    """A WebSocket on which frames are written by hand."""

    def __init__(self, url: str, cookie: str, plan: str) -> None:
        address = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket&plan={plan}"
        self.socket = WebSocket(address, {"Cookie": cookie, "Origin": url}, timeout=10)
        self.socket.receive()
        self.socket.send("40")
        assert self.socket.receive().startswith("40")

    def ask(self, frame: str, number: str) -> dict[str, object]:
        """The answer to a frame that carries this number."""
        self.socket.send(frame)
        while not (heard := self.socket.receive()).startswith(f"43{number}["):
            assert not heard.startswith("43"), heard
        (answer,) = json.loads(heard[2 + len(number) :])
        return dict(answer)


@pytest.fixture
def raw(server: ServerProcess, person: Come, place: Place) -> Iterator[Raw]:
    found = Raw(server.url, person(DANA, joined=False).cookie, place.plan)
    yield found
    found.socket.close()


def test_the_answer_carries_the_number_of_its_event_and_none_comes_without_one(raw: Raw, place: Place) -> None:
    joined = raw.ask(f'420["board.join",{{"plan":"{place.plan}"}}]', "0")
    assert "error" not in joined
    raw.socket.send(f'42["board.join",{{"plan":"{place.plan}"}}]')
    spaced = raw.ask(f'42123456789["board.join", {{"plan": "{place.plan}"}}]', "123456789")
    assert spaced["connection"] == joined["connection"]
    assert raw.ask('427["no.such.event",{}]', "7")["error"] == "malformed"
    assert raw.ask('428["doc.edit"]', "8")["error"] == "malformed"
    assert raw.ask('429["doc.edit",{"doc":"1"},{}]', "9")["error"] == "malformed"


def test_what_is_no_packet_ends_its_own_connection_alone(server: ServerProcess, person: Come, place: Place) -> None:
    lena = person(LENA)
    for frame in ('421["board.join",', "421[]x", "42[[[[", '421{"a":1}', "42", '421["a"]]'):
        raw = Raw(server.url, lena.cookie, place.plan)
        raw.socket.send(frame)
        with pytest.raises((Closed, ConnectionError)):
            while True:
                raw.socket.receive()
        raw.socket.close()
    assert "error" not in lena.call("board.join", plan=place.plan)


def test_edits_sent_without_waiting_are_all_committed_in_their_order(raw: Raw, person: Come, place: Place) -> None:
    """The protocol asks for one at a time; whoever sends more is read no further until the one before is done."""
    lena = person(LENA)
    document = place.document("understanding")
    replica = lena.open(document)
    raw.ask(f'421["board.join",{{"plan":"{place.plan}"}}]', "1")
    own = 4_000_000
    writer = Writer(own)
    opened = {"doc": document, "client_ids": [own]}
    assert "error" not in raw.ask("422" + json.dumps(["doc.open", opened]), "2")
    for number, letter in enumerate("committed"):
        update = base64.b64encode(writer.insert(number, letter)).decode()
        raw.socket.send(f"42{number + 10}" + json.dumps(["doc.edit", {"doc": document, "epoch": 1, "update": update}]))
    answers = []
    while len(answers) < 9:
        heard = raw.socket.receive()
        if heard.startswith("43"):
            answers.append((heard[2:4], json.loads(heard[4:])[0]["seq"]))
    assert answers == [(str(number + 10), number + 1) for number in range(9)]
    eventually(lambda: replica.text == "committed")
