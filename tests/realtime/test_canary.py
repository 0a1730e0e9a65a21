"""Nothing of a patient one may not see, in any event that a socket answers or hears."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import create_app
from models.base import db
from tests.access import canary
from tests.access.canary import Canary
from tests.conftest import MovableClock, settings_in
from tests.personas import DANA, EVERYONE, OTTO, Persona
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from tests.realtime.test_event_matrix import payloads


class Listener(Person):
    """Somebody whose socket keeps every frame that came."""

    def connect(self) -> None:
        super().connect()
        self.frames: list[str] = []
        take = self.socket._take

        def keep(frame: str) -> None:
            self.frames.append(frame)
            take(frame)

        self.socket._take = keep  # type: ignore[method-assign]


@pytest.fixture
def planted(instance: Path) -> Canary:
    """Before the server starts."""
    app = create_app(settings_in(instance), clock=MovableClock())
    found = canary.plant(app)
    app.extensions["consilium"].shutdown()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.fixture
def listener(planted: Canary, server: ServerProcess, place: Place) -> Iterator[Callable[[Persona], Listener]]:
    present: list[Listener] = []

    def come(persona: Persona, where: Place = place) -> Listener:
        present.append(Listener(server.url, persona, where))
        return present[-1]

    yield come
    for each in present:
        each.socket.close()


def test_no_socket_of_a_stranger_hears_anything(
    planted: Canary, listener: Callable[..., Listener], place: Place, instance: Path
) -> None:
    ines = Place(instance, planted.words["patients.name"])
    strangers = [listener(each) for each in EVERYONE if each is not OTTO]
    for each in strangers:
        each.join()
    for each in strangers:
        for section in ("understanding", "pain-management"):
            for kind in ("clinical", "plain"):
                for event, payload in payloads(ines.plan, ines.document(section, kind)).items():
                    if each.call(event, **payload)["error"] == "busy":
                        break
                    if each.socket.closed.is_set():
                        each.connect()
    otto = listener(OTTO, ines)
    otto.join()
    replica = otto.open(ines.document("pain-management"))
    word = planted.words["pain-management.clinical"]
    replica.insert(0, f"Typed {word}. ")
    assert otto.post(f"/patients/{ines.patient}/plan/threads", kind="discussion", body=f"Said {word}") == 303
    eventually(lambda: otto.heard["board.changed"])
    time.sleep(1)
    heard = {each.cookie: "\n".join([*each.frames, json.dumps(each.heard)]) for each in strangers}
    assert [planted.found_in(frames) for frames in heard.values()] == [[]] * len(strangers)
    assert DANA in EVERYONE
