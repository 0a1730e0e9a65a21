"""A byte of the disk flips: in an edit, in a snapshot, in an audit row. Each is named; what was acknowledged before the
edit that flipped is there, once, and everything else goes on."""

import os
import random
import re
from pathlib import Path

from tests.cli.command_line import elsewhere
from tests.databases import address
from tests.faults.typists import Typist, verify
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess
from wire.replica import Replica

ENOUGH = 60
"""Edits after which the last to leave has a document compacted."""


def flip(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def test_a_flipped_byte_is_named_and_costs_no_more_than_what_comes_after_it(instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    place, server = Place(instance), ServerProcess(instance)
    changed, compacted = place.document("understanding"), place.document("flare-up", "plain")
    try:
        server.start()
        typists = {
            document: Typist(server, who, place, document) for who, document in ((DANA, changed), (LENA, compacted))
        }
        for typist in typists.values():
            typist.start()
            typist.waits_for_more_than(ENOUGH)
        for document, typist in typists.items():
            typist.stop()
            verify(place, document, [typist])
            typist.leave()
        snapshots = "SELECT seq, state FROM document_snapshots WHERE document_id = ?"
        eventually(lambda: len(place.rows(snapshots, int(compacted))) == 1)
        server.kill()
        _forget_snapshots(instance, changed)
        seq = rng.randrange(2, ENOUGH)
        audited = _flip_all(instance, place, int(changed), int(compacted), seq, rng)
        server.start()
        _is_readable_as_it_last_held(server, place, changed, typists[changed].typed[: seq - 1])
        _goes_on(server, place, compacted, typists[compacted].typed)
        documents, audit = elsewhere(instance, "documents", "verify"), elsewhere(instance, "audit", "verify")
        assert (documents.returncode, audit.returncode) == (1, 1), documents.stdout + audit.stdout
        assert f"document {changed}, epoch 1, edit {seq}: an edit was changed or moved\n" in documents.stdout
        assert re.search(rf"document {compacted}, epoch 1, edit \d+: the snapshot was changed\n", documents.stdout)
        assert re.search(rf"\b{audited}\b", audit.stdout + audit.stderr), audit.stdout + audit.stderr
    finally:
        server.kill()


def _forget_snapshots(instance: Path, document: str) -> None:
    """Snapshots behind the edit that flips would serve in its stead, and hide it from who opens."""
    address.execute(instance, "DELETE FROM document_snapshots WHERE document_id = ?", int(document))


def _flip_all(instance: Path, place: Place, changed: int, compacted: int, seq: int, rng: random.Random) -> int:
    """Flip a byte in an edit, in a snapshot, and in an audit row whose id is answered."""
    where = "WHERE document_id = ? AND seq = ?"
    ((update,),) = place.rows(f'SELECT "update" FROM document_updates {where}', changed, seq)
    assert address.execute(
        instance, f'UPDATE document_updates SET "update" = ? {where}', flip(bytes(update), rng), changed, seq
    )
    ((at, state),) = place.rows("SELECT seq, state FROM document_snapshots WHERE document_id = ?", compacted)
    assert address.execute(
        instance, f"UPDATE document_snapshots SET state = ? {where}", flip(bytes(state), rng), compacted, at
    )
    address.execute(instance, "DROP TRIGGER audit_events_no_update")
    ((audited, thing),) = place.rows("SELECT id, thing FROM audit_events ORDER BY id LIMIT 1 OFFSET 4")
    assert address.execute(instance, "UPDATE audit_events SET thing = ? WHERE id = ?", thing[:-1] + "~", audited)
    return int(audited)


def _is_readable_as_it_last_held(server: ServerProcess, place: Place, document: str, words: list[str]) -> None:
    dana = Person(server.url, DANA, place)
    assert "error" not in dana.join()
    replica = Replica(dana.socket, document)
    opened = replica.open()
    assert (opened["damaged"], opened["can_edit"], opened["seq"]) == (True, False, len(words))
    _holds_once(replica.text, words)
    assert dana.call("doc.edit", doc=document, epoch=1, update="AAA=")["error"] == "forbidden"
    dana.socket.close()


def _goes_on(server: ServerProcess, place: Place, document: str, words: list[str]) -> None:
    lena = Person(server.url, LENA, place)
    assert "error" not in lena.join()
    replica = lena.open(document)
    _holds_once(replica.text, words)
    replica.insert(0, "On. ")
    assert replica.flush() == len(words) + 1
    lena.socket.close()


def _holds_once(text: str, words: list[str]) -> None:
    assert all(text.count(word) == 1 for word in words)
    assert text.count("[") == len(words)
