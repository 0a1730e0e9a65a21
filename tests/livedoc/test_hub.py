"""The way of an edit: committed before it is acknowledged, once, whatever the database does meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from livedoc import hub as hubs
from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Hub
from livedoc.log import Log
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from models.base import db
from models.document import Document, DocumentClient, DocumentUpdate
from models.write_gate import DatabaseBusy
from tests.databases.holding import held
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.personas import DANA, LENA, user

pytestmark = both

DOC = 1
DANA_ID, LENA_ID = 1001, 2002


class BrokenDisk:
    """A runner that fails on demand, as a full disk does."""

    def __init__(self) -> None:
        self.fails: Callable[[], bool] = lambda: False
        self.calls = 0

    def __call__(self, call):  # type: ignore[no-untyped-def]
        self.calls += 1
        if self.fails():
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        return call()


@pytest.fixture
def disk() -> BrokenDisk:
    return BrokenDisk()


@pytest.fixture
def hub(app: Flask, context: None, disk: BrokenDisk) -> Iterator[Hub]:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), app.extensions["consilium"].units.clock, disk)
    yield hub
    hub.shutdown()


@pytest.fixture
def document(hub: Hub) -> LiveDocument:
    return hub.enter(DOC)


def send(hub: Hub, document: LiveDocument, data: bytes, who=DANA, client: int = DANA_ID):  # type: ignore[no-untyped-def]
    return hub.submit(document, document.epoch, Submission(data, user(who).id, None, {client}))


def rows() -> list[DocumentUpdate]:
    db.session.expire_all()
    query = select(DocumentUpdate).where(DocumentUpdate.document_id == DOC).order_by(DocumentUpdate.seq)
    return list(db.session.scalars(query))


def test_an_edit_is_in_the_database_when_it_is_acknowledged(hub: Hub, document: LiveDocument) -> None:
    dana = Writer(DANA_ID)
    assert send(hub, document, dana.insert(0, "Walks daily.")).seq == 1
    (row,) = rows()
    assert (row.seq, row.user_id, row.client_ids) == (1, user(DANA).id, [DANA_ID])
    assert db.session.get(DocumentClient, (DOC, DANA_ID)).user_id == user(DANA).id
    head = db.session.get(Document, DOC)
    assert (head.seq, head.changed_by_id) == (1, user(DANA).id)
    assert hub.current(DOC) == hubs.Current("Walks daily.", 1, 1)


def test_sending_again_stores_nothing(hub: Hub, document: LiveDocument) -> None:
    data = Writer(DANA_ID).insert(0, "once")
    assert send(hub, document, data) == hubs.Accepted(1, duplicate=False)
    assert send(hub, document, data) == hubs.Accepted(1, duplicate=True)
    assert len(rows()) == 1


def test_another_epoch_is_stale(hub: Hub, document: LiveDocument) -> None:
    with pytest.raises(Refused) as refused:
        hub.submit(document, 2, Submission(Writer(DANA_ID).insert(0, "x"), 1, None, {DANA_ID}))
    assert refused.value.code is Code.STALE_EPOCH


def test_a_failed_commit_is_not_acknowledged_and_can_be_sent_again(
    hub: Hub, document: LiveDocument, disk: BrokenDisk
) -> None:
    dana = Writer(DANA_ID)
    first, second = dana.insert(0, "first "), dana.insert(6, "second")
    disk.fails = lambda: True
    with pytest.raises(Refused) as refused:
        send(hub, document, first)
    assert refused.value.code is Code.UNAVAILABLE
    assert hub.current(DOC).text == ""
    with pytest.raises(Refused) as refused:
        send(hub, document, second)
    assert refused.value.code is Code.MALFORMED  # it leans on words that were never committed
    disk.fails = lambda: False
    assert not send(hub, document, first).duplicate
    assert not send(hub, document, second).duplicate
    assert hub.current(DOC).text == "first second"


def test_one_edit_that_cannot_be_kept_does_not_hold_up_the_others(
    hub: Hub, document: LiveDocument, disk: BrokenDisk
) -> None:
    send(hub, document, Writer(LENA_ID).insert(0, "."), LENA, LENA_ID)
    start = hub.read(document).update
    dana, lena = Writer(DANA_ID, start), Writer(LENA_ID + 1, start)
    outcomes: dict[str, object] = {}

    def submit(name: str, data: bytes, who: int, client: int) -> None:
        try:
            outcomes[name] = hub.submit(document, 1, Submission(data, who, name, {client}))
        except Refused as refusal:
            outcomes[name] = refusal.code

    ids = user(DANA).id, user(LENA).id
    threads = [
        threading.Thread(target=submit, args=("bad", dana.insert(0, "bad"), ids[0], DANA_ID)),
        threading.Thread(target=submit, args=("good", lena.insert(0, "good"), ids[1], LENA_ID + 1)),
    ]
    failures = iter([True, True, False])  # the batch, then the first of its edits alone
    disk.fails = lambda: next(failures, False)
    with held(db.engine, DOC):  # hold the tick until both wait
        for thread in threads:
            thread.start()
            time.sleep(0.05)
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, outcomes.values())) == sorted([str(Code.UNAVAILABLE), str(hubs.Accepted(2, False))])
    assert [row.seq for row in rows()] == [1, 2]
    assert hub.current(DOC).text in ("good.", "bad.")


def test_a_duplicate_of_what_is_not_committed_yet_waits_for_it(
    hub: Hub, document: LiveDocument, disk: BrokenDisk
) -> None:
    data, who = Writer(DANA_ID).insert(0, "slow"), user(DANA).id
    answers: list[hubs.Accepted] = []

    def submit() -> None:
        answers.append(hub.submit(document, 1, Submission(data, who, None, {DANA_ID})))

    threads = [threading.Thread(target=submit) for _ in range(2)]
    with held(db.engine, DOC):
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        assert answers == []
        assert rows() == []
    for thread in threads:
        thread.join(60)
    assert sorted(answer.duplicate for answer in answers) == [False, True]
    assert {answer.seq for answer in answers} == {1}
    assert len(rows()) == 1


def test_a_commit_that_takes_long_is_unavailable_and_sending_again_tells_the_outcome(
    hub: Hub, document: LiveDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "AWAITED", 0.2)
    data = Writer(DANA_ID).insert(0, "late")
    with held(db.engine, DOC), pytest.raises(Refused) as refused:
        send(hub, document, data)
    assert refused.value.code is Code.UNAVAILABLE
    monkeypatch.setattr(hubs, "AWAITED", 5.0)
    assert send(hub, document, data) == hubs.Accepted(1, duplicate=True)
    assert len(rows()) == 1


def test_what_another_process_appended_is_taken_in(app: Flask, hub: Hub, document: LiveDocument) -> None:
    dana, lena = Writer(DANA_ID), Writer(LENA_ID)
    elsewhere = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), app.extensions["consilium"].units.clock)
    send(elsewhere, elsewhere.enter(DOC), dana.insert(0, "there "))
    assert send(hub, document, lena.insert(0, "here "), LENA, LENA_ID).seq == 2
    assert sorted(hub.current(DOC).text.split()) == ["here", "there"]
    assert len(rows()) == 2
    elsewhere.shutdown()


def test_a_history_that_was_replaced_is_loaded_anew(hub: Hub, document: LiveDocument) -> None:
    send(hub, document, Writer(DANA_ID).insert(0, "before"))
    elsewhere = Hub(hub.log, hub._clock)
    assert elsewhere.rebuild(elsewhere.enter(DOC))
    with pytest.raises(Refused) as refused:
        send(hub, document, Writer(LENA_ID).insert(0, "after"), LENA, LENA_ID)
    assert refused.value.code is Code.STALE_EPOCH
    assert hub.current(DOC) == hubs.Current("before", 2, 1)


def test_the_kept_text_follows_and_an_unused_document_is_let_go(hub: Hub, document: LiveDocument) -> None:
    send(hub, document, Writer(DANA_ID).insert(0, "followed"))
    hub.leave(document)
    for _ in range(40):
        db.session.expire_all()
        if db.session.get(Document, DOC).text_seq == 1:
            break
        time.sleep(0.1)
    assert db.session.get(Document, DOC).text == "followed"
    time.sleep(0.05)
    assert hub.enter(DOC) is not document


def test_closing_down_commits_what_waits_and_then_refuses(app: Flask, context: None) -> None:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), app.extensions["consilium"].units.clock)
    document = hub.enter(DOC)
    data = Writer(DANA_ID).insert(0, "last words")
    send(hub, document, data)
    hub.shutdown()
    db.session.expire_all()
    assert db.session.get(Document, DOC).text == "last words"
    with pytest.raises(Refused) as refused:
        send(hub, document, data)
    assert refused.value.code is Code.UNAVAILABLE


def test_a_unit_of_work_holds_documents_still(app: Flask, hub: Hub, document: LiveDocument) -> None:
    order: list[str] = []
    data, who = Writer(DANA_ID).insert(0, "typed"), user(DANA).id

    def typist() -> None:
        hub.submit(document, 1, Submission(data, who, None, {DANA_ID}))
        order.append("typed")

    thread = threading.Thread(target=typist)
    with hub.locked([DOC]):
        thread.start()
        time.sleep(0.1)
        order.append("unit")
    thread.join(60)
    assert order == ["unit", "typed"]


def test_a_unit_that_cannot_have_its_document_says_so(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "AWAITED", 0.1)
    with hub.locked([DOC]), pytest.raises(DatabaseBusy), hub.locked([DOC]):
        pass
    with pytest.raises(LookupError):
        hub.held(DOC)
