"""What somebody did to the log behind our back is found, named, and costs no more than what comes after it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from livedoc import compaction, edits, epochs, verification
from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from models.base import db
from models.document import Document, DocumentSnapshot, DocumentUpdate
from models.seals import Seals
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.personas import DANA, actor, user
from tests.tampering import other, without_foreign_keys

pytestmark = [pytest.mark.usefixtures("context"), both]

DOC, DANA_ID = 1, 1001
WORDS = ["One. ", "Two. ", "Three. ", "Four. ", "Five. "]


@pytest.fixture
def hub(app: Flask, context: None) -> Iterator[Hub]:
    hub = new_hub(app)
    yield hub
    hub.shutdown()


def new_hub(app: Flask, seals: Seals | None = None) -> Hub:
    house = app.extensions["consilium"]
    return Hub(Log(db.engine, Chain(seals or house.seals)), house.units.clock)


def send(hub: Hub, document: LiveDocument, data: bytes) -> int:
    submission = Submission(data, user(DANA).id, object(), frozenset({DANA_ID}))
    return hub.submit(document, document.epoch, submission).seq


def written(hub: Hub, words: list[str] = WORDS) -> Writer:
    """Dana writes one edit a word, in order, and leaves."""
    writer, document = Writer(DANA_ID), hub.enter(DOC)
    for word in words:
        send(hub, document, writer.insert(len(str(writer.body)), word))
    hub.leave(document)
    hub._committer.stop()
    return writer


def row(seq: int):  # type: ignore[no-untyped-def]
    return (DocumentUpdate.document_id == DOC) & (DocumentUpdate.seq == seq)


def change_bytes() -> None:
    found = db.session.scalars(select(DocumentUpdate).where(row(3))).one()
    found.update = found.update.replace(b"Three", b"Throe")


def change_author() -> None:
    db.session.execute(update(DocumentUpdate).where(row(3)).values(user_id=DocumentUpdate.user_id + 1))


def change_moment() -> None:
    found = db.session.scalars(select(DocumentUpdate).where(row(3))).one()
    found.at = found.at.replace(microsecond=1)


def remove() -> None:
    db.session.execute(delete(DocumentUpdate).where(row(3)))


def close_up() -> None:
    """Remove an edit and let the later ones move up."""
    remove()
    for seq in (4, 5):
        db.session.execute(update(DocumentUpdate).where(row(seq)).values(seq=seq - 1))
    db.session.execute(update(Document).where(Document.id == DOC).values(seq=4))


def swap() -> None:
    for before, after in ((3, 99), (4, 3), (99, 4)):
        db.session.execute(update(DocumentUpdate).where(row(before)).values(seq=after))


def cut() -> None:
    """Remove the tail, and set the head back to what is left."""
    db.session.execute(delete(DocumentUpdate).where(DocumentUpdate.document_id == DOC, DocumentUpdate.seq > 2))
    db.session.execute(update(Document).where(Document.id == DOC).values(seq=2, text_seq=2, text="One. Two. "))


TAMPERING: dict[str, tuple[Callable[[], None], int, str]] = {
    "a changed word": (change_bytes, 3, "changed or moved"),
    "another author": (change_author, 3, "changed or moved"),
    "another moment": (change_moment, 3, "changed or moved"),
    "a missing edit": (remove, 3, "missing"),
    "a missing edit, closed up": (close_up, 3, "changed or moved"),
    "two edits changed places": (swap, 3, "changed or moved"),
    "a cut tail": (cut, 2, "head was changed, or its last edits are missing"),
}


def found() -> list[verification.Finding]:
    from flask import current_app

    with db.engine.connect() as connection:
        return list(verification.findings(connection, Chain(current_app.extensions["consilium"].seals)))


@pytest.mark.parametrize(("tamper", "seq", "why"), TAMPERING.values(), ids=TAMPERING.keys())
def test_tampering_is_named_and_the_last_good_state_opens_read_only(
    app: Flask, hub: Hub, tamper: Callable[[], None], seq: int, why: str
) -> None:
    writer = written(hub)
    assert found() == []
    tamper()
    db.session.commit()
    (finding,) = found()
    assert (finding.document_id, finding.epoch, finding.seq) == (DOC, 1, seq)
    assert why in str(finding)

    again = new_hub(app)
    document = again.enter(DOC)
    assert document.damage is not None
    assert document.text() == "One. Two. "
    with pytest.raises(Refused) as refused:
        send(again, document, writer.insert(0, "On. "))
    assert refused.value.code is Code.FORBIDDEN
    units = app.extensions["consilium"].units
    with pytest.raises(Refused) as refused, units.begin(actor(DANA)) as work, again.locked([DOC]):
        edits.replace(work, again, DOC, 1, 2, "other", user(DANA).id)
    assert refused.value.code is Code.FORBIDDEN
    again.shutdown()


def test_a_repaired_document_is_written_in_again_and_verifies(app: Flask, hub: Hub) -> None:
    written(hub)
    change_bytes()
    db.session.commit()
    house = app.extensions["consilium"]
    with house.units.begin(None) as work:
        good, damage = epochs.repair(work.session.connection(), Chain(house.seals), DOC, work.now)
    assert (good.seq, damage.seq) == (2, 3)
    assert found() == []
    again = new_hub(app)
    document = again.enter(DOC)
    assert (document.text(), document.epoch, document.seq, document.damage) == ("One. Two. ", 2, 2, None)
    new = Writer(DANA_ID + 1, document.update())
    submission = Submission(new.insert(0, "On. "), user(DANA).id, object(), frozenset({DANA_ID + 1}))
    assert again.submit(document, 2, submission).seq == 3
    again.shutdown()
    assert found() == []
    with house.units.begin(None) as work, pytest.raises(epochs.Sound):
        epochs.repair(work.session.connection(), Chain(house.seals), DOC, work.now)
    with house.units.begin(None) as work, pytest.raises(LookupError):
        epochs.repair(work.session.connection(), Chain(house.seals), 987654, work.now)


def test_a_bad_snapshot_is_named_and_the_log_serves_in_its_stead(
    app: Flask, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "WORTH_IT", 1)
    written(hub)
    hub._compactor.stop()
    kept = db.session.scalars(select(DocumentSnapshot).where(DocumentSnapshot.document_id == DOC)).one()
    assert (kept.seq, kept.text) == (5, "".join(WORDS))
    assert found() == []
    kept.state = kept.state.replace(b"Three", b"Throe")
    db.session.commit()
    (finding,) = found()
    assert str(finding) == f"document {DOC}, epoch 1, edit 5: {verification.SNAPSHOT}"
    again = new_hub(app)
    document = again.enter(DOC)
    assert (document.text(), document.damage, document.since) == ("".join(WORDS), None, 0)
    again.shutdown()


def test_a_changed_page_text_is_named(hub: Hub) -> None:
    written(hub)
    db.session.execute(update(Document).where(Document.id == DOC).values(text="something else"))
    db.session.commit()
    (finding,) = found()
    assert finding.why == verification.KEPT_TEXT


def test_a_new_key_seals_and_the_old_one_still_verifies(app: Flask, hub: Hub) -> None:
    writer = written(hub)
    old = {1: b"i" * 40}
    rotated = new_hub(app, Seals({**old, 2: b"n" * 40}))
    document = rotated.enter(DOC)
    assert document.damage is None
    assert send(rotated, document, writer.insert(0, "On. ")) == 6
    rotated.shutdown()
    with db.engine.connect() as connection:
        assert not list(verification.of_document(connection, Chain(Seals({**old, 2: b"n" * 40})), DOC))
        (lost,) = verification.of_document(connection, Chain(Seals({2: b"n" * 40})), DOC)
        assert (lost.seq, lost.why) == (1, "key 1 of its seal is not here")


def test_every_document_begins_a_new_epoch_with_the_state_it_had(app: Flask, hub: Hub) -> None:
    written(hub)
    house = app.extensions["consilium"]
    count = len(db.session.scalars(select(Document.id)).all())
    before = db.session.execute(text("SELECT id, seq, text FROM documents ORDER BY id")).all()
    with house.units.begin(None) as work:
        assert epochs.begin_all(work.session.connection(), Chain(house.seals), 700, work.now) == count
    assert set(db.session.scalars(select(Document.epoch))) == {700}
    assert db.session.execute(text("SELECT id, seq, text FROM documents ORDER BY id")).all() == before
    assert found() == []
    change = db.session.scalars(select(DocumentSnapshot).where(DocumentSnapshot.document_id == DOC)).one()
    change.state = change.state.replace(b"One", b"Eno")
    db.session.commit()
    (finding,) = found()
    assert (finding.epoch, finding.why) == (700, verification.SNAPSHOT)
    again = new_hub(app)
    document = again.enter(DOC)
    assert document.damage is not None
    assert document.text() == "".join(WORDS)
    again.shutdown()
    with house.units.begin(None) as work, pytest.raises(epochs.Damaged):
        epochs.begin_all(work.session.connection(), Chain(house.seals), 701, work.now)


def test_each_column_of_an_edit_is_found_when_changed_and_named(app: Flask, hub: Hub) -> None:
    written(hub)
    chain, table, missed = Chain(app.extensions["consilium"].seals), DocumentUpdate.__table__, list[str]()
    for column in table.columns:
        session = db.session()
        session.execute(text("UPDATE plans SET revision = revision"))  # opens the transaction that holds it all
        connection = session.connection()
        without_foreign_keys(connection)
        before = connection.execute(select(column).where(row(3))).scalar_one()
        changed = update(DocumentUpdate).where(row(3)).values({column.name: other(column, before)})
        assert connection.execute(changed).rowcount == 1
        lines = [str(each) for each in verification.findings(connection, chain)]
        session.rollback()
        if not any(line.lower().startswith(f"document {DOC}, epoch 1, edit 3: ") for line in lines):
            missed.append(f"{column.name}: {lines}")
    assert not missed, "\n".join(missed)
