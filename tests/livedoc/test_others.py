"""A document that is open here gains, changes or loses what it has in the database without us."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Current, Hub
from livedoc.log import Log
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from models.base import db
from models.document import Document, DocumentUpdate
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.personas import DANA, LENA, Persona, user

pytestmark = [pytest.mark.usefixtures("context"), both]

DOC, OTHER_DOC = 1, 2
DANA_ID, LENA_ID = 1001, 2002


class Heard:
    """A broadcaster that remembers."""

    def __init__(self) -> None:
        self.updated_to: list[tuple[int, int]] = []
        self.resets: list[int] = []

    def updated(self, document_id, since, seq, update, by, only_author):  # type: ignore[no-untyped-def]
        self.updated_to.append((document_id, seq))

    def reset(self, document_id, epoch):  # type: ignore[no-untyped-def]
        self.resets.append(document_id)


@pytest.fixture
def hubs(app: Flask, context: None) -> Iterator[tuple[Hub, Hub]]:
    """Two processes' hubs over one database."""
    house = app.extensions["consilium"]
    here, there = (Hub(Log(db.engine, Chain(house.seals)), house.units.clock, broadcaster=Heard()) for _ in range(2))
    yield here, there
    here.shutdown()
    there.shutdown()


def send(hub: Hub, document: LiveDocument, data: bytes, who: Persona, client: int) -> int:
    return hub.submit(document, document.epoch, Submission(data, user(who).id, None, {client})).seq


def test_looking_around_takes_in_what_others_appended(hubs: tuple[Hub, Hub]) -> None:
    here, there = hubs
    mine, untouched, theirs = here.enter(DOC), here.enter(OTHER_DOC), there.enter(DOC)
    dana = Writer(DANA_ID)
    send(there, theirs, dana.insert(0, "one "), DANA, DANA_ID)
    send(there, theirs, dana.insert(0, "two "), DANA, DANA_ID)
    here.look_around()
    assert (mine.text(), mine.seq, untouched.seq) == ("two one ", 2, 0)
    assert here.broadcaster.updated_to == [(DOC, 1), (DOC, 2)]  # type: ignore[attr-defined]
    here.look_around()
    assert len(here.broadcaster.updated_to) == 2  # type: ignore[attr-defined]


def test_a_client_id_that_became_somebodys_elsewhere_is_theirs_here(hubs: tuple[Hub, Hub]) -> None:
    here, there = hubs
    mine, theirs = here.enter(DOC), there.enter(DOC)
    dana = Writer(DANA_ID)
    send(there, theirs, dana.insert(0, "hers"), DANA, DANA_ID)
    with pytest.raises(Refused) as refused:
        send(here, mine, Writer(DANA_ID, here.read(mine).update).insert(0, "forged"), LENA, DANA_ID)
    assert refused.value.code is Code.FOREIGN_AUTHOR
    assert send(here, mine, dana.insert(0, "and "), DANA, DANA_ID) == 2


def test_a_database_that_lost_what_was_committed_is_believed_and_nobody_is_stuck(hubs: tuple[Hub, Hub]) -> None:
    """A standby that took over may lack the last commits: whoever has the document open begins anew with it."""
    here, _there = hubs
    document = here.enter(DOC)
    dana, lena = Writer(DANA_ID), Writer(LENA_ID)
    send(here, document, dana.insert(0, "kept"), DANA, DANA_ID)
    head = db.session.execute(select(Document.seq, Document.seal).where(Document.id == DOC)).one()
    db.session.rollback()
    send(here, document, dana.insert(0, "lost "), DANA, DANA_ID)
    db.session.execute(delete(DocumentUpdate).where(DocumentUpdate.document_id == DOC, DocumentUpdate.seq == 2))
    db.session.execute(update(Document).where(Document.id == DOC).values(seq=head.seq, seal=head.seal, text_seq=0))
    db.session.commit()
    here.look_around()
    assert here.broadcaster.resets == [DOC]  # type: ignore[attr-defined]
    assert here.current(DOC) == Current("kept", 1, 1)
    assert send(here, document, lena.insert(0, "goes on, "), LENA, LENA_ID) == 2
