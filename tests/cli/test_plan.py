"""`flask plan verify`, as an administrator runs it."""

from flask import Flask
from sqlalchemy import text

from actions import resealing, versions
from models.base import db
from models.plan import Plan
from models.version import VersionKind
from tests.personas import DANA, actor, patient_id


def test_verify_names_a_version_that_holds_other_words(app: Flask) -> None:
    flask = app.test_cli_runner()
    with app.app_context():
        house = app.extensions["consilium"]
        plan = db.session.query(Plan).filter_by(patient_id=patient_id("Maria Kovač")).one().id
        with house.units.begin(actor(DANA)) as work:
            versions.freeze(work, plan, VersionKind.NAMED, versions.kept(work, plan), label="Before the taper")
    sound = flask.invoke(args=["plan", "verify", str(plan)])
    assert (sound.exit_code, sound.output) == (0, "The records of 1 plan hold.\n")
    assert flask.invoke(args=["plan", "verify"]).output == "The records of 2 plans hold.\n"
    assert flask.invoke(args=["plan", "verify", "99"]).output == "Error: There is no plan 99.\n"
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE plans SET revision = revision"))
        with resealing.unguarded(connection, ["version_texts"]):
            connection.execute(text("UPDATE version_texts SET text = 'Rest in bed.'"))
    bad = flask.invoke(args=["plan", "verify"])
    assert bad.exit_code == 1
    assert f"Plan {plan}: version 1 holds other words than those its hash was made of.\n" in bad.output
