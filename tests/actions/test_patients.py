"""Taking patients in, correcting them, reaching them, and what they told us."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from access import directory, loaders
from access.directory import Order, Search
from access.grants import ClinicGrant, PatientGrant
from access.permissions import Permission
from actions import about, care_team, patients, statements
from actions.patients import Identity
from models.audit import AuditEvent
from models.base import db
from models.patient import Contact
from models.plan import Section, SectionDocument
from tests.databases.kinds import both
from tests.personas import AINO, CORA, DANA, LENA, OTTO, SPINE, Persona, actor, patient_id, take_in, user

pytestmark = [pytest.mark.usefixtures("context"), both]


def say(work, grant, told, to, on):  # type: ignore[no-untyped-def]
    statements.record(work, grant, statements.Statement(**told, told_to_id=user(to).id, told_on=on), TODAY)


TODAY = date(2026, 11, 24)
PETER = Identity("Peter Nagy", date(1984, 5, 9), "C-10500", "he/him")


def maria(persona: Persona, right: Permission) -> PatientGrant:
    return loaders.patient(actor(persona), patient_id("Maria Kovač"), right)


def test_a_patient_comes_with_a_plan_a_care_team_and_templates(app: Flask) -> None:
    units = app.extensions["consilium"].units
    peter = loaders.patient(actor(LENA), take_in(units, CORA, PETER, SPINE), Permission.BOARD_VIEW)
    assert peter.responsible is None
    assert [row.user.name for row in care_team.members(peter)] == [
        "Dana Osei",
        "Lena Moreau",
        "Ravi Thakur",
        "Aino Salo",
        "Cora Lindt",
    ]
    assert len(care_team.involved(peter)) == 4
    texts = {
        (section.key, link.kind): link.document.text
        for section, link in db.session.execute(
            select(Section, SectionDocument)
            .join(SectionDocument, SectionDocument.section_id == Section.id)
            .where(Section.plan_id == peter.plan.id)
        )
    }
    assert set(texts) == {
        *(
            (key, kind)
            for key in ("understanding", "physiotherapy", "psychology", "pain-management", "nutrition")
            for kind in ("clinical", "plain")
        ),
        ("flare-up", "plain"),
        ("review", "clinical"),
    }
    assert texts["physiotherapy", "clinical"].startswith("## Assessment")
    assert texts["physiotherapy", "plain"] == ""


def test_a_clinician_who_adds_becomes_responsible(app: Flask) -> None:
    peter = take_in(app.extensions["consilium"].units, OTTO, PETER, SPINE)
    grant = loaders.patient(actor(OTTO), peter, Permission.CARE_TEAM_EDIT)
    assert grant.responsible is not None
    assert grant.responsible.name == "Otto Brandt"


def test_an_id_belongs_to_one_patient(app: Flask) -> None:
    units = app.extensions["consilium"].units
    grant = ClinicGrant(actor(DANA), Permission.PATIENT_ADD)
    with pytest.raises(patients.NumberTaken), units.begin(grant.actor) as work:
        patients.add(work, grant, Identity("Another One", date(1990, 1, 1), " c-10482 "), None)
    assert [p.number for p in directory.same_name("MARIA kovac")] == ["C-10482"]


def test_a_correction_keeps_the_former_name_in_the_audit(app: Flask) -> None:
    units, grant = app.extensions["consilium"].units, maria(CORA, Permission.IDENTITY_CORRECT)
    with units.begin(grant.actor) as work:
        patients.correct(work, grant, Identity("Maria Kovač-Hall", date(1980, 3, 12), "C-10482", "she/her"))
    row = db.session.scalars(select(AuditEvent).where(AuditEvent.action == Permission.IDENTITY_CORRECT)).one()
    assert row.detail["former"]["name"] == "Maria Kovač"


def test_a_changed_contact_keeps_the_former_one_and_no_change_adds_none(app: Flask) -> None:
    units, grant = app.extensions["consilium"].units, maria(DANA, Permission.ABOUT_EDIT)
    for phone in ("111", "222", "222"):
        with units.begin(grant.actor) as work:
            about.change(work, grant, about.ContactDetails(phone=phone))
    rows = db.session.scalars(select(Contact).order_by(Contact.id)).all()
    assert [(row.phone, row.superseded_at is None) for row in rows] == [("111", False), ("222", True)]


def test_a_statement_is_told_to_somebody_of_the_care_team_on_a_day_that_was(app: Flask) -> None:
    units, grant = app.extensions["consilium"].units, maria(LENA, Permission.STATEMENT_RECORD)
    told = {"text": "To sleep through one night.", "told_by": "Maria"}
    with pytest.raises(statements.NotInCareTeam), units.begin(grant.actor) as work:
        statements.record(
            work, grant, statements.Statement(**told, told_to_id=user(OTTO).id, told_on=date(2026, 2, 1)), TODAY
        )
    with pytest.raises(statements.InFuture), units.begin(grant.actor) as work:
        statements.record(
            work, grant, statements.Statement(**told, told_to_id=user(LENA).id, told_on=date(2027, 2, 1)), TODAY
        )
    with units.begin(grant.actor) as work:
        statements.record(
            work, grant, statements.Statement(**told, told_to_id=user(AINO).id, told_on=date(2026, 2, 1)), TODAY
        )
    latest = statements.latest(grant.patient.id)
    assert latest is not None
    assert (latest.text, latest.told_to.name, latest.recorded_by.name) == (told["text"], "Aino Salo", "Lena Moreau")
    assert len(statements.former(grant.patient.id)) == 2


def test_the_list_searches_without_accents_and_shows_each_person_what_they_may_see(app: Flask) -> None:
    def names(persona: Persona, **search: object) -> list[str]:
        return [entry.name for entry in directory.page(actor(persona), Search(**search)).entries]  # type: ignore[arg-type]

    assert names(DANA, words="kovac") == ["Maria Kovač"]
    assert names(DANA, words="10482") == ["Maria Kovač"]
    assert names(DANA, words="ines") == []
    assert sorted(names(CORA)) == ["Ines Duarte", "Maria Kovač"]
    assert names(CORA, mine=True) == ["Maria Kovač"]
    assert names(DANA, words="%") == []


@pytest.mark.parametrize("order", list(Order))
def test_cursor_pages_show_everyone_once(app: Flask, order: Order) -> None:
    units = app.extensions["consilium"].units
    for number in range(5):
        take_in(units, DANA, Identity(f"Same Name{number % 2}", date(1990, 1, 1), f"N-{number}"), None)
    seen: list[int] = []
    after = ""
    while True:
        page = directory.page(actor(DANA), Search(order=order, after=after), size=2)
        seen += [entry.id for entry in page.entries]
        if page.next is None:
            break
        after = page.next
    assert len(seen) == len(set(seen)) == 6
    with pytest.raises(directory.BadCursor):
        directory.page(actor(DANA), Search(order=Order.CHANGED, after="nonsense"))
