"""The machine's clock is set back an hour while people type, and forth again: order is by number, not by time."""

import os
import random
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.cli.command_line import elsewhere
from tests.faults import shifted_clock
from tests.faults.shifted_server import ShiftedServer
from tests.faults.typists import Typist, verify
from tests.personas import CORA, DANA, LENA, RAVI
from tests.realtime.people import Person, Place

HOUR = 3600.0


class StayHere(urllib.request.HTTPRedirectHandler):
    """Whoever is signed out is sent elsewhere."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


def status(person: Person, path: str) -> int:
    request = urllib.request.Request(person.url + path, headers={"Cookie": person.cookie})
    try:
        with urllib.request.build_opener(StayHere).open(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code


def test_a_clock_that_is_set_back_disturbs_nobody(instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    shifted_clock.shift(instance, 0)
    place, server = Place(instance), ShiftedServer(instance)
    document = place.document("understanding")
    try:
        server.start()
        typists = [Typist(server, who, place, document) for who in (DANA, RAVI)]
        lena = Person(server.url, LENA, place)
        page = f"/patients/{place.patient}/plan"
        assert status(lena, page) == 200
        for number, offset in enumerate((-HOUR, 0)):
            for typist in typists:
                typist.start()
            time.sleep(rng.uniform(0.2, 0.6))
            shifted_clock.shift(instance, offset)
            time.sleep(rng.uniform(0.2, 0.6))
            for typist in typists:
                typist.stop()
                assert typist.is_connected
            assert status(lena, page) == 200
            form = {"text": "x", "epoch": "9", "base_seq": "0"}
            assert lena.post(f"{page}/documents/{document}/text", **form) == 422
            assert "error" not in lena.join()
            if number == 0:
                cora = Person(server.url, CORA, place)
                assert "error" not in cora.join()
                assert status(cora, page) == 200
        verify(place, document, typists)
        for command in (("documents", "verify"), ("audit", "verify")):
            checked = elsewhere(instance, *command)
            assert checked.returncode == 0, checked.stdout + checked.stderr
        for typist in typists:
            typist.leave()
        for person in (lena, cora):
            person.socket.close()
    finally:
        server.kill()
    assert '"level": "error"' not in server.log, server.log[-3000:]
