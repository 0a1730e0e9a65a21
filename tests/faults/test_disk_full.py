"""The disk is full while people type: nothing is acknowledged that is not kept, boards stay readable, and it goes on by
itself once there is room."""

import os
import random
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.faults.small_disk import small_disk
from tests.faults.typists import Typist, at_rest, verify
from tests.personas import CORA, DANA, LENA, PASSWORD
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess
from wire.connection import Refused, sign_in


def page(person: Person, path: str) -> tuple[int, str]:
    request = urllib.request.Request(person.url + path, headers={"Cookie": person.cookie})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def test_nothing_is_acknowledged_on_a_full_disk_and_typing_goes_on_once_there_is_room(
    tmp_path: Path, template_database: Path
) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    with small_disk(tmp_path / "disk") as disk:
        shutil.copy(template_database, disk.folder / "consilium.db")
        place, server = Place(disk.folder), ServerProcess(disk.folder)
        documents = [place.document("understanding"), place.document("flare-up", "plain")]
        places = [(who, document) for who in (DANA, LENA) for document in documents]
        try:
            server.start()
            typists = [Typist(server, who, place, document, patience=90) for who, document in places]
            cora = Person(server.url, CORA, place)
            assert "error" not in cora.join()
            assert page(cora, f"/patients/{place.patient}/plan")[0] == 200
            for typist in typists:
                typist.start()
            time.sleep(rng.uniform(0.3, 1.0))
            disk.fill(server.pid)
            acknowledged = at_rest(typists)
            kept = place.rows("SELECT count(*) FROM document_updates")
            _boards_are_readable_and_say_what_is_not_kept(cora, place, documents[0])
            time.sleep(2)
            assert [typist.acknowledged for typist in typists] == acknowledged
            assert place.rows("SELECT count(*) FROM document_updates") == kept
            disk.free(server.pid)
            freed = time.monotonic()
            for typist, before in zip(typists, acknowledged, strict=True):
                typist.waits_for_more_than(before)
            print(f"mounted: {disk.is_mounted}, typing again after {time.monotonic() - freed:.1f} s")
            for typist in typists:
                typist.stop()
                assert typist.is_connected
            for document in documents:
                verify(place, document, [typist for typist in typists if typist.document == document])
            assert page(cora, f"/patients/{place.patient}/about")[0] == 200
            for typist in typists:
                typist.leave()
            cora.socket.close()
        finally:
            server.kill()


def _boards_are_readable_and_say_what_is_not_kept(cora: Person, place: Place, document: str) -> None:
    opened = cora.open(document)
    assert opened.text
    assert "error" not in cora.join()
    status, shown = page(cora, f"/patients/{place.patient}/plan")
    assert status == 200
    assert "data-plan" in shown
    status, shown = page(cora, f"/patients/{place.patient}/about")
    assert (status, "cannot be reached just now" in shown) == (503, True)
    with pytest.raises(Refused, match="503"):
        sign_in(cora.url, DANA.email, PASSWORD)
