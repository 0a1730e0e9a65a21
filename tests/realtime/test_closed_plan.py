"""A plan that is closed becomes read-only on every open board at once, and in whichever process."""

import time
from collections.abc import Callable

from flask import Flask

from tests.closing import close, reopen
from tests.databases.kinds import both
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place

Come = Callable[..., Person]
SOON = 10.0
CLOSING = {
    "state": "discharged",
    "outcome": "Walks an hour.",
    "plain_words": "You can do this by yourself now.",
    "call": "Dr. Weber, 01 555 0144",
    "confirmed": "1",
}


@both
def test_closing_reaches_open_boards_and_refuses_their_edits(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    replica = lena.open(document)
    assert replica.can_edit
    replica.insert(0, "Before. ")
    replica.flush()
    assert dana.post(f"/patients/{place.patient}/state/close", **CLOSING) == 303
    told = lena.waits_for("access.changed", seconds=SOON)
    assert told == {"plan": place.plan, "doc": document, "can_edit": False}
    changed = lena.waits_for("board.changed", lambda payload: "banner" in payload["fragments"], seconds=SOON)
    assert "head-understanding" in changed["fragments"]
    assert lena.call("doc.edit", doc=document, epoch=1, update="AAA=")["error"] == "forbidden"
    opened = dana.call("doc.open", doc=document, client_ids=[])
    assert opened["can_edit"] is False
    assert dana.post(f"/patients/{place.patient}/state/reopen", reason="The pain came back.") == 303
    assert lena.waits_for("access.changed", lambda payload: payload["can_edit"], seconds=SOON)["doc"] == document
    replica.insert(0, "After. ")
    replica.flush()


def test_closing_by_another_process_reaches_them_too(app: Flask, person: Come, place: Place) -> None:
    lena = person(LENA)
    document = place.document("understanding")
    assert lena.open(document).can_edit
    close(app)
    began = time.monotonic()
    assert lena.waits_for("access.changed", seconds=SOON)["can_edit"] is False
    assert time.monotonic() - began < SOON
    reopen(app)
    assert lena.waits_for("access.changed", lambda payload: payload["can_edit"], seconds=SOON)["doc"] == document
