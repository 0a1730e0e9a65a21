"""Hostile clients: refused by name, while the server and the honest end equal."""

import base64
import secrets
import time
from collections.abc import Callable

import pytest

from tests.livedoc.updates import block, item, text, update
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


def test_every_hostile_payload_is_refused_by_name(pair: tuple[Person, Person, str, Replica, Replica]) -> None:
    dana, lena, document, hers, theirs = pair
    own, end = hers.client_id, {"origin": (hers.client_id, 4)}

    def edit(data: bytes | str, **more: object) -> str:
        sent = data if isinstance(data, str) else encoded(data)
        return str(dana.call("doc.edit", **{"doc": document, "epoch": 1, "update": sent, **more})["error"])

    assert edit(secrets.token_bytes(200)) == "malformed"
    assert edit("not base64!") == "malformed"
    assert edit(update((own, 5, [text("x", root="other")]))) == "malformed"
    assert edit(update((own, 5, [text("a\0", **end)]))) == "malformed"
    assert edit(update((own, 5, [text("a\r", **end)]))) == "malformed"
    assert edit(update((own, 5, [item(block(b'{"a":1}'), 5, **end)]))) == "malformed"
    assert edit(update((own, 9, [text("gap", **end)]))) == "malformed"
    assert edit(update((own, 5, [text("x", key="bold")]))) == "malformed"
    assert edit(update((theirs.client_id, 0, [text("forged", **end)]))) == "foreign_author"
    assert edit(update((2**33, 0, [text("server", **end)]))) == "foreign_author"
    assert edit(update((own, 5, [text("x" * 270_000, **end)]))) == "too_large"
    assert edit(update((own, 5, [text("x", **end)])), epoch=2) == "stale_epoch"
    assert edit(update((own, 5, [text("x", **end)])), epoch="1") == "malformed"
    assert edit(update((own, 5, [text("x", **end)])), epoch=True) == "malformed"

    theirs.insert(5, " there")
    theirs.flush()
    hers.insert(0, "Well: ")
    hers.flush()
    eventually(lambda: hers.text == theirs.text == "Well: Hello there")
    fresh = Replica(lena.socket, document)
    lena.replicas[document] = fresh
    fresh.open()
    assert fresh.text == "Well: Hello there"


def test_hostile_openings_are_refused(pair: tuple[Person, Person, str, Replica, Replica]) -> None:
    dana, _lena, document, _hers, _theirs = pair
    for more in (
        {"client_ids": "1"},
        {"client_ids": [True]},
        {"client_ids": [-1]},
        {"client_ids": [1.5]},
        {"client_ids": list(range(101))},
        {"client_ids": [], "state_vector": encoded(b"\xff\xff\xff\x0f")},
        {"client_ids": [], "epoch": "1"},
        {},
    ):
        assert dana.socket.call("doc.open", {"doc": document, **more})["error"] == "malformed", more


def test_twenty_refusals_a_minute_disconnect(pair: tuple[Person, Person, str, Replica, Replica]) -> None:
    dana, lena, document, _hers, _theirs = pair
    for _ in range(20):
        if dana.socket.closed.is_set():
            break
        try:
            dana.call("doc.edit", doc=document, epoch=1, update="AAAA")
        except NoAnswer:
            break
    assert dana.socket.closed.wait(2)
    assert lena.call("board.join", plan=lena.place.plan)["people"]


def test_more_than_fifty_events_a_second_are_busy(pair: tuple[Person, Person, str, Replica, Replica]) -> None:
    dana, lena, document, _hers, _theirs = pair
    answers = [dana.call("doc.check", doc=document, seq=0, sha256="0" * 64) for _ in range(160)]
    busy = [answer for answer in answers if answer.get("error") == "busy"]
    assert busy
    assert all(answer["retry_after_ms"] > 0 for answer in busy)
    assert lena.call("doc.check", doc=document, seq=0, sha256="0" * 64) == {}
    time.sleep(0.2)
    assert "error" not in dana.call("doc.check", doc=document, seq=0, sha256="0" * 64)


def test_an_oversized_frame_closes_with_1009_and_costs_nothing(
    pair: tuple[Person, Person, str, Replica, Replica], server: ServerProcess, place: Place
) -> None:
    dana, lena, _document, _hers, theirs = pair
    before = memory_kb(server)
    with pytest.raises(NoAnswer):
        for _ in range(3):
            dana.socket.send_raw("x" * (200 * 1024 * 1024))
            dana.socket.closed.wait(5)
    assert dana.socket.closed.wait(5)
    other = Connection(server.url, dana.cookie, place.plan)
    other.send_raw("x" * (FRAME_LIMIT + 1))
    assert other.closed.wait(5)
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
        assert other.closed.wait(5), raw
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
    assert nested.closed.wait(5)
    theirs.insert(0, "on ")
    assert theirs.flush()
    assert "error" not in lena.call("board.join", plan=place.plan)


def test_a_reader_that_never_reads_is_let_go_and_slows_nobody(
    pair: tuple[Person, Person, str, Replica, Replica], server: ServerProcess, place: Place
) -> None:
    dana, lena, document, hers, theirs = pair
    stalled = Connection(server.url, lena.cookie, place.plan)
    assert "error" not in stalled.call("board.join", {"plan": place.plan})
    answer = stalled.call("doc.open", {"doc": document, "client_ids": []})
    assert "error" not in answer
    stalled.websocket._lock.acquire()
    _stop_reading(stalled)
    before = memory_kb(server)
    slowest = 0.0
    for _ in range(80):
        hers.insert(0, "x" * 100_000)
        hers.delete(0, 100_000)
        began = time.monotonic()
        hers.flush()
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1.5
    assert memory_kb(server) - before < 40 * 1024
    people = dana.call("board.join", plan=place.plan)["people"]
    assert sum(each["name"] == "Lena Moreau" for each in people) == 1
    eventually(lambda: theirs.text == hers.text)


def _stop_reading(connection: Connection) -> None:
    """Take the socket away from its reader, but keep it open."""
    import os

    connection.kept = os.dup(connection.websocket.socket.fileno())  # type: ignore[attr-defined]
    connection.websocket._take = lambda _count: time.sleep(3600)  # type: ignore[assignment, method-assign]


def memory_kb(server: ServerProcess) -> int:
    """Resident memory of the server's processes."""
    import subprocess

    listed = subprocess.run(["ps", "-o", "rss=", "-g", str(server.pid)], capture_output=True, text=True, check=True)
    return sum(map(int, listed.stdout.split()))
