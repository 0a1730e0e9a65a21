"""A served installation with the cast in it, and people who take part knowing only the wire protocol."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.personas import Persona
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess


@pytest.fixture(params=["gevent"])
def server(instance: Path, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    process = ServerProcess(instance, request.param).start()
    yield process
    process.kill()
    assert '"level": "error"' not in process.log, process.log[-4000:]


@pytest.fixture
def place(instance: Path) -> Place:
    return Place(instance)


@pytest.fixture
def person(server: ServerProcess, place: Place) -> Iterator[Callable[[Persona], Person]]:
    """`person(DANA)` signs in and connects; `person(DANA, joined=False)` stays at the door."""
    present: list[Person] = []

    def come(persona: Persona, *, joined: bool = True) -> Person:
        found = Person(server.url, persona, place)
        present.append(found)
        if joined:
            assert "error" not in found.join()
        return found

    yield come
    for each in present:
        each.socket.close()
