"""Something in every table of what is on record about plans, for migrations to carry."""

from flask import Flask
from sqlalchemy import select

from actions import plan_records, versions
from actions.plan_verification import missing_json
from models.base import db
from models.discipline import Discipline
from models.plan import Plan
from models.publication import (
    AnswerKind,
    AnswerWay,
    DeclinedSignature,
    MissingDiscipline,
    PatientAnswer,
    Publication,
    Signature,
    Withdrawal,
)
from models.task import Priority, Rhythm, Task, TaskState
from models.thread import Thread
from models.version import Version, VersionKind, VersionTask, VersionText
from tests.personas import AINO, DANA, actor, user

TABLES = frozenset(
    each.__tablename__
    for each in (
        Version,
        VersionText,
        VersionTask,
        Signature,
        DeclinedSignature,
        Publication,
        MissingDiscipline,
        Withdrawal,
        PatientAnswer,
    )
) | {"plan_heads"}


def sign_off(app: Flask, patient_id: int) -> None:
    """A version of the patient's plan is signed, declined, published, answered and withdrawn."""
    house = app.extensions["consilium"]
    plan = db.session.scalars(select(Plan).where(Plan.patient_id == patient_id)).one()
    physio, nutrition = (
        db.session.scalars(select(Discipline.id).where(Discipline.key == key)).one()
        for key in ("physiotherapy", "nutrition")
    )
    thread = db.session.scalars(select(Thread.id).where(Thread.plan_id == plan.id)).first()
    assert thread is not None
    dana, aino = user(DANA).id, user(AINO).id
    documents = versions.documents_of(plan.id)
    with house.units.begin(actor(DANA), documents) as work:
        now = work.now
        work.session.add(
            Task(
                plan_id=plan.id,
                title="Lift the crate",
                details="",
                plain_text="Lift the crate with 2 kg, 8 times.",
                priority=Priority.NORMAL,
                for_patient=True,
                rhythm=Rhythm.WEEKLY,
                times_a_week=3,
                state=TaskState.OPEN,
                reason="",
                created_at=now,
                created_by_id=dana,
                changed_at=now,
            )
        )
        standing = versions.held(house.hub, documents)
        version = versions.freeze(work, plan.id, VersionKind.SIGN_OFF, standing, reason="Agreed on Tuesday.")
        of_version = {"version_id": version.id, "at": now}
        plan_records.append(
            work, plan, Signature(**of_version, user_id=dana, discipline_id=physio, sha256=version.sha256)
        )
        declined = DeclinedSignature(
            **of_version, user_id=aino, discipline_id=nutrition, words="Breakfast is missing.", thread_id=thread
        )
        plan_records.append(work, plan, declined)
        missing = [
            MissingDiscipline(discipline_id=nutrition, has_declined=True, reason="Follows next week.", since=now)
        ]
        publication = Publication(
            **of_version, number=1, by_id=dana, reason="New.", sha256=version.sha256, missing=missing_json(missing)
        )
        plan_records.append(work, plan, publication)
        publication.missing_disciplines.extend(missing)
        answer = PatientAnswer(
            publication_id=publication.id,
            kind=AnswerKind.QUESTION,
            words="May I swim?",
            way=AnswerWay.PHONE,
            told_by="Maria Kovač",
            answered_on=now.date(),
            by_id=dana,
            at=now,
        )
        plan_records.append(work, plan, answer)
        gone = Withdrawal(publication_id=publication.id, by_id=dana, at=now, reason="A dose is wrong.")
        plan_records.append(work, plan, gone)
