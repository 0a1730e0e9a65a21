"""What is put on record about a plan stays as it was, and whoever changes it is found out."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from access import loaders
from access.permissions import Permission
from actions import plan_records, resealing, versions
from actions.plan_verification import findings, missing_json
from models.base import db
from models.discipline import Discipline
from models.publication import MissingDiscipline, Publication, Signature
from models.version import Version, VersionKind
from tests.databases.kinds import both
from tests.personas import DANA, actor, patient_id, user

pytestmark = [both, pytest.mark.usefixtures("context")]

RECORDS = ("versions", "version_texts", "version_tasks", "signatures", "publications", "missing_disciplines")


@pytest.fixture
def signed(app: Flask) -> int:
    """Maria's plan with three versions; the second is signed by Dana and published without nutrition."""
    house = app.extensions["consilium"]
    grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.BOARD_VIEW)
    physio, _psychology, _pain, nutrition = db.session.query(Discipline).order_by(Discipline.position)
    plan = grant.plan
    for label in ("Before", "To sign", "After"):
        documents = versions.documents_of(plan.id)
        with house.units.begin(grant.actor, documents) as work:
            kind = VersionKind.SIGN_OFF if label == "To sign" else VersionKind.NAMED
            version = versions.freeze(work, plan.id, kind, versions.held(house.hub, documents), label=label)
            if kind is VersionKind.SIGN_OFF:
                dana = user(DANA).id
                signature = Signature(
                    version_id=version.id, user_id=dana, discipline_id=physio.id, at=work.now, sha256=version.sha256
                )
                plan_records.append(work, plan, signature)
                missing = [
                    MissingDiscipline(discipline_id=nutrition.id, has_declined=False, reason="On leave.", since=None)
                ]
                publication = Publication(
                    version_id=version.id,
                    number=1,
                    by_id=dana,
                    at=work.now,
                    reason="Swimming starts.",
                    sha256=version.sha256,
                    missing=missing_json(missing),
                )
                plan_records.append(work, plan, publication)
                publication.missing_disciplines.extend(missing)
    return plan.id


Tampered = Callable[..., list[str]]


@pytest.fixture
def tampered(app: Flask, signed: int) -> Tampered:
    """What is found after statements of somebody with the database's password, who takes the guards away; they are
    rolled back then."""

    def run(*statements: str) -> list[str]:
        session = db.session()
        session.execute(text("UPDATE plans SET revision = revision"))  # opens the transaction that holds it all
        with resealing.unguarded(session.connection(), [*RECORDS, "plan_heads"]):
            for statement in statements:
                assert session.execute(text(statement)).rowcount > 0, statement
        lines = [str(each) for each in findings(session, app.extensions["consilium"].seals, signed)]
        session.rollback()
        return lines

    return run


def found(app: Flask, plan_id: int) -> list[str]:
    db.session.remove()
    return [str(each) for each in findings(db.session(), app.extensions["consilium"].seals, plan_id)]


def test_what_is_sound_is_whole_and_freezes_every_text(app: Flask, signed: int) -> None:
    assert found(app, signed) == []
    assert [each.place for each in plan_records.of_plan(db.session(), signed)] == [1, 2, 3, 4, 5]
    version = db.session.query(Version).filter_by(plan_id=signed, label="To sign").one()
    kinds = [(text.section_key, text.kind) for text in version.texts]
    assert kinds[:2] == [("understanding", "clinical"), ("understanding", "plain")]
    assert len(kinds) == 12


def test_what_was_changed_behind_its_back_is_named(app: Flask, signed: int, tampered: Tampered) -> None:
    version = db.session.query(Version).filter_by(plan_id=signed, label="To sign").one()
    first, second = (each.document_id for each in version.texts[:2])
    for statement, named in (
        (
            f"UPDATE version_texts SET text = 'x' WHERE version_id = 2 AND document_id = {first}",
            "version 2 holds other",
        ),
        (f"UPDATE version_texts SET seq = 99 WHERE version_id = 1 AND document_id = {first}", "version 1 holds other"),
        (f"DELETE FROM version_texts WHERE version_id = 3 AND document_id = {second}", "version 3 holds other"),
        ("UPDATE versions SET sha256 = 'x' WHERE id = 2", "version 2 was changed"),
        ("UPDATE versions SET label = 'Agreed' WHERE id = 1", "version 1 was changed"),
        ("UPDATE signatures SET user_id = user_id + 1", "signature 1 was changed"),
        ("UPDATE publications SET reason = 'Nothing new.'", "publication 1 was changed"),
        ("UPDATE missing_disciplines SET reason = 'None given.'", "publication 1 says something else"),
        ("DELETE FROM missing_disciplines", "publication 1 says something else"),
        ("DELETE FROM signatures", "publication 1 does not follow record 2"),
        ("DELETE FROM signatures", "signature 1 is missing: the audit knows of it"),
        ("UPDATE plan_heads SET count = 4", "the head does not fit"),
        ("DELETE FROM plan_heads", "the head is missing"),
    ):
        lines = tampered(statement)
        assert any(named in line for line in lines), (statement, lines)
    assert found(app, signed) == []


def test_a_tail_that_was_cut_with_its_head_is_missed_by_the_audit(app: Flask, signed: int, tampered: Tampered) -> None:
    seals = app.extensions["consilium"].seals
    last = plan_records.of_plan(db.session(), signed)[-2]
    head = seals.link("plan head", last.seal, signed, 4).hex()
    quoted = (lambda value: f"X'{value}'") if db.engine.dialect.name == "sqlite" else (lambda value: f"'\\x{value}'")
    lines = tampered(
        "DELETE FROM version_texts WHERE version_id = 3",
        "DELETE FROM versions WHERE id = 3",
        f"UPDATE plan_heads SET count = 4, last = {quoted(last.seal.hex())}, seal = {quoted(head)}",
    )
    assert lines == [f"Plan {signed}: version 3 is missing: the audit knows of it."]


def test_the_database_itself_refuses_changes(app: Flask, signed: int) -> None:
    for table in RECORDS[:-1]:
        if db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0:
            continue
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {'text' if 'texts' in table else 'plan_id'} = '1'",
        ):
            with pytest.raises(DBAPIError, match="only ever added"):
                db.session.execute(text(statement))
            db.session.rollback()
    assert found(app, signed) == []


def test_records_are_sealed_anew_when_the_keys_are_lost(app: Flask, signed: int) -> None:
    house = app.extensions["consilium"]
    with house.units.begin(None) as work:
        resealing.reseal(work)
    assert found(app, signed) == []
