"""People at one board: what they type, where they are, and what each may do."""

import base64
import time
from collections.abc import Callable

import pytest

from realtime.heads import HEAD_EVERY
from tests.databases.kinds import both
from tests.personas import CORA, DANA, LENA, OTTO
from tests.realtime.people import Person, Place, eventually
from wire.connection import Connection, Refused

Come = Callable[..., Person]


@both
@pytest.mark.parametrize("server", ["gevent", "threading"], indirect=True)
def test_two_people_write_one_section_and_see_each_other(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    hers, theirs = dana.open(document), lena.open(document)
    for number in range(20):
        hers.insert(0, f"{number} Rückenschmerz 😀. ")
        hers.flush()
        theirs.insert(len(theirs.text), "und Schlaf\n")
        theirs.flush()
    eventually(lambda: hers.text == theirs.text and hers.text.count("Schlaf") == 20)
    told = lena.waits_for("doc.updated")
    assert set(told) == {"doc", "since", "seq", "update", "by"}
    assert told["seq"] > told["since"]
    assert len(told["by"]) == 1
    assert place.rows("SELECT count(*) FROM document_updates WHERE document_id = ?", document) == [(40,)]
    eventually(
        lambda: place.rows("SELECT text, text_seq FROM documents WHERE id = ?", document) == [(hers.text, 40)], 4
    )


def test_presence_and_carets(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("psychology")
    people = dana.waits_for("board.people", lambda payload: len(payload["people"]) == 2)["people"]
    assert {each["name"] for each in people} == {"Dana Osei", "Lena Moreau"}
    assert {each["discipline"] for each in people} == {"physiotherapy", "psychology"}
    dana.open(document)
    lena.open(document)
    caret = {"tname": "body", "item": None, "type": None, "assoc": 0}
    lena.socket.emit("doc.cursor", {"doc": document, "anchor": caret, "head": caret})
    shown = dana.waits_for("doc.cursor")
    assert shown["head"] == caret
    dana.waits_for("board.people", lambda p: any(each.get("section") == "psychology" for each in p["people"]))
    late = person(CORA)
    answer = late.call("doc.open", doc=document, client_ids=[])
    assert answer["cursors"] == [{"by": shown["by"], "anchor": caret, "head": caret}]
    assert answer["can_edit"] is False
    lena.socket.close()
    assert dana.waits_for("doc.cursor", lambda payload: payload["head"] is None)["by"] == shown["by"]
    dana.waits_for("board.people", lambda p: len(p["people"]) == 2 and "Cora Lindt" in str(p))


def test_rights_are_answered_first_then_the_order(person: Come, place: Place) -> None:
    dana, otto, lena = person(DANA, joined=False), person(OTTO, joined=False), person(LENA)
    shared, own = place.document("understanding"), place.document("physiotherapy")
    edit = {"epoch": 1, "update": "AAA="}
    for event, payload in (
        ("board.join", {"plan": place.plan}),
        ("board.leave", {"plan": place.plan}),
        ("doc.open", {"doc": shared, "client_ids": []}),
        ("doc.edit", {"doc": shared, **edit}),
        ("doc.close", {"doc": shared}),
        ("doc.check", {"doc": shared, "seq": 0, "sha256": "0" * 64}),
        ("doc.cursor", {"doc": shared, "anchor": None, "head": None}),
    ):
        assert otto.call(event, **payload)["error"] == "hidden", event
        missing = {**payload, **({"doc": "999999"} if "doc" in payload else {"plan": "999999"})}
        assert dana.call(event, **missing) == otto.call(event, **payload), event
    assert dana.call("doc.open", doc=shared, client_ids=[])["error"] == "malformed"
    assert dana.join()["revision"] >= 1
    assert dana.call("doc.edit", doc=shared, **edit)["error"] == "malformed"
    assert lena.call("doc.edit", doc=own, **edit)["error"] == "forbidden"
    assert lena.call("doc.open", doc=own, client_ids=[])["can_edit"] is False
    assert lena.call("doc.edit", doc=own, **edit)["error"] == "forbidden"
    assert lena.call("no.such.event", doc=own)["error"] == "malformed"
    for words in ("", "x", "-1", "1e3", "０"):
        assert dana.call("doc.open", doc=words, client_ids=[])["error"] == "hidden"
    for payload in ({}, {"doc": 1}, {"doc": None}, {"doc": ["1"]}):
        assert dana.socket.call("doc.open", payload)["error"] == "malformed"


def test_an_outsider_hears_nothing(person: Come, place: Place) -> None:
    dana, otto = person(DANA), person(OTTO, joined=False)
    otto.join()
    replica = dana.open(place.document("understanding"))
    replica.insert(0, "not for everyone")
    replica.flush()
    time.sleep(0.5)
    assert not any(otto.heard.values())


@both
def test_the_joins_are_audited_with_their_denials(person: Come, place: Place) -> None:
    person(DANA)
    person(OTTO, joined=False).join()
    seen = place.rows("SELECT outcome, patient_id FROM audit_events WHERE thing = ?", f"plan:{place.plan}")
    assert sorted(seen) == [("denied", int(place.patient)), ("viewed", int(place.patient))]


def test_signed_out_or_from_elsewhere_there_is_no_handshake(server, person: Come, place: Place) -> None:  # type: ignore[no-untyped-def]
    dana = person(DANA)
    with pytest.raises(Refused):
        Connection(server.url, "", place.plan)
    with pytest.raises(Refused):
        Connection(server.url, dana.cookie, place.plan, origin="https://evil.example")


@both
def test_a_replica_that_was_away_catches_up_by_its_state_vector(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    hers, theirs = dana.open(document), lena.open(document)
    hers.insert(0, "before ")
    hers.flush()
    eventually(lambda: theirs.text == "before ")
    lena.socket.close()
    hers.insert(7, "meanwhile ")
    hers.flush()
    theirs.insert(0, "offline ")
    lena.connect()
    lena.join()
    theirs.connection = lena.socket
    answer = theirs.open()
    assert len(base64.b64decode(answer["update"])) < 60
    theirs.flush()
    eventually(lambda: hers.text == theirs.text == "offline before meanwhile ")


def test_a_replica_that_differs_is_reset_alone(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    dana.open(document)
    replica = lena.open(document)
    replica.insert(0, "same for all")
    seq = replica.flush()
    assert lena.call("doc.check", doc=document, seq=seq, sha256="0" * 64) == {}
    assert lena.waits_for("doc.reset") == {"doc": document, "epoch": 1}
    time.sleep(0.3)
    assert not dana.heard["doc.reset"]


def test_typing_refreshes_the_head_without_raising_the_revision(person: Come, place: Place) -> None:
    dana, cora = person(DANA), person(CORA)
    revision = cora.join()["revision"]
    replica = dana.open(place.document("physiotherapy"))
    began = time.monotonic()
    for letter in "walks":
        replica.insert(0, letter)
        replica.flush()
    changed = cora.waits_for("board.changed")
    assert changed == {"plan": place.plan, "fragments": ["head-physiotherapy"], "revision": revision}
    time.sleep(1.5)
    told = [each for each in cora.heard["board.changed"] if each["fragments"] != ["sign-off"]]
    assert len(told) <= 1 + (time.monotonic() - began) / HEAD_EVERY
    assert all(each == changed for each in told)
    line = cora.waits_for("board.changed", lambda payload: payload["fragments"] == ["sign-off"])
    assert line["revision"] == revision, "once they rest, what the patient cannot see is counted anew"


def test_a_foreign_client_id_is_refused_at_the_door(person: Come, place: Place) -> None:
    dana, lena = person(DANA), person(LENA)
    document = place.document("understanding")
    replica = dana.open(document)
    replica.insert(0, "mine")
    replica.flush()
    answer = lena.call("doc.open", doc=document, client_ids=[replica.client_id])
    assert answer["error"] == "foreign_author"
    assert lena.call("doc.open", doc=document, client_ids=[2**32])["error"] == "foreign_author"


def test_a_second_tab_of_the_same_person_hears_the_first(person: Come, place: Place) -> None:
    first, second = person(DANA), person(DANA)
    document = place.document("understanding")
    hers, also_hers = first.open(document), second.open(document)
    hers.insert(0, "two tabs")
    hers.flush()
    eventually(lambda: also_hers.text == "two tabs")
    time.sleep(0.2)
    assert not first.heard["doc.updated"]
