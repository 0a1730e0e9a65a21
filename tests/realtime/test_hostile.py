"""Hostile clients: refused by name, while the server and the honest end equal."""

import base64
from collections.abc import Callable

import pytest

from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.connection import Connection, NoAnswer
from wire.replica import Replica

Come = Callable[..., Person]
FRAME_LIMIT = 512 * 1024


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture
def pair(person: Come, place: Place) -> tuple[Person, Person, str, Replica, Replica]:
    """Dana, who attacks, and Lena, who is honest, in one document that holds Dana's words."""
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    hers, theirs = dana.open(document), lena.open(document)
    hers.insert(0, "Hello")
    hers.flush()
    eventually(lambda: theirs.text == "Hello")
    return dana, lena, document, hers, theirs


def test_twenty_refusals_a_minute_disconnect(pair: tuple[Person, Person, str, Replica, Replica]) -> None:
    dana, lena, document, _hers, _theirs = pair
    for _ in range(20):
        if dana.socket.closed.is_set():
            break
        try:
            dana.call("doc.edit", doc=document, epoch=1, update="AAAA")
        except NoAnswer:
            break
    assert dana.socket.closed.wait(30)
    assert lena.call("board.join", plan=lena.place.plan)["people"]


def test_more_than_fifty_events_a_second_are_busy(pair: tuple[Person, Person, str, Replica, Replica]) -> None:
    dana, lena, document, _hers, _theirs = pair
    answers = dana.call_at_once([("doc.check", {"doc": document, "seq": 0, "sha256": "0" * 64})] * 250)
    busy = [answer for answer in answers if answer.get("error") == "busy"]
    assert busy
    assert all(answer["retry_after_ms"] > 0 for answer in busy)
    assert lena.call("doc.check", doc=document, seq=0, sha256="0" * 64) == {}
    eventually(lambda: "error" not in dana.call("doc.check", doc=document, seq=0, sha256="0" * 64))


def test_an_oversized_frame_closes_with_1009_and_costs_nothing(
    pair: tuple[Person, Person, str, Replica, Replica], server: ServerProcess, place: Place
) -> None:
    dana, lena, _document, _hers, theirs = pair
    before = memory_kb(server)
    with pytest.raises(NoAnswer):
        for _ in range(3):
            dana.socket.send_raw("x" * (200 * 1024 * 1024))
            dana.socket.closed.wait(30)
    assert dana.socket.closed.wait(30)
    other = Connection(server.url, dana.cookie, place.plan)
    other.send_raw("x" * (FRAME_LIMIT + 1))
    assert other.closed.wait(30)
    assert other.close_code == 1009
    assert memory_kb(server) - before < 5 * 1024
    theirs.insert(0, "on ")
    assert theirs.flush()


def test_broken_frames_close_the_connection_and_nothing_else(
    pair: tuple[Person, Person, str, Replica, Replica], server: ServerProcess, place: Place
) -> None:
    dana, lena, _document, _hers, theirs = pair
    for raw in (
        b"\x81\x05hello",  # not masked
        b"\xc1\x80\0\0\0\0",  # a reserved bit
        b"\x82\x81\0\0\0\0x",  # binary
        b"\x80\x81\0\0\0\0x",  # a continuation of nothing
        b"\x81\x82\0\0\0\0\xff\xfe",  # no UTF-8
        b"\x89\xfe\x01\x00\0\0\0\0" + b"x" * 256,  # a long ping
        b"\x83\x80\0\0\0\0",  # an unknown opcode
    ):
        other = Connection(server.url, dana.cookie, place.plan)
        other.websocket.socket.sendall(raw)
        assert other.closed.wait(30), raw
        assert other.close_code in (1002, 1003, 1007), raw
    for junk in (
        "",
        "9",
        "4",
        "42",
        "42[",
        '42["doc.edit"',
        "42{}",
        '42["doc.edit",{}]',
        "43[]",
        "40/other,",
        "5",
        "1",
    ):
        other = Connection(server.url, dana.cookie, place.plan)
        other.send_raw(junk)
        other.close()
    nested = Connection(server.url, dana.cookie, place.plan)
    nested.send_raw('42["doc.edit",' + "[" * 400_000)
    assert nested.closed.wait(30)
    theirs.insert(0, "on ")
    assert theirs.flush()
    assert "error" not in lena.call("board.join", plan=place.plan)


def memory_kb(server: ServerProcess) -> int:
    """Resident memory of the server's processes."""
    import subprocess

    listed = subprocess.run(["ps", "-o", "rss=", "-g", str(server.pid)], capture_output=True, text=True, check=True)
    return sum(map(int, listed.stdout.split()))
