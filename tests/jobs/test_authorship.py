"""The index of who wrote what is made where it is missing, some of it at a time, and what is current is left alone."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from jobs import authorship
from livedoc import letters
from livedoc.ports import run_here
from models.base import db
from models.edit_origin import DocumentAuthorship
from tests.blueprints.talking import Talk, maria
from tests.blueprints.test_suggestions import write
from tests.databases.kinds import both

pytestmark = both


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


def test_an_index_catches_up(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "WORTH_KEEPING", 4)
    monkeypatch.setattr(letters, "AT_ONCE", 3)
    house = talk.app.extensions["consilium"]
    document = talk.document("physiotherapy")
    for number in range(6):
        write(talk, document, f"Walks {number} minutes. 😀")
    of = DocumentAuthorship

    def reached() -> int:
        with talk.app.app_context():
            return db.session.scalar(select(func.max(of.seq)).where(of.document_id == document)) or 0

    def catch_up() -> int:
        with talk.app.app_context():
            return authorship.catch_up(house.hub.log, run_here)

    assert catch_up() == 1
    assert reached() == 3
    assert catch_up() == 1
    assert reached() == 6
    assert catch_up() == 0, "fewer than four edits are read each time"
    with talk.app.app_context():
        for piece in db.session.scalars(select(of)):
            piece.index = b"\x78" + piece.index[1:]  # of another format, as before an upgrade
        db.session.commit()
        assert [run.length for run in house.attribution.who_wrote(document).runs]
        db.session.execute(delete(of))
        db.session.commit()
    assert catch_up() == 1
