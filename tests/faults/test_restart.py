"""The server is asked to end and started again while people type, as an upgrade does it: everyone comes back by
themselves, and every edit is there once."""

import os
import random
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.faults.typists import Typist, verify
from tests.personas import DANA, RAVI
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess

RESTARTS = 20 if os.environ.get("LONG") else 1
PATIENCE = 9.0
"""Seconds that an end may take on a busy machine; after ten gunicorn gives up waiting."""


@pytest.mark.timeout(300 + RESTARTS * 15)
def test_every_edit_survives_restarts_once(instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place, server = Place(instance), ServerProcess(instance)
    documents = [place.document("understanding"), place.document("flare-up", "plain")]
    try:
        server.start()
        typists = [Typist(server, who, place, document) for who in (DANA, RAVI) for document in documents]
        for _ in range(RESTARTS):
            for typist in typists:
                typist.start()
            time.sleep(rng.uniform(0.2, 1.0))
            began = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - began < PATIENCE
            for typist in typists:
                typist.join()
            behind = place.rows("SELECT count(*) FROM documents WHERE text_seq < seq")
            assert behind == [(0,)], "the kept texts follow before the end"
            server.start()
            for typist in typists:
                typist.come_back()
        for document in documents:
            verify(place, document, [typist for typist in typists if typist.document == document])
        for typist in typists:
            typist.leave()
    finally:
        server.kill()


def test_connections_kept_open_do_not_hold_up_an_end(instance: Path) -> None:
    """Browsers and proxies keep theirs in case they ask again; gunicorn alone would wait ten seconds for them."""
    server = ServerProcess(instance)
    kept = [HTTPConnection("127.0.0.1", server.port, timeout=20) for _ in range(5)]
    try:
        server.start()
        for connection in kept[:4]:
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
        kept[4].connect()
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < PATIENCE
    finally:
        server.kill()
        for connection in kept:
            connection.close()
