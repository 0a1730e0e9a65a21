"""Whoever types for the patient has the team's text noted beside it, without anybody's board hearing of a change."""

from collections.abc import Callable

from tests.databases.kinds import both
from tests.personas import CORA, DANA
from tests.realtime.people import Person, Place, eventually

pytestmark = both

Come = Callable[..., Person]


def test_what_the_teams_text_said_is_noted_while_somebody_types_for_the_patient(person: Come, place: Place) -> None:
    dana, cora = person(DANA), person(CORA)
    revision = cora.join()["revision"]
    team, plain = (dana.open(place.document("physiotherapy", kind)) for kind in ("clinical", "plain"))
    team.insert(0, "Lifts 2 kg. ")
    team.flush()
    for letter in "uoy":
        plain.insert(0, letter)
        plain.flush()

    def noted() -> list[tuple[object, ...]]:
        return place.rows("SELECT kind, plain_seq, clinical_seq, clinical_text FROM plain_readings ORDER BY id")

    eventually(lambda: noted()[-1:] == [("edited", 3, 2, team.text)])
    assert cora.join()["revision"] == revision
    plain.insert(0, "For ")
    plain.flush()
    eventually(lambda: noted()[-1:] == [("edited", 4, 2, team.text)])
    assert len(noted()) == 1  # the same sitting
