"""The demo clinic: whole, with a past of several hands, and never among other people's data."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from access.sessions import actor_of
from actions import behind, consents
from actions.behind import State
from actions.passwords import matches
from cli.demo.load import LOADED, HalfLoaded, announce, load
from models.audit import AuditEvent
from models.base import db
from models.discipline import Discipline
from models.document import Document, DocumentUpdate
from models.patient import CareTeamMember, Contact, Patient, PatientStatement, ResponsibleClinician
from models.plan import Plan, Section, SectionDocument
from models.portal import ConsentKind, DeskCode, PortalAccess
from models.team import Membership, Team
from models.user import Role, SignInLink, User
from tests.cli.conftest import DEMO_PASSWORD, close, open_app


def person(name: str) -> User:
    return db.session.scalars(select(User).where(User.email == f"{name}@demo.example")).unique().one()


def text_of(patient: str, section: str, kind: str) -> str:
    query = (
        select(Document.text)
        .join(SectionDocument, SectionDocument.document_id == Document.id)
        .join(Section, Section.id == SectionDocument.section_id)
        .join(Plan, Plan.id == Section.plan_id)
        .join(Patient, Patient.id == Plan.patient_id)
        .where(Patient.name == patient, Section.key == section, SectionDocument.kind == kind)
    )
    return db.session.scalars(query).one()


@pytest.mark.usefixtures("inside")
def test_two_teams_of_four_disciplines_with_coordinators_and_an_administrator() -> None:
    assert db.session.scalar(select(func.count()).select_from(Team)) == 2
    people = db.session.scalars(select(User)).unique().all()
    assert len(people) >= 14
    for discipline in db.session.scalars(select(Discipline.key)):
        assert sum(actor_of(user, None).discipline == discipline for user in people) >= 2, discipline
    assert sum(Role.COORDINATOR in user.roles for user in people) == 2
    assert person("adam").roles == {Role.ADMIN}
    assert db.session.scalars(select(Membership.lead).where(Membership.user_id == person("dana").id)).one()


@pytest.mark.usefixtures("inside")
def test_everyone_signs_in_with_the_one_password_and_no_first_link_is_left() -> None:
    for user in db.session.scalars(select(User)).unique():
        assert user.email == f"{user.name.split()[0].lower()}@demo.example"
        assert user.password_hash
    assert matches(DEMO_PASSWORD, person("lena").password_hash)
    assert db.session.scalar(select(func.count()).select_from(SignInLink).where(SignInLink.used_at.is_(None))) == 0


@pytest.mark.usefixtures("inside")
def test_maria_and_her_daughter_read_at_home_and_ines_reads_her_own() -> None:
    held = db.session.scalars(select(PortalAccess).where(PortalAccess.until.is_(None))).unique().all()
    assert {(each.user.email, each.patient.name, each.relation) for each in held} == {
        ("maria@demo.example", "Maria Kovač", "self"),
        ("ivana@demo.example", "Maria Kovač", "carer"),
        ("ines@demo.example", "Ines Duarte", "self"),
    }
    assert all(each.user.roles == {Role.PATIENT} for each in held)
    maria = db.session.scalars(select(Patient).where(Patient.name == "Maria Kovač")).one()
    said = consents.standing(consents.history(maria.id))
    assert (said[ConsentKind.RELATIVES].is_given, said[ConsentKind.RELATIVES].words) == (True, "With Ivana only.")
    used = select(func.count()).select_from(DeskCode).where(DeskCode.used_at.is_not(None))
    assert db.session.scalar(used) == 3


@pytest.mark.usefixtures("inside")
def test_forty_patients_with_whole_plans_and_somebody_who_answers_for_each() -> None:
    patients = db.session.scalars(select(Patient)).all()
    assert len(patients) == 40
    for patient in patients:
        texts = db.session.scalars(
            select(Document.text)
            .join(SectionDocument, SectionDocument.document_id == Document.id)
            .join(Section, Section.id == SectionDocument.section_id)
            .join(Plan, Plan.id == Section.plan_id)
            .where(Plan.patient_id == patient.id)
        ).all()
        assert len(texts) == 12
        assert all(len(text.strip()) > 30 for text in texts), patient.name
        for found, kind in (
            (Contact, Contact.superseded_at.is_(None)),
            (PatientStatement, PatientStatement.text != ""),
            (ResponsibleClinician, ResponsibleClinician.until.is_(None)),
        ):
            assert db.session.scalar(
                select(func.count()).select_from(found).where(found.patient_id == patient.id, kind)
            ), (patient.name, found)


@pytest.mark.usefixtures("inside")
def test_the_people_of_the_story_are_there() -> None:
    maria = db.session.scalars(select(Patient).where(Patient.number == "C-10482")).one()
    assert (maria.name, maria.birth_date.isoformat(), maria.pronouns) == ("Maria Kovač", "1980-03-12", "she/her")
    assert "empty crate ×8, add 1 kg weekly, stop rules agreed with Maria" in text_of(
        "Maria Kovač", "physiotherapy", "clinical"
    )
    assert "halve the load on bad days" in text_of("Peter Nagy", "physiotherapy", "clinical")
    assert "unexplained weight loss" in text_of("Peter Nagy", "pain-management", "clinical")
    assert text_of("Ines Duarte", "nutrition", "clinical")


@pytest.mark.usefixtures("inside")
def test_dana_does_not_see_everyone_and_otto_sees_nobody_of_her_team() -> None:
    def patients_of(user: User) -> set[int]:
        return set(
            db.session.scalars(
                select(CareTeamMember.patient_id).where(
                    CareTeamMember.user_id == user.id, CareTeamMember.until.is_(None)
                )
            )
        )

    spine = db.session.scalars(select(Team.id).where(Team.name == "Tuesday spine")).one()
    of_spine = set(db.session.scalars(select(Patient.id).where(Patient.team_id == spine)))
    assert 10 <= len(patients_of(person("dana"))) < 40
    assert not patients_of(person("otto")) & of_spine
    assert patients_of(person("otto"))


@pytest.mark.usefixtures("inside")
def test_the_past_is_several_hands_over_weeks_in_the_order_of_time() -> None:
    authors = dict(
        db.session.execute(
            select(DocumentUpdate.document_id, func.count(DocumentUpdate.user_id.distinct())).group_by(
                DocumentUpdate.document_id
            )
        ).all()
    )
    assert sum(count > 1 for count in authors.values()) > 150
    now = datetime.now(UTC)
    times = db.session.scalars(select(DocumentUpdate.at)).all()
    assert max(times) <= now
    assert sum(at < now - timedelta(weeks=4) for at in times) > 500
    assert sum(at > now - timedelta(days=1) for at in times) >= 5
    for document_id in list(authors)[::25]:
        rows = db.session.scalars(
            select(DocumentUpdate.at).where(DocumentUpdate.document_id == document_id).order_by(DocumentUpdate.seq)
        ).all()
        assert rows == sorted(rows)
    audit = db.session.scalars(select(AuditEvent.at).order_by(AuditEvent.id)).all()
    assert audit[:-1] == sorted(audit[:-1])


def test_the_kept_text_is_what_the_log_says(clinic: Flask) -> None:
    hub = clinic.extensions["consilium"].hub
    with clinic.app_context():
        kept = db.session.execute(select(Document.id, Document.text, Document.seq, Document.text_seq)).all()
        for document_id, text, seq, text_seq in kept[::20]:
            assert hub.text(document_id) == text
            assert seq == text_seq
        db.session.remove()


def test_a_second_load_changes_nothing(clinic: Flask) -> None:
    with clinic.app_context():
        before = db.session.scalar(select(func.count()).select_from(DocumentUpdate))
    assert load(clinic) is False
    answer = clinic.test_cli_runner().invoke(args=["demo", "load"])
    assert answer.exit_code == 0, answer.output
    assert "there already" in answer.output
    assert "dana@demo.example" in answer.output
    with clinic.app_context():
        assert db.session.scalar(select(func.count()).select_from(DocumentUpdate)) == before


def test_a_database_with_other_people_is_refused_in_one_line(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "load"])
    assert answer.exit_code == 1
    assert "other people" in answer.output
    assert len(answer.output.strip().splitlines()) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Patient)) == 2


def test_half_a_demo_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    app = open_app(tmp_path, DEMO="1")
    with app.app_context(), app.extensions["consilium"].units.begin(None) as work:
        work.session.add(User(email="adam@demo.example", name="Adam Berg", created_at=work.now))
    with pytest.raises(HalfLoaded):
        load(app)
    with app.app_context():
        assert not db.session.scalar(select(AuditEvent.id).where(AuditEvent.thing == LOADED))
    close(app)


def test_the_accounts_follow_the_password_that_is_announced(
    demo_instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "consilium.db").write_bytes((demo_instance / "consilium.db").read_bytes())
    app = open_app(tmp_path, DEMO="1")
    announce(app)
    said = capsys.readouterr().out
    kept = tmp_path / "demo-password"
    word = kept.read_text().strip()
    assert word in said
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    with app.app_context():
        assert matches(word, person("dana").password_hash)
        assert not matches(DEMO_PASSWORD, person("ravi").password_hash)
    close(app)


@pytest.mark.usefixtures("inside")
def test_patients_know_whom_to_call_and_most_texts_are_up_to_date(clinic: Flask) -> None:
    assert clinic.extensions["consilium"].units.clinic().is_ready_for_publishing
    plans = db.session.execute(select(Plan.id, Patient.name).join(Patient, Patient.id == Plan.patient_id)).all()
    standing = {name: behind.of_plan(plan_id) for plan_id, name in plans}
    assert [key for key, each in standing["Maria Kovač"].items() if each.state is State.BEHIND] == ["physiotherapy"]
    states = [each.state for sections in standing.values() for each in sections.values()]
    print({state: states.count(state) for state in State})
    assert 0 < states.count(State.BEHIND) < states.count(State.CURRENT) / 2
