"""The database is held by another process, or the server is asked to end, while people type."""

import threading
import time
from pathlib import Path

import pytest

from tests.databases.holding import held_by_another_process
from tests.databases.kinds import both
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess


@pytest.fixture
def server(instance: Path):  # type: ignore[no-untyped-def]
    process = ServerProcess(instance).start()
    yield process
    process.kill()


@both
def test_a_writer_of_another_process_delays_edits_but_loses_none(server: ServerProcess, instance: Path) -> None:
    place = Place(instance)
    dana, lena = Person(server.url, DANA, place), Person(server.url, LENA, place)
    dana.join()
    lena.join()
    document = place.document("understanding")
    hers, theirs = dana.open(document), lena.open(document)
    hers.insert(0, "waits")
    answers: list[int | None] = []
    sending = threading.Thread(target=lambda: answers.append(hers.flush()))
    slowest = 0.0
    with held_by_another_process(instance):
        sending.start()
        began = time.monotonic()
        while time.monotonic() - began < 3:
            asked = time.monotonic()
            assert "error" not in lena.call("doc.check", doc=document, seq=0, sha256="0" * 64)
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.05)
        assert answers == []
    released = time.monotonic()
    sending.join(5)
    assert answers == [1]
    assert time.monotonic() - released < 1.5
    assert slowest < 0.5
    eventually(lambda: theirs.text == "waits")
    assert not dana.socket.closed.is_set()
    dana.socket.close()
    lena.socket.close()


def test_sigterm_commits_what_is_typed_and_closes_the_sockets(server: ServerProcess, instance: Path) -> None:
    place = Place(instance)
    dana = Person(server.url, DANA, place)
    dana.join()
    document = place.document("understanding")
    replica = dana.open(document)
    replica.insert(0, "typed just before the end")
    replica.flush()
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 8
    assert dana.socket.closed.wait(2)
    assert place.rows("SELECT text, text_seq, seq FROM documents WHERE id = ?", document) == [
        ("typed just before the end", 1, 1)
    ]
