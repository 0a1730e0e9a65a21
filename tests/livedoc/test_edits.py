"""Edits that the server makes in a unit of work: a form's text merged with what others typed meanwhile."""

from collections.abc import Iterator

import pytest
from flask import Flask

from actions.unit_of_work import Units
from livedoc import edits
from livedoc.chain import Chain
from livedoc.document import LiveDocument
from livedoc.hub import Current, Hub
from livedoc.log import Log
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from models.base import db
from models.document import Document
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.personas import DANA, LENA, actor, user

pytestmark = both

DOC, DANA_ID = 1, 1001


@pytest.fixture
def hub(app: Flask, context: None) -> Iterator[Hub]:
    hub = Hub(Log(db.engine, Chain(app.extensions["consilium"].seals)), app.extensions["consilium"].units.clock)
    yield hub
    hub.shutdown()


@pytest.fixture
def document(hub: Hub) -> LiveDocument:
    return hub.enter(DOC)


@pytest.fixture
def units(app: Flask, hub: Hub) -> Units:
    return Units(app.extensions["consilium"].units.clock, locks=hub, seals=app.extensions["consilium"].seals)


def type_in(hub: Hub, document: LiveDocument, data: bytes) -> int:
    """Dana types; the seq of her edit."""
    return hub.submit(document, document.epoch, Submission(data, user(DANA).id, None, {DANA_ID})).seq


def test_the_plain_form_merges_with_what_others_typed_meanwhile(units: Units, hub: Hub, document: LiveDocument) -> None:
    heard: list[tuple[int, int]] = []
    dana = Writer(DANA_ID)
    type_in(hub, document, dana.insert(0, "Sleeps badly. Walks daily. 😀"))
    type_in(hub, document, dana.insert(0, "New first words. "))

    class Heard:
        def updated(self, _document, since, seq, _update, by, _author):  # type: ignore[no-untyped-def]
            heard.append((since, seq))

        reset = None

    hub.broadcaster = Heard()
    with units.begin(actor(LENA), [DOC]) as work:
        seq = edits.replace(work, hub, DOC, 1, 1, "Sleeps well.\r\nWalks daily. 😀 Bravo.", user(LENA).id)
        assert heard == []
    assert seq == 3
    assert heard == [(2, 3)]
    expected = "New first words. Sleeps well.\nWalks daily. 😀 Bravo."
    assert hub.current(DOC).text == expected
    db.session.expire_all()
    kept = db.session.get(Document, DOC)
    assert (kept.text, kept.text_seq, kept.seq, kept.changed_by_id) == (expected, 3, 3, user(LENA).id)
    assert type_in(hub, document, dana.insert(0, "On. ")) == 4


def test_a_form_that_is_rolled_back_leaves_the_document_alone(units: Units, hub: Hub, document: LiveDocument) -> None:
    with pytest.raises(RuntimeError), units.begin(actor(LENA), [DOC]) as work:
        edits.replace(work, hub, DOC, 1, 0, "never", user(LENA).id)
        raise RuntimeError
    assert hub.current(DOC) == Current("", 1, 0)
    assert type_in(hub, document, Writer(DANA_ID).insert(0, "on")) == 1


@pytest.mark.parametrize(
    ("epoch", "seq", "text", "code"),
    [
        (2, 0, "x", Code.STALE_EPOCH),
        (1, 5, "x", Code.MALFORMED),
        (1, 0, "a\0b", Code.MALFORMED),
        (1, 0, "\ud83d", Code.MALFORMED),
        (1, 0, "x" * 200_001, Code.TOO_LARGE),
    ],
)
def test_a_form_that_cannot_be_used_is_refused_by_name(
    units: Units, hub: Hub, document: LiveDocument, epoch: int, seq: int, text: str, code: Code
) -> None:
    with pytest.raises(Refused) as refused, units.begin(actor(LENA), [DOC]) as work:
        edits.replace(work, hub, DOC, epoch, seq, text, user(LENA).id)
    assert refused.value.code is code
    assert hub.current(DOC).text == ""
