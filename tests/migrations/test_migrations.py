"""Revisions go up, down and up again over a clinic's data, and the models are what they make."""

from collections.abc import Iterable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine

from access import loaders
from access.permissions import Permission
from actions import about, sign_in, texts
from config import ROOT
from livedoc.chain import Chain
from livedoc.submission import Submission
from livedoc.verification import findings
from models.base import Base, db
from models.search import is_original
from models.user import SignInFailure
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.livedoc.updates import Writer
from tests.migrations import (
    asked,
    brought_back,
    from_outside,
    of_the_clinic,
    on_record,
    own_words,
    readings,
    released,
    states,
)
from tests.migrations.rows import Hashes, counts, hashes
from tests.migrations.talk import TABLES, talk
from tests.personas import DANA, LENA, actor, documents_of, patient_id, user
from tests.realtime.people import eventually

pytestmark = [pytest.mark.usefixtures("context"), both]

OPTIONS = {"compare_type": True, "compare_server_default": True, "include_name": is_original}

REVISIONS = [each.revision for each in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
"""From the newest to the first."""


def columns(tables: Iterable[str]) -> set[str]:
    return {f"{name}.{column.key}" for name in tables for column in Base.metadata.tables[name].columns}


CANNOT_HOLD = {
    "0003": columns(TABLES),
    "0005": columns(on_record.TABLES) | {"tasks.rhythm", "tasks.times_a_week"},
    "0006": columns(of_the_clinic.TABLES),
    "0007": columns(brought_back.TABLES),
    "0008": {"patients_seen.since"},
    "0009": columns(readings.TABLES),
    "0010": {"login_sessions.confirmed_at"},
    "0011": columns(from_outside.TABLES) | {"login_sessions.trusted_until"},
    "0012": columns(asked.TABLES | {"notifications"}),
    "0013": columns(released.TABLES),
    "0014": columns(states.TABLES),
    "0015": columns(own_words.TABLES),
}
"""Revision → what it holds that neither survives the revision below it nor can be made again from what does."""


@pytest.fixture
def engine(app: Flask, context: None, clock: MovableClock) -> Engine:
    """A clinic at the newest revision, with something in every table."""
    house = app.extensions["consilium"]
    document_id = documents_of("Maria Kovač")[0]
    document = house.hub.enter(document_id)
    dana, lena = Writer(1001), Writer(2002)
    for turn in range(80):
        clock.advance(minutes=1)
        writer, who = ((dana, DANA), (lena, LENA))[turn % 2]
        client = writer.doc.client_id
        edit = Submission(writer.insert(0, "Walks daily 😀. "), user(who).id, None, {client})
        house.hub.submit(document, document.epoch, edit)
    house.hub.leave(document)
    eventually(lambda: counts(db.engine)["document_snapshots"] == 1)
    grant = loaders.document(actor(DANA), document_id, Permission.DOCUMENT_EDIT)
    texts.replace(house.units, house.hub, grant, 1, document.seq, house.hub.text(document_id) + "By the form.")
    brought_back.bring_back(app, document_id)
    maria = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.ABOUT_EDIT)
    with house.units.begin(maria.actor) as work:
        about.change(work, maria, about.ContactDetails(phone="0123"))
        work.session.add(SignInFailure(email="dana@clinic.example", address="127.0.0.1", at=work.now))
        sign_in.start_session(work, user(DANA), "Firefox")
        talk(work, maria.patient.id, document_id)
        readings.confirm(work, maria.patient.id)
    of_the_clinic.settle(house.units)
    from_outside.let_in(house.units, maria)
    on_record.sign_off(app, maria.patient.id)
    states.end_and_go_on(app)
    asked.ask(house.units, maria)
    released.release(house.units, maria)
    own_words.say(house.units, maria.patient.id)
    house.shutdown()
    db.session.remove()
    empty = [table for table, rows in counts(db.engine).items() if not rows]
    assert empty == []
    return db.engine


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        return list(compare_metadata(context, Base.metadata))


def same(before: Hashes, now: Hashes, but: set[str]) -> None:
    """What was there before is there, unchanged."""
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    assert set(changed) <= but


def test_down_and_up_again_keeps_every_row(app: Flask, engine: Engine) -> None:
    chain = Chain(app.extensions["consilium"].seals)
    known: dict[str, Hashes] = {REVISIONS[0]: hashes(engine)}
    for revision in REVISIONS[1:]:
        downgrade(revision=revision)
        known[revision] = hashes(engine)
    lost: set[str] = set()
    for revision in reversed(REVISIONS[:-1]):
        upgrade(revision=revision)
        lost |= CANNOT_HOLD.get(revision, set())
        same(known[revision], hashes(engine), lost)
    assert differences(engine) == []
    with engine.connect() as connection:
        assert list(findings(connection, chain)) == []


def test_what_a_lower_revision_can_hold_it_holds(engine: Engine) -> None:
    before = hashes(engine)
    for revision in REVISIONS[1:]:
        downgrade(revision=revision)
    now = hashes(engine)
    changed = {name for name in now if before[name] != now[name]}
    assert changed == {
        "document_updates.digest",  # empty again, as it was then
        "patient_statements.told_to_id",  # of what she wrote herself: whoever wrote it
    }


def test_down_to_nothing_and_up_makes_what_the_models_say(engine: Engine) -> None:
    downgrade(revision="base")
    assert hashes(engine) == {}
    upgrade()
    assert differences(engine) == []
    assert counts(engine)["disciplines"] == 4
