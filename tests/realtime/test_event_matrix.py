"""Every event × everyone of the cast × what they are to the patient. An event that is not listed here fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from realtime import server as _registers_every_event  # noqa: F401
from realtime.gate import EVENTS
from tests.databases.kinds import both
from tests.personas import FROM_OUTSIDE, PASSWORD, STAFF, Persona
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess
from wire.connection import Connection, Payload, Refused, sign_in

IN_CARE_TEAM = {"dana", "lena", "ravi", "aino", "cora"}
OF_DISCIPLINE = {"physiotherapy": "dana", "psychology": "lena", "pain-management": "ravi", "nutrition": "aino"}
SHARED = ("understanding", "review")


def payloads(plan: str, document: str) -> dict[str, Payload]:
    """A sound payload for each event, in the order in which one may send them."""
    return {
        "board.join": {"plan": plan},
        "doc.open": {"doc": document, "client_ids": []},
        "doc.edit": {"doc": document, "epoch": 1, "update": "AAA="},
        "doc.check": {"doc": document, "seq": 0, "sha256": "0" * 64},
        "doc.cursor": {"doc": document, "anchor": None, "head": None},
        "doc.close": {"doc": document},
        "board.leave": {"plan": plan},
    }


def expected(persona: Persona, event: str, section: str) -> str:
    if persona.key not in IN_CARE_TEAM:
        return "hidden"
    writes = persona.key != "cora" and (section in SHARED or OF_DISCIPLINE[section] == persona.key)
    return "forbidden" if event == "doc.edit" and not writes else "ok"


@both
def test_the_matrix_of_events(person: Callable[..., Person], place: Place) -> None:
    assert set(payloads("", "")) == set(EVENTS)
    for persona in STAFF:
        someone = person(persona, joined=False)
        for section in ("understanding", "physiotherapy", "psychology", "nutrition"):
            for event, payload in payloads(place.plan, place.document(section)).items():
                answer = someone.call(event, **payload).get("error", "ok")
                if answer == "busy":
                    answer = someone.call(event, **payload).get("error", "ok")
                assert answer == expected(persona, event, section), (persona.key, event, section)
            if persona.key not in IN_CARE_TEAM:
                someone.connect()


def test_every_id_of_another_patient_is_hidden(person: Callable[..., Person], place: Place, instance: Path) -> None:
    """Coordinators know of every patient, so that they hear `forbidden`."""
    elsewhere = Place(instance, "Ines Duarte")
    for persona in STAFF[:6]:
        someone = person(persona, joined=False)
        someone.join()
        foreign = payloads(elsewhere.plan, elsewhere.document("understanding"))
        for event, payload in foreign.items():
            answer = someone.call(event, **payload)["error"]
            assert answer == ("forbidden" if persona.key == "cora" else "hidden"), (persona.key, event)


def test_nobody_from_outside_the_clinic_gets_a_socket(server: ServerProcess, place: Place) -> None:
    """Not even for the patient's own plan: nothing is told there that is meant for them."""
    for persona in FROM_OUTSIDE:
        cookie = sign_in(server.url, persona.email, PASSWORD)
        for plan in (place.plan, None):
            with pytest.raises(Refused):
                Connection(server.url, cookie, plan)
