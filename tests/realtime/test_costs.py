"""What must not grow: the cost of an edit with its document's history, and the memory of people who only look."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from bench import keys
from bench.consilium import TEAM, call
from bench.processes import resident_kb
from cli.demo.large.histories import Scattered
from cli.demo.large.telling import Telling
from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.submission import Submission
from models.base import db
from tests import personas
from tests.cli.test_large import moments
from tests.personas import DANA, LENA
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess
from wire.connection import sign_in
from wire.websocket import WebSocket

SHORT, LONG = 200, 20_000
EDITS = 150
CONNECTED = 150
KB_EACH = 100


@pytest.fixture
def hub(app: Flask, context: None) -> Iterator[Hub]:
    house = app.extensions["consilium"]
    hub = Hub(Log(db.engine, Chain(house.seals)), house.units.clock)
    yield hub
    hub.shutdown()


def test_an_edit_costs_the_same_whatever_the_history(app: Flask, hub: Hub) -> None:
    house = app.extensions["consilium"]
    ids = personas.documents_of("Maria Kovač")
    empty = [each for each in ids if hub.current(each).seq == 0][:2]
    documents = []
    for document_id, length in zip(empty, (SHORT, LONG), strict=True):
        history = Scattered(length, 2)
        authors = [personas.user(each).id for each in (DANA, LENA)]
        telling = Telling(document_id, history, authors, moments())
        with house.units.begin(None) as work:
            while telling.go_on(work):
                pass
            telling.conclude(work)
        documents.append((hub.enter(document_id), history))
    costs: list[list[float]] = [[], []]
    for turn in range(4):
        for cost, (document, history) in zip(costs, documents, strict=True):
            cost.append(_typing(hub, document, history, 1 + turn))
    short, long = min(costs[0]), min(costs[1])
    print(f"{short / EDITS * 1e6:.0f} and {long / EDITS * 1e6:.0f} microseconds of processor time an edit")
    assert long < 3 * short


def _typing(hub: Hub, document: LiveDocument, history: Scattered, client: int) -> float:
    """Seconds of processor time for some keys, typed in the middle of the text."""
    middle = len(history.places) // 2 + client
    between = (history.places[middle], history.places[middle + 1])
    dana = personas.user(DANA).id
    hub.submit(document, 1, Submission(keys.typed(client, 0, b"x", between), dana, hub, {client}))
    began = time.process_time()
    for clock in range(1, EDITS + 1):
        hub.submit(document, 1, Submission(keys.typed(client, clock, b"x", between), dana, hub, {client}))
    return time.process_time() - began


def test_somebody_who_only_looks_costs_little_memory(instance: Path) -> None:
    server = ServerProcess(instance, CONNECTIONS_PER_PERSON="1000").start()
    try:
        cookies = [sign_in(server.url, who.email, personas.PASSWORD) for who in TEAM]
        place = Place(instance)
        held = [_look(server, place, cookies[number % len(TEAM)]) for number in range(30)]
        before = resident_kb(server.pid)
        held += [_look(server, place, cookies[number % len(TEAM)]) for number in range(CONNECTED)]
        each = (resident_kb(server.pid) - before) / CONNECTED
        print(f"{each:.0f} kB a connection")
        assert each < KB_EACH
        for socket in held:
            socket.close()
    finally:
        server.kill()


def _look(server: ServerProcess, place: Place, cookie: str) -> WebSocket:
    address = f"{server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket&plan={place.plan}"
    socket = WebSocket(address, {"Cookie": cookie, "Origin": server.url}, timeout=30)
    socket.receive()
    socket.send("40")
    socket.receive()
    call(socket, "board.join", {"plan": place.plan})
    call(socket, "doc.open", {"doc": place.document("understanding"), "client_ids": []})
    return socket
