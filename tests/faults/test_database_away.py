"""PostgreSQL is stopped and started again while people type, as an upgrade or a power cut of its machine would."""

import os
import random
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases.cluster import FAST, IMMEDIATE, Cluster, Stop
from tests.databases.kinds import on_postgresql
from tests.faults.typists import Typist, at_rest, verify
from tests.personas import AINO, DANA, LENA, RAVI
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.connection import Refused

ROUNDS = 10 if os.environ.get("LONG") else 1
AWAY = 3.0
"""Seconds that the database stays away."""
SOON = 5.0
"""What would wait for the database gets no answer for ten."""

pytestmark = [on_postgresql, pytest.mark.timeout(300 + ROUNDS * 20)]


@pytest.fixture
def server(instance: Path, cluster: Cluster) -> Iterator[ServerProcess]:
    process = ServerProcess(instance).start()
    try:
        yield process
    finally:
        process.kill()
        if not cluster.answers():
            cluster.start()


@pytest.mark.parametrize("how", [FAST, IMMEDIATE], ids=["fast", "immediate"])
def test_edits_wait_for_a_database_that_is_away(
    server: ServerProcess, cluster: Cluster, instance: Path, how: Stop
) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place = Place(instance)
    documents = [place.document("understanding"), place.document("flare-up", "plain")]
    typists = [Typist(server, who, place, document, 30) for who in (DANA, LENA, RAVI) for document in documents]
    reader = Person(server.url, AINO, place)
    reader.join()
    reader.open(documents[0])
    for _ in range(ROUNDS):
        for typist in typists:
            typist.start()
        time.sleep(rng.uniform(0.3, 1.0))
        cluster.stop(how)
        before = at_rest(typists)
        _is_usable_for_readers(server, reader, documents[0])
        assert [typist.acknowledged for typist in typists] == before
        cluster.start()
        eventually(lambda: _status(f"{server.url}/readyz") == 200)
        for typist, acknowledged in zip(typists, before, strict=True):
            typist.waits_for_more_than(acknowledged)
        for typist in typists:
            typist.stop()
    assert reader.socket.call("doc.check", {"doc": documents[0], "seq": 0, "sha256": "0" * 64}) == {}
    for typist in typists:
        assert typist.is_connected
        typist.resynchronise()
    for document in documents:
        verify(place, document, [typist for typist in typists if typist.document == document])
    for each in typists:
        each.leave()
    reader.socket.close()
    found = re.search(r"Traceback|\"trace\"", server.log)
    assert found is None, server.log[found.start() - 300 : found.start() + 4000]


def test_edits_wait_for_a_database_that_hangs(server: ServerProcess, cluster: Cluster, instance: Path) -> None:
    place = Place(instance)
    document = place.document("understanding")
    typists = [Typist(server, who, place, document, 30) for who in (DANA, LENA)]
    reader = Person(server.url, AINO, place)
    reader.join()
    reader.open(document)
    for typist in typists:
        typist.start()
    time.sleep(0.5)
    cluster.freeze()
    try:
        before = at_rest(typists)
        _reads_on(reader, document)
        assert _status(f"{server.url}/healthz") == 200
        assert [typist.acknowledged for typist in typists] == before
    finally:
        cluster.thaw()
    for typist, acknowledged in zip(typists, before, strict=True):
        typist.waits_for_more_than(acknowledged)
    for typist in typists:
        typist.stop()
        assert typist.is_connected
        typist.resynchronise()
    verify(place, document, typists)
    for each in typists:
        each.leave()
    reader.socket.close()


def _is_usable_for_readers(server: ServerProcess, reader: Person, document: str) -> None:
    """For as long as the database is away: open boards answer at once, and pages say what is the matter."""
    assert _status(f"{server.url}/readyz") == 503
    assert _status(f"{server.url}/healthz") == 200
    assert _status(f"{server.url}/login") == 200
    for path in ("/patients", f"/patients/{reader.place.patient}/plan"):
        status, page = _page(server.url + path, reader.cookie)
        assert status == 503
        assert "The record cannot be reached just now" in page
        assert "Sign in" not in page
    with pytest.raises(Refused, match="503"):
        Person(server.url, AINO, reader.place, reader.cookie)
    _reads_on(reader, document)
    assert reader.call("board.join", plan=reader.place.plan)["error"] == "unavailable"


def _reads_on(reader: Person, document: str) -> None:
    until, slowest = time.monotonic() + AWAY, 0.0
    while time.monotonic() < until:
        asked = time.monotonic()
        assert reader.call("doc.check", doc=document, seq=0, sha256="0" * 64) == {}
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.05)
    print(f"slowest answer {slowest * 1000:.0f} ms")
    assert slowest < SOON


def _status(url: str) -> int:
    return _page(url)[0]


def _page(url: str, cookie: str = "") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status), answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()
