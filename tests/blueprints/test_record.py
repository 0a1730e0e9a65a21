"""The full record tells everything of a patient to the responsible clinician, and can be checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from access.permissions import Permission
from actions.exports import checking
from cli.record import verify
from models.audit import AuditEvent, Outcome
from models.base import db
from tests.access import canary
from tests.access.test_matrix import base, signed_in
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, LENA, OTTO, PASSWORD, patient_id
from tests.publishing import write

Browsers = Callable[..., Browser]


def taken(app: Flask, browser: Browser) -> bytes:
    with app.app_context():
        maria = patient_id("Maria Kovač")
    answer = browser.post(f"/patients/{maria}/record/file")
    assert answer.status_code == 200
    return bytes(answer.get_data())


@both
def test_every_word_of_a_patient_is_in_the_record(app: Flask) -> None:
    planted = canary.plant(app)
    app.config["WTF_CSRF_ENABLED"] = False
    answer = signed_in(app, OTTO).post(f"/patients/{planted.patient_id}/record/file", base_url=base(app))
    assert answer.status_code == 200
    file = answer.get_data()
    missing = planted.words.keys() - planted.found_in(file.decode())
    assert {name.partition(".")[0] for name in missing} <= {"desk_codes"}, missing
    assert checking.faults(file, app.extensions["consilium"].seals) == []


@both
def test_texts_and_edits_are_told_as_they_stand(app: Flask, browser: Browsers) -> None:
    write(app, {"physiotherapy": "Starts in the pool."})
    parts: dict[str, list[dict[str, Any]]] = {
        part["name"]: part["entries"] for part in json.loads(taken(app, browser(DANA)))["parts"]
    }
    text = next(each for each in parts["documents"] if each["text"] == "Starts in the pool.")
    assert text["section_title"] == "Physiotherapy"
    (block,) = (each for each in parts["history"] if each["document"] == text["id"])
    assert block["edits"][-1][1] == text["seq"]
    people = {each["id"]: each["name"] for each in parts["people"]}
    assert people[f"people:{block['edits'][-1][3]}"] == DANA.name
    with app.app_context():
        noted = select(AuditEvent.detail).where(AuditEvent.action == Permission.RECORD_RELEASE)
        assert list(db.session.scalars(noted.where(AuditEvent.outcome == Outcome.DONE))) == [{"kind": "file"}]


def test_it_asks_for_the_password_and_is_the_responsible_clinicians(
    app: Flask, clock: MovableClock, browser: Browsers
) -> None:
    with app.app_context():
        page = f"/patients/{patient_id('Maria Kovač')}/record"
    dana = browser(DANA)
    assert "file-password" not in dana.get(page).get_data(as_text=True)
    clock.advance(minutes=11)
    assert "file-password" in dana.get(page).get_data(as_text=True)
    assert dana.post(f"{page}/file", {"password": "wrong"}).status_code == 422
    assert dana.post(f"{page}/file", {"password": PASSWORD}).mimetype == "application/json"
    assert browser(LENA).get(page).status_code == 403
    assert browser(OTTO).get(page).status_code == 404


def test_the_command_names_what_is_wrong(app: Flask, browser: Browsers, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    file = taken(app, browser(DANA))
    runner = app.test_cli_runner()
    path.write_bytes(file)
    assert runner.invoke(verify, [str(path)]).output == "It is as this clinic made it.\n"
    path.write_bytes(file.replace(b"lift my grandson", b"lift my car"))
    changed = runner.invoke(verify, [str(path)])
    assert changed.exit_code == 1
    assert "patient_statements: patient_statements:1 was changed." in changed.output
    path.write_bytes(file[:1000])
    assert runner.invoke(verify, [str(path)]).exit_code == 3


@pytest.mark.parametrize("part", ["patients", "documents", "history", "audit_events", "people", "plans"])
def test_a_change_in_any_part_is_named(app: Flask, browser: Browsers, part: str) -> None:
    write(app, {"physiotherapy": "Starts in the pool."})
    file = json.loads(taken(app, browser(DANA)))
    entry = next(each for each in file["parts"] if each["name"] == part)["entries"][0]
    key = next(name for name in entry if name != "id")
    entry[key] = [["x"]]
    found = checking.faults(json.dumps(file).encode(), app.extensions["consilium"].seals)
    assert found == [f"{part}: {entry['id']} was changed."]
