"""The server is killed while people type: every acknowledged edit is there afterwards, once, and so is what was on
its way and is sent again."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.databases.kinds import both
from tests.faults.typists import Typist, verify
from tests.personas import DANA, LENA, RAVI
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess

KILLS = 100 if os.environ.get("LONG") else 5


@pytest.mark.timeout(300 + KILLS * 12)
@both
def test_every_acknowledged_edit_survives_kills_once(instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place, server = Place(instance), ServerProcess(instance)
    documents = [place.document("understanding"), place.document("flare-up", "plain")]
    try:
        server.start()
        typists = [Typist(server, who, place, document) for who in (DANA, LENA, RAVI) for document in documents]
        for _ in range(KILLS):
            for typist in typists:
                typist.start()
            for typist in typists:
                typist.waits_for_more_than(typist.acknowledged)
            time.sleep(rng.uniform(0, 0.8))
            server.kill()
            for typist in typists:
                typist.join()
            server.start()
            for typist in typists:
                typist.come_back()
        for document in documents:
            verify(place, document, [typist for typist in typists if typist.document == document])
        for typist in typists:
            assert len(typist.typed) > KILLS
            typist.leave()
    finally:
        server.kill()
