"""One person's script cannot exhaust the process: so many sockets, so many handshakes, then 429."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from access.limits import POLLS, handshakes_of_address, handshakes_of_person
from app import create_app
from tests.access.test_matrix import base, signed_in
from tests.conftest import MovableClock, close, settings_in
from tests.personas import DANA, LENA, PASSWORD, user
from tests.realtime.people import Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.connection import Connection, Refused, sign_in

HANDSHAKE = "/socket.io/?EIO=4&transport=polling"
MOST = 5


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def app(instance: Path, clock: MovableClock, time: Time) -> Iterator[Flask]:
    app = create_app(settings_in(instance, CONNECTIONS_PER_PERSON=str(MOST)), clock=clock, monotonic=time)
    yield app
    close(app)


def knock(app: Flask, persona=DANA, address: str = "192.0.2.7") -> TestResponse:  # type: ignore[no-untyped-def]
    """A handshake that polls, from a browser of this person."""
    headers = {"Origin": base(app)}
    client = signed_in(app, persona) if persona else app.test_client()
    return client.get(HANDSHAKE, base_url=base(app), headers=headers, environ_base={"REMOTE_ADDR": address})


def test_a_person_may_come_back_so_often(app: Flask, time: Time) -> None:
    with app.app_context():
        dana = str(user(DANA).id)
    house, limit = app.extensions["consilium"], handshakes_of_person(MOST)
    assert knock(app).status_code == 200
    for _ in range(int(limit.most) - 1):
        house.limiter.take(limit, dana)
    answer = knock(app)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "6")
    assert knock(app, LENA).status_code == 200
    time.now += 6
    assert knock(app).status_code == 200
    assert house.tally.limited == {limit.name: 1}


def test_an_address_may_knock_so_often_and_is_refused_before_anybody_is_looked_up(app: Flask, time: Time) -> None:
    limit = handshakes_of_address(MOST)
    for _ in range(int(limit.most)):
        app.extensions["consilium"].limiter.take(limit, "192.0.2.7")
    assert knock(app, None).status_code == 429
    assert knock(app).status_code == 429
    assert knock(app, None, "192.0.2.8").status_code == 401
    time.now += 1
    assert knock(app).status_code == 200


def test_a_socket_may_poll_so_often(app: Flask, time: Time) -> None:
    client, headers = signed_in(app, DANA), {"Origin": base(app)}
    sid = json.loads(client.get(HANDSHAKE, base_url=base(app), headers=headers).get_data()[1:])["sid"]

    def say() -> int:
        """Send a pong."""
        return client.post(f"{HANDSHAKE}&sid={sid}", base_url=base(app), headers=headers, data="3").status_code

    assert say() == 200
    for _ in range(int(POLLS.most) - 1):
        app.extensions["consilium"].limiter.take(POLLS, sid)
    assert say() == 429
    time.now += 1
    assert say() == 200


def test_a_person_holds_so_many_sockets_and_silent_ones_count(instance: Path) -> None:
    server = ServerProcess(instance, "gevent", CONNECTIONS_PER_PERSON=str(MOST)).start()
    try:
        place, cookie = Place(instance), sign_in(server.url, DANA.email, PASSWORD)
        opened = [Connection(server.url, cookie, place.plan) for _ in range(MOST - 1)]
        silent = urllib.request.Request(server.url + HANDSHAKE, headers={"Cookie": cookie, "Origin": server.url})
        urllib.request.urlopen(silent, timeout=60).close()
        with pytest.raises(Refused, match="429"):
            Connection(server.url, cookie, place.plan)
        lena = Connection(server.url, sign_in(server.url, LENA.email, PASSWORD), place.plan)
        opened.pop().close()

        def is_let_in() -> bool:
            try:
                opened.append(Connection(server.url, cookie, place.plan))
            except Refused:
                return False
            return True

        eventually(is_let_in)
        assert "error" not in opened[-1].call("board.join", {"plan": place.plan})
        for each in (*opened, lena):
            each.close()
    finally:
        server.kill()
