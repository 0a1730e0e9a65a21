"""Who gets a patient's rows: member, stranger, coordinator, administrator, and those who left."""

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.grants import Forbidden, Hidden
from access.permissions import Permission
from actions import care_team, responsibilities
from models.base import db
from models.patient import CareTeamMember
from models.plan import DocumentKind, Section, SectionDocument
from tests.databases.kinds import both
from tests.personas import ADAM, CORA, DANA, LENA, MARIA, OTTO, Persona, actor, patient_id, user

pytestmark = [pytest.mark.usefixtures("context"), both]


def document_of(section: str, name: str = "Maria Kovač", kind: str = DocumentKind.CLINICAL) -> int:
    plan = loaders.patient(actor(DANA if name.startswith("Maria") else OTTO), patient_id(name), Permission.BOARD_VIEW)
    return db.session.scalars(
        select(SectionDocument.document_id)
        .join(Section, Section.id == SectionDocument.section_id)
        .where(Section.plan_id == plan.plan.id, Section.key == section, SectionDocument.kind == kind)
    ).one()


@pytest.mark.parametrize("persona", [DANA, LENA, CORA])
def test_the_care_team_reads_the_plan(app: Flask, persona: Persona) -> None:
    grant = loaders.patient(actor(persona), patient_id("Maria Kovač"), Permission.BOARD_VIEW)
    assert grant.patient.name == "Maria Kovač"
    assert grant.responsible is not None
    assert grant.responsible.name == "Dana Osei"


@pytest.mark.parametrize("persona", [OTTO, ADAM, MARIA])
def test_a_stranger_hears_the_same_as_for_a_missing_patient(app: Flask, persona: Persona) -> None:
    for number in (patient_id("Maria Kovač"), 987654):
        with pytest.raises(Hidden):
            loaders.patient(actor(persona), number, Permission.BOARD_VIEW)


def test_a_coordinator_outside_the_care_team_knows_the_name_and_may_not_read_the_plan(app: Flask) -> None:
    ines = patient_id("Ines Duarte")
    assert loaders.patient(actor(CORA), ines, Permission.PATIENT_VIEW).patient.name == "Ines Duarte"
    for permission in (Permission.BOARD_VIEW, Permission.ABOUT_VIEW, Permission.STATEMENT_RECORD):
        with pytest.raises(Forbidden):
            loaders.patient(actor(CORA), ines, permission)
    with pytest.raises(Hidden):
        loaders.document(actor(OTTO), document_of("physiotherapy"), Permission.DOCUMENT_VIEW)


def test_each_discipline_writes_its_own_section_and_the_shared_ones(app: Flask) -> None:
    own, shared = document_of("physiotherapy"), document_of("understanding")
    assert loaders.document(actor(DANA), own, Permission.DOCUMENT_EDIT).can_edit
    assert not loaders.document(actor(LENA), own, Permission.DOCUMENT_VIEW).can_edit
    with pytest.raises(Forbidden):
        loaders.document(actor(LENA), own, Permission.DOCUMENT_EDIT)
    assert loaders.document(actor(LENA), shared, Permission.DOCUMENT_EDIT).can_edit
    with pytest.raises(Forbidden):
        loaders.document(actor(CORA), shared, Permission.DOCUMENT_EDIT)


def test_whoever_leaves_the_care_team_is_a_stranger_at_once(app: Flask) -> None:
    units, maria = app.extensions["consilium"].units, patient_id("Maria Kovač")
    grant = loaders.patient(actor(DANA), maria, Permission.CARE_TEAM_EDIT)
    with units.begin(grant.actor) as work:
        member = work.session.scalars(
            select(CareTeamMember).where(CareTeamMember.patient_id == maria, CareTeamMember.user_id == user(LENA).id)
        ).one()
        care_team.remove(work, grant, member.id)
    with pytest.raises(Hidden):
        loaders.patient(actor(LENA), maria, Permission.BOARD_VIEW)


def test_the_responsible_clinician_leaves_only_after_a_handover(app: Flask) -> None:
    units, maria = app.extensions["consilium"].units, patient_id("Maria Kovač")
    grant = loaders.patient(actor(CORA), maria, Permission.CARE_TEAM_EDIT)
    with pytest.raises(responsibilities.SuccessorNeeded), units.begin(grant.actor) as work:
        responsibilities.leave_care_team(work, maria, user(DANA).id)
    with units.begin(grant.actor) as work:
        care_team.hand_over(work, grant, user(LENA).id)
    with units.begin(grant.actor) as work:
        responsibilities.leave_care_team(work, maria, user(DANA).id)
    assert loaders.patient(actor(LENA), maria, Permission.BOARD_VIEW).responsible.name == "Lena Moreau"
    with pytest.raises(Hidden):
        loaders.patient(actor(DANA), maria, Permission.BOARD_VIEW)
