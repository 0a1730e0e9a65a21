"""What is put on record about Ines's plan, which can only be written once: with its words from the beginning."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy import select

from actions import plan_records, versions
from actions.plan_verification import missing_json
from livedoc import edits
from livedoc.origins import Source
from livedoc.records import Share
from models.base import db
from models.discipline import Discipline
from models.edit_origin import OriginKind
from models.plan import Plan
from models.publication import (
    AnswerKind,
    AnswerWay,
    DeclinedSignature,
    MissingDiscipline,
    PatientAnswer,
    Publication,
    Withdrawal,
)
from models.record_release import RecordHandover, RecordRelease
from models.thread import Thread
from models.version import VersionKind
from tests.personas import OTTO, actor

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "versions": ("label", "reason"),
    "declined_signatures": ("words",),
    "publications": ("reason",),
    "missing_disciplines": ("reason",),
    "withdrawals": ("reason",),
    "patient_answers": ("words", "told_by"),
    "edit_origins": ("reason",),
    "record_handovers": ("to_whom", "how"),
}
"""What of it says something of her."""


def put(app: Flask, ines: int, words: Mapping[str, str]) -> None:
    """A version is frozen, declined, published, answered and withdrawn. Call it in a context."""
    house, otto = app.extensions["consilium"], actor(OTTO)
    plan = db.session.scalars(select(Plan).where(Plan.patient_id == ines)).one()
    thread = db.session.scalars(select(Thread.id).where(Thread.plan_id == plan.id)).first()
    discipline = db.session.scalars(select(Discipline.id).where(Discipline.key == "nutrition")).one()
    documents = versions.documents_of(plan.id)
    with house.units.begin(otto, documents) as work:
        version = versions.freeze(
            work,
            plan.id,
            VersionKind.SIGN_OFF,
            versions.held(house.hub, documents),
            label=words["versions.label"],
            reason=words["versions.reason"],
        )
        then = {"at": work.now}
        about = {**then, "version_id": version.id}
        said = words["declined_signatures.words"]
        declined = DeclinedSignature(
            **about, user_id=otto.user_id, discipline_id=discipline, words=said, thread_id=thread
        )
        plan_records.append(work, plan, declined)
        why = words["missing_disciplines.reason"]
        missing = [MissingDiscipline(discipline_id=discipline, has_declined=True, reason=why, since=None)]
        publication = Publication(
            **about,
            number=1,
            by_id=otto.user_id,
            reason=words["publications.reason"],
            sha256=version.sha256,
            missing=missing_json(missing),
        )
        plan_records.append(work, plan, publication)
        publication.missing_disciplines.extend(missing)
        of_it = {**then, "publication_id": publication.id, "by_id": otto.user_id}
        answer = PatientAnswer(
            **of_it,
            kind=AnswerKind.QUESTION,
            words=words["patient_answers.words"],
            way=AnswerWay.PHONE,
            told_by=words["patient_answers.told_by"],
            answered_on=work.now.date(),
        )
        plan_records.append(work, plan, answer)
        plan_records.append(work, plan, Withdrawal(**of_it, reason=words["withdrawals.reason"]))
    release = db.session.scalars(select(RecordRelease.id).where(RecordRelease.plan_id == plan.id)).one()
    with house.units.begin(otto) as work:
        said = {name: words[f"record_handovers.{name}"] for name in ("to_whom", "how")}
        work.session.add(RecordHandover(release_id=release, at=work.now, by_id=otto.user_id, **said))
    _bring_back(app, documents[0], words["edit_origins.reason"])


def _bring_back(app: Flask, document: int, reason: str) -> None:
    """Words come back to a text of hers, with the reason why."""
    house, otto = app.extensions["consilium"], actor(OTTO)
    with house.units.begin(otto, [document]) as work:
        now, back = house.hub.current(document), "\n\nSwims on Mondays."
        theirs = Share(len(back), otto.user_id, work.now, now.epoch, now.seq)
        source = Source(OriginKind.RESTORE, [Share(len(now.text)), theirs], reason)
        edits.replace(work, house.hub, document, now.epoch, now.seq, now.text + back, otto.user_id, source)
