"""A version is taken after a quiet half hour with changes, and none where nothing changed."""

import pytest
from flask import Flask
from sqlalchemy import select

from jobs import automatic_versions
from models.version import Version, VersionText
from tests.blueprints.talking import Talk, maria
from tests.blueprints.test_suggestions import write
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import DANA

pytestmark = both


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


def test_after_a_quiet_half_hour(talk: Talk, clock: MovableClock) -> None:
    def taken() -> int:
        return automatic_versions.take(talk.app, talk.app.extensions["consilium"].units)

    clock.advance(days=1)
    assert taken() == 0, "nobody wrote anything yet"
    document = talk.document("physiotherapy")
    write(talk, document, "Walks ten minutes. 😀")
    clock.advance(minutes=20)
    write(talk, document, "Walks twenty minutes. 😀")
    clock.advance(minutes=29)
    assert taken() == 0, "it is not quiet yet"
    clock.advance(minutes=2)
    assert taken() == 1
    query = select(Version.kind, Version.author_id, VersionText.text).join(
        VersionText, VersionText.version_id == Version.id
    )
    assert talk.rows(query.where(VersionText.document_id == document)) == [
        ("automatic", None, "Walks twenty minutes. 😀")
    ]
    clock.advance(days=3)
    assert taken() == 0, "nothing changed since"
    write(talk, document, "Rests.")
    write(talk, document, "Walks twenty minutes. 😀")
    clock.advance(hours=1)
    assert taken() == 0, "it came back to what it was"
    write(talk, talk.document("understanding"), "Fear.", DANA)
    clock.advance(hours=1)
    assert taken() == 1
