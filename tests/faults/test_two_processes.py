"""Two servers over one PostgreSQL database, with people on each who write in the same documents.

An installation runs one; here the promise is that a second one, by mistake or while it is exchanged, loses nothing.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases.kinds import on_postgresql
from tests.faults.typists import Typist, verify
from tests.personas import AINO, DANA, LENA, RAVI
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess

SECONDS = 60 if os.environ.get("LONG") else 4

pytestmark = [on_postgresql, pytest.mark.timeout(300 + 3 * SECONDS)]


@pytest.fixture
def servers(instance: Path) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    one, other = ServerProcess(instance), ServerProcess(instance)
    try:
        yield one.start(), other.start()
    finally:
        one.kill()
        other.kill()


def test_edits_of_two_processes_are_all_there_once(
    servers: tuple[ServerProcess, ServerProcess], instance: Path
) -> None:
    place = Place(instance)
    documents = [place.document("understanding"), place.document("flare-up", "plain")]
    typists = [
        Typist(server, who, place, document, 30)
        for server, people in zip(servers, ((DANA, LENA), (RAVI, AINO)), strict=True)
        for who in people
        for document in documents
    ]
    for typist in typists:
        typist.start()
    time.sleep(SECONDS)
    for typist in typists:
        typist.waits_for_more_than(SECONDS)
    for typist in typists:
        typist.stop()
    for typist in typists:
        typist.resynchronise()
    for document in documents:
        verify(place, document, [typist for typist in typists if typist.document == document])
    for typist in typists:
        assert typist.is_connected
        typist.leave()
    for server in servers:
        assert '"trace"' not in server.log


def test_a_person_moves_from_one_process_to_the_other_and_back(
    servers: tuple[ServerProcess, ServerProcess], instance: Path
) -> None:
    """The client id that became a person's in one process is that person's in the other, and nobody else's."""
    place = Place(instance)
    document = place.document("understanding")
    dana, lena = Person(servers[0].url, DANA, place), Person(servers[1].url, LENA, place)
    for each in (dana, lena):
        each.join()
        each.open(document)
    hers = dana.replicas[document]
    for turn in range(4):
        hers.insert(len, f"({turn})")
        hers.flush()
        moved = Person(servers[1 - turn % 2].url, DANA, place)
        moved.join()
        hers.connection = moved.socket
        hers.open()
    answer = lena.call("doc.open", doc=document, client_ids=[hers.client_id])
    assert answer["error"] == "foreign_author"
    theirs = lena.replicas[document]
    theirs.open()
    assert theirs.text == hers.text == "(0)(1)(2)(3)"


def test_an_open_document_shows_what_the_other_process_wrote(
    servers: tuple[ServerProcess, ServerProcess], instance: Path
) -> None:
    place = Place(instance)
    document = place.document("understanding")
    dana, lena = Person(servers[0].url, DANA, place), Person(servers[1].url, LENA, place)
    for each in (dana, lena):
        each.join()
        each.open(document)
    dana.replicas[document].insert(0, "Walks daily.")
    dana.replicas[document].flush()
    ravi = Person(servers[1].url, RAVI, place)
    ravi.join()
    assert ravi.open(document).text == "Walks daily."
    lena.waits_for("doc.updated")
    assert lena.replicas[document].text == "Walks daily."
    dana.replicas[document].insert(0, "Sleeps well. ")
    dana.replicas[document].flush()
    for each in (lena, ravi):  # nobody opens anything: the sweep looks around
        each.waits_for("doc.updated", lambda payload: payload["seq"] == 2)
        assert each.replicas[document].text == "Sleeps well. Walks daily."
