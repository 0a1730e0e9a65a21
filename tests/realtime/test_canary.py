"""Nothing of a patient one may not see, in any frame that a socket of a stranger hears; nor in the server's log."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import create_app
from tests.access import canary
from tests.access.canary import Canary
from tests.conftest import MovableClock, close, settings_in
from tests.personas import ADAM, AINO, CORA, DANA, INES, MARIA, OTTO, PASSWORD, Persona
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from tests.realtime.test_event_matrix import payloads
from wire.connection import Connection, Refused, sign_in

STRANGERS = (DANA, AINO, CORA, ADAM)


class Listener(Person):
    """Somebody whose sockets' frames are all kept."""

    def connect(self) -> None:
        super().connect()
        self.frames: list[str] = getattr(self, "frames", [])
        take = self.socket._take

        def keep(frame: str) -> None:
            self.frames.append(frame)
            take(frame)

        self.socket._take = keep  # type: ignore[method-assign]

    def told(self, planted: Canary) -> set[str]:
        return planted.found_in("\n".join([*self.frames, str(dict(self.heard))]))


@pytest.fixture
def planted(instance: Path) -> Canary:
    """Before the server starts."""
    app = create_app(settings_in(instance), clock=MovableClock())
    found = canary.plant(app)
    close(app)
    return found


@pytest.fixture
def listener(planted: Canary, server: ServerProcess) -> Iterator[Callable[[Persona, Place], Listener]]:
    present: list[Listener] = []
    cookies: dict[Persona, str] = {}

    def come(persona: Persona, where: Place) -> Listener:
        present.append(Listener(server.url, persona, where, cookies.get(persona)))
        cookies[persona] = present[-1].cookie
        return present[-1]

    yield come
    for each in present:
        each.socket.close()


def test_no_socket_of_a_stranger_hears_anything(
    planted: Canary, listener: Callable[..., Listener], place: Place, instance: Path, server: ServerProcess
) -> None:
    ines = Place(instance, planted.words["patients.name"])
    documents = [ines.document("understanding"), ines.document("pain-management", "plain")]
    strangers = []
    for persona in STRANGERS:
        for where in (place, ines):
            someone = listener(persona, where)
            strangers.append(someone)
            for document in documents:
                for event, payload in payloads(ines.plan, document).items():
                    answer = someone.call(event, **payload)
                    assert answer["error"] in ("hidden", "forbidden"), (persona.key, event, answer)
                someone.connect()
            someone.join()
    with pytest.raises(Refused):
        Connection(server.url, "", ines.plan)
    for patient, where in ((MARIA, ines), (MARIA, place), (INES, ines)):
        with pytest.raises(Refused):
            listener(patient, where)  # a patient hears nothing of a board, the own one neither
        with pytest.raises(Refused):
            Connection(server.url, sign_in(server.url, patient.email, PASSWORD))
    otto, beside = listener(OTTO, ines), listener(OTTO, ines)
    otto.join()
    beside.join()
    replica, other = otto.open(documents[0]), beside.open(documents[0])
    word = planted.words["understanding.plain"]
    replica.insert(0, f"Typed {word}. ")
    replica.flush()
    threads = f"/patients/{ines.patient}/plan/threads"
    assert otto.post(threads, kind="discussion", body=f"Said {planted.words['comments.body']}") == 303
    eventually(lambda: word in other.text)
    beside.waits_for("board.changed")
    for each in strangers:
        each.call("board.leave", plan=place.plan)  # whatever was sent to it before has arrived with the answer
    assert [each.told(planted) for each in strangers] == [set()] * len(strangers)
    assert beside.told(planted) >= {"understanding.clinical", "understanding.plain"}
    assert planted.found_in(server.log) == set()
