"""With a unique word in every draft, discussion, task, staff note and unpublished text, the patient's pages show what
was published for the patient and the patient's own words, and nothing else."""

import pypdfium2
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from actions import plan_records, texts, versions
from actions.plan_verification import missing_json
from models.base import db
from models.plan import Plan
from models.publication import AnswerKind, AnswerWay, PatientAnswer, Publication
from models.version import VersionKind
from tests.access import canary_rows
from tests.access.canary_walk import Walk, walk_of
from tests.access.test_matrix import base
from tests.personas import INES, OTTO, actor

FOR_HER = {
    *("patients.name", "patients.number", "contacts.preferred_name"),
    *("patient_statements.text", "patient_statements.told_by", "ticks.words"),
    *("understanding.plain", "pain-management.plain", "tasks.plain_text"),
}
"""Who she is, what a publication holds for her to read, and her own words."""
HERS = {
    *("patient_questions.text", "patient_questions.told_by", "question_answers.words"),
    *("patient_statements.text", "patient_statements.told_by"),
}
"""What she said and asked, and what was answered: shown whether anything is published or not."""

HER_COPY = {
    *("publications.reason", "missing_disciplines.reason", "patient_statements.told_by"),
    *("patient_answers.words", "patient_answers.told_by", "ticks.told_by"),
}
"""What else her copy holds: of former publications too, and what she said."""


def read(walk: Walk) -> set[str]:
    """What all of Ines's pages tell her together."""
    client = walk.client(INES)
    pages = [path for _method, path in walk.addresses("GET") if path.startswith(("/my", "/account"))]
    assert len(pages) >= 5
    told = set().union(*(walk.told(client, path, follow_redirects=True) for path in pages))
    answer = client.get(f"/my/{walk.canary.patient_id}/plan.pdf", base_url=base(walk.app))
    if answer.mimetype == "application/pdf":
        told |= walk.canary.found_in(words_of(answer.get_data()))
    return told


def copied(walk: Walk) -> set[str]:
    """What her copy tells her, as a file and on paper."""
    client, place = walk.client(INES), f"/my/{walk.canary.patient_id}/copy"
    walk.app.config["WTF_CSRF_ENABLED"] = False
    file, paper = (client.post(place, data={"as": kind}, base_url=base(walk.app)) for kind in ("json", "pdf"))
    assert (file.mimetype, paper.mimetype) == ("application/json", "application/pdf")
    told = walk.canary.found_in(file.get_data().decode())
    assert walk.canary.found_in(words_of(paper.get_data())) <= told
    return told


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def publish(app: Flask, ines: int) -> None:
    """What stands there now, as a second publication that an answer follows."""
    house, otto = app.extensions["consilium"], actor(OTTO)
    plan = db.session.scalars(select(Plan).where(Plan.patient_id == ines)).one()
    documents = versions.documents_of(plan.id)
    with house.units.begin(otto, documents) as work:
        version = versions.freeze(work, plan.id, VersionKind.SIGN_OFF, versions.held(house.hub, documents))
        publication = Publication(
            version_id=version.id,
            number=2,
            by_id=otto.user_id,
            at=work.now,
            reason="New.",
            sha256=version.sha256,
            missing=missing_json([]),
        )
        plan_records.append(work, plan, publication)
        answer = PatientAnswer(
            publication_id=publication.id,
            kind=AnswerKind.QUESTION,
            words="Why?",
            way=AnswerWay.PAGE,
            told_by="Ines",
            answered_on=work.now.date(),
            by_id=otto.user_id,
            at=work.now,
        )
        plan_records.append(work, plan, answer)


def test_a_patient_reads_only_what_was_published_for_her(app: Flask) -> None:
    walk = walk_of(app)
    ines = walk.canary.patient_id
    assert read(walk) <= {"patients.name", "patients.number", "contacts.preferred_name"} | HERS, "a withdrawn plan"
    with app.app_context():
        publish(app, ines)
    shown = read(walk)
    assert shown <= FOR_HER | HERS | {"publications.reason"}, shown - FOR_HER
    assert {"understanding.plain", "pain-management.plain", "patient_statements.text"} <= shown
    kept = copied(walk)
    assert shown - {"contacts.preferred_name"} <= kept
    assert kept <= FOR_HER | HERS | HER_COPY, kept - FOR_HER - HERS - HER_COPY
    house = app.extensions["consilium"]
    with app.app_context():
        grant = loaders.patient(actor(OTTO), ines, Permission.DOCUMENT_VIEW)
        for name in canary_rows.SECTIONS:
            document = loaders.document(actor(OTTO), canary_rows.document_of(grant, name), Permission.DOCUMENT_VIEW)
            now = house.hub.current(document.document_id)
            texts.replace(house.units, house.hub, document, now.epoch, now.seq, "canarydraft of tomorrow")
    client = walk.client(INES)
    for page in ("", "/flare-up", "/changes", "/team"):
        answer = client.get(f"/my/{ines}{page}", base_url=house.settings.public_url)
        assert answer.status_code == 200
        assert "canarydraft" not in answer.get_data(as_text=True)
    assert read(walk) == shown
