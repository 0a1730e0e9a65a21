"""Replicas that differ are mended: the one alone at first, the document itself when a fresh one differs again; and a
damaged document is shown as it last held."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.databases import address
from tests.databases.kinds import both
from tests.personas import CORA, DANA, LENA, Persona
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.connection import Payload
from wire.replica import Replica

pytestmark = both
Come = Callable[[Persona], Person]
WRONG = "0" * 64


def open_anew(who: Person, document: str) -> Replica:
    """As a browser does after a reset: with nothing in hand."""
    return who.open(document)


def lie(who: Person, document: str, seq: int) -> Payload:
    return who.call("doc.check", doc=document, seq=seq, sha256=WRONG)


def test_a_fresh_replica_that_differs_again_has_the_document_rebuilt_once_an_hour(person: Come, place: Place) -> None:
    dana, lena, cora = person(DANA), person(LENA), person(CORA)
    document = place.document("understanding")
    hers = dana.open(document)
    hers.insert(0, "What all of us wrote. 😀")
    seq = hers.flush()
    assert seq
    open_anew(lena, document)
    open_anew(cora, document)
    lie(lena, document, seq)
    assert lena.waits_for("doc.reset") == {"doc": document, "epoch": 1}
    lie(lena, document, seq)
    time.sleep(0.3)
    assert not dana.heard["doc.reset"], "a replica that did not begin anew proves nothing"
    open_anew(lena, document)
    lie(lena, document, seq)
    for each in (dana, lena, cora):
        assert each.waits_for("doc.reset", lambda told: told["epoch"] == 2) == {"doc": document, "epoch": 2}
    hers.insert(0, "Unsent. ")
    stale = dana.call("doc.edit", doc=document, epoch=1, update="AAA=")
    assert stale["error"] == "stale_epoch"
    fresh = [open_anew(each, document) for each in (dana, lena, cora)]
    assert {replica.text for replica in fresh} == {"What all of us wrote. 😀"}
    assert {(replica.epoch, replica.seq) for replica in fresh} == {(2, seq)}
    fresh[0].insert(0, "On. ")
    assert fresh[0].flush() == seq + 1
    eventually(lambda: fresh[1].text == fresh[2].text == "On. What all of us wrote. 😀")
    for _ in range(2):
        lie(lena, document, seq + 1)
        open_anew(lena, document)
        lie(lena, document, seq + 1)
    time.sleep(0.5)
    assert place.rows("SELECT epoch FROM documents WHERE id = ?", int(document)) == [(2,)]


def test_who_may_not_edit_has_nothing_rebuilt(person: Come, place: Place) -> None:
    dana, cora = person(DANA), person(CORA)
    document = place.document("physiotherapy")
    hers = dana.open(document)
    hers.insert(0, "Hers.")
    seq = hers.flush()
    assert seq
    open_anew(cora, document)
    for _ in range(2):
        lie(cora, document, seq)
        open_anew(cora, document)
    lie(cora, document, seq)
    time.sleep(0.5)
    assert place.rows("SELECT epoch FROM documents WHERE id = ?", int(document)) == [(1,)]
    assert not dana.heard["doc.reset"]


def test_a_damaged_document_is_shown_as_it_last_held_and_takes_no_edit(instance: Path, place: Place) -> None:
    document = place.document("understanding")
    server = ServerProcess(instance).start()
    try:
        dana = Person(server.url, DANA, place)
        dana.join()
        hers = dana.open(document)
        for words in ("One. ", "Two. ", "Three. "):
            hers.insert(len(hers.text), words)
            hers.flush()
        dana.socket.close()
        server.kill()
        address.execute(
            instance,
            "UPDATE document_updates SET user_id = user_id + 1 WHERE document_id = ? AND seq = 3",
            int(document),
        )
        server.start()
        dana.connect()
        dana.join()
        again = Replica(dana.socket, document)
        opened = again.open()
        assert (opened["damaged"], opened["can_edit"], opened["seq"], again.text) == (True, False, 2, "One. Two. ")
        again.insert(0, "On. ")
        answer = dana.call("doc.edit", doc=document, epoch=1, update="AAA=")
        assert answer["error"] == "forbidden"
        healthy = dana.open(place.document("flare-up", "plain"))
        healthy.insert(0, "Others go on.")
        assert healthy.flush() == 1
        assert (
            dana.post(f"/patients/{place.patient}/plan/documents/{document}/text", text="x", epoch="1", base_seq="2")
            == 422
        )
        dana.socket.close()
    finally:
        server.kill()
