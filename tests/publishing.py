"""Maria's plan on its way to her: written, signed by whoever should, and published."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from actions import publications, sign_off, tasks, texts, versions
from actions.publications import Conditions, Wish
from actions.task_drafts import Assignee, Draft
from models.base import db
from models.clinic import ClinicSettings
from models.document import Document
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.publication import Publication
from tests.personas import ADAM, AINO, DANA, LENA, RAVI, Persona, actor, patient_id, user

SIGNERS = (DANA, LENA, RAVI, AINO)


def settle_clinic(app: Flask) -> None:
    """The clinic's emergency block is set."""
    with app.app_context(), app.extensions["consilium"].units.begin(actor(ADAM)) as work:
        work.session.add(
            ClinicSettings(
                name="Spine Clinic",
                timezone="Europe/Vienna",
                team_phone="+43 1 555 0100",
                team_hours="weekdays 8 to 16",
                emergency_number="112",
                crisis_line="+43 1 555 0199",
                escalation_minutes=60,
                escalation_working_days=1,
                at=work.now,
                by_id=work.actor_id,
            )
        )
        work.after_commit(work.clinic.forget)


def write(app: Flask, words: Mapping[str, str], kind: DocumentKind = DocumentKind.PLAIN) -> None:
    """Put whole texts, by the key of the section, into Maria's plan, each by whoever may write it."""
    house = app.extensions["consilium"]
    with app.app_context():
        writers = {user(each).discipline_id: actor(each) for each in SIGNERS}
        for key, text in words.items():
            row = db.session.execute(
                select(Document.id, Document.epoch, Section.discipline_id)
                .join(SectionDocument, SectionDocument.document_id == Document.id)
                .join(Section, Section.id == SectionDocument.section_id)
                .join(Plan, Plan.id == Section.plan_id)
                .where(
                    SectionDocument.kind == kind,
                    Section.key == key,
                    Plan.patient_id == patient_id("Maria Kovač"),
                )
            ).one()
            grant = loaders.document(writers.get(row.discipline_id, actor(DANA)), row.id, Permission.DOCUMENT_EDIT)
            now = house.hub.current(row.id)
            texts.replace(house.units, house.hub, grant, now.epoch, now.seq, text)


def ask_of_maria(app: Flask, plain_text: str, *, title: str = "For Maria", details: str = "", **more: Any) -> int:
    """A task for Maria, with whatever `more` a draft has; answers its id."""
    house = app.extensions["consilium"]
    with app.app_context():
        grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.TASK_WRITE)
        words = {"details": details, "plain_text": plain_text, "dose_seen": plain_text}
        draft = Draft(title, Assignee(is_patient=True), **words, **more)
        with house.units.begin(grant.actor) as work:
            return int(tasks.make(work, grant, draft, date(2026, 11, 24)).task_id)


def publish(app: Flask, reason: str = "Swimming starts.", but: Collection[Persona] = ()) -> int:
    """Freeze Maria's plan as it stands, let everyone sign `but` these, and publish it; answers the publication's id."""
    house = app.extensions["consilium"]
    with app.app_context():
        maria = patient_id("Maria Kovač")
        grant = loaders.patient(actor(DANA), maria, Permission.SIGN_OFF_WRITE)
        with house.units.begin(grant.actor, versions.documents_of(grant.plan.id)) as work:
            version = sign_off.put_before(work, house.hub, grant, "Agreed on Tuesday.")
            version_id, sha256 = version.id, version.sha256
        for each in SIGNERS:
            if each not in but:
                signing = loaders.patient(actor(each), maria, Permission.SIGN_OFF_WRITE)
                with house.units.begin(signing.actor) as work:
                    sign_off.sign(work, signing, version_id, sha256)
        missing = {user(each).discipline_id: f"{each.name} is away." for each in but}
        grant = loaders.patient(actor(DANA), maria, Permission.PUBLISH)
        with house.units.begin(grant.actor) as work:
            wish = Wish(reason, {key: words for key, words in missing.items() if key is not None})
            return int(publications.publish(work, grant, version_id, wish, Conditions(True, frozenset())).id)


def withdraw(app: Flask, publication_id: int) -> None:
    with app.app_context():
        grant = loaders.patient(actor(DANA), patient_id("Maria Kovač"), Permission.WITHDRAW)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            publications.withdraw(work, grant, db.session.get_one(Publication, publication_id), "Withdrawn to mend it.")
