"""The database is held by another process, or the server is asked to end, while people type."""

import threading
import time
from pathlib import Path

import pytest

from tests.databases.holding import held_by_another_process
from tests.databases.kinds import both
from tests.personas import DANA, LENA, OTTO
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.replica import Replica
from wire.websocket import PING, PONG, WebSocket, masked_frame

SOON = 5.0
"""On a machine that stalls. Whatever waited for the other process would wait as long as this test holds it."""


@pytest.fixture
def server(instance: Path):  # type: ignore[no-untyped-def]
    process = ServerProcess(instance).start()
    yield process
    process.kill()


@both
def test_a_writer_of_another_process_delays_edits_but_loses_none(server: ServerProcess, instance: Path) -> None:
    place, elsewhere = Place(instance), Place(instance, "Ines Duarte")
    dana, lena, otto = (
        Person(server.url, who, where) for who, where in ((DANA, place), (LENA, place), (OTTO, elsewhere))
    )
    for each in (dana, lena, otto):
        assert "error" not in each.join()
    document = place.document("understanding")
    hers, theirs = dana.open(document), lena.open(document)
    his = otto.open(elsewhere.document("understanding"))
    hers.insert(0, "waits")
    his.insert(0, "waits elsewhere")
    answered: dict[str, float] = {}
    sending = [
        threading.Thread(target=_send, args=(name, replica, answered))
        for name, replica in (("hers", hers), ("his", his))
    ]
    pings, slowest = Pings(server.url, lena.cookie), 0.0
    with held_by_another_process(instance):
        for thread in sending:
            thread.start()
        began = time.monotonic()
        while time.monotonic() - began < 3:
            asked = time.monotonic()
            assert "error" not in lena.call("doc.check", doc=document, seq=0, sha256="0" * 64)
            slowest = max(slowest, time.monotonic() - asked, pings.pong())
            time.sleep(0.05)
        assert answered == {}
    released = time.monotonic()
    for thread in sending:
        thread.join(60)
    assert {name: at - released < SOON for name, at in answered.items()} == {"hers": True, "his": True}
    print(f"slowest answer {slowest * 1000:.0f} ms")
    assert max(slowest, pings.pong()) < SOON
    eventually(lambda: theirs.text == "waits")
    for each in (dana, lena, otto):
        assert not each.socket.closed.is_set()
        each.socket.close()
    pings.close()


def _send(name: str, replica: Replica, answered: dict[str, float]) -> None:
    assert replica.flush() == 1
    answered[name] = time.monotonic()


class Pings:
    """A WebSocket that asks whether the server is there."""

    def __init__(self, url: str, cookie: str) -> None:
        address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._socket = WebSocket(address, {"Cookie": cookie, "Origin": url})
        self._socket.receive()

    def pong(self) -> float:
        """Seconds until a PING is answered."""
        began = time.monotonic()
        self._socket.socket.sendall(masked_frame(PING, b"there?"))
        assert self._socket._take(8) == bytes((0x80 | PONG, 6)) + b"there?"
        return time.monotonic() - began

    def close(self) -> None:
        self._socket.close()


def test_sigterm_commits_what_is_typed_and_closes_the_sockets(server: ServerProcess, instance: Path) -> None:
    place = Place(instance)
    dana = Person(server.url, DANA, place)
    dana.join()
    document = place.document("understanding")
    replica = dana.open(document)
    replica.insert(0, "typed just before the end")
    replica.flush()
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 8
    assert dana.socket.closed.wait(30)
    assert place.rows("SELECT text, text_seq, seq FROM documents WHERE id = ?", document) == [
        ("typed just before the end", 1, 1)
    ]
