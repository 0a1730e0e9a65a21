"""Versions: the plan as it stands is frozen, text by text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from actions import plan_records, statements
from actions.unit_of_work import Work
from actions.version_content import sha256
from livedoc.hub import Hub
from models.base import db
from models.document import Document
from models.plan import Plan, Section, SectionDocument
from models.task import ENDED, Task
from models.version import Version, VersionKind, VersionTask, VersionText


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document holds at (`epoch`, `seq`)."""

    epoch: int
    seq: int
    text: str


def documents_of(plan_id: int) -> list[int]:
    """The ids of a plan's documents: what a unit of work names that freezes it."""
    rows = db.session.scalars(
        select(SectionDocument.document_id)
        .join(Section, Section.id == SectionDocument.section_id)
        .where(Section.plan_id == plan_id)
        .order_by(SectionDocument.document_id)
    )
    return list(rows)


def held(hub: Hub, document_ids: Iterable[int]) -> dict[int, Standing]:
    """The texts out of the live documents themselves, which the calling unit of work holds still."""
    found: dict[int, Standing] = {}
    for document_id in document_ids:
        document = hub.held(document_id)
        hub.catch_up(document)
        found[document_id] = Standing(document.epoch, document.seq, document.text())
    return found


def kept(work: Work, plan_id: int) -> dict[int, Standing]:
    """The texts that are kept beside the logs: good enough for a version that nobody signs."""
    rows = work.session.execute(
        select(Document.id, Document.epoch, Document.text_seq, Document.text)
        .join(SectionDocument, SectionDocument.document_id == Document.id)
        .join(Section, Section.id == SectionDocument.section_id)
        .where(Section.plan_id == plan_id)
    )
    return {row.id: Standing(row.epoch, row.text_seq, row.text) for row in rows}


def freeze(
    work: Work,
    plan_id: int,
    kind: VersionKind,
    standing: Mapping[int, Standing],
    *,
    label: str = "",
    reason: str = "",
) -> Version:
    """Put the plan on record as it stands: `standing` (document → its text, from `held` or `kept`), the patient's
    latest statement and the patient's tasks that have not ended. Its author is the unit's actor, if it has one."""
    plan = work.session.get_one(Plan, plan_id)
    statement = statements.latest(plan.patient_id)
    texts = _texts(work, plan_id, standing)
    tasks = _tasks(work, plan_id)
    version = Version(
        kind=kind,
        label=label,
        reason=reason,
        author_id=work.actor.user_id if work.actor else None,
        at=work.now,
        statement_id=statement.id if statement else None,
        sha256=sha256(plan_id, statement, texts, tasks),
    )
    plan_records.append(work, plan, version)
    version.texts.extend(texts)
    version.tasks.extend(tasks)
    work.session.flush()
    return version


def _texts(work: Work, plan_id: int, standing: Mapping[int, Standing]) -> list[VersionText]:
    rows = work.session.execute(
        select(Section, SectionDocument.kind, SectionDocument.document_id)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .where(Section.plan_id == plan_id)
    )
    return [
        VersionText(
            document_id=document_id,
            section_id=section.id,
            section_key=section.key,
            title=section.title,
            kind=kind,
            position=section.position,
            discipline_id=section.discipline_id,
            epoch=standing[document_id].epoch,
            seq=standing[document_id].seq,
            text=standing[document_id].text,
        )
        for section, kind, document_id in rows
    ]


def _tasks(work: Work, plan_id: int) -> list[VersionTask]:
    rows = work.session.scalars(
        select(Task).where(Task.plan_id == plan_id, Task.for_patient, Task.state.not_in(ENDED)).order_by(Task.id)
    )
    return [
        VersionTask(
            task_id=task.id,
            title=task.title,
            plain_text=task.plain_text,
            due=task.due,
            rhythm=task.rhythm,
            times_a_week=task.times_a_week,
        )
        for task in rows
    ]
