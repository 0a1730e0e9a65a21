"""`flask documents verify` and `repair`, as an administrator runs them."""

from flask import Flask
from sqlalchemy import select

from livedoc import edits
from models.audit import AuditEvent
from models.base import db
from models.document import DocumentUpdate
from tests.personas import DANA, actor, user

DOC = 1


def test_verify_names_what_does_not_hold_and_repair_makes_it_writable(app: Flask) -> None:
    flask = app.test_cli_runner()
    with app.app_context():
        house = app.extensions["consilium"]
        for seq, words in enumerate(("One. ", "One. Two. ", "One. Two. Three. ")):
            with house.units.begin(actor(DANA), [DOC]) as work:
                edits.replace(work, house.hub, DOC, 1, seq, words, user(DANA).id)
    sound = flask.invoke(args=["documents", "verify"])
    assert sound.exit_code == 0, sound.output
    assert "documents hold." in sound.output
    assert flask.invoke(args=["documents", "repair", str(DOC)]).output == f"Error: Document {DOC} needs no repair.\n"
    assert flask.invoke(args=["documents", "repair", "9999"]).output == "Error: There is no document 9999.\n"
    with app.app_context():
        found = db.session.scalars(select(DocumentUpdate).where(DocumentUpdate.seq == 2)).one()
        found.update = found.update.replace(b"Two", b"Owt")
        db.session.commit()
    for arguments in (["documents", "verify"], ["documents", "verify", str(DOC)]):
        bad = flask.invoke(args=arguments)
        assert bad.exit_code == 1
        assert f"document {DOC}, epoch 1, edit 2: an edit was changed or moved\n" in bad.output
    mended = flask.invoke(args=["documents", "repair", str(DOC)])
    assert mended.output == f"Document {DOC} goes on from edit 1. At edit 2, an edit was changed or moved.\n"
    assert flask.invoke(args=["documents", "verify"]).exit_code == 0
    with app.app_context():
        latest = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (latest.action, latest.thing, latest.actor_id) == ("repair", f"document:{DOC}", None)
