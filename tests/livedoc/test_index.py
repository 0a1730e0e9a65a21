"""The index of who wrote what is derived: lost, forged or behind, the answer is the same; what an edit's words come
from is sealed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from actions.unit_of_work import Units
from livedoc import ascriber, edits, epochs, indexing, letters, resealing, verification
from livedoc.attributed import Written
from livedoc.attribution import Attribution, NoSuchPoint
from livedoc.chain import Chain
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.origins import Source
from livedoc.ports import run_here
from livedoc.records import Share
from livedoc.submission import Submission
from models.base import db
from models.edit_origin import DocumentAuthorship, EditOrigin, OriginKind
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.personas import DANA, LENA, RAVI, actor, user

pytestmark = [pytest.mark.usefixtures("context"), both]

DOC = 1
WORDS = ("Walks ", "ten 😀 ", "minutes. ", "Sleeps badly. ", "Änderung. ")


@pytest.fixture
def hub(app: Flask, context: None, clock: MovableClock) -> Iterator[Hub]:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), clock)
    yield hub
    hub.shutdown()


@pytest.fixture
def asked(hub: Hub, clock: MovableClock) -> Iterator[Attribution]:
    """Of a document that three people wrote 40 edits of."""
    document = hub.enter(DOC)
    writers = {who: Writer(1000 + number) for number, who in enumerate((DANA, LENA, RAVI))}
    for turn in range(40):
        clock.advance(minutes=7)
        who = list(writers)[turn % 3]
        writer = writers[who]
        text = str(writer.body)
        made = writer.delete(2, 9) if turn % 5 == 4 else writer.insert(len(text) // 2, WORDS[turn % len(WORDS)])
        hub.submit(document, 1, Submission(made, user(who).id, None, {writer.doc.client_id}))
        for other in writers.values():
            if other is not writer:
                other.receive(made)
    asked = Attribution(hub.log, run_here)
    yield asked
    asked.close()


def pieces() -> list[tuple[int, int]]:
    db.session.rollback()
    of = DocumentAuthorship
    return [tuple(row) for row in db.session.execute(select(of.after, of.seq).order_by(of.epoch, of.after))]


def test_it_is_kept_in_pieces_the_last_of_which_grows(
    hub: Hub, asked: Attribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = asked.who_wrote(DOC)
    assert pieces() == [], "so few edits are read each time"
    monkeypatch.setattr(indexing, "PIECE", 15)
    monkeypatch.setattr(letters, "WORTH_KEEPING", 3)
    with db.engine.connect() as connection:
        letters.follow(connection, hub.log, run_here, DOC, 1, 20)
    assert pieces() == [(0, 15), (15, 20)]
    assert asked.who_wrote(DOC) == expected
    assert pieces() == [(0, 15), (15, 30), (30, 40)]
    assert asked.who_wrote(DOC, (1, 12)) == Attribution(hub.log, run_here).who_wrote(DOC, (1, 12))


def test_a_piece_that_does_not_hold_is_made_again(
    asked: Attribution, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(indexing, "PIECE", 15)
    monkeypatch.setattr(letters, "WORTH_KEEPING", 1)
    expected = asked.who_wrote(DOC)
    of = DocumentAuthorship
    forged = db.session.scalars(select(of.index).where(of.after == 0)).one()
    for change in (
        update(of).where(of.after == 15).values(index=forged),
        update(of).where(of.after == 0).values(digest=b"\x01" * 33),
        delete(of).where(of.after == 0),
        delete(of),
    ):
        db.session.execute(change)
        db.session.commit()
        assert asked.who_wrote(DOC) == expected
        assert pieces() == [(0, 15), (15, 30), (30, 40)]
    assert "the index of who wrote what does not hold" in caplog.text


def test_a_long_history_is_worked_out_in_a_process_of_its_own(
    hub: Hub, asked: Attribution, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(hours=2)
    assert hub.rebuild(hub.enter(DOC))
    here = asked.who_wrote(DOC, by_words=True), asked.who_removed(DOC, (1, 8)), asked.changes(DOC, (1, 8), (1, 33))
    db.session.execute(delete(DocumentAuthorship))
    db.session.commit()
    monkeypatch.setattr(ascriber, "LONG", 0)
    there = asked.who_wrote(DOC, by_words=True), asked.who_removed(DOC, (1, 8)), asked.changes(DOC, (1, 8), (1, 33))
    assert here == there


def test_a_new_epoch_begins_with_the_words_of_the_former(
    app: Flask, hub: Hub, asked: Attribution, clock: MovableClock
) -> None:
    def told(written: Written) -> list[tuple[int, object, object]]:
        return [(run.length, run.user_id, run.last_at) for run in written.runs]

    before = asked.who_wrote(DOC)
    clock.advance(hours=2)
    assert hub.rebuild(hub.enter(DOC))
    with db.engine.begin() as connection:
        epochs.begin_all(connection, hub.log.chain, 5, clock())
    after = asked.who_wrote(DOC)
    assert (after.epoch, after.seq, after.text) == (5, 40, before.text)
    assert told(after) == told(before)
    assert told(asked.who_wrote(DOC, (2, 40))) == told(before)
    assert {run.by for run in asked.who_removed(DOC, (1, 40)).runs} == {None}
    for point in ((1, 41), (2, 39), (3, 40), (5, 41), (0, 0)):
        with pytest.raises(NoSuchPoint):
            asked.who_wrote(DOC, point)
    with pytest.raises(NoSuchPoint):
        asked.who_removed(DOC, (2, 40), (1, 40))


def test_where_words_come_from_is_sealed(app: Flask, hub: Hub, asked: Attribution, clock: MovableClock) -> None:
    seals = app.extensions["consilium"].seals
    text = hub.text(DOC)
    with Units(clock, locks=hub, seals=seals).begin(actor(LENA), [DOC]) as work:
        source = Source(OriginKind.RESTORE, [Share(len(text)), Share(4, user(RAVI).id, clock(), 1, 3)], "Still true.")
        edits.replace(work, hub, DOC, 1, 40, text + "New.", user(LENA).id, source)

    def last() -> tuple[int | None, int | None]:
        run = asked.who_wrote(DOC).runs[-1]
        return run.user_id, run.hand and run.hand.user_id

    def faults() -> list[tuple[int, str]]:
        with db.engine.connect() as connection:
            return [(each.seq, each.why) for each in verification.of_document(connection, hub.log.chain, DOC)]

    assert last() == (user(RAVI).id, user(LENA).id)
    assert faults() == []
    row = db.session.scalars(select(EditOrigin)).one()
    row.runs = [[4, user(DANA).id, *row.runs[0][2:]]]
    db.session.commit()
    assert last() == (user(LENA).id, None), "what does not hold is not believed"
    assert faults() == [(41, verification.ORIGIN)]
    with db.engine.begin() as connection:
        resealing.reseal(connection, hub.log.chain)
    assert last() == (user(DANA).id, user(LENA).id)
    assert faults() == []
