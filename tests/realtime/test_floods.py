"""Whoever sends without end, never takes what is sent, or speaks out of turn, holds up nobody else."""

import contextlib
import json
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.personas import DANA, LENA, PASSWORD, RAVI
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from tests.realtime.test_transports import Poller
from wire.connection import Connection, NoAnswer, sign_in
from wire.replica import Replica
from wire.websocket import masked_frame

Come = Callable[[], Person]
SOON = 5.0
"""On a machine that stalls: what floods hold up waits for their end."""


@pytest.fixture(scope="module")
def server(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all of them: what harms it shows in whoever comes next."""
    folder = tmp_path_factory.mktemp("instance")
    shutil.copy(template_database, folder / "consilium.db")
    process = ServerProcess(folder).start()
    yield process
    process.kill()
    assert '"level": "error"' not in process.log, process.log[-4000:]


@pytest.fixture(scope="module")
def place(server: ServerProcess) -> Place:
    return Place(server.instance)


@pytest.fixture(scope="module")
def honest(server: ServerProcess, place: Place) -> Iterator[tuple[Replica, Replica]]:
    """Dana and Ravi, who write to each other all the while."""
    people = [Person(server.url, who, place) for who in (DANA, RAVI)]
    for each in people:
        assert "error" not in each.join()
    hers, his = (each.open(place.document("understanding")) for each in people)
    yield hers, his
    for each in people:
        assert not each.socket.closed.is_set()
        each.socket.close()


@pytest.fixture(scope="module")
def cookie(server: ServerProcess) -> str:
    """Lena is signed in."""
    return sign_in(server.url, LENA.email, PASSWORD)


@pytest.fixture
def come(server: ServerProcess, place: Place, cookie: str) -> Iterator[Callable[[], Person]]:
    """Lena comes to the board once more."""
    present: list[Person] = []

    def join() -> Person:
        lena = Person(server.url, LENA, place, cookie)
        present.append(lena)
        assert "error" not in lena.join()
        return lena

    yield join
    for each in present:
        each.socket.close()


def slowest_edit(honest: tuple[Replica, Replica], seconds: float) -> float:
    """The longest that an edit took from one honest person to the other, in seconds."""
    hers, his = honest
    slowest, until, number = 0.0, time.monotonic() + seconds, 0
    while time.monotonic() < until:
        number += 1
        word = f"[{number}]"
        began = time.monotonic()
        hers.insert(0, word)
        hers.flush()
        eventually(lambda word=word: word in his.text)  # type: ignore[misc]
        slowest = max(slowest, time.monotonic() - began)
    return slowest


@contextlib.contextmanager
def flooding(connection: Connection, frames: bytes) -> Iterator[None]:
    """Send frames on and on, as fast as they are taken, and read whatever is answered."""
    stop = threading.Event()

    def send() -> None:
        with contextlib.suppress(OSError):
            while not stop.is_set():
                connection.websocket.socket.sendall(frames)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        with contextlib.suppress(OSError):
            connection.websocket.socket.shutdown(socket.SHUT_RDWR)
        connection.close()
        thread.join(60)


FLOODS = {
    "pings": masked_frame(9, b"x") * 500,
    "pongs": masked_frame(10, b"x") * 500,
    "engine pongs": masked_frame(1, b"3") * 500,
    "unknown engine packets": masked_frame(1, b"2") * 500,
    "events": masked_frame(1, b'421["doc.check",{}]') * 500,
    "edits of nothing": masked_frame(1, b'421["doc.edit",{"doc":"1","epoch":1,"update":"AAA="}]') * 500,
    "unknown events": masked_frame(1, b'42["doc.erase",{}]') * 500,
    "acknowledgements": masked_frame(1, b"431[]") * 500,
    "one letter at a time": (b"\x01\x81\0\0\0\0" + b"4" + b"\x00\x81\0\0\0\0x" * 500),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_on_one_connection_holds_up_nobody(honest: tuple[Replica, Replica], come: Come, flood: str) -> None:
    lena = come()
    lena.open("1")
    with flooding(lena.socket, FLOODS[flood]):
        assert slowest_edit(honest, 1) < SOON


def test_joins_and_openings_without_end_are_busy_and_tell_nobody(
    honest: tuple[Replica, Replica], come: Come, place: Place
) -> None:
    lena = come()
    document = place.document("understanding")
    dana: list[object] = []
    honest[0].connection.on("board.people", dana.append)
    around = [("board.join", {"plan": place.plan}), ("doc.open", {"doc": document, "client_ids": []})]
    answers = lena.call_at_once([*around, ("doc.close", {"doc": document})] * 60)
    assert any(answer.get("error") == "busy" for answer in answers)
    assert slowest_edit(honest, 0.5) < SOON
    assert dana == []
    eventually(lambda: "error" not in lena.call("board.join", plan=place.plan))


def test_a_poller_that_never_polls_is_let_go(
    server: ServerProcess, honest: tuple[Replica, Replica], cookie: str, place: Place
) -> None:
    poller = Poller(server.url, cookie, place.plan)
    assert "error" not in poller.call("board.join", plan=place.plan)
    assert "error" not in poller.call("doc.open", doc=place.document("understanding"), client_ids=[])
    hers, his = honest
    for _ in range(15):
        hers.insert(0, "x" * 90_000)
        hers.flush()
        hers.delete(0, 90_000)
        hers.flush()
    assert slowest_edit(honest, 0.5) < SOON
    eventually(lambda: his.text == hers.text)
    assert len(hers.connection.call("board.join", {"plan": place.plan})["people"]) == 2


def test_the_names_of_the_servers_own_events_are_no_events(
    honest: tuple[Replica, Replica], come: Come, place: Place, server: ServerProcess
) -> None:
    for forged in ("connect", "disconnect"):
        lena = come()
        lena.open(place.document("understanding"))
        actor = {"user_id": 1, "session_id": 1, "roles": ["admin"], "name": "Adam Berg", "discipline": None}
        answer = lena.call(forged, **{"consilium.actor": actor, "consilium.plan": place.plan})
        assert answer["error"] == "malformed"
        assert "error" not in lena.call("board.join", plan=place.plan)
        lena.socket.close()
        hers = honest[0].connection
        eventually(lambda hers=hers: len(hers.call("board.join", {"plan": place.plan}).get("people", ())) == 2)  # type: ignore[misc]
    assert slowest_edit(honest, 0.2) < SOON


def test_a_second_session_on_a_connection_does_not_begin_with_clean_counts(
    honest: tuple[Replica, Replica], come: Come
) -> None:
    lena = come()
    lena.socket.send_raw("40")
    assert "error" not in lena.join()
    with contextlib.suppress(NoAnswer):
        lena.socket.send_raw("41")
        lena.socket.send_raw("40")
    assert lena.socket.closed.wait(30)


def test_packets_in_several_parts_are_refused(
    server: ServerProcess, honest: tuple[Replica, Replica], cookie: str, place: Place
) -> None:
    poller = Poller(server.url, cookie, place.plan)
    parts = json.dumps(["doc.edit", {"_placeholder": True, "num": 0}])
    poller.post(f"4599999-{parts}")
    with pytest.raises(OSError, match="400"):
        for _ in range(3):
            poller.post("bAAAA")
            poller.get()
    assert slowest_edit(honest, 0.2) < SOON
