"""A backup is taken while people type, the server dies, and the backup is restored: what was acknowledged before the
backup is there once, and nobody's former history or session gets in."""

import base64
import os
import random
import sqlite3
import time
from pathlib import Path

import pytest

from tests.cli.command_line import elsewhere, only_backup
from tests.databases.kinds import both
from tests.faults.typists import Typist
from tests.personas import DANA, LENA, PASSWORD, Persona
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess
from wire.connection import Connection, Refused, sign_in

BALLAST = 60_000
"""Rows that make the copy a matter of more than a moment: about 15 MB."""
STALL = 5.0
"""Seconds that one edit in a hundred may wait; half of them wait no longer than USUAL."""
USUAL = 1.0


def command(instance: Path, *words: str) -> str:
    """Run a command beside the server, and answer what it printed."""
    done = elsewhere(instance, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fill(instance: Path, rng: random.Random) -> None:
    database = sqlite3.connect(instance / "consilium.db")
    with database:
        database.executemany(
            "INSERT INTO sign_in_failures (email, address, at) VALUES (?, '192.0.2.1', '2020-01-01 09:00:00')",
            ((rng.randbytes(100).hex(),) for _ in range(BALLAST)),
        )
    database.close()


def test_what_was_acknowledged_before_the_backup_is_there_once(instance: Path) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    fill(instance, rng)
    place, server = Place(instance), ServerProcess(instance)
    documents = [place.document("understanding"), place.document("flare-up", "plain")]
    try:
        server.start()
        typists = [Typist(server, who, place, document) for who in (DANA, LENA) for document in documents]
        for typist in typists:
            typist.start()
        for typist in typists:
            typist.waits_for_more_than(3)
        time.sleep(rng.uniform(0.1, 0.8))
        promised = [typist.typed[: typist.acknowledged] for typist in typists]
        answered = [len(typist.waits) for typist in typists]
        assert "checked" in command(instance, "backup")
        waits = [wait for typist, since in zip(typists, answered, strict=True) for wait in typist.waits[since:]]
        time.sleep(rng.uniform(0.1, 0.5))
        server.kill()
        for typist in typists:
            typist.join()
        _did_not_stall(waits)
        said = command(instance, "restore", str(only_backup(instance / "backups")), "--replace")
        assert "consilium.db.replaced-" in said
        server.start()
        _nobody_is_signed_in(server, place, typists)
        for document in documents:
            own = [
                (typist, words) for typist, words in zip(typists, promised, strict=True) if typist.document == document
            ]
            _has_once(_comes_back(server, DANA, place, own[0][0]), own)
        assert "hold." in command(instance, "documents", "verify")
        assert "The audit is whole" in command(instance, "audit", "verify")
    finally:
        server.kill()


def _did_not_stall(waits: list[float]) -> None:
    """Typing went on while the copy was made."""
    assert len(waits) > 20
    late = sorted(waits)[int(len(waits) * 0.99)]
    print(f"{len(waits)} edits while the copy was made: p99 {late * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms")
    assert late < STALL
    assert sorted(waits)[len(waits) // 2] < USUAL


def _nobody_is_signed_in(server: ServerProcess, place: Place, typists: list[Typist]) -> None:
    for typist in typists:
        with pytest.raises(Refused, match="401"):
            Connection(server.url, typist.cookie, place.plan)


def _comes_back(server: ServerProcess, who: Persona, place: Place, typist: Typist) -> str:
    """Somebody signs in anew with the former history in hand: it is refused by name. Answers the text there is."""
    person = Person(server.url, who, place, sign_in(server.url, who.email, PASSWORD))
    assert "error" not in person.join()
    former = typist.replica
    opened = person.call("doc.open", doc=typist.document, client_ids=[former.client_id], epoch=former.epoch)
    assert opened["epoch"] > former.epoch
    former.insert(0, "unsent ")
    update = base64.b64encode(former._unsent[-1]).decode()
    refused = person.call("doc.edit", doc=typist.document, epoch=former.epoch, update=update)
    assert refused["error"] == "stale_epoch"
    replica = person.open(typist.document)
    replica.insert(0, "Anew. ")
    assert replica.flush() is not None
    person.socket.close()
    return replica.text


def _has_once(text: str, promised: list[tuple[Typist, list[str]]]) -> None:
    assert "unsent" not in text
    for typist, words in promised:
        for word in words:
            assert text.count(word) == 1, word
        for word in typist.typed:
            assert text.count(word) <= 1, word


@both
def test_documents_verify_while_people_type(instance: Path) -> None:
    """What is committed between two looks at a document is no damage."""
    place, server = Place(instance), ServerProcess(instance)
    try:
        server.start()
        typist = Typist(server, DANA, place, place.document("understanding"))
        typist.start()
        assert "holds." in command(instance, "documents", "verify", typist.document)
        typist.stop()
        typist.leave()
    finally:
        server.kill()
