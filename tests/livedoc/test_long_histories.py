"""Long histories stay quick to open: snapshots are made when they are worth it, checked, and thinned; a document is
rebuilt once an hour at most."""

import hashlib
import random
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from livedoc import committed, compaction, verification
from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.submission import Submission
from models.base import db
from models.document import Document, DocumentSnapshot
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.personas import DANA, user

pytestmark = [pytest.mark.usefixtures("context"), both]

DOC, DANA_ID = 1, 1001


@pytest.fixture
def hub(app: Flask, context: None, clock: MovableClock) -> Iterator[Hub]:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), clock)
    yield hub
    hub.shutdown()


def send(hub: Hub, document: LiveDocument, data: bytes) -> int:
    submission = Submission(data, user(DANA).id, object(), frozenset({DANA_ID}))
    return hub.submit(document, document.epoch, submission).seq


def snapshots() -> list[int]:
    db.session.expire_all()
    query = select(DocumentSnapshot.seq).where(DocumentSnapshot.document_id == DOC).order_by(DocumentSnapshot.seq)
    return list(db.session.scalars(query))


def waits_for_snapshots(expected: list[int]) -> None:
    deadline = time.monotonic() + 60
    while (found := snapshots()) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    db.session.rollback()


def sound(app: Flask) -> bool:
    with db.engine.connect() as connection:
        return not list(verification.of_document(connection, Chain(app.extensions["consilium"].seals), DOC))


def test_an_open_document_is_compacted_now_and_then_and_once_more_when_all_have_left(
    app: Flask, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "EVERY", 40)
    monkeypatch.setattr(compaction, "WORTH_IT", 10)
    seed = random.randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    document, writer = hub.enter(DOC), Writer(DANA_ID)

    def type_some(count: int) -> None:
        for _ in range(count):
            length = len(str(writer.body))
            at = rng.randrange(length + 1)
            if length > 20 and rng.random() < 0.3:
                data = writer.delete(at := min(at, length - 3), at + 2)
            else:
                data = writer.insert(at, rng.choice(["a", "pain ", "é", "😀", "\n"]))
            send(hub, document, data)

    type_some(40)
    waits_for_snapshots([40])
    type_some(40)
    waits_for_snapshots([40, 80])
    type_some(15)
    hub.leave(document)
    waits_for_snapshots([80, 95])
    assert sound(app)
    hub._committer.stop()
    again = Hub(hub.log, hub._clock)
    opened = again.enter(DOC)
    assert (opened.since, opened.seq, opened.text()) == (95, 95, str(writer.body))
    assert len(opened.halves.get(DANA_ID, ())) == opened.text().count("😀")
    shown = again.read(opened)
    assert Writer(7, shown.update).vector == shown.state_vector
    assert again.digest(opened)[1] == hashlib.sha256(str(writer.body).encode()).hexdigest()
    assert opened._replica._replica is None, "to read a document, its history is not taken apart"
    assert send(again, opened, writer.insert(0, "On. ")) == 96
    assert opened.text() == str(writer.body)
    again.leave(opened)
    again.shutdown()
    assert snapshots() == [80, 95], "a few edits more are not worth a snapshot"


def test_a_long_history_is_compacted_in_a_process_of_its_own(
    app: Flask, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "LONG", 100)
    monkeypatch.setattr(compaction, "WORTH_IT", 10)
    document, writer = hub.enter(DOC), Writer(DANA_ID)
    for word in range(12):
        send(hub, document, writer.insert(0, f"word {word} 😀 "))
    hub.leave(document)
    waits_for_snapshots([12])
    assert sound(app)
    kept = db.session.scalars(select(DocumentSnapshot).where(DocumentSnapshot.document_id == DOC)).one()
    assert kept.text == str(writer.body)


def test_a_state_that_does_not_come_back_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(DANA_ID)
    made = [writer.insert(0, "good "), writer.insert(5, "words")]
    assert compaction.compact(made).text == "good words"

    class Forgetful(compaction.Replica):
        def update(self, known=None):  # type: ignore[no-untyped-def]
            return made[0]

    monkeypatch.setattr(compaction, "Replica", Forgetful)
    with pytest.raises(compaction.Unsound):
        compaction.compact(made)


def test_a_document_is_rebuilt_once_an_hour_at_most(app: Flask, hub: Hub, clock: MovableClock) -> None:
    document, writer = hub.enter(DOC), Writer(DANA_ID)
    send(hub, document, writer.insert(0, "Words. 😀"))
    assert hub.rebuild(document)
    assert (document.epoch, document.seq, document.text()) == (2, 1, "Words. 😀")
    clock.advance(minutes=59)
    assert not hub.rebuild(document)
    clock.advance(minutes=2)
    assert hub.rebuild(document)
    assert document.epoch == 3
    new = Writer(DANA_ID + 1, document.update())
    data = new.insert(0, "On. ")
    submission = Submission(data, user(DANA).id, object(), frozenset({DANA_ID + 1}))
    assert hub.submit(document, 3, submission).seq == 2
    hub._committer.stop()
    assert sound(app)
    db.session.expire_all()
    assert db.session.get(Document, DOC).text == "On. Words. 😀"


def test_a_history_that_is_no_honest_one_is_rebuilt_when_typing_rests(
    app: Flask, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is slow to load stays so for good: a hostile history is replaced by its text."""
    writer, document = Writer(DANA_ID), hub.enter(DOC)
    send(hub, document, writer.insert(0, "far-apart "))
    monkeypatch.setattr(committed, "HEAVY", 0.0)
    document.load(hub.log.history(DOC))
    send(hub, document, writer.insert(0, "neighbours "))
    deadline = time.monotonic() + 60
    while document.epoch != 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert document.text() == "neighbours far-apart "
