"""Words that came back, and the index of who wrote what, for migrations to carry."""

from flask import Flask

from livedoc import edits
from livedoc.origins import Source
from livedoc.records import Share
from models.edit_origin import DocumentAuthorship, EditOrigin, OriginKind
from tests.personas import DANA, LENA, actor, user

TABLES = frozenset(each.__tablename__ for each in (EditOrigin, DocumentAuthorship))


def bring_back(app: Flask, document_id: int) -> None:
    """Dana brings words of Lena back; the index is there since the document was compacted."""
    house = app.extensions["consilium"]
    with house.units.begin(actor(DANA), [document_id]) as work:
        document = house.hub.held(document_id)
        text = document.text()
        source = Source(OriginKind.RESTORE, [Share(len(text)), Share(6, user(LENA).id, work.now, 1, 2)], "Still true.")
        edits.replace(work, house.hub, document_id, 1, document.seq, text + "Walks.", user(DANA).id, source)
