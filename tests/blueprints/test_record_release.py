"""The record is gone through, withheld in places, and given away: what is withheld stands nowhere in the file."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Text, delete, select, text, update

from access import loaders
from access.permissions import Permission
from actions import threads
from actions.exports import checking
from actions.exports.record import tables
from actions.openings import Opening
from actions.plan_verification import findings
from models.audit import AuditEvent
from models.base import db
from models.discipline import Discipline
from models.plan import DocumentKind
from models.publication import MissingDiscipline, Publication
from models.record_release import RecordRelease, RecordReleasePiece
from rendering import record_review
from tests.access import canary
from tests.access.test_matrix import base, signed_in
from tests.conftest import Browser, MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, GUARDIAN, INES, LENA, MARIA, OTTO, PASSWORD, actor, patient_id
from tests.publishing import ask_of_maria, publish, settle_clinic, write

Browsers = Callable[..., Browser]

PARTS = ("understanding", "physiotherapy", "psychology", "pain-management", "nutrition", "flare-up")


@pytest.fixture
def place(app: Flask) -> str:
    """Her brother Péter stands in a text, in a version of it, in a comment and in a task."""
    settle_clinic(app)
    write(app, {key: f"What we do about {key}." for key in PARTS})
    write(app, {"psychology": "Lives with her brother **Péter**, who drinks."}, DocumentKind.CLINICAL)
    publish(app)
    write(app, {"psychology": "Lives with family."}, DocumentKind.CLINICAL)
    ask_of_maria(app, "Walk.", title="Walk without PETER", details="Nothing of the brother, Peter, here.")
    with app.app_context():
        maria = patient_id("Maria Kovač")
        grant = loaders.patient(actor(LENA), maria, Permission.THREAD_WRITE)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            threads.open_thread(work, grant, Opening(body="If she reads this she may harm herself again."))
        return f"/patients/{maria}/record"


def prepared(browser: Browser, place: str) -> None:
    begun = browser.post(f"{place}/preparations", {"asked_by": "Maria Kovač", "asked_on": "24 Nov 2026"})
    assert begun.status_code == 303
    withhold = f"{place}/preparation/withholdings"
    assert browser.post(withhold, {"words": "Peter", "ground": "about another person"}).status_code == 303
    shown = browser.get(f"{place}/preparation?part=comments").get_data(as_text=True)
    assert "harm herself" in shown
    comment = re.search(r'name="entry" value="(comments:\d+)"', shown)
    assert comment is not None
    assert browser.post(withhold, {"entry": comment[1], "ground": "risk of serious harm"}).status_code == 303


def released(browser: Browser, place: str) -> bytes:
    assert browser.post(f"{place}/releases", {"looked": "1"}).status_code == 303
    answer = browser.get(f"{place}/releases/1")
    assert answer.mimetype == "application/json"
    return bytes(answer.get_data())


@both
def test_what_is_withheld_stands_nowhere_in_the_file(app: Flask, place: str, browser: Browsers) -> None:
    dana = browser(DANA)
    whole = dana.post(f"{place}/file").get_data().decode()
    prepared(dana, place)
    review = dana.get(f"{place}/preparation?part=version_texts").get_data(as_text=True)
    assert '<mark class="withheld">[withheld: about another person]</mark>' in review
    file = released(dana, place)
    assert checking.faults(file, app.extensions["consilium"].seals) == []
    said = file.decode()
    for word in ("péter", "peter", "harm herself", "Peter"):
        assert word in whole.casefold() or word == "Peter", word
        assert word.casefold() not in said.casefold(), word
    assert "Lives with her brother **[withheld: about another person]**, who drinks." in said
    assert "[withheld: risk of serious harm]" in said
    assert "Lives with family." in said
    assert "record_withholdings" not in {part["name"] for part in json.loads(file)["parts"]}
    with app.app_context():
        sha256 = db.session.scalars(select(text("sha256")).select_from(text("versions"))).first()
    assert sha256 in whole
    assert sha256 not in said, "anybody could try words until it fits"


def test_it_is_kept_handed_over_and_downloaded(app: Flask, clock: MovableClock, place: str, browser: Browsers) -> None:
    dana = browser(DANA)
    prepared(dana, place)
    file = released(dana, place)
    dana.post(f"{place}/releases/1/handovers", {"to_whom": "Maria Kovač", "how": "on a stick"})
    page = dana.get(place).get_data(as_text=True)
    assert "Handed over to Maria Kovač, on a stick: Dana Osei" in page
    copy = place.replace("patients", "my").replace("record", "copy")
    for persona in (MARIA, GUARDIAN):
        assert "Download the record of 24 November 2026" in browser(persona).get(copy).get_data(as_text=True)
        assert browser(persona).post(f"{copy}/records/1").get_data() == file
    maria = browser(MARIA)
    clock.advance(minutes=11)
    assert maria.post(f"{copy}/records/1").status_code == 422
    assert maria.post(f"{copy}/records/1", {"password": PASSWORD}).get_data() == file
    assert maria.post(f"{copy}/records/2", {"password": PASSWORD}).status_code == 404
    assert browser(INES).post(f"{copy}/records/1").status_code == 404
    assert browser(OTTO).get(f"{place}/releases/1").status_code == 404
    with app.app_context():
        query = select(AuditEvent.detail).where(AuditEvent.thing == "record-release:1").order_by(AuditEvent.id)
        changes = [detail.get("change") or detail.get("kind") for detail in db.session.scalars(query)]
    assert changes == ["released", "downloaded", "handed over", "record", "record", "record"]


def test_it_takes_a_password_and_a_look(app: Flask, clock: MovableClock, place: str, browser: Browsers) -> None:
    dana = browser(DANA)
    assert dana.post(f"{place}/releases").status_code == 303, "nothing is prepared"
    assert dana.post(f"{place}/preparations", {"asked_by": "", "asked_on": "24 Nov 2027"}).status_code == 422
    prepared(dana, place)
    withhold = f"{place}/preparation/withholdings"
    for wrong in (
        {"words": "Pe", "ground": "about another person"},
        {"words": "Peter", "ground": "about another person"},
        {"words": "Lives", "ground": ""},
        {"entry": "comments:999", "ground": "about another person"},
        {"entry": "audit_events:1", "ground": "about another person"},
        {"ground": "about another person"},
    ):
        assert dana.post(withhold, wrong).status_code == 422, wrong
    assert dana.post(f"{place}/releases").status_code == 422, "nobody looked"
    clock.advance(minutes=11)
    assert dana.post(f"{place}/releases", {"looked": "1"}).status_code == 422
    assert dana.post(f"{place}/preparation/withholdings/1/undone").status_code == 303
    assert dana.post(f"{place}/preparation/withholdings/1/undone").status_code == 404
    assert dana.post(f"{place}/releases", {"looked": "1", "password": PASSWORD}).status_code == 303
    assert "**Péter**" in dana.get(f"{place}/releases/1").get_data(as_text=True), "it was given after all"
    assert dana.get(f"{place}/preparation").status_code == 303
    dana.post(f"{place}/preparations", {"asked_by": "Maria", "asked_on": "24 Nov 2026"})
    assert dana.post(f"{place}/preparation/ending").status_code == 303
    assert "Prepare a release" in dana.get(place).get_data(as_text=True)


@both
def test_a_released_file_that_was_changed_is_named(app: Flask, place: str, browser: Browsers) -> None:
    dana = browser(DANA)
    prepared(dana, place)
    released(dana, place)
    seals = app.extensions["consilium"].seals
    with app.app_context():
        assert list(findings(db.session(), seals)) == []
        guards = "record_release_pieces", "record_releases"
        for table in guards:
            if db.engine.dialect.name == "sqlite":
                for verb in ("update", "delete"):
                    db.session.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
            else:
                db.session.execute(text(f"DROP TRIGGER {table}_guard ON {table}"))
        db.session.execute(update(RecordReleasePiece).values(packed=b"\x1f\x8b"))
        db.session.commit()
        assert [str(each) for each in findings(db.session(), seals)] == [
            "Plan 1: record release 1 is not kept as it was given away."
        ]
        db.session.execute(delete(RecordReleasePiece))
        db.session.execute(update(RecordRelease).values(sha256="0" * 64))
        db.session.commit()
        assert "was changed" in " ".join(str(each) for each in findings(db.session(), seals))


def test_with_every_word_withheld_none_is_in_the_file(app: Flask) -> None:
    planted = canary.plant(app)
    app.config["WTF_CSRF_ENABLED"] = False
    otto, place = signed_in(app, OTTO), f"/patients/{planted.patient_id}/record"
    known = {"patients.name", "patients.number"}
    for name, word in planted.words.items():
        if name not in known:
            form = {"words": word, "ground": "about another person"}
            said = otto.post(f"{place}/preparation/withholdings", data=form, base_url=base(app))
            assert said.status_code == 303 or name == "record_withholdings.words", name
    assert otto.post(f"{place}/releases", data={"looked": "1"}, base_url=base(app)).status_code == 303
    with app.app_context():
        newest = db.session.scalars(select(RecordRelease.id).order_by(RecordRelease.id.desc())).first()
    file = otto.get(f"{place}/releases/{newest}", base_url=base(app)).get_data().decode()
    assert planted.found_in(file) == known


def test_every_part_with_words_can_be_gone_through() -> None:
    worded = {name for name in tables.TOLD for column in tables.table(name).columns if isinstance(column.type, Text)}
    assert worded - tables.THE_CLINICS_OWN <= record_review.tabs().keys()


def test_a_reason_for_a_missing_signature_is_told_once_and_withheld(app: Flask, browser: Browsers, place: str) -> None:
    """It stands in the seal's words, too, as JSON, where a name after a line's end would be looked for in vain."""
    with app.app_context():
        published = db.session.scalars(select(Publication)).one()
        reason = "On leave.\nPéter stands in."
        discipline = db.session.scalars(select(Discipline.id).limit(1)).one()
        db.session.add(
            MissingDiscipline(publication_id=published.id, discipline_id=discipline, has_declined=False, reason=reason)
        )
        db.session.commit()
    dana = browser(DANA)
    prepared(dana, place)
    assert "On leave" in dana.get(f"{place}/preparation?part=missing_disciplines").get_data(as_text=True)
    dana.post(f"{place}/releases", {"looked": "1", "password": PASSWORD})
    file = dana.get(f"{place}/releases/1").get_data(as_text=True)
    assert "On leave" in file
    assert "Péter" not in file
    (part,) = (each for each in json.loads(file)["parts"] if each["name"] == "publications")
    assert all("missing" not in entry for entry in part["entries"])


def test_what_was_seen_is_what_is_released(browser: Browsers, place: str) -> None:
    """In another window something is given after all."""
    dana = browser(DANA)
    prepared(dana, place)
    seen = re.search(r'name="seen" value="([\d ]+)"', dana.get(f"{place}/preparation").get_data(as_text=True))
    assert seen is not None
    assert dana.post(f"{place}/preparation/withholdings/1/undone", {}).status_code == 303
    form = {"looked": "1", "password": PASSWORD, "seen": seen[1]}
    answer = dana.post(f"{place}/releases", form)
    assert (answer.status_code, "Something changed meanwhile" in answer.get_data(as_text=True)) == (422, True)
    assert dana.post(f"{place}/releases", {**form, "seen": seen[1].partition(" ")[2]}).status_code == 303
